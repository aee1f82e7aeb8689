"""Records to be, as a session would ask for them, and the journal that they go into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contract.bodies import SENT
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.core.records import Draft
from tests.contract.samples import (
    EPOCH,
    calibration_body,
    deposit_body,
    intent_body,
    returned_body,
    signer,
)

if TYPE_CHECKING:
    from pathlib import Path

    from controller.core.records import Entry

KIOSK = "hz-xihu-0001"
AT = "2026-11-23T12:54:00Z"
AT_S = 1795438440
"""`AT` in Unix seconds."""


def journal(path: Path, **changes: Any) -> SqliteJournal:
    """The journal of the tests' kiosk at `path`."""
    given: dict[str, Any] = {
        "kiosk": KIOSK,
        "signer": signer(KIOSK),
        "epoch_source": lambda: EPOCH,
    }
    return SqliteJournal(path, **given | changes)


def draft(kind: str, body: dict[str, Any], *, at: str = AT, closes: int | None = None) -> Draft:
    """A record to be; it is sent where its kind is."""
    return Draft(kind, body, at, kind in SENT, closes)


def intent(number: int = 1) -> Draft:
    """The promise of a bottle."""
    return draft("intent", intent_body(number))


def deposit(number: int, promise: int) -> Draft:
    """The bottle of the intent `promise`, fallen."""
    return draft("deposit", deposit_body(number, intent=promise), closes=promise)


def returned(at: str = AT) -> Draft:
    """A load that was given back; it is not sent."""
    return draft("returned", returned_body(), at=at)


def calibration(**changes: Any) -> Draft:
    """A calibration of bay a; it is not sent."""
    return draft("calibration", calibration_body(**changes))


def collection() -> Draft:
    """The first bin of bay a was emptied, of one bottle; it is sent, and ends no promise."""
    body = {
        "bay": "a",
        "bin_index": 0,
        "stream": "plastic",
        "next_lot": "lot-2",
        "closed_at": AT,
        "deposits": 1,
        "deposits_g": 24,
        "uncertain": 0,
        "uncertain_g": 0,
        "by": "staff-7",
        "badge_id": "b1",
        "vehicle": "ZA12345",
        "reason": "emptied",
    }
    return draft("collection", body)


def bottles(into: SqliteJournal, count: int) -> list[Entry]:
    """Deposit `count` bottles; the deposits' entries."""
    return [
        into.append(deposit(number, into.append(intent(number)).seq))
        for number in range(1, count + 1)
    ]
