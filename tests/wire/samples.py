"""One example of every message, with values that look like real ones."""

from __future__ import annotations

from wire.messages import TABLE, pack

_TAILS = {"welcome": b"hz-xihu-0001-bay-a", "samples": bytes(range(48))}


def _example(name: str, fields: tuple[str, ...]) -> tuple[int, bytes]:
    tail = _TAILS.get(name, b"")
    numbers = fields[:-1] if tail else fields
    return pack(name, tail, **{field: at % 3 * 100 for at, field in enumerate(numbers)})


SAMPLES = {name: _example(name, fields) for name, _, fields in TABLE.values()}
"""Message name: (kind, body)."""
