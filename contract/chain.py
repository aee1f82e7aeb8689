"""Verifying a whole journal: every record signed, none changed, none missing, none cut off.

Needs the lines, the kiosk's public key and, against a tail cut off, a head (seq and hash) that
somebody else has kept, such as the ledger's last ack. `contract.verify` adds what the kiosk's own
file says beside the lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from contract.archive import NOTHING, Start
from contract.errors import RecordError
from contract.fields import ZERO_HASH
from contract.record import open_envelope

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found.

    `records` were good, from seq `first` to `last` (None where there are none); `head` is the
    last good one's hash. `broken_at` is the seq of the first record that is not as it was
    written, `reason` says why; both are None while `ok`. Where every record is good and the file
    around them is not, `reason` alone says so.
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


class Place(NamedTuple):
    """A record's place in its chain, its signature checked; `closes` is the intent it ends."""

    kind: str
    kiosk: str
    epoch: str
    seq: int
    after: int | None
    prev: str
    sha256: str
    closes: int | None


def place_of(line: bytes, public: bytes) -> Place:
    """Read where a line says that it belongs.

    Raises:
        RecordError: As `open_envelope`.
    """
    record = open_envelope(line, public)
    closes = record.body.get("intent")
    return Place(
        record.kind,
        record.kiosk,
        record.epoch,
        record.seq,
        record.after,
        record.prev,
        record.sha256,
        closes if isinstance(closes, int) else None,
    )


@dataclass(slots=True)
class Chain:
    """The chain as far as it was followed, from `start` on.

    `sent` are the seqs of the records in it that are sent.
    """

    head: tuple[int, str] | None = None
    seq: int = 0
    sha256: str = ZERO_HASH
    kiosk: str | None = None
    epoch: str | None = None
    sent: list[int] = field(default_factory=list)
    start: Start = NOTHING

    def follow(self, place: Place) -> None:
        """Take the next record, or say why it cannot be the next."""
        last_sent = self.sent[-1] if self.sent else self.start.sent
        for name, found, due in (
            ("seq", place.seq, self.seq + 1),
            ("prev", place.prev, self.sha256),
            ("kiosk", place.kiosk, self.kiosk or place.kiosk),
            ("epoch", place.epoch, self.epoch or place.epoch),
            ("after", place.after, None if place.after is None else last_sent),
        ):
            if found != due:
                raise RecordError(f"wrong-{name}", f"{name} is {found}, the chain asks for {due}")
        if self.head is not None and self.head[0] == place.seq and self.head[1] != place.sha256:
            raise RecordError("wrong-head", f"hash is {place.sha256}, the head says {self.head[1]}")
        self.seq, self.sha256 = place.seq, place.sha256
        self.kiosk, self.epoch = place.kiosk, place.epoch
        if place.after is not None:
            self.sent.append(place.seq)

    def end(self) -> None:
        """Say so where the record that the head proves is missing at the end, or was archived."""
        if self.head is not None and self.head[0] < self.start.seq:
            raise RecordError(
                "archived-head",
                f"begins at {self.start.seq + 1}, record {self.head[0]} was archived: "
                "give the archive's folder as well",
            )
        if self.head is not None and self.seq < self.head[0]:
            raise RecordError(
                "cut-off", f"ends at {self.seq}, but the head proves a record {self.head[0]}"
            )

    def report(self, error: RecordError | None = None, broken_at: int | None = None) -> ChainReport:
        """What was found: nothing wrong, or `error`, at the next record or at `broken_at`."""
        return ChainReport(
            records=self.seq - self.start.seq,
            first=self.start.seq + 1 if self.seq > self.start.seq else None,
            last=self.seq if self.seq > self.start.seq else None,
            ok=error is None,
            broken_at=None if error is None else broken_at or self.seq + 1,
            reason=None if error is None else f"{error.code}: {error.message}",
            kiosk=self.kiosk,
            epoch=self.epoch,
            head=self.sha256,
        )


def chain_from(start: Start, head: tuple[int, str] | None = None) -> Chain:
    """A chain of which nothing was followed yet, and that continues from `start`."""
    return Chain(head, start.seq, start.sha256, start=start)


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
    chain = Chain(head)
    try:
        for line in lines:
            chain.follow(place_of(line, public))
        chain.end()
    except RecordError as error:
        return chain.report(error)
    return chain.report()
