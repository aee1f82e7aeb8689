"""Errors of the simulator; all below `KioskError`."""

from __future__ import annotations

from contract.errors import KioskError


class SimError(KioskError):
    """Something in the simulation cannot go on; the message says what and why."""


class ClockError(SimError):
    """Virtual time was asked for something that only the wall clock can give."""


class DeadlockError(ClockError):
    """Everybody waits and nothing is scheduled; the message lists who waits for what."""


class ScenarioError(SimError, ValueError):
    """A scenario cannot be run; the message names file, line and key, and what would do."""


class ContradictionError(SimError, ValueError):
    """Two parts of a scenario cannot both hold; `path` is where in it that shows."""

    def __init__(self, why: str, path: tuple[str | int, ...]) -> None:
        super().__init__(why)
        self.path = path


class PictureError(SimError, ValueError):
    """A picture of the folder given for items cannot be used; the message names the file."""


class TraceError(SimError, ValueError):
    """A file is no trace of a run; the message names file and line."""


class WorldError(SimError, ValueError):
    """The world was asked for something that no bay can do."""
