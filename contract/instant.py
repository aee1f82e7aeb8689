"""Unix seconds, and how records write them: ISO 8601 in UTC (`contract.fields.Instant`)."""

from __future__ import annotations

from datetime import UTC, datetime


def instant_of(utc_s: int) -> str:
    """Unix seconds as a record says them."""
    return datetime.fromtimestamp(utc_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_s_of(instant: str) -> int:
    """A record's time in whole Unix seconds, a part of one left out.

    Raises:
        ValueError: It is no time of the calendar; the `Instant` of a record that was read is one.
    """
    return int(datetime.fromisoformat(instant).timestamp())
