"""Any order of sending, doubling, losing and restarting: credited once each, nothing left out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cloud.errors import LedgerError
from contract.record import Sealed
from tests.cloud.conftest import KIOSKS, Office
from tests.contract.samples import ALICE, BOB, SampleKiosk, deposit_body, intent_body

PIECE = 4
"""Points for one bottle."""

FEW = 4
"""Loads that the restored kiosk tells of again and again."""


class Delivery(RuleBasedStateMachine):
    """A kiosk with an outbox, a network that does as it likes, and a ledger that may restart."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(Path(self.folder.name) / "ledger.sqlite")
        self.kiosk = SampleKiosk(KIOSKS[0])
        self.outbox: dict[int, Sealed] = {}
        self.receipts: dict[int, Sealed] = {}
        self.arrived: dict[int, str] = {}
        self.owners: dict[int, str | None] = {}
        self.acks: list[tuple[int, str]] = []

    def _keep(self, sealed: Sealed, owner: str | None) -> None:
        self.outbox[len(self.kiosk.lines)] = sealed
        if owner is not None:
            self.receipts[len(self.kiosk.lines)] = sealed
        self.owners[len(self.kiosk.lines)] = owner

    @rule(owner=st.sampled_from([ALICE, BOB]))
    def deposit(self, owner: str) -> None:
        """Somebody brings a bottle."""
        self._keep(self.kiosk.deposit(account=owner), owner)

    @rule()
    def void(self) -> None:
        """A promise is withdrawn."""
        self._keep(self.kiosk.void(), None)

    @rule()
    def give_back(self) -> None:
        """Something that only the journal hears of."""
        self.kiosk.give_back()

    @precondition(lambda self: self.outbox)
    @rule(data=st.data(), ack_lost=st.booleans())
    def send(self, data: st.DataObject, ack_lost: bool) -> None:
        """Some of the outbox arrives, in any order, some of it twice; the ack may get lost."""
        seqs = data.draw(st.lists(st.sampled_from(sorted(self.outbox)), min_size=1, max_size=6))
        ack = self.office.post(*(self.outbox[seq] for seq in seqs))
        assert ack.rejected == []
        self.arrived.update((seq, self.outbox[seq].sha256) for seq in seqs)
        self.acks.append((ack.upto, ack.sha256))
        if not ack_lost:
            self._release(ack.upto, ack.sha256)

    @precondition(lambda self: self.receipts)
    @rule(data=st.data())
    def claim(self, data: st.DataObject) -> None:
        """A resident hands in a receipt, whether its deposit arrived or not."""
        seq = data.draw(st.sampled_from(sorted(self.receipts)))
        claim = self.office.ledger.claim(self.receipts[seq].line)
        assert claim.outcome == ("known" if seq in self.arrived else "credited")
        assert claim.points == PIECE
        self.arrived[seq] = self.receipts[seq].sha256

    @precondition(lambda self: self.acks)
    @rule(data=st.data())
    def old_ack(self, data: st.DataObject) -> None:
        """An ack of long ago comes late."""
        self._release(*data.draw(st.sampled_from(self.acks)))

    @rule()
    def restart(self) -> None:
        """The ledger's process is replaced."""
        self.office.restart()

    def _release(self, upto: int, sha256: str) -> None:
        """Take out of the outbox what the ack covers; its hash must be our own record's."""
        assert upto == 0 or self.arrived[upto] == sha256
        self.outbox = {seq: one for seq, one in self.outbox.items() if seq > upto}

    @invariant()
    def credited_once_each(self) -> None:
        """Balances are the distinct deposits that arrived; the books sum to zero."""
        for owner in (ALICE, BOB):
            bottles = sum(self.owners[seq] == owner for seq in self.arrived)
            assert self.office.ledger.balance(owner).points == PIECE * bottles
        assert self.office.ledger.totals().postings_sum == 0

    @invariant()
    def the_ack_never_covers_what_did_not_arrive(self) -> None:
        """Every sent record up to the ack is in the ledger."""
        upto = self.office.ledger.ack(KIOSKS[0], self.kiosk.epoch).upto
        assert {seq for seq in self.owners if seq <= upto} <= set(self.arrived)

    def teardown(self) -> None:
        """Once everything was sent, everything is credited and the outbox is empty."""
        while self.outbox:
            ack = self.office.post(*list(self.outbox.values())[:50])
            self.arrived.update((seq, one.sha256) for seq, one in self.outbox.items())
            self._release(ack.upto, ack.sha256)
        bottles = sum(owner is not None for owner in self.owners.values())
        assert self.office.ledger.totals().credited_points == PIECE * bottles
        self.office.database.dispose()
        self.folder.cleanup()


