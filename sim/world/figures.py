"""The figures of a simulated bay; the defaults are those of the machine's design.

A scenario may override any of them under `[bay]`. Sources: the design's table of the
machine, and handbook values for a 24 V gear motor, a 20 kg 2 mV/V cell and an HX711.
"""

from __future__ import annotations

import math

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HatchFigures(_Figures):
    """Motor, gear, leaf, edge and switches.

    Motor and gear are those of `sim.world.motor`; full drive puts `full_duty` of the supply on
    the motor, so that the design's 2 s for an opening come out. The soft edge springs with
    `edge_n_per_mm` over `edge_mm` and is then as hard as its rail (`rail_n_per_mm`).
    """

    travel_mm: PositiveFloat = 400.0
    leaf_kg: PositiveFloat = 8.0
    full_duty: float = Field(default=0.8, gt=0, le=1)
    winding_ohm: PositiveFloat = 2.0
    winding_mh: PositiveFloat = 1.5
    ke_v_s: PositiveFloat = 0.045
    gear: PositiveFloat = 30.0
    gear_efficiency: float = Field(default=0.6, gt=0, le=1)
    pinion_mm: PositiveFloat = 15.0
    rotor_kg_m2: PositiveFloat = 2e-6
    thrust_n: PositiveFloat = 80.0
    friction_n: PositiveFloat = 25.0
    friction_spread: float = Field(default=0.10, ge=0, lt=1)
    stiction: float = Field(default=1.3, ge=1)
    stribeck_mm_s: PositiveFloat = 5.0
    viscous_n_s_per_m: PositiveFloat = 30.0
    stop_n_per_mm: PositiveFloat = 200.0
    stop_damping: float = Field(default=0.35, ge=0)
    bolt_n: PositiveFloat = 2_000.0
    edge_n_per_mm: PositiveFloat = 30.0
    edge_mm: PositiveFloat = 10.0
    rail_n_per_mm: PositiveFloat = 1000.0
    edge_pressed_n: PositiveFloat = 15.0
    limit_on_mm: PositiveFloat = 3.0
    limit_hysteresis_least_mm: PositiveFloat = 2.0
    limit_hysteresis_most_mm: PositiveFloat = 5.0
    limit_bounce_least_ms: PositiveFloat = 1.0
    limit_bounce_most_ms: PositiveFloat = 5.0


class PanFigures(_Figures):
    """Pan and converter. Noise: 90 nV rms at 80/s over 8.6 mV for 20 kg.

    `ring_hz` and `damping` are the empty pan's: spring and dashpot stay what they are, so a load
    makes it slower and less damped, down to 9 Hz and 0.022 with 8 kg. At `stop_kg` the pan meets
    the stop that spares the cell, and springs back with `stop_restitution`. A blow also rocks it,
    with so much of the swing (`rocking`). `lies_off` is how far from the middle things are laid,
    and `shift_share` of them go on sinking for a while: a bag's contents.

    The converter: `flicker_hz` is where 1/f noise equals the white one, `pickup_g` the mains'
    amplitude at the bridge, `mains_spread_hz` how far the mains strays from 50 Hz; `missed` and
    `spikes` are the shares of conversions that never come and that are wrong alone, by
    `spike_least_raw` to `spike_most_raw` (reports of HX711 users tell of 10 to 1,300 and more).
    """

    counts_per_kg: PositiveInt = 180_355
    zero_raw: int = 180_355
    zero_spread_g: float = Field(default=100.0, ge=0)
    platform_kg: PositiveFloat = 2.0
    ring_hz: PositiveFloat = 20.0
    damping: float = Field(default=0.05, gt=0, lt=1)
    stop_kg: PositiveFloat = 25.0
    stop_restitution: float = Field(default=0.2, ge=0, lt=1)
    restitution_least: float = Field(default=0.1, ge=0, lt=1)
    restitution_most: float = Field(default=0.3, ge=0, lt=1)
    rocking: float = Field(default=0.0015, ge=0, lt=1)
    rocking_hz: PositiveFloat = 30.0
    rocking_damping: float = Field(default=0.08, gt=0, lt=1)
    lies_off: float = Field(default=1.0, ge=0, le=1)
    shift_share: float = Field(default=0.3, ge=0, le=1)
    noise_g: float = Field(default=0.21, ge=0)
    flicker_hz: float = Field(default=0.1, ge=0)
    pickup_g: float = Field(default=0.1, ge=0)
    mains_spread_hz: float = Field(default=0.1, ge=0, lt=5)
    rate_hz: PositiveFloat = 80.0
    rate_error: float = Field(default=0.10, ge=0, lt=1)
    missed: float = Field(default=2e-4, ge=0, lt=0.5)
    spikes: float = Field(default=5e-4, ge=0, lt=0.5)
    spike_least_raw: PositiveInt = 10
    spike_most_raw: PositiveInt = 100_000


