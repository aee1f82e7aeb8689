"""The service desk: signs staff in, and takes what they ask for to the core.

A screen or a command line speaks for whoever is in service by a secret token. One of them at a time
may act, the one that signed in last; any other sees and may not touch. What may be done, and by
whom, the core decides.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from controller.core import events, touches
from controller.core.service.acts import Act
from controller.core.service.checks import CHECKS
from controller.screens.service.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from controller.core.service.check import Result
    from controller.core.service.duty import Answer, Duty
    from controller.core.session import Session
    from controller.ports import Clock
    from controller.screens.service.around import Around

BADGE_MAX = 2_000
"""Characters of a badge; a longer text is none, and is not looked at."""

LOOK_S = 600.0
"""So long a badge that only looks on is good for; then it is asked for again."""

PRINTER = "printer"
"""The check that is asked about only once its line is on paper, or will not come."""

PASSES = 16
"""So many tokens are good at once; the oldest that only looks on goes for a new one."""

Touch = (
    touches.HatchJogged
    | touches.CheckAnswered
    | touches.GateJogged
    | touches.FaultsCleared
    | touches.NodeRestarted
    | touches.LightSwitched
    | touches.BinEmptied
    | touches.BayChecked
    | touches.ProcedureBegun
    | touches.ReadingTaken
    | touches.ProcedureGivenUp
    | touches.PictureAsked
    | touches.EyesTaught
    | touches.AcceptanceBegun
    | touches.AcceptanceEnded
    | touches.AcceptanceGivenUp
)


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody signed in: the token that speaks for them, and whether it may act.

    `waits` while a resident is being served; the token holds, and service begins by itself.
    `began` where it was this that began service, and nobody was in it before.
    """

    token: str
    acts: bool
    waits: bool = False
    began: bool = False


@dataclass(slots=True)
class _Pass:
    """What a token is good for: the service that it belongs to, or to look on until `until_s`."""

    duty: Duty | None
    acts: bool
    until_s: float = math.inf


