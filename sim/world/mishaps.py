"""What may go wrong with a bay's mechanics, each as a verb that is checked and happens at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import WorldError
from sim.world.disturbance import Lean, Shake

if TYPE_CHECKING:
    import random

    from sim.world.bins import Bins
    from sim.world.gate import Gate
    from sim.world.hatch import Hatch
    from sim.world.hx711 import Hx711
    from sim.world.pan import Pan
    from sim.world.switch import LimitSwitch

JAMS = ("hatch", "gate", "diverter")
LIMITS = ("closed", "open")
MOST_SLIP_PERMILLE = 900
MOST_FRICTION = 20.0
MOST_CHATTER_MS = 200.0
MOST_LEAN_G = 100_000.0
MOST_SHAKE_G = 20_000.0
LEAST_SHAKE_HZ, MOST_SHAKE_HZ = 0.1, 100.0


class Mishaps:
    """The verbs of hatch, gate, pan and bins; part of `BayWorld`."""

    now_us: int
    hatch: Hatch
    gate: Gate
    pan: Pan
    hx711: Hx711
    below: Bins
    tied: bool
    _disturbs: random.Random

    def heap(self, index: int, on: bool = True) -> None:
        """Verb: a bin is heaped up to the chute (or not): nothing slides off the leaves into it."""
        self.below.heap(index, on)

    def pour(self, index: int, litres: float) -> None:
        """Verb: somebody pours so much into a bin from above, past pan and gate."""
        self.below.pour(index, litres, self.now_us)

    def tie(self, on: bool = True) -> None:
        """Verb: what lies on the pan hangs on a string, so it does not fall; or hangs no more."""
        self.tied = on

    def empty_bins(self) -> None:
        """Verb: a truck takes along what lies in the bins; `hauled` keeps it, by bin."""
        self.below.empty()

    def jam(self, part: str, on: bool = True) -> None:
        """Verb: `hatch`, `gate` or `diverter` is stuck (or free again)."""
        match part:
            case "hatch":
                self.hatch.jammed = on
                self.hatch.stir()
            case "gate":
                self.gate.leaves_jammed = on
            case "diverter":
                self.gate.diverter_jammed = on
            case _:
                raise WorldError(f"jam: no part {part!r}; there are {', '.join(JAMS)}")

    def slip(self, permille: int) -> None:
        """Verb: the leaf lags so much behind its drive, of 1000; 0 for a sound coupling."""
        if not 0 <= permille <= MOST_SLIP_PERMILLE:
            raise WorldError(f"slip: permille {permille} is not 0 to {MOST_SLIP_PERMILLE}")
        self.hatch.slip_permille = permille

    def friction(self, factor: float) -> None:
        """Verb: the rails rub `factor` times as hard as when they were new."""
        if not 0.1 <= factor <= MOST_FRICTION:
            raise WorldError(f"friction: factor {factor:g} is not 0.1 to {MOST_FRICTION:g}")
        self.hatch.friction_factor = factor
        self.hatch.stir()

    def motor_wire_broken(self, on: bool = True) -> None:
        """Verb: the motor's wire is off (or on again): it is driven, and nothing flows."""
        self.hatch.wire_broken = on

    def limit_stuck(self, which: str, on: bool | None) -> None:
        """Verb: the `closed` or `open` limit says `on` whatever the leaf does; None mends it."""
        self._limit("limit_stuck", which).stuck = on

    def limit_worn(self, which: str, chatter_ms: float) -> None:
        """Verb: a limit's contacts chatter that much longer each time it turns; 0 mends it."""
        if not 0 <= chatter_ms <= MOST_CHATTER_MS:
            raise WorldError(f"limit_worn: chatter_ms {chatter_ms:g} is not 0 to 200")
        self._limit("limit_worn", which).chatter_ms = chatter_ms

    def push(self, force_n: float) -> None:
        """Verb: somebody pushes the leaf by hand, positive up, until another push; 0 lets go.

        A bolt that is pushed harder than it can bear gives way for good.
        """
        self.hatch.push_n = force_n
        self.hatch.stir()

    def lean(self, force_g: float) -> None:
        """Verb: somebody leans on the pan, until another lean; 0 lets go of a sudden.

        Args:
            force_g: About how hard; it comes softly and wanders. Negative: somebody lifts it.
        """
        if not -MOST_LEAN_G <= force_g <= MOST_LEAN_G:
            raise WorldError(f"lean: force_g {force_g:g} is not within ± {MOST_LEAN_G:g}")
        self.hx711.convert_until(self.now_us)  # what is past was felt before this
        if self.pan.lean is not None:
            self.pan.release(self.pan.lean.grams(self.now_us), self.now_us)
        self.pan.lean = Lean(force_g, self.now_us, self._disturbs) if force_g else None

    def shake(self, amplitude_g: float, hz: float = 2.0) -> None:
        """Verb: wind or a machine shakes the pan, until another shake; amplitude 0 ends it."""
        if not 0 <= amplitude_g <= MOST_SHAKE_G:
            raise WorldError(f"shake: amplitude_g {amplitude_g:g} is not 0 to {MOST_SHAKE_G:g}")
        if not LEAST_SHAKE_HZ <= hz <= MOST_SHAKE_HZ:
            raise WorldError(f"shake: hz {hz:g} is not {LEAST_SHAKE_HZ:g} to {MOST_SHAKE_HZ:g}")
        self.hx711.convert_until(self.now_us)
        self.pan.shake = Shake(amplitude_g, hz, self._disturbs) if amplitude_g else None

    def _limit(self, verb: str, which: str) -> LimitSwitch:
        if which not in LIMITS:
            raise WorldError(f"{verb}: no limit {which!r}; there are {', '.join(LIMITS)}")
        return self.hatch.closed_switch if which == "closed" else self.hatch.open_switch
