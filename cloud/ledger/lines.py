"""What posted lines say, as the ledger reads and looks it up again."""

from __future__ import annotations

import json
from typing import Any


def body_of(line: bytes) -> dict[str, Any]:
    """What a posted line says; of one that was not understood, of any type."""
    body: dict[str, Any] = json.loads(line)["body"]  # it was read before it was posted
    return body
