"""The level that a ringing pan will settle at: a damped sinusoid fitted to a few conversions.

After the load's last contact the pan is a second-order system, so its conversions are

    y(t) = level + exp(-decay t) (a cos(omega t) + b sin(omega t)) + noise,

and the converter's memory, a linear filter, changes amplitude and phase of that alone. Least
squares over all five unknowns, the three linear ones solved for exactly (variable projection:
Golub and Pereyra 1973) and the other two found by Gauss-Newton steps from Prony's estimate.
What is known of pans beforehand, 8 to 20 Hz and damping 0.02 to 0.08, stands beside the data as
if it had been measured once: it leads where the ringing is too small to show its own frequency.

Time is counted in conversions, as is `omega` (rad) and `decay`; levels are in the samples' unit.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

UNKNOWNS = 5
LEAST = 9
"""Fewest conversions to fit: four are left over to show a misfit."""

NOMINAL_HZ = 80.0
MIDDLE_HZ, SPREAD_HZ = 13.0, 4.5
OMEGA = 2 * math.pi * MIDDLE_HZ / NOMINAL_HZ
OMEGA_SD = 2 * math.pi * SPREAD_HZ / NOMINAL_HZ
"""8 to 20 Hz of a loaded pan, and a converter that runs up to a tenth too fast or too slow."""

LOG_DECAY = math.log(0.045 * OMEGA)
LOG_DECAY_SD = 0.8
"""Damping 0.02 to 0.08 over that range: a factor of two either way."""

OMEGA_BOUNDS = (0.25, 2.5)
LOG_DECAY_BOUNDS = (math.log(0.003), math.log(0.5))
"""Beyond these nothing rings that rests on a load cell; a step of the fit is cut off there."""

STEP = (0.3, 0.7)
"""Longest Gauss-Newton step in omega and in the logarithm of the decay."""

UNMODELLED = 0.0005
FADING = 0.15
"""What else a blow sets going, as a share of its swing, and how fast that fades per conversion:
the pan's other modes, contents that sink. The first conversions are trusted the less for it."""

FIRST_STEPS = 3
STEPS = 2
MATURE = 16
GOOD = 2.0
ENOUGH = 1.0
"""Gauss-Newton steps of a first fit and of a later one; from `MATURE` conversions on the last fit
is so near that one is enough. A step that would gain less than `ENOUGH` times the noise's variance
is taken along without another look. A young fit that leaves over `GOOD` times the noise begins
anew."""

NOISE_WEIGHT = 6.0
"""The noise known beforehand counts as so many conversions of its own."""

TINY = 1e-9
LINEAR_TINY = np.diag((0.0, TINY, TINY))
"""Added to sums of squares of the columns, which are about one a conversion: keeps the normal
equations solvable where nothing rings."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A fit: where the pan will settle, how sure that is, and how it rings until then.

    Attributes:
        level: Where it will settle.
        level_sd: Standard deviation of that, from the noise and what the fit leaves over.
        misfit: What the fit leaves over, root mean square per degree of freedom.
        swing: Amplitude at the last conversion.
        omega: Radians per conversion.
        log_decay: Natural logarithm of the decay per conversion.
        cosine, sine: Amplitudes at the first conversion.
        count: Conversions that were fitted.
        last: Conversions from the first to the last of them.
        cost: What was made least.
    """

    level: float
    level_sd: float
    misfit: float
    swing: float
    omega: float
    log_decay: float
    cosine: float
    sine: float
    count: int
    last: int
    cost: float

    def at(self, t: float) -> float:
        """The conversion expected `t` conversions after the first."""
        turn = self.omega * t
        swing = self.cosine * math.cos(turn) + self.sine * math.sin(turn)
        return self.level + math.exp(-math.exp(self.log_decay) * t) * swing


def fit(t: Array, y: Array, noise: float, near: Ring | None = None) -> Ring:
    """Fit `y` at the times `t`.

    Args:
        t: Conversions since the first, shape (n,), n at least `LEAST`; gaps are allowed.
        y: The conversions, shape (n,).
        noise: Standard deviation of their noise, known beforehand.
        near: A fit with fewer conversions, or other ones of the same ringing, to go on from.
    """
    window = _Window(t, y, noise)
    if near is not None:
        steps = STEPS if len(t) < MATURE else 1
        onward = _descend(window, near.omega, near.log_decay, steps)
        if len(t) >= MATURE or onward.misfit < GOOD * noise:
            return onward
    omega, log_decay = _prony(t, y) or (OMEGA, LOG_DECAY)
    anew = _descend(window, omega, log_decay, FIRST_STEPS)
    return anew if near is None or anew.cost < onward.cost else onward


class _Window:
    """What is fitted: times, conversions weighted by the trust in each, and what is known."""

    __slots__ = ("known", "noise", "t", "trust", "trusted")

    def __init__(self, t: Array, y: Array, noise: float) -> None:
        heights = y.tolist()
        swing = (max(heights) - min(heights)) / 2
        self.t, self.noise = t, noise
        self.trust = 1 / np.sqrt(1 + (UNMODELLED * swing / noise * np.exp(-FADING * t)) ** 2)
        self.trusted = y * self.trust
        self.known = _known(noise)


