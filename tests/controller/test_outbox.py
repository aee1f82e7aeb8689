"""The outbox's rules: window, patience, rewind, and no release without the ledger's word."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contract.fields import ZERO_HASH
from contract.payloads import Ack, Rejected
from controller.core.outbox import (
    BATCH,
    CONFLICT,
    PATIENCE_MAX_S,
    PATIENCE_S,
    WINDOW,
    Mismatch,
    Outbox,
    Release,
)
from controller.core.records import Entry
from tests.contract.samples import EPOCH


def sha256(seq: int) -> str:
    """The hash of the model's record `seq`."""
    return f"{seq:064x}" if seq else ZERO_HASH


def entries(*seqs: int) -> list[Entry]:
    """Records of the outbox."""
    return [Entry(seq, "deposit", sha256(seq), b"{}", {}) for seq in seqs]


def ack(upto: int, *rejected: int, code: str = "bad-signature", epoch: str = EPOCH) -> Ack:
    """The ledger's word."""
    rows = [Rejected(seq=seq, code=code) for seq in rejected]
    return Ack(epoch=epoch, upto=upto, sha256=sha256(upto), rejected=rows)


def new_outbox() -> Outbox:
    """An outbox without jitter."""
    return Outbox(EPOCH, lambda: 0.0)


def take(outbox: Outbox, word: Ack, now_s: float = 0.0) -> Release:
    """Let the journal do what the ack asks for."""
    release = outbox.hear(word)
    assert isinstance(release, Release)
    outbox.released(release, now_s)
    return release


def send(outbox: Outbox, *seqs: int, now_s: float = 0.0) -> bool:
    """Send one message; whether its records waited."""
    assert outbox.next_after is not None
    waited = outbox.sending(entries(*seqs))
    outbox.handed_over(now_s)
    return waited


def test_one_message_asks_whether_the_ledger_is_there_then_the_window_opens() -> None:
    """A silent ledger is not flooded; one that answers gets `WINDOW` messages at a time."""
    outbox = new_outbox()
    send(outbox, 1)
    assert outbox.next_after is None
    take(outbox, ack(1))
    for seq in range(2, 2 + WINDOW):
        assert outbox.next_after == seq - 1
        send(outbox, seq)
    assert outbox.next_after is None


def test_without_progress_everything_is_sent_again_with_growing_patience() -> None:
    """2 s, 4 s, 8 s ... 5 min; each time from the oldest, with one message."""
    outbox, now_s, waits = new_outbox(), 0.0, []
    for _ in range(10):
        send(outbox, 1, 2, now_s=now_s)
        deadline_s = outbox.deadline_s
        assert deadline_s is not None
        assert not outbox.time_passed(deadline_s - 0.001)
        assert outbox.time_passed(deadline_s)
        assert outbox.next_after == 0
        waits.append(deadline_s - now_s)
        now_s = deadline_s
    assert waits[:3] == [2.0, 4.0, 8.0]
    assert waits[-1] == PATIENCE_MAX_S


def test_progress_restores_patience_and_an_old_ack_is_none() -> None:
    """Only an ack that releases something counts; the same again keeps the deadline."""
    outbox = new_outbox()
    send(outbox, 1, 2)
    outbox.time_passed(PATIENCE_S)
    send(outbox, 1, 2, now_s=10.0)
    take(outbox, ack(1), now_s=11.0)
    assert outbox.deadline_s == 11.0 + PATIENCE_S
    take(outbox, ack(1), now_s=12.0)
    assert outbox.deadline_s == 11.0 + PATIENCE_S
    take(outbox, ack(2), now_s=12.5)
    assert outbox.deadline_s is None


def test_jitter_stretches_patience_by_a_quarter_at_most() -> None:
    """Ten thousand kiosks do not come back in the same second."""
    outbox = Outbox(EPOCH, lambda: 0.5)
    send(outbox, 1)
    assert outbox.deadline_s == PATIENCE_S * 1.125


def test_patience_begins_when_the_broker_has_the_message() -> None:
    """A slow link is no silent ledger."""
    outbox = new_outbox()
    outbox.sending(entries(1))
    assert outbox.deadline_s is None
    outbox.handed_over(30.0)
    assert outbox.deadline_s == 30.0 + PATIENCE_S


def test_what_waited_is_told_from_what_is_new() -> None:
    """A backlog and whatever is repeated waited; a record that goes out at once did not."""
    outbox = new_outbox()
    assert send(outbox, *range(1, BATCH + 1))
    take(outbox, ack(BATCH))
    assert send(outbox, BATCH + 1)
    assert not send(outbox, BATCH + 2)
    outbox.time_passed(PATIENCE_S)
    assert send(outbox, BATCH + 1, BATCH + 2)
    outbox.connected()
    assert outbox.sending([])
    assert not send(outbox, BATCH + 3)


def test_rejected_records_are_set_aside_and_no_longer_waited_for() -> None:
    """A line so damaged that the ledger found no number in it is nobody's."""
    outbox = new_outbox()
    send(outbox, 1, 2, 3)
    assert take(outbox, ack(1, 2, 0)).aside == (Rejected(seq=2, code="bad-signature"),)
    assert outbox.deadline_s is not None
    take(outbox, ack(1, 3))
    assert outbox.deadline_s is None


