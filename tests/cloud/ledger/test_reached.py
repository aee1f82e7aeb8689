"""A head told from what was just posted is the one that a walk over all links finds."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from cloud.errors import LedgerError
from cloud.ledger import head
from cloud.store.schema import heads
from contract.keys import Signer
from contract.payloads import DepositBatch
from tests.cloud.conftest import KIOSKS, Office, batch
from tests.contract.samples import ALICE, EPOCH, SampleKiosk, signer

PIECE = 4
"""Points for one bottle."""


@dataclass
class Renamed(SampleKiosk):
    """A kiosk that goes by another's name for a while, and keeps its own key."""

    own: str = KIOSKS[0]

    @property
    def signer(self) -> Signer:
        """Its own, whatever it calls itself."""
        return signer(self.own)


def walked(office: Office, kiosk: str) -> head.Head:
    """Where the links lead from the first, whatever is kept of it."""
    with office.database.connect() as connection, connection.begin() as transaction:
        connection.execute(heads.delete())
        found = head.advance(connection, kiosk, EPOCH)
        transaction.rollback()
    return found


def drawn(rng: random.Random, name: str, count: int) -> list[DepositBatch]:
    """Batches of a kiosk; a few records are in its neighbour's name."""
    kiosk = Renamed(name, own=name)
    for _ in range(count):
        kiosk.name = KIOSKS[name == KIOSKS[0]] if rng.random() < 0.2 else name
        kiosk.deposit()
    return [batch(*kiosk.sent[at : at + 2], kiosk=name) for at in range(0, count, 2)]


@pytest.mark.parametrize("seed", range(5))
def test_batches_in_any_order_lead_where_the_links_lead(office: Office, seed: int) -> None:
    """Two kiosks, gaps that close later, repetitions, several batches in a transaction."""
    rng = random.Random(seed)
    coming = [(name, one) for name in KIOSKS for one in drawn(rng, name, 12)]
    # Some change places, and some come again.
    for at in rng.sample(range(len(coming) - 3), 4):
        coming[at], coming[at + 3] = coming[at + 3], coming[at]
    coming += rng.sample(coming, 4)
    while coming:
        some = [coming.pop(0) for _ in range(min(len(coming), rng.randrange(1, 5)))]
        acks = office.ledger.post_all(some)
        for (name, _), ack in zip(some, acks, strict=True):
            assert (ack.upto, ack.sha256) == walked(office, name)
    assert office.ledger.ack(KIOSKS[0], EPOCH).upto > 0


def test_each_kiosk_is_answered_in_its_order(office: Office) -> None:
    """More than a transaction takes: no ack of a kiosk says less than the one before it."""
    kiosks = [SampleKiosk(name) for name in KIOSKS]
    batches = [
        (one.name, batch(one.deposit(), kiosk=one.name)) for _ in range(25) for one in kiosks
    ]
    acks = office.ledger.post_all(batches)
    for number in (0, 1):
        uptos = [one.upto for one in acks[number::2]]
        assert uptos == sorted(uptos)
        assert (uptos[-1], acks[number - 2].sha256) == (50, kiosks[number].prev)


def test_a_group_without_a_batch_is_posted_too(office: Office) -> None:
    """As of messages that only say how a kiosk is."""
    assert office.ledger.post_all([]) == []


def test_what_fails_beside_others_comes_again_and_counts_once(office: Office) -> None:
    """The disk is full in the midst of many batches: no answer; then all of them, once each."""
    kiosks = [SampleKiosk(name) for name in KIOSKS]
    batches = [
        (one.name, batch(one.deposit(), kiosk=one.name)) for _ in range(15) for one in kiosks
    ]
    with office.full_disk("transfers", after=12), pytest.raises(LedgerError):
        office.ledger.post_all(batches)
    for _ in range(2):
        acks = office.ledger.post_all(batches)
        assert [one.upto for one in acks[-2:]] == [30, 30]
        assert office.ledger.balance(ALICE).points == 30 * PIECE
