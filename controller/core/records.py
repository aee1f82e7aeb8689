"""Records to be and records that are, as the core and the ports speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """A record to be: what happened, before it has a number, a place in the chain, a signature.

    `body` is the record's body as `contract.bodies` defines it for `kind`. `sent` puts it in
    the outbox in the same transaction. `closes` is the seq of the intent that it ends.
    """

    kind: str
    body: dict[str, Any]
    at: str
    sent: bool
    closes: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A committed record: `line` is its canonical JSON (UTF-8), `sha256` the hash of that."""

    seq: int
    kind: str
    sha256: str
    line: bytes
    body: dict[str, Any]
