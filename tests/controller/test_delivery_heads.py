"""The ledger's signed word: a kiosk that knows the ledger's key believes nobody else."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from contract.chain import verify_chain
from contract.fields import ZERO_HASH
from contract.head import open_head, sign_ack, sign_head
from contract.payloads import Ack, DepositBatch, Rejected, encode
from controller.adapters.kept_head import KeptHead
from tests.contract.samples import EPOCH, signer
from tests.controller.delivering import HOUR_S, TOPICS, Kiosk, Ledgers, play, running, until_empty
from tests.controller.drafts import KIOSK, bottles

LEDGER = signer("ledger")
KEYS = {LEDGER.key_id: LEDGER.public}


class Heads:
    """Keeps every head."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    async def keep(self, head: bytes) -> None:
        """Note it."""
        self.lines.append(head)


def test_signed_acks_release_and_the_last_head_is_kept(tmp_path: Path) -> None:
    """Bottle by bottle; the last head proves a journal whose tail was cut off afterwards."""
    heads, ledgers = Heads(), Ledgers(LEDGER)

    async def story(kiosk: Kiosk) -> None:
        delivery = kiosk.new_delivery(ledger_keys=KEYS, heads=heads)
        async with running(delivery):
            for _ in range(3):
                kiosk.bottle()
                delivery.kick()
                await until_empty(kiosk, within_s=5)
        lines = list(kiosk.file.lines())
        head = open_head(heads.lines[-1], KEYS)
        assert (head.kiosk, head.epoch, head.upto) == (KIOSK, EPOCH, len(lines))
        public = signer(KIOSK).public
        assert verify_chain(lines, public, (head.upto, head.sha256)).ok
        assert not verify_chain(lines[:-1], public, (head.upto, head.sha256)).ok

    play(story, tmp_path / "j", ledgers.ingest)
    assert ledgers.bottles == 3
    assert [open_head(one, KEYS).upto for one in heads.lines] == [2, 4, 6]


class Answering:
    """A platform that answers each batch with what it is told to say."""

    def __init__(self, *acks: Ack) -> None:
        self._acks = acks

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """Say it."""
        if topic != TOPICS.deposit:
            return []
        return [(TOPICS.ack, encode(ack)) for ack in self._acks]


def honest(seq: int, sha256: str) -> Ack:
    """An ack that would release, if it were believed."""
    return Ack(epoch=EPOCH, upto=seq, sha256=sha256, rejected=[])


def test_whoever_holds_the_broker_releases_nothing(tmp_path: Path) -> None:
    """Unsigned, a stranger's, another kiosk's, or changed: counted by code, the records stay."""
    heads = Heads()

    async def story(kiosk: Kiosk) -> None:
        bottles(kiosk.file, 1)
        (entry,) = kiosk.file.unsent(0, 1)
        true = honest(entry.seq, entry.sha256)
        signed = sign_ack(honest(0, ZERO_HASH), KIOSK, LEDGER)
        forged = signed.model_copy(update={"upto": true.upto, "sha256": true.sha256})
        aside = true.model_copy(update={"rejected": [Rejected(seq=entry.seq, code="schema")]})
        words = (true, aside, sign_ack(true, KIOSK, signer("stranger")), forged)
        platform = Answering(*words, sign_ack(true, "hz-xihu-0002", LEDGER))
        liar = Kiosk(kiosk.file, platform)
        delivery = liar.new_delivery(ledger_keys=KEYS, heads=heads)
        async with running(delivery):
            await asyncio.sleep(1)
            assert delivery.standing.refused == {
                "unsigned": 2,
                "unknown-key": 1,
                "bad-signature": 2,
            }
            await asyncio.sleep(HOUR_S)
            assert kiosk.file.depth() == 1
        assert heads.lines == []

    play(story, tmp_path / "j")


def test_without_a_ledger_key_acks_are_believed_signed_or_not(tmp_path: Path) -> None:
    """A platform may sign before its kiosks ask for it, and kiosks may be older than it."""
    for name, ledgers in (("unsigned", Ledgers()), ("signed", Ledgers(LEDGER))):

        async def story(kiosk: Kiosk) -> None:
            bottles(kiosk.file, 1)
            async with running(kiosk.delivery):
                await until_empty(kiosk, within_s=5)

        play(story, tmp_path / name, ledgers.ingest)
        assert ledgers.bottles == 1


def test_a_late_ack_does_not_take_a_newer_heads_place(tmp_path: Path) -> None:
    """Acks of before may come again; what is kept only ever says more."""
    heads = Heads()

    async def story(kiosk: Kiosk) -> None:
        bottles(kiosk.file, 2)
        first, second = kiosk.file.unsent(0, 2)
        acks = [sign_ack(honest(one.seq, one.sha256), KIOSK, LEDGER) for one in (second, first)]
        liar = Kiosk(kiosk.file, Answering(*acks))
        async with running(liar.new_delivery(ledger_keys=KEYS, heads=heads)):
            await until_empty(liar, within_s=5)
            await asyncio.sleep(1)

    play(story, tmp_path / "j")
    assert [open_head(one, KEYS).upto for one in heads.lines] == [4]


