"""The figures of a simulated bay; the defaults are those of the machine's design.

A scenario may override any of them under `[bay]`. Sources: the design's table of the
machine, and handbook values for a 24 V gear motor, a 20 kg 2 mV/V cell and an HX711.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HatchFigures(_Figures):
    """Motor, gearing and leaf, seen from the leaf.

    A DC motor behind a gear pushes with `droop_n_s_per_m` × (free speed - speed), at most
    `thrust_n` (the limit in hardware). `moving_kg` is leaf plus reflected rotor inertia.
    """

    travel_mm: PositiveFloat = 400.0
    free_speed_m_s: PositiveFloat = 0.213
    droop_n_s_per_m: PositiveFloat = 2430.0
    thrust_n: PositiveFloat = 80.0
    friction_n: PositiveFloat = 25.0
    viscous_n_s_per_m: PositiveFloat = 30.0
    moving_kg: PositiveFloat = 13.0
    ma_per_n: PositiveFloat = 18.5
    edge_n_per_mm: PositiveFloat = 30.0
    edge_pressed_n: PositiveFloat = 15.0
    limit_on_mm: PositiveFloat = 3.0
    limit_off_mm: PositiveFloat = 6.0


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


class BayFigures(_Figures):
    """All figures of one bay."""

    hatch: HatchFigures = HatchFigures()
    pan: PanFigures = PanFigures()
    gate: GateFigures = GateFigures()
    hand_mm: PositiveFloat = 60.0
    chamber_mm: PositiveInt = 350
    ambient_dc: int = 220
    supply_mv: PositiveInt = 24_000
    supply_mohm: int = Field(default=200, ge=0)
    clock_ppm: int = Field(default=30, ge=0, le=200)
