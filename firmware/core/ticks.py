"""Node ticks: milliseconds in 30 bits, as MicroPython's `ticks_ms` on the RP2040; they wrap."""

PERIOD = 1 << 30
"""Ticks begin again at 0 after 12.4 days."""


def add(ticks, ms):
    """The ticks `ms` later."""
    return (ticks + ms) % PERIOD


def diff(later, earlier):
    """Milliseconds from `earlier` to `later`, right while they are less than 6.2 days apart."""
    ahead = (later - earlier) % PERIOD
    return ahead - PERIOD if ahead >= PERIOD // 2 else ahead
