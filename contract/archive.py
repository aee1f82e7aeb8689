"""A journal's archive: the folder of plain files that its oldest records were moved to.

One file a segment, one canonical line a record, as they were signed. A file's name says which
records it holds, so that those of one epoch, in the order of their names, are an export:

    5be1000000000001-000000001-000000100.jsonl

The journal that goes on holds a signed `archive` record of each; the newest one vouches for the
record that the journal's first row continues from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from contract.bodies import ArchiveBody
from contract.canonical import sha256_hex
from contract.errors import RecordError
from contract.fields import ZERO_HASH
from contract.record import open_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_NAME = re.compile(r"([0-9a-f]{16})-([0-9]{9,})-([0-9]{9,})\.jsonl")

_MARK = b'"kind":"archive"'
"""Stands in every line of that kind: canonical JSON has one spelling."""


class Start(NamedTuple):
    """The record that a chain continues from: its seq and hash, and the last sent seq by then."""

    seq: int = 0
    sha256: str = ZERO_HASH
    sent: int = 0


NOTHING = Start()
"""Where a chain starts that begins with record 1."""


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A file of the archive: the records `first` to `last` of `epoch`."""

    first: int
    last: int
    epoch: str
    path: Path

    def lines(self) -> list[bytes]:
        """Its lines, without line ends; whether they are the right ones, the chain says.

        Raises:
            RecordError: `damaged-segment`: it cannot be read.
        """
        lines = self._whole().split(b"\n")
        return lines if lines[-1] else lines[:-1]

    def check(self, archived: ArchiveBody) -> None:
        """See that the file is the one that the kiosk has signed for.

        Raises:
            RecordError: `damaged-segment`.
        """
        if sha256_hex(self._whole()) != archived.file_sha256:
            raise RecordError(
                "damaged-segment", f"{self.path.name} is not the file that the kiosk archived"
            )

    def _whole(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise RecordError(
                "damaged-segment", f"{self.path} cannot be read: {error.strerror or error}"
            ) from error


def segment_name(epoch: str, first: int, last: int) -> str:
    """What the file of these records is called; names sort as the records do."""
    return f"{epoch}-{first:09}-{last:09}.jsonl"


def segments(folder: Path, epoch: str) -> list[Segment]:
    """The epoch's segments in `folder`, oldest first; none where there is no such folder."""
    names = ((path, _NAME.fullmatch(path.name)) for path in folder.glob(f"{epoch}-*.jsonl"))
    return sorted(Segment(int(name[2]), int(name[3]), epoch, path) for path, name in names if name)


def unbroken(folder: Path, epoch: str, first: int, last: int) -> Iterator[Segment]:
    """Yield the segments that hold the records `first` to `last`, one after the other.

    Raises:
        RecordError: `missing-segment`, at the first record that no file has.
    """
    due = first
    for one in segments(folder, epoch):
        if one.first == due and one.last <= last:
            yield one
            due = one.last + 1
    if due <= last:
        raise RecordError(
            "missing-segment",
            f"no file in {folder} goes on at record {due} of epoch {epoch}; "
            f"the journal itself begins at {last + 1}",
        )


def archived_in(lines: Iterable[bytes], public: bytes) -> Iterator[ArchiveBody]:
    """The `archive` records among lines that the holder of `public` signed; others are passed."""
    for line in lines:
        if _MARK not in line:
            continue
        try:
            body = open_record(line, public).read()
        except RecordError:
            continue  # whoever follows the chain names it
        if isinstance(body, ArchiveBody):
            yield body


def start_after(last: int, records: Iterable[ArchiveBody]) -> Start:
    """Where a chain starts whose first record is `last` + 1, if one of `records` vouches for it.

    Without a voucher it starts from nothing, as every journal does that was never archived.
    """
    for one in records:
        if one.last == last:
            return Start(one.last, one.sha256, one.sent)
    return NOTHING
