"""One browser at the service desk: its token, its language, and what it was told last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.hours import local_time
from contract.instant import instant_of
from controller.core.service.acts import may
from controller.screens.service.problems import PROBLEMS
from controller.screens.service.refusal import RefusedError
from controller.screens.service.words import ServiceWords
from controller.screens.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from controller.core.service.acts import Act
    from controller.core.service.duty import Duty
    from controller.core.session import Session
    from controller.screens.service.desk import Desk, Touch


class Counter:
    """What the sections of a page share.

    Args:
        desk: The kiosk's service desk.
        language: One of `LANGUAGES`.
    """

    def __init__(self, desk: Desk, language: str) -> None:
        self.desk = desk
        self.words = ServiceWords(language)
        self.token = ""
        self.said = ""
        self.said_bad = False
        self._sayings = 0

    @property
    def session(self) -> Session:
        """The core's session, to be read."""
        return self.desk.session

    @property
    def duty(self) -> Duty | None:
        """Who is in service, where this browser is signed in; None where it is not, or not yet."""
        return self.session.service.duty if self.signed_in else None

    @property
    def signed_in(self) -> bool:
        """Whether the token still holds."""
        try:
            self.desk.sign(self.token)
        except RefusedError:
            return False
        return True

    def may(self, act: Act) -> bool:
        """Whether whoever is in service may do that."""
        return self.duty is not None and may(self.duty.roles, act)

    def at(self, ago_s: int) -> str:
        """When something was, by the clock on the wall."""
        return local_time(instant_of(self.desk.clock.utc_s() - ago_s))[11:16]

    @property
    def other_language(self) -> str:
        """The language that the page is not in."""
        here = LANGUAGES.index(self.words.language)
        return LANGUAGES[(here + 1) % len(LANGUAGES)]

    def switch_language(self) -> None:
        """Go on in the other language."""
        self.words = ServiceWords(self.other_language)
        self.say("")

    def say(self, words: str, *, bad: bool = False) -> None:
        """Say something above the page."""
        self.said, self.said_bad = words, bad
        self._sayings += 1

    def refused(self, error: RefusedError) -> None:
        """Say why something was not done, in the language of the page."""
        words = PROBLEMS.get(error.code, {}).get(self.words.language, error.message)
        self.say(words, bad=True)

    async def sign_in(self) -> None:
        """Begin service by what was shown at the front; say why not where there was nothing."""

        async def signed() -> None:
            self.token = (await self.desk.sign_in(None)).token

        await self.do(signed(), "")

    async def leave(self) -> None:
        """End service."""
        await self.do(self.desk.leave(self.token), "")

    async def do(self, act: Awaitable[object], done: str) -> bool:
        """Do something at the desk; say `done`, or why it was not done.

        An act that ends late does not cover with `done` what was said meanwhile of a later one.
        """
        before = self._sayings
        try:
            await act
        except RefusedError as error:
            self.refused(error)
            return False
        if self._sayings == before:
            self.say(done)
        return True

    async def act(self, touch: Touch, done: str = "") -> None:
        """Touch something at the desk; say `done`, or why it was not done."""
        await self.do(self.desk.act(self.token, touch), done)
