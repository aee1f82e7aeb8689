"""How a check that closed a bay is kept over a restart of the controller."""

from __future__ import annotations

FailedRow = tuple[str, str, str, str, str, str, str]
"""Check, bay, figure, limit, remedy or empty, detail, and the day (ISO 8601) or empty."""

SHAPE = (str,) * 7
"""What stands in a row."""
