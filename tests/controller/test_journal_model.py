"""The journal against a plain model: whatever is done to it in whatever order, they agree."""

from __future__ import annotations

import itertools
import shutil
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
)

from contract.fields import ZERO_HASH
from contract.journal import open_journal
from contract.verify import verify_journal
from controller.adapters.journal.archiving import SEGMENT
from controller.adapters.journal.limits import Limits
from controller.adapters.journal.segment import folder_beside
from controller.adapters.journal.tail import TAIL
from controller.core.outbox import UNREADABLE
from controller.ports import BayMemory, DiskError
from tests.contract.samples import EPOCH, signer
from tests.controller.drafts import KIOSK, deposit, draft, intent, journal, returned
from tests.controller.harm import break_line, full, hasty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.adapters.journal.sqlite_journal import SqliteJournal
    from controller.core.records import Draft, Entry

PUBLIC = signer(KIOSK).public


class JournalMachine(RuleBasedStateMachine):
    """The model: three lists and two maps, which a power cut leaves as they are.

    A promise is known by its number, for a new epoch gives everything another seq. `seqs` are
    what the kiosk knows: given with the intent, and learnt anew at every start, not at renewals.
    `damaged` are records that waited, by seq: what they were.
    """

    promises = Bundle("promises")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.path = self.folder / "journal.sqlite"
        self.epochs = itertools.count(int(EPOCH, 16))
        self.numbers = itertools.count(1)
        self.file = self.opened()
        self.open: list[str] = []
        self.seqs: dict[str, int] = {}
        self.damaged: dict[int, tuple[str, str]] = {}
        self.waiting: list[str] = []
        self.posted: list[str] = []
        self.aside: dict[str, int] = {}
        self.bays: dict[str, BayMemory] = {}

    def opened(self) -> SqliteJournal:
        """The journal's file, opened."""
        limits = Limits(keep_records=0)
        epochs = self.epochs
        return hasty(journal(self.path, epoch_source=lambda: f"{next(epochs):016x}", limits=limits))

    def teardown(self) -> None:
        """Close and forget the file."""
        self.file.close()
        self.proven(folder_beside(self.path))
        shutil.rmtree(self.folder)

    @rule(target=promises)
    def promise(self) -> int:
        """An intent; its number."""
        number = next(self.numbers)
        entry = self.file.append(intent(number))
        self.open.append(f"s1-{number}")
        self.seqs[f"s1-{number}"] = entry.seq
        return number

    @rule(number=consumes(promises), kind=st.sampled_from(["deposit", "void"]))
    def end(self, number: int, kind: str) -> None:
        """It ends as deposit or void, by the seq that the kiosk knows."""
        self.file.append(self.ended(number, kind))
        self.open.remove(f"s1-{number}")
        self.waiting.append(f"s1-{number}")

    def ended(self, number: int, kind: str) -> Draft:
        """The record that ends a promise."""
        seq = self.seqs[f"s1-{number}"]
        if kind == "deposit":
            return deposit(number, seq)
        body = {"deposit_id": f"s1-{number}", "session": "s1", "reason": "taken back"}
        return draft("void", body | {"intent": seq}, closes=seq)

    @rule()
    def give_back(self) -> None:
        """A record that is not sent."""
        self.file.append(returned())

    @rule(number=promises, kind=st.sampled_from(["deposit", "void", "returned", "intent"]))
    def refuse(self, number: int, kind: str) -> None:
        """On a full disk nothing is written, whatever it was."""
        wish = {"returned": returned(), "intent": intent(10**6)}.get(kind)
        with full(self.path, 0), pytest.raises(DiskError):
            self.file.append(wish or self.ended(number, kind))

    @rule(upto=st.integers(0, 3), on_full_disk=st.booleans())
    def acknowledge(self, upto: int, on_full_disk: bool) -> None:
        """The ledger has the oldest few; whether the disk has room changes nothing."""
        entries = self.file.unsent(0, 50)[:upto]
        seq, sha256 = (entries[-1].seq, entries[-1].sha256) if entries else (0, ZERO_HASH)
        if on_full_disk:
            with full(self.path, 0):
                assert self.file.acknowledge(seq, sha256)
        else:
            assert self.file.acknowledge(seq, sha256)
        gone = self.waiting[: len(entries)]
        self.posted += gone
        del self.waiting[: len(entries)]
        if on_full_disk and gone:
            self.file.append(returned())  # with which it is on disk as well

    @rule(data=st.data())
    def contradict(self, data: st.DataObject) -> None:
        """Another hash than the record's own releases nothing."""
        entries = self.file.unsent(0, 50)
        if entries:
            entry = data.draw(st.sampled_from(entries))
            assert not self.file.acknowledge(entry.seq, "ab" * 32)

    @rule(data=st.data())
    @precondition(lambda self: self.waiting)
    def reject(self, data: st.DataObject) -> None:
        """The ledger refuses one for good."""
        entry: Entry = data.draw(st.sampled_from(self.file.unsent(0, 50)))
        self.file.set_aside(entry.seq, "bad-signature")
        self.waiting.remove(entry.body["deposit_id"])
        self.aside["bad-signature"] = self.aside.get("bad-signature", 0) + 1

    @rule(data=st.data(), line=st.binary(max_size=40))
    @precondition(lambda self: self.waiting)
    def damage(self, data: st.DataObject, line: bytes) -> None:
        """A record that waits cannot be read any more: those behind it go all the same."""
        entry: Entry = data.draw(st.sampled_from(self.file.unsent(0, 50)))
        break_line(self.path, entry.seq, line)
        self.damaged[entry.seq] = (entry.body["deposit_id"], entry.kind)
        self.waiting.remove(entry.body["deposit_id"])
        self.aside[UNREADABLE] = self.aside.get(UNREADABLE, 0) + 1
        for _ in range(TAIL):  # so that it is old when the journal is opened next
            self.file.append(returned())

    @rule(bay=st.sampled_from("ab"), zero=st.floats(-1e6, 1e6), unfinished=st.booleans())
    def remember(self, bay: str, zero: float, unfinished: bool) -> None:
        """How a bay stands."""
        self.file.remember_bay(bay, zero, unfinished)
        self.bays[bay] = BayMemory(zero, unfinished)

    @rule(on_full_disk=st.booleans())
    def archive(self, on_full_disk: bool) -> None:
        """What is long done leaves the file, and changes nothing that anybody asks for."""
        for _ in range(SEGMENT):
            self.file.append(returned())
        if on_full_disk:
            with full(self.path, 0), suppress(DiskError):
                self.file.archive()
        for _ in range(3):
            self.file.archive()
        self.proven(folder_beside(self.path))

    @rule()
    def crash(self) -> None:
        """Power fails: what is on disk now is all there is, log and all."""
        copy = self.folder / "after"
        copy.mkdir()  # the archive's files are durable as soon as they have their names
        for name in ("", "-wal"):
            shutil.copy(f"{self.path}{name}", copy)
        with self.restarted():
            for name in ("", "-wal"):
                shutil.move(copy / f"{self.path.name}{name}", f"{self.path}{name}")
            copy.rmdir()

    @rule()
    def restart(self) -> None:
        """The kiosk stops and starts in good order."""
        with self.restarted():
            pass

    @rule()
    def renew(self) -> None:
        """A new epoch: nothing that is not done is left behind; damaged deposits go to staff."""
        with self.renewed():
            self.file.renew("the model says so")

    @contextmanager
    def restarted(self) -> Iterator[None]:
        """Close and open the journal, which ends an epoch with damage in it."""
        with self.renewed() if UNREADABLE in self.aside else nullcontext():
            self.file.close()
            yield
            self.file = self.opened()
        self.seqs = {one.body["deposit_id"]: one.seq for one in self.file.open_intents()}

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """What waits after a renewal, in the order of the old numbers."""
        waiting = {one.seq: one.body["deposit_id"] for one in self.file.unsent(0, 10**6)}
        waiting |= {seq: name for seq, (name, kind) in self.damaged.items() if kind != "void"}
        yield
        self.waiting = [waiting[seq] for seq in sorted(waiting)]
        self.aside.clear()
        self.damaged.clear()

    @invariant()
    def agree(self) -> None:
        """What the model says, the journal says."""
        assert [one.body["deposit_id"] for one in self.file.unsent(0, 10**6)] == self.waiting
        assert sorted(one.body["deposit_id"] for one in self.file.open_intents()) == sorted(
            self.open
        )
        assert self.file.depth() == len(self.waiting)
        assert self.file.aside() == self.aside
        assert self.file.bay_memories() == self.bays
        assert self.file.unreadable_intents() == []

    @invariant()
    def verify(self) -> None:
        """What the journal says, its records prove; the first damaged one is named."""
        self.proven(None)

    def proven(self, archive: Path | None) -> None:
        """The journal verifies up to the first damaged record, alone or with its archive."""
        report = verify_journal(open_journal(self.path), PUBLIC, archive=archive)
        assert report.broken_at == min(self.damaged, default=None), report.reason


class LongJournalMachine(JournalMachine):
    """The same for many lives."""


JournalMachine.TestCase.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None, derandomize=True
)
LongJournalMachine.TestCase.settings = settings(
    max_examples=300, stateful_step_count=60, deadline=None
)
TestJournal = JournalMachine.TestCase


@pytest.mark.campaign
@pytest.mark.timeout(0)
class TestJournalAtLength(LongJournalMachine.TestCase):  # type: ignore[misc,valid-type]
    """Three hundred lives of sixty steps."""
