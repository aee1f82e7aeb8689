"""A replaced card: its key still proves what it signed, and a receipt is claimed once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.build import open_ledger
from cloud.ingest.answers import Ingest
from cloud.keys.files import KioskKeys
from cloud.keys.keyring import Keyring
from cloud.ledger.claims import line_of, whose
from contract.catalogue import example
from contract.chain import verify_chain
from contract.errors import ContractError, KeyFileError, PayloadError
from contract.head import check_ack, open_head
from contract.keys import FileSigner, SeedSigner
from contract.payloads import Ack, decode, encode
from contract.receipt import encode as receipt
from contract.receipt import split
from contract.topics import Topics
from tests.cloud.conftest import KIOSKS, Office, batch
from tests.cloud.web import Client
from tests.contract.samples import ALICE, BOB, EPOCH, SampleKiosk, intent_body, signer

NEW = SeedSigner(b"new card".ljust(32, b"."))
"""The key of the card that replaced a dead one."""


@pytest.fixture
def client(office: Office) -> Client:
    """The API over the office's ledger."""
    return Client(office.ledger)


def claim(client: Client, *texts: str | bytes) -> tuple[int, str]:
    """Hand in a receipt; status and outcome, or code where it was refused."""
    codes = [one.decode() if isinstance(one, bytes) else one for one in texts]
    status, answer = client.post("/api/claims", {"receipt": codes})
    return status, answer["outcome"] if status == 200 else answer["code"]


def replace_card(office: Office) -> None:
    """The kiosk's card died: its key is retired, the new card's is in use."""
    office.keys[KIOSKS[0]] = Keyring(NEW.public, (signer(KIOSKS[0]).public,))


def test_a_receipt_off_a_dead_card_is_credited_once(
    office: Office, kiosk: SampleKiosk, client: Client
) -> None:
    """The deposit never reached the ledger; the resident hands in what the screen showed."""
    lost = kiosk.deposit()
    replace_card(office)
    assert claim(client, receipt(lost.line)) == (200, "credited")
    assert claim(client, receipt(lost.line)) == (200, "known")
    office.restart()
    assert Client(office.ledger).post("/api/claims", {"receipt": [lost.line.decode()]}) == (
        200,
        {
            "outcome": "known",
            "kiosk": KIOSKS[0],
            "epoch": EPOCH,
            "seq": 2,
            "deposit_id": "s1-1",
            "points": 4,
            "code": "",
        },
    )
    assert office.ledger.balance(ALICE).points == 4
    assert {one.code for one in office.ledger.flagged()} == {"claimed", "retired-key"}


def test_receipt_first_or_record_first_is_the_same(
    office: Office, kiosk: SampleKiosk, client: Client
) -> None:
    """A kiosk that was only offline sends what was claimed meanwhile, and its ack goes on."""
    first, second = kiosk.deposit(), kiosk.deposit()
    assert claim(client, first.line) == (200, "credited")
    ack = office.post(first, second)
    assert (ack.upto, ack.rejected) == (4, [])
    assert claim(client, second.line) == (200, "known")
    assert office.ledger.balance(ALICE).points == 8


def test_a_receipt_of_what_was_sealed_anew_is_known(
    office: Office, kiosk: SampleKiosk, client: Client
) -> None:
    """A restored kiosk sent the deposit in another epoch: its id says that it is the same."""
    renewed = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    office.post(renewed.deposit(), epoch=renewed.epoch)
    assert claim(client, kiosk.deposit().line) == (200, "known")
    assert office.ledger.balance(ALICE).points == 4


def test_a_receipt_in_several_codes_is_read_in_any_order(
    kiosk: SampleKiosk, client: Client
) -> None:
    """And refused while one of them is missing."""
    parts = split(receipt(kiosk.deposit().line), 150)
    assert claim(client, *parts[1:]) == (422, "missing-part")
    assert claim(client, *reversed(parts)) == (200, "credited")


def test_a_claim_that_is_not_understood_is_held(
    office: Office, kiosk: SampleKiosk, client: Client
) -> None:
    """As if the kiosk had sent it; the same receipt again says so again."""
    sealed = kiosk.deposit(catalogue_version="2026-12-a")
    assert [claim(client, sealed.line) for _ in range(2)] == [(200, "held")] * 2
    office.catalogues["2026-12-a"] = example()
    office.ledger.settle()
    assert claim(client, sealed.line) == (200, "known")
    assert office.ledger.balance(ALICE).points == 4


