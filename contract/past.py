"""What came before a journal's first row: in the archive's files, or vouched for by a record.

And what the file has kept of it: calibrations, and what was set aside for staff.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.archive import archived_in, segments, start_after, unbroken
from contract.errors import RecordError
from contract.filed import check_row
from contract.journal import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contract.archive import Segment
    from contract.bodies import ArchiveBody
    from contract.chain import Chain, Place
    from contract.journal import Reading


class Past:
    """The past of one journal. `start` is where its chain begins.

    That is the oldest record that the archive still holds, or without an archive the journal's
    own first row. `kept_sent` are the seqs of kept records that are sent; known once
    `wrong_kept` was asked.

    Args:
        reading: The journal.
        public: The kiosk's public key, 32 bytes.
        folder: The archive's; None where the journal is verified alone.

    Raises:
        RecordError: `unreadable`.
    """

    def __init__(self, reading: Reading, public: bytes, folder: Path | None) -> None:
        self._public = public
        self._folder = folder
        self._first, self._epoch = reading.first()
        self._kept = [row for row in reading.kept() if row.filed]
        self._seqs = {row.filed.seq: row.filed.sha256 for row in self._kept if row.filed}
        self._archived: dict[int, ArchiveBody] = {}
        self._begun: list[Segment] = []
        self.kept_sent: set[int] = set()
        if self._first > 1:
            self._note(row.line for row in reading.rows())
        self._begins = self._begins_at()
        self.start = start_after(self._begins - 1, self._archived.values())

    def rows(self) -> Iterator[Row]:
        """Yield the archive's records, oldest first.

        Raises:
            RecordError: `missing-segment`, or `damaged-segment`.
        """
        if self._folder is None or self._begins == self._first:
            return
        for one in unbroken(self._folder, self._epoch, self._begins, self._first - 1):
            self._begun.append(one)
            yield from map(Row, one.lines())

    def passing(self, place: Place) -> None:
        """See that a record of the archive's is of this journal, and kept as it is there.

        Raises:
            RecordError: `wrong-epoch`, or `wrong-kept`.
        """
        if place.seq >= self._first:
            return
        if place.epoch != self._epoch:
            raise RecordError(
                "wrong-epoch", f"epoch is {place.epoch}, the journal's is {self._epoch}"
            )
        kept = self._seqs.get(place.seq)
        if kept != place.sha256 and (kept is not None or place.kind == "calibration"):
            raise RecordError("wrong-kept", f"record {place.seq} is kept as {kept or 'nothing'}")

    def check_files(self) -> None:
        """See that the files are those that the kiosk signed for, to the byte.

        Raises:
            RecordError: `damaged-segment`.
        """
        for one in self._begun:
            if archived := self._archived.get(one.first):
                one.check(archived)

    def wrong_kept(self, chain: Chain) -> tuple[int, RecordError] | None:
        """The first kept record that is not this kiosk's own from before the journal, and why."""
        for row in self._kept:
            assert row.filed is not None
            try:
                place = check_row(row, self._public)
            except RecordError as error:
                return row.filed.seq, error
            if (place.kiosk, place.epoch) != (chain.kiosk, chain.epoch) or place.seq >= self._first:
                return place.seq, RecordError("wrong-kept", f"{place.seq} was never archived here")
            if place.after is not None:
                self.kept_sent.add(place.seq)
        return None

    def named(self, error: RecordError, seq: int) -> RecordError:
        """The error at record `seq`, with the file's name where it stands in one."""
        for one in self._begun:
            if one.first <= seq <= one.last and one.path.name not in error.message:
                return RecordError(error.code, f"{one.path.name}: {error.message}")
        return error

    def _begins_at(self) -> int:
        """The oldest record that must be in the archive, as the newest record about it says."""
        newest = next((one for one in self._archived.values() if one.last == self._first - 1), None)
        if newest is None or self._folder is None:
            return self._first
        for one in segments(self._folder, self._epoch):
            if one.last < self._first:  # what is later is of a life that ended otherwise
                self._note(_lines(one))
        return newest.kept_from

    def _note(self, lines: Iterator[bytes]) -> None:
        """Note what archives they tell of; the journal's own word comes first, and holds."""
        for one in archived_in(lines, self._public):
            self._archived.setdefault(one.first, one)


def _lines(segment: Segment) -> Iterator[bytes]:
    """A segment's lines; none where it cannot be read, which is said when it is followed."""
    try:
        yield from segment.lines()
    except RecordError:
        return
