"""One bay's world: hatch, chamber, pan, gate and bins, and the verbs that happen to them."""

from __future__ import annotations

from sim.chance import rng
from sim.errors import WorldError
from sim.world.bins import Bins
from sim.world.cell import Cell, climate
from sim.world.figures import BayFigures
from sim.world.gate import HOME, Gate
from sim.world.hatch import Hatch
from sim.world.hx711 import Hx711
from sim.world.item import Item, Part
from sim.world.laying import Laying, laying
from sim.world.mishaps import Mishaps
from sim.world.obstacle import HARD_N_PER_MM, HURTS_N, Obstacle
from sim.world.pan import Pan
from sim.world.person import Body, body
from sim.world.supply import Supply

STEP_US = 1000
HAND_GAP_MM = 120.0
"""A hand with something in it needs this much of a gap."""

OPEN_MM = 20.0
"""From here on the hatch counts as open for `both_open`: a hand's thickness."""

ITEM_HIGH_MM = 80
SWITCHES = ("emergency_stop", "smoke", "tamper", "inner_release")


class BayWorld(Mishaps):
    """A bay at rest: hatch closed and locked, pan and bins empty.

    It keeps what no node may allow: `worst_pinch_n`, `both_open` (hatch and gate), `shut_in`
    (the bolt held while any part of a person was inside) and `dropped_on` (the gate's leaves
    were not home while one was).

    Args:
        seed: The run's seed.
        name: The bay's name: bays of one run differ in friction, clock rate and noise.
        figures: What the bay is made of.
        start_us: The world's time at first.
    """

    def __init__(self, seed: int, name: str, figures: BayFigures, start_us: int = 0) -> None:
        self.figures = figures
        self.now_us = start_us
        self.hatch = Hatch(figures.hatch, rng(seed, name, "hatch"))
        self.gate = Gate(figures.gate)
        self.pan = Pan(figures.pan)
        self._temperature = climate(figures.climate, rng(seed, name, "climate"))
        bends = rng(seed, name, "cell")
        self.cell = Cell(figures.cell, self.pan, self._temperature, bends, start_us)
        self.hx711 = Hx711(figures.pan, self.cell, rng(seed, name, "hx711"), start_us)
        self.supply = Supply(figures.supply_mv, figures.supply_mohm)
        self.light_on = False
        self.on_pan: list[Part] = []
        self.below = Bins(figures.bin)
        self.bins, self.hauled = self.below.lying, self.below.hauled
        self.tied = False
        self.switches = dict.fromkeys(SWITCHES, False)
        self.both_open = self.shut_in = self.dropped_on = False
        self._hand: Body | None = None
        self._person: Body | None = None
        self._obstacle: Obstacle | None = None
        self._hang_permille: list[int] = []
        self._fell = False
        self._puts = rng(seed, name, "fall")
        self._disturbs = rng(seed, name, "disturbance")
        self._whom = rng(seed, name, "person")

    @property
    def moving(self) -> bool:
        """Whether anything moves or is driven, so that time matters to the millisecond."""
        return self.hatch.moving or self.gate.moving

    @property
    def bodies(self) -> list[Body]:
        """What of people is in the bay."""
        return [one for one in (self._hand, self._person) if one is not None]

    @property
    def hand_inside(self) -> bool:
        """Whether a resident's hand is in the opening."""
        return self._hand is not None

    @property
    def curtain_blocked(self) -> bool:
        """Whether something is in the light curtain of the opening."""
        way = self.hatch.in_the_way
        return bool(way) and any(one.in_curtain for one in way)

    @property
    def worst_pinch_n(self) -> float:
        """The hardest that the leaf has pressed anything."""
        return max((pinch.peak_n for pinch in self.hatch.pinches), default=0.0)

    @property
    def load_g(self) -> int:
        """True mass of what lies on the pan; people do not count."""
        return sum(part.mass_g for part in self.on_pan)

    @property
    def fallen(self) -> list[list[Part]]:
        """Whatever has ever fallen, by bin: what lies there, and what a truck took along."""
        return [gone + lying for gone, lying in zip(self.hauled, self.bins, strict=True)]

    @property
    def tallest_mm(self) -> int:
        """How high above the pan the highest thing in the chamber stands."""
        item_mm = ITEM_HIGH_MM if self.on_pan else 0
        return max(item_mm, *(one.tall_mm for one in self.bodies), 0)

    @property
    def ambient_dc(self) -> int:
        """How warm it is around cell and chamber, in tenths of a degree Celsius."""
        return round(10 * self._temperature(self.now_us))

    @property
    def supply_mv(self) -> int:
        """What the supply gives the board now."""
        return self.supply.mv(self.now_us, self.hatch.motor_ma)

    def advance(self, to_us: int) -> None:
        """Let time pass until `to_us`: in steps while anything moves, at once at rest."""
        while self.now_us < to_us:
            self.go_on(to_us)
        self.hx711.convert_until(self.now_us)

    def go_on(self, to_us: int) -> None:
        """Let time pass until `to_us` (later than now), or until a pin may show something new."""
        hatch = self.hatch
        until_us = min(to_us, hatch.next_us)
        if self.now_us < self.supply.low_until_us:
            until_us = min(until_us, self.supply.low_until_us)
        if hatch.moving:
            self._run(until_us)
        else:
            if self.gate.moving:
                self._turn_gate(until_us)
            else:
                self.now_us = until_us
            hatch.rest(self.now_us)
        self._witness()

    def drive(self, *, bridge_on: bool, hatch_permille: int, lock_on: bool) -> None:
        """What the node's outputs do to the hatch from now on."""
        self.hatch.drive(bridge_on=bridge_on, permille=hatch_permille, lock_on=lock_on)
        self._witness()

    def put(self, item: Item) -> bool:
        """Verb: lay an item on the pan. False where the gap is too small for it."""
        if self.hatch.x_mm < max(item.size_mm, HAND_GAP_MM):
            return False
        self.on_pan.append(Part(item, item.mass_g))
        way = laying(item.mass_g, self.figures.pan, self._puts)
        self._load_pan(way)
        self.cell.comes(item.mass_g, way.x, way.y)
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
        if inside and not self.hand_inside:
            hand = body("hand", self._whom)
            if self.hatch.x_mm < hand.gap_mm:
                return False
            self._hand = hand
        elif not inside:
            self._hand = None
        self._bodies_changed()
        return True

    def person(self, what: str | None) -> bool:
        """Verb: an `arm`, a `head` or a whole `child` gets in; None: whoever is in gets out.

        Returns:
            False where it does not get in, or out: the gap is too small, or the leaf holds it.
        """
        if what is None and self._person is not None and not self._gets_out(self._person):
            return False
        comes = body(what, self._whom) if what is not None else None
        if comes is not None and self.hatch.x_mm < comes.gap_mm:
            return False
        self._person = comes
        self._bodies_changed()
        return True

    def obstruct(
        self, height_mm: float, n_per_mm: float = HARD_N_PER_MM, *, in_curtain: bool = True
    ) -> bool:
        """Verb: something that high stands in the opening; 0 takes it away.

        Args:
            height_mm: How high.
            n_per_mm: How stiff; a hand has 10 to 50 N/mm, EN 12453's test body 500.
            in_curtain: False for what the light curtain does not see.

        Returns:
            False where the hatch is too far closed for it.
        """
        if height_mm < 0:
            raise WorldError(f"obstruct: height_mm {height_mm:g} is below 0; give 0 to clear it")
        if n_per_mm <= 0:
            raise WorldError(f"obstruct: n_per_mm {n_per_mm:g} is not above 0")
        if height_mm > self.hatch.x_mm:
            return False
        self._obstacle = Obstacle(height_mm, n_per_mm, in_curtain) if height_mm else None
        self._clear_the_way()
        return True

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

    def brownout(self, mv: int, ms: float) -> None:
        """Verb: for `ms` the supply gives only `mv`."""
        self.supply.brownout(mv, self.now_us, ms)

    def _run(self, to_us: int) -> None:
        """The leaf moves, and perhaps the gate with it, for one of the gate's steps."""
        before_us, gate_moves = self.now_us, self.gate.moving
        if gate_moves:
            to_us = min(to_us, before_us + STEP_US)
        self.hatch.supply_v = self.supply_mv / 1000
        self.now_us = self.hatch.run(before_us, to_us)
        if gate_moves:
            self._move_gate(self.now_us - before_us)

    def _turn_gate(self, to_us: int) -> None:
        """The gate alone moves, step by step, until one of its pins turns."""
        gate = self.gate
        shown = gate.shows
        while self.now_us < to_us and gate.moving and gate.shows == shown:
            dt_us = min(to_us - self.now_us, STEP_US)
            self.now_us += dt_us
            self._move_gate(dt_us)

    def _move_gate(self, dt_us: int) -> None:
        was_open = not self.gate.closed
        self.gate.step(dt_us / 1e6)
        if self.gate.leaves >= self.figures.gate.falls_at:
            self._drop()
        if was_open and self.gate.closed:
            self._fell = False
            self.hx711.convert_until(self.now_us)
            self.pan.knock(self.figures.gate.knock_g, self.now_us)
        self.both_open |= was_open and self.hatch.x_mm > OPEN_MM

    def _witness(self) -> None:
        """Remember what must never be."""
        if self._hand is None and self._person is None:
            return
        self.shut_in |= self.hatch.bolted
        self.dropped_on |= self.gate.leaves > HOME

    def _drop(self) -> None:
        """The leaves are down: the load slides into the bin under the diverter."""
        if self._fell or not self.on_pan:
            return
        self._fell = True
        index = round(self.gate.diverter)
        if self.tied or not self.below.takes(index, self.now_us):
            return
        keep_permille = self._hang_permille.pop(0) if self._hang_permille else 0
        falling, hanging = [], []
        for part in self.on_pan:
            kept_g = part.mass_g * keep_permille // 1000
            if kept_g < part.mass_g:
                falling.append(Part(part.item, part.mass_g - kept_g))
            if kept_g:
                hanging.append(Part(part.item, kept_g))
        self.below.receive(index, falling, self.now_us)
        self.on_pan = hanging
        self._load_pan()

    def _load_pan(self, way: Laying | None = None) -> None:
        self.hx711.convert_until(self.now_us)  # what is past was felt before this
        load_g = float(self.load_g + sum(one.load_g for one in self.bodies))
        if way is None:
            self.pan.load(load_g, self.now_us)
        else:
            self.pan.lay(load_g, self.now_us, way)

    def _gets_out(self, person: Body) -> bool:
        if person.obstacle is None:
            return self.hatch.x_mm >= person.gap_mm
        return self.hatch.pressing_n <= HURTS_N

    def _bodies_changed(self) -> None:
        self._clear_the_way()
        self._load_pan()
        self._witness()

    def _clear_the_way(self) -> None:
        there = [self._obstacle, *(one.obstacle for one in self.bodies)]
        self.hatch.meet(tuple(one for one in there if one is not None))
