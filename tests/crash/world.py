"""The bay and its resident, who live on while processes are killed: pan, bins, FRAM, hands.

No physics: what moves has moved by the next question. What is kept is what an auditor needs and
no controller can touch: which load lies where.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract import token
from controller.core import commands, events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contract.keys import Signer

BAY = "a"
COUNTS_PER_G = 180.355
ZERO_RAW = 1_000_000
NOISE_RAW = 20.0
FAST, FAST_MS = 8, 100
SLOW_MS = 1_000
REPORTS_EVERY = 5
WARM_MS = 600_000

PAPER, PLASTIC, REFUSE = 0, 1, 3
LABELS = {PAPER: "paper", PLASTIC: "plastic"}
ACCOUNTS = 40
GIVES_BACK = 0.5
"""So often somebody in front of a dead screen takes back what they laid in."""

HESITATES = 0.2
"""So often somebody does nothing for a moment."""

HANGS, HANGS_MOST = 0.02, 2
"""So often a load does not fall at once; it falls with the third drop, the kiosk's last try."""

FALLS_ALL_THE_SAME = 0.5
"""So often a node finishes a drop whose controller was killed meanwhile."""


Heard = tuple[list[events.NodeEvent], tuple[int, str]]
"""What the node says; how far the kiosk's clock is ahead, and its quality."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What somebody lays on the pan: which bin it belongs in, and its mass (even: e is 2 g)."""

    bin_index: int
    mass_g: int

    @property
    def label(self) -> str:
        """What eyes that never err say of it."""
        return LABELS[self.bin_index]


