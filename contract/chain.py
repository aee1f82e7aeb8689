"""Verifying a whole journal: every record signed, none changed, none missing, none cut off.

Needs the lines, the kiosk's public key and, against a tail cut off, a head (seq and hash) that
somebody else has kept, such as the ledger's last ack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contract.errors import RecordError
from contract.fields import ZERO_HASH
from contract.record import open_envelope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract.record import Record


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found.

    `records` were good, from seq `first` to `last` (None where there are none); `head` is the
    last good one's hash. `broken_at` is the seq of the first record that is not as it was
    written, `reason` says why; both are None while `ok`.
    """

    records: int
    first: int | None
    last: int | None
    ok: bool
    broken_at: int | None
    reason: str | None
    kiosk: str | None
    epoch: str | None
    head: str


@dataclass(slots=True)
class _Chain:
    """The chain as far as it was followed."""

    seq: int = 0
    sha256: str = ZERO_HASH
    sent: int = 0
    kiosk: str | None = None
    epoch: str | None = None
    head: tuple[int, str] | None = field(default=None)

    def follow(self, record: Record) -> None:
        """Take the next record, or say why it cannot be the next."""
        for name, found, due in (
            ("seq", record.seq, self.seq + 1),
            ("prev", record.prev, self.sha256),
            ("kiosk", record.kiosk, self.kiosk or record.kiosk),
            ("epoch", record.epoch, self.epoch or record.epoch),
            ("after", record.after, None if record.after is None else self.sent),
        ):
            if found != due:
                raise RecordError(f"wrong-{name}", f"{name} is {found}, the chain asks for {due}")
        if self.head is not None and self.head[0] == record.seq and self.head[1] != record.sha256:
            raise RecordError(
                "wrong-head", f"hash is {record.sha256}, the head says {self.head[1]}"
            )
        self.seq, self.sha256 = record.seq, record.sha256
        self.kiosk, self.epoch = record.kiosk, record.epoch
        if record.after is not None:
            self.sent = record.seq

    def end(self) -> None:
        """Say so where records that the head proves are missing at the end."""
        if self.head is not None and self.seq < self.head[0]:
            raise RecordError(
                "cut-off", f"ends at {self.seq}, but the head proves a record {self.head[0]}"
            )


def verify_chain(
    lines: Iterable[bytes], public: bytes, head: tuple[int, str] | None = None
) -> ChainReport:
    """Follow a journal from its first record on and name the first that is not as written.

    Args:
        lines: Canonical lines in order, without line ends; may raise `RecordError` itself where
            the journal cannot be read any further.
        public: The kiosk's public key, 32 bytes.
        head: Seq and hash of a record known from elsewhere, which must be in the journal.
    """
    chain = _Chain(head=head)
    try:
        for line in lines:
            chain.follow(open_envelope(line, public))
        chain.end()
    except RecordError as error:
        return _report(chain, error)
    return _report(chain, None)


def _report(chain: _Chain, error: RecordError | None) -> ChainReport:
    return ChainReport(
        records=chain.seq,
        first=1 if chain.seq else None,
        last=chain.seq or None,
        ok=error is None,
        broken_at=None if error is None else chain.seq + 1,
        reason=None if error is None else f"{error.code}: {error.message}",
        kiosk=chain.kiosk,
        epoch=chain.epoch,
        head=chain.sha256,
    )
