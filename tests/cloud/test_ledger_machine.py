"""Any order of sending, doubling, losing and restarting: credited once each, nothing left out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contract.record import Sealed
from tests.cloud.conftest import KIOSKS, Office
from tests.contract.samples import ALICE, BOB, SampleKiosk

PIECE = 4
"""Points for one bottle."""


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
        self.office.database.dispose()
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
