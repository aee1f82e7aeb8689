"""The node's board on the simulated bay: what firmware.hal.board senses and drives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.hal.board import Inputs, Outputs
from sim.chance import rng

if TYPE_CHECKING:
    from sim.world import BayWorld

TICKS = 1 << 30
"""Node ticks are milliseconds in 30 bits, as MicroPython's `ticks_ms` on the RP2040."""

SUPPLY_NOISE_MV = 40
BODY_DC = 330
"""A hand's warmest pixel: 33.0 °C."""

ITEM_HIGH_MM = 80
POWER_ON = 1


class SimBoard:
    """One node's board: senses a `BayWorld` and drives it. Its FRAM is the node host's.

    Args:
        world: The bay around it.
        name: The bay's name.
        seed: The run's seed: ticks at power-on, crystal, boot ids, sensor noise.
    """

    def __init__(self, world: BayWorld, name: str, seed: int) -> None:
        self.world = world
        self.boot_id = 0
        self.reset_cause = POWER_ON
        self._name = name
        self._seed = seed
        self._boots = 0
        self._noise = rng(seed, name, "board")
        ppm = world.figures.clock_ppm
        self._ppm = self._noise.randint(-ppm, ppm)
        # Ticks wrap early in every run, so that whoever compares them plainly is found out.
        self._ticks_at_start = TICKS - self._noise.randint(3_000, 20_000)
        self._start_us = world.now_us
        self._curtain_dark = False
        self.restart(POWER_ON)

    def restart(self, cause: int) -> None:
        """The node starts (again): outputs safe, another boot id."""
        self._boots += 1
        self.boot_id = rng(self._seed, self._name, "boot", str(self._boots)).getrandbits(32)
        self.reset_cause = cause
        self.write(Outputs())

    def identity(self) -> tuple[bytes, int, int]:
        """(bay name, boot id, reset cause)."""
        return self._name.encode(), self.boot_id, self.reset_cause

    def ticks(self, at_us: int) -> int:
        """Node ticks at a world time; the crystal is some ppm off."""
        run_us = at_us - self._start_us
        run_us += run_us * self._ppm // 1_000_000
        return (self._ticks_at_start + run_us // 1000) % TICKS

    def read(self, rx: bytes) -> Inputs:
        """Sense everything now; `rx` came over the wire since the last read."""
        world = self.world
        inputs = Inputs()
        inputs.now_ms = self.ticks(world.now_us)
        inputs.rx = rx
        samples = tuple((self.ticks(at_us), raw) for at_us, raw in world.hx711.read())
        inputs.samples = samples
        inputs.limit_closed = world.hatch.limit_closed
        inputs.limit_open = world.hatch.limit_open
        inputs.edge_ohm = world.hatch.edge_ohm
        inputs.curtain_blocked = world.curtain_blocked or self._curtain_dark
        inputs.motor_ma = world.hatch.motor_ma
        inputs.warm_dc = self._warm_dc()
        inputs.thermal_sum = self._thermal_sum()
        inputs.tof_mm = self._tof_mm()
        inputs.temperature_dc = world.figures.ambient_dc
        for name, on in world.switches.items():
            setattr(inputs, name, on)
        inputs.supply_mv = self._supply_mv()
        inputs.gate_closed = world.gate.closed
        inputs.gate_open = world.gate.open
        inputs.diverter_at = world.gate.diverter_at
        return inputs

    def write(self, outputs: Outputs) -> None:
        """Drive everything."""
        world = self.world
        world.drive(
            bridge_on=outputs.bridge_on,
            hatch_permille=outputs.hatch_permille,
            lock_on=outputs.lock_on,
        )
        world.gate.drive_permille = outputs.gate_permille
        world.gate.diverter_to = outputs.diverter_to
        world.gate.diverter_on = outputs.diverter_on
        world.light_on = outputs.light_on
        self._curtain_dark = outputs.curtain_test

    def edges(self) -> tuple[object, ...]:
        """All digital inputs: when one of them changes, the node is woken."""
        world = self.world
        return (
            world.hatch.limit_closed,
            world.hatch.limit_open,
            world.hatch.edge_ohm,
            world.curtain_blocked or self._curtain_dark,
            world.gate.closed,
            world.gate.open,
            world.gate.diverter_at,
            *world.switches.values(),
        )

    def _warm_dc(self) -> int:
        world = self.world
        warmest = BODY_DC if world.hand_inside else world.figures.ambient_dc
        return warmest + self._noise.randrange(-3, 4)

    def _thermal_sum(self) -> int:
        """64 pixels near the cabinet's temperature, each with noise of its own."""
        return 64 * self.world.figures.ambient_dc * 4 // 10 + self._noise.randrange(-20, 21)

    def _tof_mm(self) -> int:
        world = self.world
        tallest_mm = min(ITEM_HIGH_MM, world.figures.chamber_mm) if world.on_pan else 0
        return world.figures.chamber_mm - tallest_mm + self._noise.randrange(-3, 4)

    def _supply_mv(self) -> int:
        figures = self.world.figures
        drop_mv = self.world.hatch.motor_ma * figures.supply_mohm // 1000
        return figures.supply_mv - drop_mv + self._noise.randint(-SUPPLY_NOISE_MV, SUPPLY_NOISE_MV)