@pytest.mark.parametrize("code", ["schema", CONFLICT])
def test_a_rejection_is_believed_with_the_hash_of_what_was_sent(code: str) -> None:
    """A line under our name and number that we never sent, or no hash at all: ours is kept."""
    outbox = Outbox(EPOCH, lambda: 0.0, proven=True)
    send(outbox, 1, 2)
    forged = Rejected(seq=2, code=code, sha256=sha256(9))
    for row in (forged, Rejected(seq=2, code=code)):
        word = ack(1).model_copy(update={"rejected": [row]})
        assert outbox.foreign(word) == 1
        assert take(outbox, word).aside == ()
    ours = ack(1).model_copy(update={"rejected": [Rejected(seq=2, code=code, sha256=sha256(2))]})
    assert outbox.foreign(ours) == 0
    if code == CONFLICT:
        assert outbox.hear(ours) == Mismatch(EPOCH, 2)
    else:
        assert [row.seq for row in take(outbox, ours).aside] == [2]


def test_an_ack_of_another_epoch_says_nothing() -> None:
    """It was for a journal that this kiosk no longer has."""
    outbox = new_outbox()
    send(outbox, 1)
    assert outbox.hear(ack(1, epoch="f" * 16)) is None


@pytest.mark.parametrize("how", ["hash", "conflict"])
def test_where_journal_and_ledger_differ_nothing_is_sent_any_more(how: str) -> None:
    """A conflict is not set aside: the ledger has another deposit there, ours is uncredited."""
    outbox = new_outbox()
    send(outbox, 7)
    if how == "hash":
        release = outbox.hear(ack(7))
        assert isinstance(release, Release)
        mismatch: object = outbox.contradicted(release)
    else:
        mismatch = outbox.hear(ack(3, 7, code=CONFLICT))
    assert mismatch == Mismatch(EPOCH, 7) == outbox.mismatch
    assert "record 7" in str(mismatch) and "new epoch" in str(mismatch)
    outbox.connected()
    assert outbox.next_after is None
    assert outbox.hear(ack(7)) is None


class OutboxAndLedger(RuleBasedStateMachine):
    """A journal, a ledger, and between them a net that loses, doubles and reorders."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.outbox = new_outbox()
        self.written: list[int] = []
        self.waiting: list[int] = []
        self.aside: list[int] = []
        self.refused: set[int] = set()
        self.posted: set[int] = set()
        self.up: list[list[int]] = []
        self.down: list[Ack] = []

    @rule(gap=st.integers(1, 3), refused=st.integers(0, 9))
    def commit(self, gap: int, refused: int) -> None:
        """A deposit is written; between two of them lie records that are not sent."""
        seq = (self.written or [0])[-1] + gap
        self.written.append(seq)
        self.waiting.append(seq)
        if refused == 0:
            self.refused.add(seq)

    @rule(limit=st.integers(1, 4))
    def send(self, limit: int) -> None:
        """The next message goes out, if the window has room."""
        after = self.outbox.next_after
        if after is None:
            return
        seqs = [seq for seq in self.waiting if seq > after][:limit]
        self.outbox.sending(entries(*seqs))
        if seqs:
            self.outbox.handed_over(self.now_s)
            self.up.append(seqs)

    @precondition(lambda self: self.up)
    @rule(pick=st.integers(0), twice=st.booleans())
    def arrive(self, pick: int, twice: bool) -> None:
        """Any message reaches the ledger, perhaps not for the last time."""
        at = pick % len(self.up)
        message = self.up[at] if twice else self.up.pop(at)
        self.posted |= set(message) - self.refused
        self.down.append(ack(self.upto(), *(set(message) & self.refused)))

    def upto(self) -> int:
        """How far the ledger has all that it will ever have."""
        upto = 0
        for seq in self.written:
            if seq in self.posted:
                upto = seq
            elif seq not in self.refused:
                break
        return upto

    @precondition(lambda self: self.down)
    @rule(pick=st.integers(0), twice=st.booleans())
    def hear(self, pick: int, twice: bool) -> None:
        """Any ack reaches the kiosk, perhaps not for the last time."""
        at = pick % len(self.down)
        word = self.down[at] if twice else self.down.pop(at)
        release = take(self.outbox, word, self.now_s)
        gone = {row.seq for row in release.aside}
        self.aside += sorted(gone & set(self.waiting))
        self.waiting = [seq for seq in self.waiting if seq > release.upto and seq not in gone]

    @rule(pick=st.integers(0))
    def lose(self, pick: int) -> None:
        """A message or an ack is lost."""
        under_way: list[list[list[int]] | list[Ack]] = [q for q in (self.up, self.down) if q]
        if under_way:
            queue = under_way[pick % len(under_way)]
            queue.pop(pick % len(queue))

    @rule()
    def reconnect(self) -> None:
        """The connection is a new one; what was under way may still arrive."""
        self.outbox.connected()

    @rule(seconds=st.floats(0, 400))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now_s += seconds
        self.outbox.time_passed(self.now_s)

    @invariant()
    def nothing_left_without_the_ledgers_word(self) -> None:
        """What waits no longer is posted, or was rejected."""
        gone = set(self.written) - set(self.waiting)
        assert gone <= self.posted | self.refused

    @invariant()
    def something_is_always_going_to_happen(self) -> None:
        """The outbox sends, or it waits with a deadline: it never sleeps on what is unsent."""
        assert self.outbox.next_after is not None or self.outbox.deadline_s is not None

    def teardown(self) -> None:
        """Over a net that works everything arrives in the end."""
        for _ in range(4 * len(self.written) + 8):
            self.send(4)
            while self.up:
                self.arrive(0, False)
            while self.down:
                self.hear(0, False)
            self.wait(PATIENCE_MAX_S * 1.5)
        # A rejected record whose notice was lost is released with those after it.
        assert self.waiting == []
        assert self.posted | self.refused >= set(self.written)


TestOutboxAndLedger = OutboxAndLedger.TestCase
