"""Load-cell signals made for the tests of symptoms: good ones, and the courses of force behind.

Grams over time first (what the pan feels), then `converted` as an HX711 would: a memory of four,
white and 1/f noise, mains pick-up, and spikes. Nothing here is taken from the code under test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    Course = NDArray[np.float64]

PER_G = 180.355
NOISE_G = 0.21
ZERO_RAW = 20_000
STOP_G = 25_000.0
"""At so much the pan meets its stop."""

Stream = list[tuple[float, int]]


def times(seconds: float, hz: float = 80.0) -> Course:
    """When `seconds` of conversions are made."""
    return np.linspace(1 / hz, seconds, round(seconds * hz))


def flicker(count: int, size_g: float, rng: Generator) -> Course:
    """1/f noise with `size_g` root mean square."""
    spectrum = np.fft.rfft(rng.normal(size=count))
    spectrum[0] = 0
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    noise: Course = np.fft.irfft(spectrum, count)
    scaled: Course = noise * size_g / noise.std()
    return scaled


def landed(
    at: Course,
    when_s: float,
    mass_g: float,
    rng: Generator,
    *,
    knock: float = -1,
    ring_hz: float = 0,
) -> Course:
    """A load of `mass_g` (negative: taken away) from `when_s` on; it rings as the pan can.

    `knock` is the swing over the mass, drawn from 1 (laid) to 10 (dropped) where left out;
    `ring_hz` from 8 to 20.
    """
    after = np.maximum(at - when_s, 0)
    omega, zeta = 2 * np.pi * (ring_hz or rng.uniform(8, 20)), rng.uniform(0.02, 0.08)
    swing = mass_g * (rng.uniform(1, 10) if knock < 0 else knock)
    phase = rng.uniform(-1, 1)
    ringing = swing * np.exp(-zeta * omega * after) * np.cos(omega * after + phase)
    return np.where(at >= when_s, mass_g - ringing, 0.0)


def converted(
    at: Course,
    grams: Course,
    rng: Generator,
    *,
    noise_g: float = NOISE_G,
    zero_raw: int = ZERO_RAW,
    spikes: float = 5e-4,
) -> Stream:
    """What the converter makes of `grams` at times `at`."""
    felt = np.clip(grams, -STOP_G, STOP_G) + rng.uniform(0, 0.2) * np.sin(
        2 * np.pi * 50 * at + rng.uniform(0, 6)
    )
    padded = np.concatenate([np.full(3, felt[0]), felt])
    # Of a slow stream each conversion is one of eighty: its memory is over long before.
    slow = at[1] - at[0] > 0.5
    filtered = felt if slow else np.convolve(padded, np.full(4, 0.25), "valid")
    noisy = filtered + rng.normal(0, noise_g, len(at)) + flicker(len(at), noise_g / 3, rng)
    raw = zero_raw + noisy * PER_G
    spiked = rng.random(len(at)) < spikes
    raw = raw + np.where(spiked, rng.choice([-1, 1], len(at)) * rng.uniform(10, 1e5, len(at)), 0)
    return [(float(t), int(r)) for t, r in zip(at, np.rint(raw), strict=True)]


def warming(at: Course, rng: Generator) -> Course:
    """Up to 4 g in ten minutes either way, as the sun comes and goes."""
    return rng.uniform(-4, 4) * at / 600


def good(kind: str, seed: int) -> Stream:
    """A stream in which nothing is wrong; `GOOD` names the kinds."""
    rng = np.random.default_rng([seed, len(kind), ord(kind[0])])
    hz = rng.uniform(72, 88)
    if kind == "slow rest":
        at = times(1800, 1.0)
        return converted(at, rng.uniform(0, 8000) + warming(at, rng), rng, spikes=3e-3)
    at = times(30, hz)
    force_g = np.sum(list(_courses(kind, at, rng)), axis=0) + warming(at, rng)
    # With nothing on the bridge at zero, half a load is half the counts.
    return converted(at, force_g, rng, zero_raw=0 if kind == "a pair" else ZERO_RAW)


GOOD = ("slow rest", "rest", "dropped", "laid", "taken away", "one after the other", "a pair")


def _courses(kind: str, at: Course, rng: Generator) -> Iterator[Course]:
    mass_g = float(np.exp(rng.uniform(np.log(40), np.log(8000))))
    match kind:
        case "rest":
            yield np.full(len(at), mass_g)
        case "dropped":
            yield landed(at, 3, mass_g, rng)
        case "laid":
            lasts_s = rng.uniform(0.1, 1.5)
            yield mass_g * np.clip((at - 3) / lasts_s, 0, 1)
            yield landed(at, 3 + lasts_s, 1e-6, rng, knock=mass_g * 1e6 * rng.uniform(0, 0.3))
        case "taken away":
            yield np.full(len(at), mass_g)
            yield landed(at, 12, -mass_g, rng, knock=1)
        case "one after the other":
            when_s = 2.0
            for _ in range(rng.integers(3, 14)):
                yield landed(at, when_s, float(rng.uniform(12, 600)), rng)
                when_s += rng.uniform(0.4, 3)
        case "a pair":
            # Two of one kind, of which one goes: just half is left, and no gain has changed.
            yield landed(at, 3, mass_g, rng)
            yield landed(at, 4, mass_g, rng)
            yield landed(at, 18, -mass_g, rng, knock=1)
