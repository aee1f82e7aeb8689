"""The figures of a simulated bay; the defaults are those of the machine's design.

A scenario may override any of them under `[bay]`. Sources: the design's table of the
machine, and handbook values for a 24 V gear motor, a 20 kg 2 mV/V cell and an HX711.
"""

from __future__ import annotations

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
    """Pan, cell and converter. Noise: 90 nV rms at 80/s over 8.6 mV for 20 kg."""

    counts_per_kg: PositiveInt = 180_355
    zero_raw: int = 0
    zero_spread_g: float = Field(default=100.0, ge=0)
    platform_kg: PositiveFloat = 2.0
    ring_hz: PositiveFloat = 15.0
    damping: float = Field(default=0.05, gt=0, lt=1)
    noise_g: float = Field(default=0.21, ge=0)
    drift_g: float = Field(default=0.3, ge=0)
    drift_period_s: PositiveFloat = 2700.0
    rate_hz: PositiveFloat = 80.0
    rate_error: float = Field(default=0.10, ge=0, lt=1)


class GateFigures(_Figures):
    """Leaves and diverter; the load slides off at `falls_at` of the leaves' way."""

    leaves_s: PositiveFloat = 0.8
    falls_at: float = Field(default=0.6, gt=0, lt=1)
    diverter_step_s: PositiveFloat = 0.5
    knock_g: float = Field(default=40.0, ge=0)


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
    gate: GateFigures = GateFigures()
    board: BoardFigures = BoardFigures()
    chamber_mm: PositiveInt = 350
    ambient_dc: int = 220
    supply_mv: PositiveInt = 24_000
    supply_mohm: int = Field(default=200, ge=0)
    clock_ppm: int = Field(default=30, ge=0, le=200)