def test_each_bad_receipt_is_refused_by_its_own_code(
    office: Office, kiosk: SampleKiosk, client: Client
) -> None:
    """And nothing is posted."""
    good = kiosk.deposit().line
    stranger = SampleKiosk("hz-xihu-0009")
    impostor = SampleKiosk(KIOSKS[0])
    impostor.append("intent", intent_body())
    promise = kiosk.lines[0]
    for expected, line in (
        ((403, "bad-signature"), good.replace(b'"points":4,', b'"points":9,')),
        ((404, "unknown-kiosk"), stranger.deposit().line),
        ((409, "not-a-deposit"), promise),
        ((409, "not-a-deposit"), kiosk.void().line),
        ((422, "not-canonical"), good.replace(b'":', b'": ', 1)),
        ((422, "schema"), b'{"kiosk":7}'),
        ((422, "not-json"), b"{"),
        ((422, "not-a-receipt"), b"GR1:ABC"),
        ((422, "too-long"), b"{" + b"x" * 9000),
    ):
        assert claim(client, line) == expected
    office.keys[KIOSKS[0]] = Keyring(NEW.public)
    assert claim(client, good) == (403, "unknown-key")
    assert client.post("/api/claims", {"receipt": []})[0] == 422
    assert office.ledger.totals().records == 0


@given(st.lists(st.text(max_size=80) | st.just("{}") | st.just("GRR1:"), min_size=1, max_size=3))
def test_noise_is_no_receipt(texts: list[str]) -> None:
    """Whatever was scanned: refused by a code, never by an accident."""
    with pytest.raises(ContractError):
        whose(line_of(texts))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"receipt":["{\\ud800"]}',
        b'{"receipt":[7]}',
        b'{"receipt":["' + b"x" * 20_000 + b'"]}',
        b'{"receipt":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
def test_a_request_that_is_none_is_refused(client: Client, body: bytes) -> None:
    """Before anybody looks for a receipt in it."""
    assert client.send("/api/claims", body) in (400, 422)


def test_a_database_that_fails_is_said_and_posts_nothing(
    office: Office, kiosk: SampleKiosk, client: Client
) -> None:
    """The same receipt is credited when it is handed in again."""
    sealed = kiosk.deposit()
    with office.full_disk("carbon"):
        assert claim(client, sealed.line) == (503, "ledger-failed")
    assert claim(client, sealed.line) == (200, "credited")


def test_a_claim_never_replaces_what_stands(
    office: Office, kiosk: SampleKiosk, client: Client
) -> None:
    """Another deposit was posted in its place: staff must look."""
    office.post(kiosk.deposit())
    other = SampleKiosk(KIOSKS[0]).deposit(account=BOB)
    assert claim(client, other.line) == (409, "conflict")
    assert office.ledger.balance(BOB).points == 0


def test_records_of_a_retired_key_post_and_are_flagged(office: Office, kiosk: SampleKiosk) -> None:
    """What the old card signed stays true; the new card's records need no flag."""
    replace_card(office)
    ack = office.post(kiosk.deposit())
    assert (ack.upto, ack.rejected) == (2, [])
    (flag,) = office.ledger.flagged()
    assert (flag.code, flag.seq) == ("retired-key", 2)
    assert flag.detail == f"signed with key {kiosk.signer.key_id}, which was replaced"
    office.keys[KIOSKS[0]] = Keyring(kiosk.signer.public, (NEW.public,))
    office.post(kiosk.deposit(bay="b"))
    assert len(office.ledger.flagged()) == 1


def test_a_receipt_is_proved_by_the_key_that_signed_it(office: Office, kiosk: SampleKiosk) -> None:
    """Also a retired one; with the key gone, or for another deposit, there is no proof."""
    sealed = kiosk.deposit()
    office.post(sealed)
    replace_card(office)
    assert office.ledger.proof(KIOSKS[0], "s1-1") == (sealed.line, kiosk.signer.public)
    assert office.ledger.proof(KIOSKS[1], "s1-1") is None
    assert office.ledger.proof("nobody", "s1-1") is None
    office.keys[KIOSKS[0]] = Keyring(NEW.public)
    assert office.ledger.proof(KIOSKS[0], "s1-1") is None


