"""A bay that behaves, so that tests of the core can tell what a resident does."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from contract import token
from contract.catalogue import Catalogue, example
from contract.keys import SeedSigner
from controller.core import commands, events
from controller.core.bay import Bay
from controller.core.config import KioskConfig
from controller.core.session import Session
from controller.core.sight import Sight
from controller.core.table import TABLE
from controller.core.trigger import Glance
from controller.core.view import View
from controller.core.viewing import view_of

NOW_UTC_S = 1_795_000_000
RESTS = 40
"""Conversions: half a second."""

NOISE_COUNTS = 38
"""0.21 g of a 20 kg cell at 2 mV/V; a signal without noise is that of a dead cell."""

ACCOUNT = "a11ce0000000a11c"
CITY = SeedSigner(b"c" * 32)

CONFIG = KioskConfig.model_validate(
    {
        "kiosk": "hz-xihu-0001",
        "city": "hz",
        "district": "xihu",
        "bays": [
            {
                "name": "a",
                "bins": [
                    {"index": 0, "stream": "paper"},
                    {"index": 1, "stream": "plastic"},
                    {"index": 2, "stream": "metal"},
                ],
            }
        ],
    }
)


def sight(label: str = "plastic", probability: float = 0.95, **more: object) -> Sight:
    """What the eyes would say of a clear picture."""
    rest = (("glass", 1 - probability),)
    return Sight(label, probability, ((label, probability), *rest), **more)  # type: ignore[arg-type]


@dataclass
class Story:
    """One session with a bay whose node obeys; time moves only by what is told.

    `written` is what the journal took, but for faults, which are in `faults`.
    """

    config: KioskConfig = CONFIG
    catalogue: Catalogue = field(default_factory=example)
    now_s: float = 100.0
    asked: list[commands.Command] = field(default_factory=list)
    seq: int = 0
    pan_g: int = 0
    gate_cycles: int = 7
    hatch_openings: int = 9
    hatch: str = "CLOSED"
    temperature_dc: int | None = 215
    up_since_s: float = 0.0
    ids: str = "s"
    disk_full: bool = False
    refused_kinds: frozenset[str] = frozenset()
    written: list[commands.Commit] = field(default_factory=list)
    faults: list[commands.Commit] = field(default_factory=list)
    memory: events.BayMemoryFound | None = None
    noise: random.Random = field(default_factory=lambda: random.Random(1))

    def __post_init__(self) -> None:
        self.bays = {bay.name: Bay(bay) for bay in self.config.bays}
        ids = iter(f"{self.ids}{n}" for n in range(1, 1000))
        keys = {CITY.key_id: CITY.public}
        self.session = Session(
            TABLE, self.config, self.catalogue, keys, self.bays, lambda: next(ids)
        )

    @property
    def state(self) -> str:
        return self.session.state.value

    @property
    def message(self) -> str:
        return self.session.message

    @property
    def view(self) -> View:
        return view_of(self.session, online=True)

    def happens(self, *happenings: object) -> list[commands.Command]:
        """Let events happen; the journal answers at once, as the app does it."""
        wishes: list[commands.Command] = []
        for event in happenings:
            wishes += self._step(event)
        self.asked += wishes
        return wishes

    def _step(self, event: object) -> list[commands.Command]:
        wishes = self.session.step(event, self.now_s)
        for wish in list(wishes):
            if isinstance(wish, commands.Commit | commands.RememberBay):
                wishes += self._step(self._answer(wish))
        return wishes

    def _answer(self, wish: commands.Commit | commands.RememberBay) -> object:
        """What the journal says; with `disk_full` it takes nothing, of `refused_kinds` never."""
        if isinstance(wish, commands.RememberBay):
            if self.disk_full:
                return events.BayNotRemembered(wish.bay, "disk full")
            self.memory = events.BayMemoryFound(wish.bay, wish.zero_raw, wish.unfinished)
            return events.BayRemembered(wish.bay, wish.unfinished)
        if self.disk_full:
            return events.CommitFailed(wish, "disk full")
        if wish.kind in self.refused_kinds:
            return events.CommitFailed(wish, "no reader would accept it", lasting=True)
        self.seq += 1
        (self.faults if wish.kind == "fault" else self.written).append(wish)
        return events.Committed(wish.kind, self.seq, wish.closes, body=wish.body)

    def node_up(self) -> None:
        self.happens(
            events.NodeUp("a", 1, "power", self.gate_cycles, self.hatch_openings), self.report()
        )

    def report(self, *, hand: bool = False, presence: bool = False) -> events.NodeReport:
        return events.NodeReport(
            "a",
            int((self.now_s - self.up_since_s) * 1000),
            self.hatch,
            "CLOSED",
            hand,
            presence,
            self.gate_cycles,
            self.hatch_openings,
            0,
            0,
            temperature_dc=self.temperature_dc,
        )

    def counts(self) -> int:
        """What the pan reads as, but for the noise."""
        scale = self.config.bays[0].scale
        return scale.zero_raw + self.pan_g * scale.counts_per_kg // 1000

    def rest(self, times: int = 1) -> list[commands.Command]:
        """Let the pan lie still, `times` as long as the scale needs to declare what is on it."""
        raw = self.counts()
        wishes: list[commands.Command] = []
        for _ in range(times * RESTS):
            self.now_s += 1 / 80
            noisy = raw + round(self.noise.gauss(0, NOISE_COUNTS))
            wishes += self.happens(events.Samples("a", int(self.now_s * 1000), (noisy,)))
        return wishes

    def wait(self, seconds: float) -> list[commands.Command]:
        """Let `seconds` pass; deadlines on the way are kept."""
        end_s = self.now_s + seconds
        wishes: list[commands.Command] = []
        while self.session.deadline_s is not None and self.session.deadline_s <= end_s:
            self.now_s = self.session.deadline_s
            wishes += self.happens(events.TimePassed())
        self.now_s = end_s
        return wishes

    def code(self, **changes: object) -> str:
        arguments = {"account": ACCOUNT, "now_s": NOW_UTC_S, "jti": b"12345678"} | changes
        return token.issue(CITY, **arguments)  # type: ignore[arg-type]

    def show(self, text: str) -> list[commands.Command]:
        return self.happens(events.CodeShown(text, NOW_UTC_S, "synchronised"))

    def opened(self) -> None:
        self.hatch = "OPEN"
        self.hatch_openings += 1
        self.happens(self.report(), events.HatchOpened("a"))

    def closed(self) -> None:
        self.hatch = "CLOSED"
        self.happens(self.report(), events.HatchClosed("a"))

    def identify(self) -> None:
        """From an idle kiosk to an open hatch."""
        self.node_up()
        self.show(self.code())
        self.rest()
        self.opened()

    def load(self, mass_g: int) -> None:
        """Put a load on the pan and let the hatch close over it."""
        self.happens(events.HandMoved("a", True))
        self.pan_g = mass_g
        self.happens(events.HandMoved("a", False))
        self.rest(4)
        self.closed()
        self.rest(2)

    def look(self, seen: Sight | None) -> list[commands.Command]:
        return self.happens(events.Looked("a", self.session.looks, seen))

    def drop(self) -> None:
        """The gate opens and closes; what lay on the pan is gone."""
        self.pan_g = 0
        self.gate_cycles += 1
        self.happens(events.GateCycled("a", 1, self.gate_cycles))
        self.rest(2)

    def empty(self, seen: bool | None = True) -> list[commands.Command]:
        return self.happens(events.EmptySeen("a", self.session.looks, seen))

    def watched(self, glance: Glance) -> list[commands.Command]:
        """The camera's word on hatch and pan, and the pan's next half second."""
        return self.happens(events.Watched("a", self.session.looks, glance)) + self.rest()

    def committed(self, kind: str) -> list[commands.Commit]:
        return [one for one in self.asked if isinstance(one, commands.Commit) and one.kind == kind]

    def commanded(self, kind: type) -> int:
        return sum(isinstance(one, kind) for one in self.asked)
