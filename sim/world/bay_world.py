"""One bay's world: hatch, chamber, pan, gate and bins, and the verbs that happen to them."""

from __future__ import annotations

from sim.chance import rng
from sim.errors import WorldError
from sim.world.figures import BayFigures
from sim.world.gate import Gate
from sim.world.hatch import Hatch
from sim.world.hx711 import Hx711
from sim.world.item import Item, Part
from sim.world.pan import Pan

STEP_US = 1000
BINS = 4
HAND_GAP_MM = 120.0
"""A hand with something in it needs this much of a gap."""

OPEN_MM = 20.0
"""From here on the hatch counts as open for `both_open`: a hand's thickness."""

JAMS = ("hatch", "gate", "diverter")
SWITCHES = ("emergency_stop", "smoke", "tamper", "inner_release")


class BayWorld:
    """A bay at rest: hatch closed and locked, pan and bins empty.

    Args:
        seed: The run's seed.
        name: The bay's name: bays of one run differ in friction, clock rate and noise.
        figures: What the bay is made of.
        start_us: The world's time at first.
    """

    def __init__(self, seed: int, name: str, figures: BayFigures, start_us: int = 0) -> None:
        self.figures = figures
        self.now_us = start_us
        self.hatch = Hatch.built(figures.hatch, rng(seed, name, "hatch"))
        self.gate = Gate(figures.gate)
        self.pan = Pan(figures.pan)
        self.hx711 = Hx711(figures.pan, self.pan, rng(seed, name, "hx711"), start_us)
        self.light_on = False
        self.on_pan: list[Part] = []
        self.bins: list[list[Part]] = [[] for _ in range(BINS)]
        self.hand_inside = False
        self.switches = dict.fromkeys(SWITCHES, False)
        self.worst_pinch_n = 0.0
        self.both_open = False
        self._obstacle_mm = 0.0
        self._hang_permille: list[int] = []
        self._fell = False
        self._fall_mm = rng(seed, name, "fall")

    @property
    def moving(self) -> bool:
        """Whether anything moves or is driven, so that time matters to the millisecond."""
        return self.hatch.moving or self.gate.moving

    @property
    def curtain_blocked(self) -> bool:
        """Whether something is in the light curtain of the opening."""
        return self.hand_inside or self._obstacle_mm > 0

    @property
    def load_g(self) -> int:
        """True mass on the pan."""
        return sum(part.mass_g for part in self.on_pan)

    def advance(self, to_us: int) -> None:
        """Let time pass until `to_us`: in steps while anything moves, at once at rest."""
        while self.now_us < to_us:
            if self.moving:
                self._step(min(STEP_US, to_us - self.now_us))
            else:
                self.hatch.rest()
                self.now_us = to_us
        self.hx711.convert_until(self.now_us)

    def drive(self, *, bridge_on: bool, hatch_permille: int, lock_on: bool) -> None:
        """What the node's outputs do to the hatch from now on."""
        self.hatch.bridge_on = bridge_on
        self.hatch.drive_permille = hatch_permille
        self.hatch.lock_on = lock_on

    def put(self, item: Item) -> bool:
        """Verb: lay an item on the pan. False where the gap is too small for it."""
        if self.hatch.x_mm < max(item.size_mm, HAND_GAP_MM):
            return False
        self.on_pan.append(Part(item, item.mass_g))
        # People set heavy things down and let light things drop.
        fall_mm = self._fall_mm.uniform(1.0, 30.0) * min(1.0, 200 / item.mass_g)
        self._load_pan(fall_mm)
        return True

    def take(self) -> list[Part]:
        """Verb: take back everything on the pan; nothing where no hand reaches it."""
        if not self.hand_inside:
            return []
        taken, self.on_pan = self.on_pan, []
        self._load_pan()
        return taken

    def hand(self, inside: bool) -> bool:
        """Verb: a hand goes into the opening or leaves it. False where it cannot get in."""
        if inside and not self.hand_inside and self.hatch.x_mm < HAND_GAP_MM:
            return False
        self.hand_inside = inside
        self._clear_the_way()
        return True

    def obstruct(self, height_mm: int) -> bool:
        """Verb: something that high stands in the opening; 0 takes it away.

        False where the hatch is too far closed for it.
        """
        if height_mm < 0:
            raise WorldError(f"obstruct: height_mm {height_mm} is below 0; give 0 to clear it")
        if height_mm > self.hatch.x_mm:
            return False
        self._obstacle_mm = float(height_mm)
        self._clear_the_way()
        return True

    def jam(self, part: str, on: bool = True) -> None:
        """Verb: `hatch`, `gate` or `diverter` is stuck (or free again)."""
        match part:
            case "hatch":
                self.hatch.jammed = on
            case "gate":
                self.gate.leaves_jammed = on
            case "diverter":
                self.gate.diverter_jammed = on
            case _:
                raise WorldError(f"jam: no part {part!r}; there are {', '.join(JAMS)}")

    def hang(self, keep_permille: int, times: int = 1) -> None:
        """Verb: the next `times` drops leave that much of the load hanging on the leaves."""
        if not 0 <= keep_permille <= 1000 or times < 1:
            raise WorldError(f"hang: keep_permille {keep_permille}, times {times} cannot be")
        self._hang_permille += [keep_permille] * times

    def switch(self, name: str, on: bool) -> None:
        """Verb: emergency_stop, smoke, tamper or inner_release goes on or off."""
        if name not in self.switches:
            raise WorldError(f"switch: no switch {name!r}; there are {', '.join(SWITCHES)}")
        self.switches[name] = on

    def _step(self, dt_us: int) -> None:
        was_open = not self.gate.closed
        self.now_us += dt_us
        self.hatch.step(dt_us / 1e6)
        self.gate.step(dt_us / 1e6)
        if self.gate.leaves >= self.figures.gate.falls_at:
            self._drop()
        if was_open and self.gate.closed:
            self._fell = False
            self.hx711.convert_until(self.now_us)
            self.pan.knock(self.figures.gate.knock_g, self.now_us)
        self.worst_pinch_n = max(self.worst_pinch_n, self.hatch.pressing_n)
        self.both_open |= was_open and self.hatch.x_mm > OPEN_MM

    def _drop(self) -> None:
        """The leaves are down: the load slides into the bin under the diverter."""
        if self._fell or not self.on_pan:
            return
        self._fell = True
        keep_permille = self._hang_permille.pop(0) if self._hang_permille else 0
        chute = self.bins[round(self.gate.diverter)]
        hanging = []
        for part in self.on_pan:
            kept_g = part.mass_g * keep_permille // 1000
            if kept_g < part.mass_g:
                chute.append(Part(part.item, part.mass_g - kept_g))
            if kept_g:
                hanging.append(Part(part.item, kept_g))
        self.on_pan = hanging
        self._load_pan()

    def _load_pan(self, fall_mm: float = 0.0) -> None:
        self.hx711.convert_until(self.now_us)  # what is past was felt before this
        self.pan.load(float(self.load_g), self.now_us, fall_mm=fall_mm)

    def _clear_the_way(self) -> None:
        hand_mm = self.figures.hand_mm if self.hand_inside else 0.0
        self.hatch.in_the_way_mm = max(hand_mm, self._obstacle_mm)
