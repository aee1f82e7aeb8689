"""The node's board on the simulated bay: what firmware.hal.board senses and drives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.hal import lookout
from firmware.hal.board import Inputs, Outputs
from sim.board_faults import (
    EDGE_IDLE_OHM,
    EDGE_PRESSED_OHM,
    NO_DISTANCE_MM,
    NO_HEAT_DC,
    SensorFaults,
    checked,
)
from sim.chance import rng
from sim.interrupts import Interrupts
from sim.level_sensors import LevelSensors
from sim.slow_sensors import SlowSensors

if TYPE_CHECKING:
    from sim.world import BayWorld

TICKS = 1 << 30
"""Node ticks are milliseconds in 30 bits, as MicroPython's `ticks_ms` on the RP2040."""

SUPPLY_NOISE_MV = 40
CURRENT_NOISE_MA = 8
WORN_CHATTER_MS = 30.0
POWER_ON = 1


class SimBoard:
    """One node's board: senses a `BayWorld` and drives it. Its FRAM is the node host's.

    Args:
        world: The bay around it.
        name: The bay's name.
        seed: The run's seed: ticks at power-on, crystal, boot ids, sensor noise, latencies.
    """

    def __init__(self, world: BayWorld, name: str, seed: int) -> None:
        self.world = world
        self.boot_id = 0
        self.reset_cause = POWER_ON
        self.store_failed = False
        self.faults = SensorFaults(rng(seed, name, "faults"))
        self._slow = SlowSensors(world, rng(seed, name, "slow"))
        self._levels = LevelSensors(world, rng(seed, name, "levels"))
        self._name = name
        self._seed = seed
        self._boots = 0
        self._noise = rng(seed, name, "board")
        self._interrupts = Interrupts(world, self.faults, rng(seed, name, "interrupt"))
        ppm = world.figures.clock_ppm
        self._ppm = self._noise.randint(-ppm, ppm)
        # Ticks wrap early in every run, so that whoever compares them plainly is found out.
        self._ticks_at_start = TICKS - self._noise.randint(3_000, 20_000)
        self._start_us = world.now_us
        self._told: tuple[object, ...] = ()
        self._inputs = Inputs()
        self.restart(POWER_ON)

    @property
    def powered(self) -> bool:
        """Whether the supply is enough for the board itself."""
        return self.world.supply_mv >= self.world.figures.board.reset_mv

    @property
    def held_off(self) -> bool:
        """Whether an interrupt keeps the bridge off until a scan has seen why."""
        return self._interrupts.holds_off

    @property
    def stirs(self) -> bool:
        """Whether something may read clearly otherwise than the node was told.

        The board looks out for that while the node sleeps. A healthy sensor's noise is never so
        large, so nothing needs reading where no sensor is broken, nobody is in the bay and nothing
        lies otherwise.
        """
        if self.faults.any:
            seen = Inputs()
            self._measure(seen)
            if lookout.stirs(self._inputs, seen):
                return True
        return bool(self.world.bodies) or self._scene() != self._told

    def restart(self, cause: int) -> None:
        """The node starts (again): outputs safe, another boot id."""
        self._boots += 1
        self.boot_id = rng(self._seed, self._name, "boot", str(self._boots)).getrandbits(32)
        self.reset_cause = cause
        self.store_failed = False
        self.faults.start()
        self._interrupts.reset()
        self.write(Outputs())

    def identity(self) -> tuple[bytes, int, int]:
        """(bay name, boot id, reset cause)."""
        return self._name.encode(), self.boot_id, self.reset_cause

    def ticks(self, at_us: int) -> int:
        """Node ticks at a world time; the crystal is some ppm off."""
        run_us = at_us - self._start_us
        run_us += run_us * self._ppm // 1_000_000
        return (self._ticks_at_start + run_us // 1000) % TICKS

    def sensor_fault(self, part: str, kind: str, index: int = 0) -> None:
        """Verb: a sensor breaks in one of the ways of `sim.board_faults.KINDS`, or is `well`.

        Of the level sensors it is the one of bin number `index`.

        Raises:
            WorldError: It is no part, or does not break like that; the message names what there is.
        """
        checked(part, kind)
        if part == "level":
            self._levels.fault(index, kind)
            return
        if not part.startswith("limit_"):
            self.faults.set(part, kind)
            return
        which = part.removeprefix("limit_")
        hatch = self.world.hatch
        now_on = hatch.limit_closed if which == "closed" else hatch.limit_open
        stuck = {"stuck_on": True, "stuck_off": False, "frozen": now_on}.get(kind)
        self.world.limit_stuck(which, stuck)
        self.world.limit_worn(which, WORN_CHATTER_MS if kind == "noisy" else 0.0)

    def advance(self, to_us: int, *, to_edge: bool = False) -> None:
        """Let the world go on until `to_us` with the interrupts on watch.

        Args:
            to_us: When to stop.
            to_edge: Stop sooner where anything that wakes the node may have changed.
        """
        world, interrupts = self.world, self._interrupts
        interrupts.look()
        while world.now_us < to_us:
            until_us = min(to_us, interrupts.next_us)
            if until_us > world.now_us:
                world.go_on(until_us)
            interrupts.look()
            if to_edge and world.now_us < until_us:
                return

    def read(self, rx: bytes) -> Inputs:
        """Sense everything now; `rx` came over the wire since the last read."""
        self._told = self._scene()
        inputs = Inputs()
        inputs.now_ms = self.ticks(self.world.now_us)
        inputs.rx = rx
        inputs.samples = self._samples()
        inputs.edge_touched = self._interrupts.tell()
        inputs.levels_mm = self._levels.look()
        inputs.store_failed = self.store_failed
        self._measure(inputs)
        self._inputs = inputs
        return inputs

    def _measure(self, inputs: Inputs) -> None:
        """Read what may be read at any time and as often as one likes."""
        world, hatch, gate, slow = self.world, self.world.hatch, self.world.gate, self._slow
        slow.look()
        inputs.limit_closed, inputs.limit_open = hatch.closed_switch.on, hatch.open_switch.on
        inputs.edge_ohm = EDGE_PRESSED_OHM if hatch.edge_pressed else EDGE_IDLE_OHM
        inputs.curtain_blocked = self._interrupts.dark
        inputs.motor_ma = max(0, hatch.motor_ma + self._rough(CURRENT_NOISE_MA))
        inputs.warm_dc, inputs.thermal_sum, inputs.tof_mm = (
            slow.warm_dc,
            slow.thermal_sum,
            slow.tof_mm,
        )
        inputs.temperature_dc = world.ambient_dc
        for name, on in world.switches.items():
            setattr(inputs, name, on)
        inputs.supply_mv = max(0, world.supply_mv + self._rough(SUPPLY_NOISE_MV))
        inputs.gate_closed, inputs.gate_open, inputs.diverter_at = gate.shows
        if self.faults.any:
            self._lie(inputs)

    def _lie(self, inputs: Inputs) -> None:
        """What broken sensors make of what was measured."""
        faults = self.faults
        inputs.edge_ohm = faults.edge_ohm(self.world.hatch.edge_pressed)
        inputs.curtain_blocked = faults.read("curtain", inputs.curtain_blocked)
        inputs.motor_ma = faults.current_ma(inputs.motor_ma)
        warmth = (inputs.warm_dc, inputs.thermal_sum)
        inputs.warm_dc, inputs.thermal_sum = faults.values("thermal", warmth, (NO_HEAT_DC, 0))
        (tof_mm,) = faults.values("distance", (inputs.tof_mm,), (NO_DISTANCE_MM,))
        inputs.tof_mm = max(0, tof_mm)
        (supply_mv,) = faults.values("supply", (inputs.supply_mv,), (0,))
        inputs.supply_mv = max(0, supply_mv)
        inputs.gate_closed = faults.read("gate_closed", inputs.gate_closed)
        inputs.gate_open = faults.read("gate_open", inputs.gate_open)

    def write(self, outputs: Outputs) -> None:
        """Drive everything; what an interrupt took off stays off until a scan has seen it."""
        world = self.world
        self._interrupts.release()
        world.drive(
            bridge_on=outputs.bridge_on and not self._interrupts.holds_off,
            hatch_permille=outputs.hatch_permille,
            lock_on=outputs.lock_on,
        )
        world.gate.drive_permille = outputs.gate_permille
        world.gate.diverter_to = outputs.diverter_to
        world.gate.diverter_on = outputs.diverter_on
        world.light_on = outputs.light_on
        self._interrupts.curtain_test = outputs.curtain_test

    def edges(self) -> tuple[object, ...]:
        """All digital inputs: when one of them changes, the node is woken."""
        world, faults = self.world, self.faults
        hatch = world.hatch
        home, down, diverter_at = world.gate.shows
        pressed, dark = hatch.edge_pressed, self._interrupts.dark
        if faults.any:
            home, down = faults.signal("gate_closed", home), faults.signal("gate_open", down)
            pressed, dark = faults.signal("edge", pressed), faults.signal("curtain", dark)
        limits = hatch.closed_switch.on, hatch.open_switch.on
        return (*limits, diverter_at, *world.switches.values(), home, down, pressed, dark)

    def _scene(self) -> tuple[object, ...]:
        world = self.world
        pan, supply = world.pan, world.supply
        weak = world.now_us < supply.low_until_us
        return len(world.bodies), pan.load_g, pan.lean, pan.shake, weak, supply.full_mv

    def _samples(self) -> tuple[tuple[int, int], ...]:
        self.world.hx711.convert_until(self.world.now_us)
        converted = self.world.hx711.read()
        if not converted:
            return ()
        return self.faults.conversions(
            tuple([(self.ticks(at_us), raw) for at_us, raw in converted])
        )

    def _rough(self, most: int) -> int:
        return int(self._noise.random() * (2 * most + 1)) - most