TestDelivery = Delivery.TestCase
# Every step commits to a disk, so fewer examples than elsewhere.
TestDelivery.settings = settings(max_examples=12, stateful_step_count=25)


class Restored(RuleBasedStateMachine):
    """A kiosk whose journal is put back from a copy again and again, a forger, and a full disk."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(Path(self.folder.name) / "ledger.sqlite")
        self.kiosk = SampleKiosk(KIOSKS[0])
        self.owners: dict[str, str] = {}
        self.written: list[Load] = []
        self.arrived: set[str] = set()
        self.credited: set[str] = set()
        self.unsure: set[str] = set()
        self.forged: set[bytes] = set()

    def _write(self, number: int, owner: str, kind: str) -> None:
        body = deposit_body(number, account=owner)
        if kind == "uncertain":
            body = intent_body(number, account=owner) | {"intent": 1, "reason": "power failed"}
        sealed = self.kiosk.append(kind, body)
        self.owners[body["deposit_id"]] = owner
        self.written.append(Load(self.kiosk.epoch, body["deposit_id"], kind, sealed))

    @precondition(lambda self: len(self.owners) < FEW)
    @rule(owner=st.sampled_from([ALICE, BOB]), kind=st.sampled_from(["deposit", "uncertain"]))
    def load(self, owner: str, kind: str) -> None:
        """Somebody brings a bottle; now and then nobody knows whether it fell."""
        self._write(len(self.owners) + 1, owner, kind)

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        """An older copy is put back: what it believes unsent is sealed anew, damaged or whole."""
        self.kiosk = SampleKiosk(KIOSKS[0], epoch=f"{int(self.kiosk.epoch, 16) + 1:016x}")
        for number, owner in enumerate(list(self.owners.values()), 1):
            kind = data.draw(st.sampled_from(["deposit", "uncertain", "acked"]))
            if kind != "acked":
                self._write(number, owner, kind)

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        """Some records arrive, of whatever epochs, maybe not for the first time."""
        loads = data.draw(st.lists(st.sampled_from(self.written), min_size=1, max_size=8))
        ack = self.office.post(*(one.sealed for one in loads), epoch=loads[0].epoch)
        assert ack.rejected == []
        for load in loads:
            if load.sealed.sha256 not in self.arrived:
                self._arrive(load)

    def _arrive(self, load: Load) -> None:
        self.arrived.add(load.sealed.sha256)
        if load.kind == "deposit":
            self.credited.add(load.deposit_id)
            self.unsure.discard(load.deposit_id)
        elif load.deposit_id not in self.credited:
            self.unsure.add(load.deposit_id)

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def forge(self, data: st.DataObject) -> None:
        """Whoever holds the broker sends a record with another account in it."""
        load = data.draw(st.sampled_from(self.written))
        forged = load.sealed.line.replace(self.owners[load.deposit_id].encode(), b"c" * 16)
        (answer,) = self.office.post(forged, epoch=load.epoch).rejected
        assert (answer.seq, answer.code) == (0, "bad-signature")
        self.forged.add(forged)

    @precondition(lambda self: any(one.sealed.sha256 not in self.arrived for one in self.written))
    @rule(data=st.data())
    def send_to_a_full_disk(self, data: st.DataObject) -> None:
        """Nothing of it is posted, and nothing is acked."""
        waiting = [one for one in self.written if one.sealed.sha256 not in self.arrived]
        load = data.draw(st.sampled_from(waiting))
        held = len(self.office.rows("SELECT id FROM records"))
        with self.office.full_disk("records", after=held), pytest.raises(LedgerError):
            self.office.post(load.sealed, epoch=load.epoch)

    @rule()
    def restart(self) -> None:
        """The ledger's process is replaced."""
        self.office.restart()

    @invariant()
    def each_load_is_credited_once_or_held_once(self) -> None:
        """Whatever was sent how often under how many numbers; the books sum to zero."""
        ledger = self.office.ledger
        for owner in (ALICE, BOB):
            bottles = sum(self.owners[one] == owner for one in self.credited)
            assert ledger.balance(owner).points == PIECE * bottles
        assert ledger.held().get("uncertain", 0) == len(self.unsure)
        assert ledger.rejected().get("bad-signature", 0) == len(self.forged)
        assert ledger.totals().postings_sum == 0

    def teardown(self) -> None:
        """Nothing is left behind."""
        self.office.database.dispose()
        self.folder.cleanup()


class Load(NamedTuple):
    """A record of one load, as one epoch has it."""

    epoch: str
    deposit_id: str
    kind: str
    sealed: Sealed


TestRestored = Restored.TestCase
TestRestored.settings = settings(max_examples=12, stateful_step_count=25)