class Desk:
    """One kiosk's service desk.

    Whoever does here what is partly done outside of the core holds `outside` meanwhile: a page and
    the API, or a finger that touches twice, do it one after the other.

    Args:
        session: The core's session; it is read here, and changed by `settle` alone.
        settle: Takes an event to the session, and returns when what it asked for is done.
        around: Tells what the core cannot know.
        clock: The wall clock.
        now_s: The loop's time.
        new_token: Gives a fresh secret each call.
    """

    def __init__(
        self,
        session: Session,
        settle: Callable[[object], Awaitable[None]],
        around: Around,
        clock: Clock,
        now_s: Callable[[], float],
        new_token: Callable[[], str],
    ) -> None:
        self.session = session
        self.around = around
        self.clock = clock
        self.now_s = now_s
        self._settle = settle
        self._new_token = new_token
        self.outside = asyncio.Lock()
        self._asking = asyncio.Lock()
        self._passes: dict[bytes, _Pass] = {}

    async def sign_in(self, badge: str | None) -> Signed:
        """Begin service by a badge's text, or without one by what was shown at the front.

        Whoever has a badge and finds somebody else in service may look on.

        Raises:
            RefusedError: There is no badge that holds, or nothing was shown.
        """
        service = self.session.service
        was = service.duty or service.wanted
        event = touches.ServiceAsked() if badge is None else self._typed(badge)
        answer = await self._ask(event)
        if answer.code == "occupied" and badge is not None:
            return await self.look_on(badge)
        if (duty := answer.duty) is None:
            raise _refusal(answer)
        for one in self._passes.values():
            one.acts = False
        token = self._pass(_Pass(duty, acts=True))
        return Signed(token, acts=True, waits=duty is service.wanted, began=duty is not was)

    async def look_on(self, badge: str) -> Signed:
        """See how the kiosk is by a badge's text, without service: residents are not disturbed.

        Raises:
            RefusedError: It is no badge that holds.
        """
        answer = await self._ask(self._typed(badge, looks=True))
        if not answer.looks:
            raise _refusal(answer)
        token = self._pass(_Pass(None, acts=False, until_s=self.now_s() + LOOK_S))
        return Signed(token, acts=False)

    def sign(self, token: str, *, acts: bool = False) -> None:
        """Let in whoever has this token.

        Raises:
            RefusedError: `no-token`, or with `acts`: it only looks on, or the resident is not gone.
        """
        service = self.session.service
        self._forget_old()
        known = self._passes.get(_hash(token))
        if known is None:
            raise RefusedError("no-token", "sign in with a badge: service ended, or never began")
        if acts and not known.acts:
            raise RefusedError("read-only", "this screen looks on: sign in to act")
        if acts and known.duty is service.wanted:
            raise RefusedError("waiting", "a resident is being served: service begins after them")

    def may_act(self, token: str) -> bool:
        """Whether this token acts, or only looks on."""
        known = self._passes.get(_hash(token))
        return known is not None and known.acts

    async def leave(self, token: str) -> None:
        """End service; of one that only looks on, its looking.

        Raises:
            RefusedError: `no-token`.
        """
        self.sign(token)
        if self._passes.pop(_hash(token)).acts:
            await self._ask(touches.ServiceLeft())

    async def check(self, token: str, name: str, bay: str, load_g: int | None) -> Result | None:
        """Run a check; its result, or None where it takes longer: ask `results` for it.

        Raises:
            RefusedError: This token, or whoever it speaks for, may not; or not now.
        """
        self.sign(token, acts=True)
        given = await self.around.look(load_g)
        check, here = CHECKS.get(name), self.session.bays.get(bay)
        before = self.session.service.results.get((name, bay))
        if check is not None and check.picture and here is not None:
            await self._do(touches.LightSwitched(bay, True))
            given = await self.around.picture(given, here)
        if name == PRINTER and self.session.service.running is None:
            await self._do(touches.LeaveAsked(Act.CHECK))
            given = replace(given, troubles=await self.around.front.print_line())
        self.sign(token, acts=True)  # a picture takes seconds: somebody else may be here by now
        await self._do(touches.CheckAsked(name, bay, given))
        if check is not None and check.asks:
            await self.around.front.attempt(name)
        found = self.session.service.results.get((name, bay))
        return None if found is before else found

    async def act(self, token: str, touch: Touch, tag: str = "") -> None:
        """Do something else.

        `tag` is what was scanned on a bin; the record of the act says it.

        Raises:
            RefusedError: As `check`.
        """
        self.sign(token, acts=True)
        if tag and not touches.is_tag(tag):
            raise RefusedError("bad-request", f"a bin's tag has at most {touches.TAG_MAX} letters")
        await self._do(touch)
        if tag and isinstance(touch, touches.BinEmptied):
            await self._do(touches.BinTagged(touch.bay, touch.bin_index, tag))

    async def stay(self, token: str) -> None:
        """Somebody is still there.

        Raises:
            RefusedError: As `sign`.
        """
        self.sign(token, acts=True)
        await self._do(touches.ServiceTouched())

    async def require(self, token: str, act: Act) -> None:
        """Ask whether that may be done, before any of it is done outside of the core.

        Raises:
            RefusedError: As `check`.
        """
        self.sign(token, acts=True)
        await self._do(touches.LeaveAsked(act))

    async def _ask(self, event: object) -> Answer:
        """One at a time, so that nobody hears the answer to another's wish."""
        async with self._asking:
            await self._settle(event)
            return self.session.service.answer

    async def _do(self, touch: object) -> None:
        answer = await self._ask(touch)
        if answer.code:
            raise RefusedError(answer.code, answer.message)

    def _typed(self, badge: str, *, looks: bool = False) -> events.BadgeTyped:
        if len(badge) > BADGE_MAX:
            raise RefusedError("bad-request", f"a badge has at most {BADGE_MAX} characters")
        clock = self.clock
        return events.BadgeTyped(badge.strip(), clock.utc_s(), clock.quality(), looks)

    def _pass(self, one: _Pass) -> str:
        self._forget_old()
        while len(self._passes) >= PASSES:
            self._passes.pop(next(key for key, one in self._passes.items() if not one.acts))
        token = self._new_token()
        self._passes[_hash(token)] = one
        return token

    def _forget_old(self) -> None:
        """What belongs to a service that is over opens nothing any more."""
        service, now_s = self.session.service, self.now_s()
        open_ = (service.duty, service.wanted, None)
        self._passes = {
            key: one
            for key, one in self._passes.items()
            if one.duty in open_ and now_s < one.until_s
        }


def _refusal(answer: Answer) -> RefusedError:
    """Why nobody is let in; without an answer nobody is either."""
    return RefusedError(answer.code or "no-badge", answer.message or "ask once more")


def _hash(token: str) -> bytes:
    """Tokens are compared by their hash: how long that takes says nothing about them."""
    return hashlib.sha256(token.encode()).digest()
