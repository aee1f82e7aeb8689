"""Sensors that lie: what a broken one tells the board instead of the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import WorldError

if TYPE_CHECKING:
    import random

WELL = "well"
"""The kind that mends a part."""

DIGITAL = ("stuck_on", "stuck_off", "frozen", "noisy")
ANALOGUE = ("dead", "frozen", "noisy")
KINDS = {
    "thermal": (*ANALOGUE, "hung"),
    "distance": (*ANALOGUE, "hung"),
    "curtain": DIGITAL,
    "edge": ("dead", "stuck_on", "stuck_off", "noisy"),
    "cell": (*ANALOGUE, "hung", "stuck_on", "reversed", "desync", "drift"),
    "limit_closed": DIGITAL,
    "limit_open": DIGITAL,
    "motor_current": (*ANALOGUE, "stuck_on"),
    "gate_closed": DIGITAL,
    "gate_open": DIGITAL,
    "supply": ANALOGUE,
    "level": (*ANALOGUE, "dirty"),
}
"""Which part can be broken in which way.

`dead`: an open line or no answer, shown as a value that cannot be (a motor current sensor shows
0); `frozen`: repeats its last value exactly; `hung`: so does its reader on the node, until that
starts anew; `stuck_on`, `stuck_off`: always says so (a cell or a
current at the end of its scale); `noisy`: one reading in four is wrong, or all are rough. A cell
besides: `reversed`: its signal wires are crossed; `desync`: its converter is read out of step by
one clock, early or late; `drift`: it runs away slowly. A level sensor besides: `dirty`: its cover
sends its own light back.
"""

OF_THE_NODE = frozenset({"hung"})
"""Kinds that last for as long as the node runs."""

EDGE_IDLE_OHM, EDGE_PRESSED_OHM, EDGE_OPEN_OHM = 8_200, 450, 99_999
NO_HEAT_DC, NO_DISTANCE_MM = 9_990, 8_190
STUCK_MA = 1_500
NOISY_DC, NOISY_SUM, NOISY_MM, NOISY_MA, NOISY_MV = 120, 2_000, 90, 500, 4_000
NOISY_RAW = 90_000
"""Half a kilogram."""

FULL_SCALE = 2**23 - 1
DRIFT_RAW_S = 361
"""2 g/s of a cell with 180 counts a gram."""

TICKS = 1 << 30
"""Samples are stamped with node ticks, milliseconds in 30 bits."""

WRONG = 0.25
"""So often a noisy line says the contrary."""

Samples = tuple[tuple[int, int], ...]


def checked(part: str, kind: str) -> None:
    """Refuse what is no part, or no way in which it breaks.

    Raises:
        WorldError: It names the part or kind and those there are.
    """
    if part not in KINDS:
        raise WorldError(f"sensor_fault: no part {part!r}; there are {', '.join(KINDS)}")
    if kind not in (*KINDS[part], WELL):
        can_be = ", ".join((*KINDS[part], WELL))
        raise WorldError(f"sensor_fault: {part} cannot be {kind!r}; it can be {can_be}")


class SensorFaults:
    """The broken sensors of one board; each method turns the truth into what is read.

    Args:
        rng: Makes the noise.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._kinds: dict[str, str] = {}
        self._last: dict[str, tuple[int, ...]] = {}

    @property
    def any(self) -> bool:
        """Whether anything is broken."""
        return bool(self._kinds)

    def set(self, part: str, kind: str) -> None:
        """Break a part, or mend it (`well`).

        Raises:
            WorldError: As `checked`.
        """
        checked(part, kind)
        self._kinds.pop(part, None)
        self._last.pop(part, None)
        if kind != WELL:
            self._kinds[part] = kind

    def start(self) -> None:
        """The node starts: what was wrong in it alone, and in no part, is well again."""
        for part in [part for part, kind in self._kinds.items() if kind in OF_THE_NODE]:
            self.set(part, WELL)

    def signal(self, part: str, on: bool) -> bool:
        """What a digital line shows at this moment, between two scans; noise is not in it."""
        if not self._kinds:
            return on
        match self._kinds.get(part):
            case "stuck_on":
                return True
            case "stuck_off" | "dead":
                return False
            case "frozen":
                return bool(self._last.setdefault(part, (on,))[0])
        return on

    def read(self, part: str, on: bool) -> bool:
        """What a scan reads of a digital line, noise included."""
        wrong = self._kinds.get(part) == "noisy" and self._rng.random() < WRONG
        return self.signal(part, on) != wrong

    def edge_ohm(self, pressed: bool) -> int:
        """The soft edge's line: its resistor, nearly a short when pressed, open when broken."""
        if self._kinds.get("edge") == "dead":
            return EDGE_OPEN_OHM
        return EDGE_PRESSED_OHM if self.read("edge", pressed) else EDGE_IDLE_OHM

    def values(self, part: str, true: tuple[int, ...], dead: tuple[int, ...]) -> tuple[int, ...]:
        """What an analogue sensor shows: a tuple, since one may show several things at once."""
        match self._kinds.get(part):
            case None:
                return true
            case "frozen" | "hung":
                return self._last.setdefault(part, true)
            case "noisy":
                return tuple(value + self._rough(part, at) for at, value in enumerate(true))
        return dead

    def current_ma(self, true_ma: int) -> int:
        """The motor's current; a dead sensor shows none, a stuck one a stalled motor's."""
        stuck = self._kinds.get("motor_current") == "stuck_on"
        return max(0, self.values("motor_current", (true_ma,), (STUCK_MA if stuck else 0,))[0])

    def conversions(self, true: Samples) -> Samples:
        """The load cell's: none, the same for ever, rough ones, or the truth bent."""
        kind = self._kinds.get("cell")
        if kind is None or not true:
            return true
        if kind == "dead":
            return ()
        return tuple((at, self._bent(kind, at, raw)) for at, raw in true)

    def _bent(self, kind: str, at_ms: int, raw: int) -> int:
        """What one conversion becomes."""
        match kind:
            case "stuck_on":
                return FULL_SCALE
            case "frozen" | "hung":
                return self._last.setdefault("cell", (raw,))[0]
            case "noisy":
                raw += self._rng.randint(-NOISY_RAW, NOISY_RAW)
            case "reversed":
                raw = -raw
            case "desync":
                return self._out_of_step(raw)
            case "drift":
                (since_ms,) = self._last.setdefault("cell", (at_ms,))
                raw += (at_ms - since_ms) % TICKS * DRIFT_RAW_S // 1000
        return max(-FULL_SCALE - 1, min(FULL_SCALE, raw))

    def _out_of_step(self, raw: int) -> int:
        """The 24 bits moved by one: the first one lost, or the line's rest read before it.

        The line is high after the last bit and low when a conversion is ready (datasheet).
        """
        early = self._last.setdefault("cell", (self._rng.getrandbits(1),))[0]
        bits = raw & 0xFFFFFF
        bits = bits >> 1 if early else (bits << 1 | 1) & 0xFFFFFF
        return bits - (1 << 24) if bits >> 23 else bits

    def _rough(self, part: str, at: int) -> int:
        most = {
            "thermal": (NOISY_DC, NOISY_SUM),
            "distance": (NOISY_MM,),
            "motor_current": (NOISY_MA,),
            "supply": (NOISY_MV,),
        }[part][at]
        return self._rng.randint(-most, most)