class World:
    """One bay, its node's counters, and everybody who comes to it.

    Args:
        seed: All its chance.
        city: Signs residents' codes.
        loads: So many are laid in; then nobody comes any more.

    Attributes:
        bins: What lies in each bin, by (bin, grams).
        taken: How many loads went back into hands.
        passed_s: How far the city is ahead of this machine: time that passes in the story alone.
        ahead_s: How far the kiosk's clock is ahead of this machine's.
        clock_quality: Whether anybody vouches for it.
    """

    def __init__(self, seed: int, city: Signer, loads: int) -> None:
        self._rng = random.Random(f"world {seed}")
        self._city = city
        self._lock = threading.Lock()
        self.left = loads
        self.pan: Thing | None = None
        self.bins: dict[int, Counter[int]] = {
            PAPER: Counter(),
            PLASTIC: Counter(),
            REFUSE: Counter(),
        }
        self.taken = 0
        self.passed_s = self.ahead_s = 0
        self.clock_quality = "synchronised"
        self._boot_id, self._gate_cycles, self._hatch_openings = 1, 0, 0
        self._node_ms = WARM_MS
        self._fast = self._open = False
        self._laid = False
        self._dropping: int | None = None
        self._hung = 0
        self._turn = 0
        self._moment: Callable[[World], bool] = lambda world: False
        self._act_then: Callable[[], None] = lambda: None

    @property
    def fallen(self) -> int:
        """How many loads lie in the bins of streams."""
        return sum(sum(self.bins[index].values()) for index in LABELS)

    @property
    def is_open(self) -> bool:
        """Whether the hatch stands open."""
        return self._open

    @property
    def is_dropping(self) -> bool:
        """Whether the gate was told to drop, and has not closed again."""
        return self._dropping is not None

    @property
    def is_quiet(self) -> bool:
        """Whether nobody comes any more, and nothing lies on the pan."""
        return not self.left and self.pan is None and self._dropping is None

    def come(self, loads: int) -> None:
        """So many more are brought."""
        with self._lock:  # whoever is there may lay one in at this moment
            self.left += loads

    def close(self) -> None:
        """Nobody comes any more."""
        with self._lock:
            self.left = 0

    def connect(self) -> Heard:
        """A new controller says hello; a drop that an earlier one began has ended somehow."""
        with self._lock:
            if self._dropping is not None and self._rng.random() < FALLS_ALL_THE_SAME:
                self._cycle(self._dropping)
            self._dropping = None
            self._fast = self._laid = False
            up = events.NodeUp(
                BAY, self._boot_id, "watchdog", self._gate_cycles, self._hatch_openings
            )
            return [up, self._report()], (self.ahead_s, self.clock_quality)

    def exchange(self, wishes: Iterable[commands.NodeCommand]) -> Heard:
        """Take commands, let a moment pass; say what happened in it, and what the clock is like."""
        with self._lock:
            heard = self._finish_drop()
            for wish in wishes:
                heard += self._obey(wish)
            self._see_moment()
            self._act()
            self._turn += 1
            if heard or self._turn % REPORTS_EVERY == 0:
                heard.append(self._report())
            return [*heard, self._samples()], (self.ahead_s, self.clock_quality)

    def lies_there(self) -> str | None:
        """What is seen on the pan; None for nothing."""
        with self._lock:
            return self.pan.label if self.pan else None

    def visitor(self, now_s: int) -> str | None:
        """The code of whoever comes now; None for nobody. Phones have the city's time."""
        with self._lock:
            if not self.left:
                return None
            account = f"{self._rng.randrange(ACCOUNTS):016x}"
            at_s = now_s + self.passed_s
            return token.issue(self._city, account, at_s, jti=self._rng.randbytes(8))

    def pass_by(self, seconds: int) -> None:
        """So much time passes, for the kiosk and for everybody's phone."""
        self.passed_s += seconds
        self.ahead_s += seconds

    def upon(self, moment: Callable[[World], bool], act: Callable[[], None]) -> None:
        """`act`, once, as soon as the bay is so; whoever asked then gets no answer."""
        with self._lock:
            self._moment, self._act_then = moment, act

    def _see_moment(self) -> None:
        if self._moment(self):
            self._moment = lambda world: False
            self._act_then()
            raise ConnectionResetError

    def jump(self, ahead_s: int) -> None:
        """The kiosk's clock is so much ahead of the city's, and nobody vouches for it."""
        self.ahead_s, self.clock_quality = self.passed_s + ahead_s, "unknown"

    def serve(self) -> None:
        """Staff take out what lies on the pan and shut the hatch."""
        with self._lock:
            self.taken += self.pan is not None
            self.pan, self._open = None, False

    def _obey(self, wish: commands.NodeCommand) -> list[events.NodeEvent]:
        match wish:
            case commands.SampleFast():
                self._fast = wish.on
            case commands.DropLoad() if self._open:
                return [events.CommandRefused(BAY, "DropLoad", "hatch-open")]
            case commands.DropLoad():
                self._dropping = wish.bin_index
            case commands.OpenHatch() | commands.CloseHatch() if self._dropping is not None:
                return [events.CommandRefused(BAY, type(wish).__name__, "busy")]
            case commands.OpenHatch():
                self._hatch_openings += not self._open
                self._open, self._laid = True, False
                return [self._report(), events.HatchOpened(BAY)]
            case commands.CloseHatch():
                self._open = False
                return [self._report(), events.HatchClosed(BAY)]
            case _:
                pass  # light, limits: nothing here depends on them
        return []

    def _finish_drop(self) -> list[events.NodeEvent]:
        if self._dropping is None:
            return []
        index, self._dropping = self._dropping, None
        self._cycle(index)
        return [self._report(), events.GateCycled(BAY, index, self._gate_cycles)]

    def _cycle(self, index: int) -> None:
        self._gate_cycles += 1
        if self.pan is None:
            return
        if self._hung < HANGS_MOST and self._rng.random() < HANGS:
            self._hung += 1
            return
        self.bins[index][self.pan.mass_g] += 1
        self.pan = None

    def _act(self) -> None:
        """Somebody at the open hatch takes back what was not taken, or lays the next load."""
        if not self._open or self._rng.random() < HESITATES:
            return
        if self.pan is None and not self._laid and self.left:
            self.left -= 1
            self.pan = Thing(self._rng.choice(list(LABELS)), 2 * self._rng.randint(25, 700))
            self._laid, self._hung = True, 0
        elif self.pan is not None and not self._laid:
            self._laid = self._rng.random() >= GIVES_BACK
            if not self._laid:
                self.pan = None
                self.taken += 1

    def _report(self) -> events.NodeReport:
        return events.NodeReport(
            bay=BAY,
            node_ms=self._node_ms,
            hatch="OPEN" if self._open else "CLOSED",
            gate="CLOSED" if self._dropping is None else "MOVING",
            hand=False,
            presence=False,
            gate_cycles=self._gate_cycles,
            hatch_openings=self._hatch_openings,
            motor_ma=0,
            position_mm=400 if self._open else 0,
            temperature_dc=200,
        )

    def _samples(self) -> events.Samples:
        self._node_ms += FAST_MS if self._fast else SLOW_MS
        level = ZERO_RAW + (self.pan.mass_g if self.pan else 0) * COUNTS_PER_G
        count = FAST if self._fast else 1
        raw = tuple(round(self._rng.gauss(level, NOISE_RAW)) for _ in range(count))
        return events.Samples(BAY, self._node_ms, raw)
