"""How a check of an acceptance is kept over a restart of the controller."""

from __future__ import annotations

AcceptedRow = tuple[str, str, str, str, str, str, str, str, int]
"""Check, bay, verdict, figure, limit, remedy or empty, detail, by whom, and when (Unix s)."""

SHAPE = (*(str,) * 8, int)
"""What stands in a row."""