def test_a_forged_line_cannot_take_a_deposits_place(tmp_path: Path) -> None:
    """Whoever holds the broker sends one under the kiosk's name: its own record is credited."""
    ledgers = Ledgers(LEDGER)

    async def story(kiosk: Kiosk) -> None:
        async with running(kiosk.new_delivery(ledger_keys=KEYS)):
            await asyncio.sleep(1)
            bottles(kiosk.file, 3)
            forged = '{"after":2,"seq":4,"x":1}'
            batch = DepositBatch(kiosk=KIOSK, epoch=EPOCH, historical=False, records=[forged])
            kiosk.broker.accept(TOPICS.deposit, encode(batch), retain=False)
            # The rejection comes while all three wait, and wakes the outbox.
            await until_empty(kiosk, within_s=10)
        assert kiosk.file.aside() == {}

    play(story, tmp_path / "j", ledgers.ingest)
    assert ledgers.bottles == 3


def test_a_rejection_of_what_was_never_sent_is_counted_and_told(tmp_path: Path) -> None:
    """An older ledger names no hash: nothing is set aside for it, and the platform hears so."""

    async def story(kiosk: Kiosk) -> None:
        bottles(kiosk.file, 1)
        delivery = kiosk.new_delivery(ledger_keys=KEYS)
        async with running(delivery):
            await asyncio.sleep(9)
            assert kiosk.file.aside() == {}
            assert kiosk.file.depth() == 1
            assert (
                set(delivery.standing.refused)
                == set(kiosk.state.refused or {})
                == {"foreign-rejection"}
            )

    rejected = [Rejected(seq=2, code="schema")]
    word = Ack(epoch=EPOCH, upto=0, sha256=ZERO_HASH, rejected=rejected)
    play(story, tmp_path / "j", Answering(sign_ack(word, KIOSK, LEDGER)))


def test_what_was_set_aside_is_told_to_the_platform(tmp_path: Path) -> None:
    """At once, and after a restart as well; whoever shows it is called."""

    async def story(kiosk: Kiosk) -> None:
        changes: list[dict[str, int]] = []
        kiosk.delivery.changed = lambda: changes.append(dict(kiosk.delivery.standing.aside))
        bottles(kiosk.file, 1)
        async with running(kiosk.delivery):
            await asyncio.sleep(1)
            assert kiosk.state.aside == {"bad-signature": 1}
            assert changes == [{}, {"bad-signature": 1}]
        again = kiosk.new_delivery()
        async with running(again):
            await asyncio.sleep(1)
            assert again.standing.aside == kiosk.state.aside == {"bad-signature": 1}

    rejected = [Rejected(seq=2, code="bad-signature")]
    ack = Ack(epoch=EPOCH, upto=0, sha256=ZERO_HASH, rejected=rejected)
    play(story, tmp_path / "j", Answering(ack))


def test_a_state_without_anything_aside_is_as_it_always_was(tmp_path: Path) -> None:
    """Byte for byte, so a platform of before understands it."""

    async def story(kiosk: Kiosk) -> None:
        async with running(kiosk.delivery):
            await asyncio.sleep(1)
            said = json.loads(kiosk.broker.retained[TOPICS.state])
        names = {"v", "kiosk", "epoch", "online", "boot", "outbox_depth", "software"}
        assert set(said) == names

    play(story, tmp_path / "j")


def a_head(upto: int, epoch: str = EPOCH) -> bytes:
    """A line that the ledger signed."""
    return sign_head(Ack(epoch=epoch, upto=upto, sha256="a" * 64, rejected=[]), KIOSK, LEDGER)


def keep(path: Path, *heads: bytes) -> None:
    """Let a kiosk that has just started keep these."""
    kept = KeptHead(path)
    for head in heads:
        asyncio.run(kept.keep(head))


def test_the_kept_head_is_one_file_an_epoch_that_is_replaced_whole(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder that takes nothing is logged by name, and does not stop the delivery."""
    other = "f" * 16
    keep(tmp_path / "head.json", a_head(2), a_head(4), a_head(1, other))
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert files == {
        f"head-{EPOCH}.json": a_head(4) + b"\n",
        f"head-{other}.json": a_head(1, other) + b"\n",
    }
    keep(tmp_path / "absent" / "head.json", a_head(4))
    assert "head-not-kept" in caplog.text and "No such file" in caplog.text


def test_an_old_ack_after_a_restart_does_not_take_a_newer_heads_place(tmp_path: Path) -> None:
    """Whoever holds the broker may say it again; what is no head at all does give way."""
    file = tmp_path / f"head-{EPOCH}.json"
    keep(tmp_path / "head.json", a_head(100))
    keep(tmp_path / "head.json", a_head(5))
    assert file.read_bytes() == a_head(100) + b"\n"
    file.write_bytes(b"torn")
    keep(tmp_path / "head.json", a_head(5))
    assert file.read_bytes() == a_head(5) + b"\n"