@functools.cache
def _known(noise: float) -> Array:
    """What is known beforehand, as it is added to the normal equations; the same for each pan."""
    return np.diag((0.0, TINY, TINY, (noise / OMEGA_SD) ** 2, (noise / LOG_DECAY_SD) ** 2))


def _descend(window: _Window, omega: float, log_decay: float, steps: int) -> Ring:
    """Gauss-Newton from there; a step that would make it worse is halved."""
    best, share = _Point(window, omega, log_decay), 1.0
    for _ in range(steps):
        if best.gain < ENOUGH * window.noise**2:
            break
        tried = _Point(window, *best.onward(share))
        if tried.cost <= best.cost:
            best, share = tried, 1.0
        else:
            share /= 2
    return best.ring()


class _Point:
    """The least squares at one omega and decay: linear unknowns, what is left, where to go."""

    __slots__ = (
        "cost",
        "gain",
        "inverse",
        "left",
        "linear",
        "log_decay",
        "omega",
        "step",
        "window",
    )

    def __init__(self, window: _Window, omega: float, log_decay: float) -> None:
        self.window, self.omega, self.log_decay = window, omega, log_decay
        t, noise = window.t, window.noise
        decay = math.exp(log_decay)
        columns = np.empty((UNKNOWNS, len(t)))
        envelope = np.exp(-decay * t) * window.trust
        columns[0] = window.trust
        columns[1] = envelope * np.cos(omega * t)
        columns[2] = envelope * np.sin(omega * t)
        x = columns[:3]
        gram = x @ x.T + LINEAR_TINY
        self.linear = np.linalg.solve(gram, x @ window.trusted)
        rest = window.trusted - self.linear @ x
        _, a, b = self.linear.tolist()
        columns[3] = t * (b * columns[1] - a * columns[2])
        columns[4] = -decay * t * (a * columns[1] + b * columns[2])
        normal = columns @ columns.T + window.known
        off = (OMEGA - omega) / OMEGA_SD, (LOG_DECAY - log_decay) / LOG_DECAY_SD
        slope = columns @ rest
        slope[3] += noise**2 / OMEGA_SD * off[0]
        slope[4] += noise**2 / LOG_DECAY_SD * off[1]
        self.left = float(rest @ rest)
        self.cost = self.left + noise**2 * (off[0] ** 2 + off[1] ** 2)
        self.inverse = np.linalg.inv(normal)
        self.step = self.inverse @ slope
        self.gain = float(self.step @ slope)

    def onward(self, share: float) -> tuple[float, float]:
        """Omega and log decay a whole step further, or a share of it."""
        omega = self.omega + share * _within(float(self.step[3]), (-STEP[0], STEP[0]))
        log_decay = self.log_decay + share * _within(float(self.step[4]), (-STEP[1], STEP[1]))
        return _within(omega, OMEGA_BOUNDS), _within(log_decay, LOG_DECAY_BOUNDS)

    def ring(self) -> Ring:
        """The fit; where the next step is small it is taken along without looking again."""
        noise, t = self.window.noise, self.window.t
        level, a, b = self.linear.tolist()
        omega, log_decay, left = self.omega, self.log_decay, self.left
        if self.gain < ENOUGH * noise**2:
            more = self.step.tolist()
            level, a, b = level + more[0], a + more[1], b + more[2]
            omega, log_decay = self.onward(1.0)
            left = max(0.0, left - self.gain)
        freedom = len(t) - UNKNOWNS
        # The larger of what was known and what is seen, the two weighed by how much each has seen.
        pooled = (NOISE_WEIGHT * noise**2 + left) / (NOISE_WEIGHT + freedom)
        variance = max(noise**2, pooled) * float(self.inverse[0, 0])
        last = int(t[-1])
        return Ring(
            level=level,
            level_sd=math.sqrt(variance),
            misfit=math.sqrt(left / freedom),
            swing=math.hypot(a, b) * math.exp(-math.exp(log_decay) * last),
            omega=omega,
            log_decay=log_decay,
            cosine=a,
            sine=b,
            count=len(t),
            last=last,
            cost=self.cost,
        )


def _prony(t: Array, y: Array) -> tuple[float, float] | None:
    """Omega and log decay from y[k] = c + p y[k-1] + q y[k-2]; None where nothing rings.

    Needs conversions without a gap.
    """
    if t[-1] - t[0] != len(t) - 1:
        return None
    centred = y - y.mean()
    x = np.stack((np.ones(len(y) - 2), centred[1:-1], centred[:-2]))
    gram = x @ x.T
    gram.flat[::4] += TINY
    _, p, q = np.linalg.solve(gram, x @ centred[2:]).tolist()
    if not -1.05 < q < 0 or p * p + 4 * q >= 0:
        return None
    omega = math.acos(_within(p / (2 * math.sqrt(-q)), (-1.0, 1.0)))
    log_decay = math.log(max(-math.log(-q) / 2, math.exp(LOG_DECAY_BOUNDS[0])))
    return _within(omega, OMEGA_BOUNDS), _within(log_decay, LOG_DECAY_BOUNDS)


def _within(value: float, bounds: tuple[float, float]) -> float:
    return min(max(value, bounds[0]), bounds[1])