class CellFigures(_Figures):
    """The cell's errors; shares of its capacity or load, as a data sheet gives them.

    The defaults are a multi-interval single-point cell inside the design's specification and
    OIML R 60 class C3 with p_LC = 0.7: v_min 2 g allows 1.4 g of zero a 5 K, we take 1.0;
    creep 0.0067 % in 30 min, 0.4 of what C3 allows, so that zero comes back to within half of the
    first e after Max, as a multi-interval cell's must; span 0.01 % a 10 K; corner error 0.02 %.
    `nonlinearity` is the deviation at half the capacity from the line through both ends,
    `hysteresis` the greatest distance between loading and unloading; both of the capacity,
    together below C3's 0.02 %.

    `warm_up_g` is how far zero is off right after power-on, gone with `warm_up_s`; `span` is
    what the cell gives over what its plate says. `span_per_day` and `zero_g_per_day` are how both
    go on from power-on, day after day: a bond that lets go, moisture that creeps in.
    """

    capacity_kg: PositiveFloat = 15.0
    span: PositiveFloat = 1.0
    nonlinearity: float = 0.00005
    hysteresis: float = Field(default=0.00006, ge=0)
    creep_30_s: float = 0.000032
    creep_300_s: float = 0.000024
    creep_1500_s: float = 0.000016
    zero_g_per_k: float = 0.2
    span_per_k: float = 0.00001
    corner: float = Field(default=0.0002, ge=0)
    warm_up_g: float = 1.0
    warm_up_s: PositiveFloat = 180.0
    span_per_day: float = 0.0
    zero_g_per_day: float = 0.0


class ClimateFigures(_Figures):
    """The temperature around the cell: `swing_c` above and below `mean_c` within `period_s`."""

    mean_c: float = Field(default=22.0, ge=-40, le=60)
    swing_c: float = Field(default=6.0, ge=0, le=40)
    period_s: PositiveFloat = 86_400.0


class GateFigures(_Figures):
    """Leaves and diverter; the load slides off at `falls_at` of the leaves' way."""

    leaves_s: PositiveFloat = 0.8
    falls_at: float = Field(default=0.6, gt=0, lt=1)
    diverter_step_s: PositiveFloat = 0.5
    knock_g: float = Field(default=40.0, ge=0)


class BinFigures(_Figures):
    """A bin of 240 l (EN 840-1), its level sensor and the chute, in mm above the bin's floor.

    Things heap up at `repose_deg` (25 to 40°). What has just fallen takes `loose` more room, and
    settles with the time constant `settles_h`, 5 to 15 % of the heap in the first hour. The sensor
    looks down beside the chute, at `aside` of the radius. Nothing slides into a bin whose heap has
    reached `chute_mm`.
    """

    floor_m2: PositiveFloat = 0.267
    sensor_mm: PositiveFloat = 1_100.0
    chute_mm: PositiveFloat = 1_000.0
    aside: float = Field(default=0.6, ge=0, le=1)
    repose_deg: float = Field(default=30.0, gt=0, lt=60)
    loose: float = Field(default=0.15, ge=0, lt=1)
    settles_h: PositiveFloat = 3.0

    @property
    def radius_mm(self) -> float:
        """Of a round bin with the same floor."""
        return float((self.floor_m2 * 1e6 / math.pi) ** 0.5)


class BoardFigures(_Figures):
    """How quick a node's board is, and below which supply it stops.

    A scan's outputs come `scan_*_us` after its inputs. After one scan in `scans_a_pause` the
    next cannot begin for `pause_*_us`: a garbage collection (assumed, not measured on a board).
    An interrupt takes the bridge off `interrupt_*_us` after the signal at the pin.
    """

    interrupt_least_us: PositiveInt = 200
    interrupt_most_us: PositiveInt = 1_000
    scan_least_us: PositiveInt = 1_000
    scan_most_us: PositiveInt = 3_000
    pause_least_us: PositiveInt = 5_000
    pause_most_us: PositiveInt = 15_000
    scans_a_pause: PositiveInt = 400
    reset_mv: PositiveInt = 7_000
    boot_ms: PositiveInt = 250


class BayFigures(_Figures):
    """All figures of one bay."""

    hatch: HatchFigures = HatchFigures()
    pan: PanFigures = PanFigures()
    cell: CellFigures = CellFigures()
    climate: ClimateFigures = ClimateFigures()
    gate: GateFigures = GateFigures()
    bin: BinFigures = BinFigures()
    board: BoardFigures = BoardFigures()
    chamber_mm: PositiveInt = 350
    supply_mv: PositiveInt = 24_000
    supply_mohm: int = Field(default=200, ge=0)
    clock_ppm: int = Field(default=30, ge=0, le=200)
