"""A simulated kiosk whose people look at a real browser, and touch what they see there.

The simulation runs in virtual time on a thread of its own. At each new sentence and at each touch
it stands still until the test has looked, so a visit takes as long as the looking does.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from contract.card import issue_card
from contract.sealed import seal
from controller.core.identity import PhoneDesk
from controller.core.touches import GuestBegan, NumberTyped, ResidentLeft, Touch
from controller.core.view import View
from controller.screens.paper import wish
from sim.chance import rng
from sim.people import Person
from sim.run import Options, run_scenario
from sim.screen import OFF
from sim.seeing import shipped_classifier
from sim.trace import Trace
from sim.world import Item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from controller.screens.words import Words
    from sim.audit import Audit
    from sim.parts import Parts
    from sim.run import Outcome
    from sim.scenario import Scenario
    from sim.screen import SimScreen
    from sim.visitors import Visitor

Way = Literal["code", "card", "number", "guest"]
"""How somebody identifies."""

Step = View | Touch

NUMBER = "13800138000"
PLATFORM = bytes.fromhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
"""A public X25519 key (RFC 7748, 6.1: Alice's), to which typed numbers are sealed."""

PATIENCE_S = 60.0
"""So long a simulation may take to its next step."""

A_DAY_S = 86_400.0
NOBODY: Mapping[int, Words] = MappingProxyType({})


class _GoneError(Exception):
    """Nobody looks on any more."""


class Mirror:
    """One run, step by step (`sim.run.Witness`).

    Args:
        scenario: What is played, at one kiosk.
        ways: How its people identify, one after the other; whoever has none shows a code.
        prints: Who, counted from 1, has a receipt printed before they go, and in whose words.
    """

    def __init__(
        self, scenario: Scenario, *ways: Way, prints: Mapping[int, Words] = NOBODY
    ) -> None:
        self._scenario = scenario
        self._ways = dict(enumerate(ways, 1))
        self._prints = prints
        self._printing: asyncio.Task[None] | None = None
        self._steps: queue.Queue[Step | BaseException | None] = queue.Queue()
        self._go: queue.Queue[bool] = queue.Queue()
        self._gone = False
        self._said: object = None
        self.outcome: Outcome | None = None
        self.parts: Parts | None = None

    def steps(self) -> Iterator[Step]:
        """What is shown and what is to be touched; the run goes on when the next is asked for."""
        threading.Thread(target=self._run, daemon=True, name="simulation").start()
        try:
            while (step := self._steps.get(timeout=PATIENCE_S)) is not None:
                if isinstance(step, BaseException):
                    raise step
                yield step
                self._go.put(True)
        finally:
            self._gone = True
            self._go.put(False)

    def trace(self, file: Path | None) -> Trace:
        """An ordinary trace."""
        return Trace(file)

    def meets(self, parts: Parts) -> None:
        """Stand before the kiosk: its screen is looked at, and its people touch what is there."""
        self.parts = parts
        self._watching = asyncio.get_running_loop().create_task(self._watch(parts.screen))
        parts.people = [
            self._person(parts, number, visitor, self._ways.get(number, "code"))
            for number, visitor in enumerate(parts.visitors, 1)
        ]

    def ticks(self, now_s: float) -> None:
        """The software runs: it takes numbers."""
        assert self.parts is not None
        parts, session = self.parts, self.parts.kiosk.session
        if session.phones is None:
            kiosk = parts.scenario.kiosk.kiosk
            session.phones = PhoneDesk(
                lambda number, account: seal(number, PLATFORM, kiosk=kiosk, account=account),
                lambda: parts.identity.account("a number"),
                lambda: bytes(16),
            )
            parts.kiosk.refresh()

    def ends(self, parts: Parts, outcome: Outcome, found: Audit) -> None:
        """Keep what came of it."""
        self.outcome = outcome

    async def _watch(self, screen: SimScreen) -> None:
        while True:
            await screen.change(A_DAY_S)
            self._look(screen.view)

    def shows(self, view: View) -> object:
        """What of a view it stands still for, where that is another than before."""
        return view.state, view.message, view.told, view.figures, view.phones, view.choices

    def _look(self, view: View) -> None:
        said = self.shows(view)
        if said != self._said:
            self._said = said
            self._halt(view)

    def _run(self) -> None:
        try:
            run_scenario(self._scenario, Options(), shipped_classifier(), witness=self)
        except BaseException as error:  # noqa: BLE001  the test raises it
            self._steps.put(error)
        else:
            self._steps.put(None)

    def _halt(self, step: Step) -> None:
        """Stand still until the test has looked, or has touched."""
        if not self._gone:
            self._steps.put(step)
        if self._gone or not self._go.get():
            raise _GoneError

    def _touch(self, parts: Parts, event: Touch) -> None:
        self._look(parts.screen.view)
        self._halt(event)
        parts.kiosk.post(event)

    async def _print_first(self, parts: Parts, words: Words, event: Touch) -> None:
        """Nobody goes without the paper that they asked for."""
        self._touch(parts, wish(parts.screen.view, words))
        while parts.screen.view.paper != "printed":
            await parts.screen.change(A_DAY_S)
        self._touch(parts, event)

    def _person(self, parts: Parts, number: int, visitor: Visitor, way: Way) -> Person:
        name = f"person-{number}"
        account = parts.identity.account(visitor.account)

        def touch(event: object) -> None:
            assert isinstance(event, Touch)
            view, words = parts.screen.view, self._prints.get(number)
            if view.state == OFF:
                return  # a dark screen hears nothing
            if words is not None and isinstance(event, ResidentLeft) and view.paper == "offered":
                printing = self._print_first(parts, words, event)
                self._printing = asyncio.get_running_loop().create_task(printing)
                return
            self._touch(parts, event)

        def show_card() -> None:
            city, now_s = parts.identity.city, parts.clock.utc_s()
            card = issue_card(city, account, now_s, number=1, card_id=bytes([number] * 8))
            parts.front.show_text(card)

        person = Person(
            name,
            account,
            [Item(f"{name}-{n}", one.kind, one.mass_g) for n, one in enumerate(visitor.items, 1)],
            screen=parts.screen,
            touch=touch,
            bays=parts.bays,
            phone=parts.front,
            rng=rng(parts.scenario.seed, name),
        )
        others = {
            "card": show_card,
            "number": lambda: touch(NumberTyped(NUMBER)),
            "guest": lambda: touch(GuestBegan()),
        }
        person.shows = others.get(way, person.shows)
        return person