def test_a_card_is_replaced_by_moving_one_file_and_writing_another(
    folder: Path, office: Office, kiosk: SampleKiosk
) -> None:
    """While the platform runs; a retired file that holds no key is named."""
    kiosks = folder / "kiosks"
    (kiosks / "retired").mkdir()
    (kiosks / f"{KIOSKS[0]}.pub").rename(kiosks / "retired" / f"{KIOSKS[0]}.2026-11-27.pub")
    (kiosks / f"{KIOSKS[0]}.pub").write_text(NEW.public.hex())
    keys = KioskKeys(kiosks)
    assert keys[KIOSKS[0]] == Keyring(NEW.public, (kiosk.signer.public,))
    assert list(keys) == [KIOSKS[0]]
    (kiosks / "retired" / f"{KIOSKS[0]}.2027.pub").write_text("no key")
    with pytest.raises(KeyFileError, match=r"2027\.pub"):
        keys[KIOSKS[0]]


def test_a_record_among_those_of_another_epoch_is_flagged(
    office: Office, kiosk: SampleKiosk
) -> None:
    """It posts where it belongs, and somebody may ask how it came there."""
    office.post(kiosk.deposit(), epoch="5be1000000000002")
    assert [one.code for one in office.ledger.flagged()] == ["other-epoch"]
    assert office.ledger.balance(ALICE).points == 4


def test_the_platform_signs_once_its_folder_has_a_key(
    folder: Path, tmp_path: Path, kiosk: SampleKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    """Without one it says how to make it; a file that holds none is named."""
    database = tmp_path / "ledger.sqlite"
    assert open_ledger(database, folder).ack(KIOSKS[0], EPOCH).sig is None
    assert "kiosk keys new" in caplog.text
    key = FileSigner.new(folder / "ledger.pem")
    ack = open_ledger(database, folder).post(KIOSKS[0], batch(kiosk.deposit()))
    check_ack(ack, KIOSKS[0], {key.key_id: key.public})
    (folder / "ledger.pem").write_text("no key")
    with pytest.raises(KeyFileError, match=r"ledger\.pem"):
        open_ledger(database, folder)


def test_an_auditor_gets_the_heads_from_the_ledger(office: Office, kiosk: SampleKiosk) -> None:
    """Of each epoch: who cuts a journal's tail off would take the kiosk's own copy along."""
    office.post(kiosk.deposit(), kiosk.deposit())
    renewed = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    office.post(renewed.deposit(), epoch=renewed.epoch)
    address = f"/api/kiosks/{KIOSKS[0]}/heads"
    assert Client(office.ledger).get(address) == (200, [])
    office.signer = signer("ledger")
    office.restart()
    keys = {office.signer.key_id: office.signer.public}
    status, lines = Client(office.ledger).get(address)
    heads = [open_head(json.dumps(line).encode(), keys) for line in lines]
    assert (status, [(one.epoch, one.upto) for one in heads]) == (
        200,
        [(EPOCH, 4), (renewed.epoch, 2)],
    )
    head = (heads[0].upto, heads[0].sha256)
    assert verify_chain(kiosk.lines, kiosk.signer.public, head).ok
    assert not verify_chain(kiosk.lines[:-1], kiosk.signer.public, head).ok
    assert Client(office.ledger).get("/api/kiosks/nobody/heads")[0] == 404


def test_acks_are_the_ledgers_own_word(office: Office, kiosk: SampleKiosk) -> None:
    """Of a batch and of a greeting alike, to this kiosk alone."""
    office.signer = signer("ledger")
    office.restart()
    keys = {office.signer.key_id: office.signer.public}
    topics = Topics("hangzhou", "xihu", KIOSKS[0])
    ((_, payload),) = Ingest(office.ledger).handle(
        topics.deposit, encode(batch(kiosk.deposit(), "junk"))
    )
    for ack in (decode(Ack, payload), office.ledger.ack(KIOSKS[0], EPOCH)):
        assert b'"upto":2' in check_ack(ack, KIOSKS[0], keys)
        with pytest.raises(PayloadError):
            check_ack(ack, KIOSKS[1], keys)
