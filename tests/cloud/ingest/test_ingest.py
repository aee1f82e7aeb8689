"""Messages in, answers out, and nothing that a broker may bring raises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.errors import LedgerError
from cloud.ingest.answers import Ingest
from cloud.keys.files import KioskKeys, load_catalogues
from cloud.keys.keyring import Keyring
from cloud.ledger.ledger import Ledger
from contract.catalogue import Catalogue, example, sign
from contract.districts import District
from contract.errors import CatalogueError, KeyFileError
from contract.keys import FileSigner
from contract.payloads import Ack, BinLevels, BinState, KioskState, decode, encode
from contract.topics import Topics
from tests.cloud.conftest import KIOSKS, Office, batch, register
from tests.cloud.web import Client
from tests.contract.samples import ALICE, EPOCH, SampleKiosk, signer

TOPICS = Topics("hangzhou", "xihu", KIOSKS[0])


@pytest.fixture
def ingest(office: Office) -> Ingest:
    """The platform's answering machine."""
    return Ingest(office.ledger)


def state(*, online: bool, kiosk: str = KIOSKS[0]) -> bytes:
    """What a kiosk says of itself."""
    return encode(
        KioskState(
            kiosk=kiosk, epoch=EPOCH, online=online, boot="b", outbox_depth=0, software="0.1.0"
        )
    )


def test_a_batch_is_answered_with_an_ack_on_the_kiosks_own_topic(
    ingest: Ingest, kiosk: SampleKiosk
) -> None:
    """City and district are whatever the kiosk used."""
    sealed = kiosk.deposit()
    ((topic, payload),) = ingest.handle(TOPICS.deposit, encode(batch(sealed)))
    assert topic == TOPICS.ack
    ack = decode(Ack, payload)
    assert (ack.upto, ack.sha256) == (2, sealed.sha256)


def test_a_kiosk_that_comes_online_hears_how_far_the_ledger_is(
    ingest: Ingest, kiosk: SampleKiosk
) -> None:
    """So acks that it missed do not matter; the last will asks for nothing."""
    sealed = kiosk.deposit()
    ingest.handle(TOPICS.deposit, encode(batch(sealed)))
    ((topic, payload),) = ingest.handle(TOPICS.state, state(online=True))
    assert (topic, decode(Ack, payload).sha256) == (TOPICS.ack, sealed.sha256)
    assert ingest.handle(TOPICS.state, state(online=False)) == []


@pytest.mark.parametrize(
    ("topic", "payload", "code"),
    [
        (TOPICS.deposit, b"", "not-json"),
        (TOPICS.deposit, b'{"v":1}', "missing-field"),
        (TOPICS.deposit, b"[" * 2000, "not-json"),
        (TOPICS.deposit, encode(batch("{}")).replace(b"{}", rb"\ud800"), "not-json"),
        (TOPICS.state, state(online=True, kiosk=KIOSKS[1]), "wrong-kiosk"),
        ("gr/v1/hangzhou/xihu/hz-xihu-0009/up/state", state(online=True), "wrong-kiosk"),
        (
            "gr/v1/hangzhou/xihu/hz-xihu-0009/up/state",
            state(online=True, kiosk="hz-xihu-0009"),
            "unknown-kiosk",
        ),
        ("gr/v1/a/b/c/d", b"", "topic"),
        ("gr/v1/A/b/c/up/deposit", b"", "topic-id"),
    ],
)
def test_what_is_malformed_is_counted_by_its_code(
    ingest: Ingest, topic: str, payload: bytes, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged by name, answered by nothing, and does not raise."""
    assert ingest.handle(topic, payload) == []
    assert ingest.refused == {code: 1}
    assert f"code={code}" in caplog.text


class _Fragile(dict[str, Catalogue]):
    """Catalogues of which one version is a mistake of ours: whoever looks it up stumbles."""

    def get(self, version: str, default: Any = None) -> Any:
        """As a mapping's, but for one key."""
        if version == "2026-12-z":
            raise ZeroDivisionError("nobody thought of this")
        return super().get(version, default)


def test_a_message_over_which_the_platform_stumbles_is_set_aside_alone(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody else's waits for it, its kiosk keeps what was in it, and the error is logged whole."""
    books = Ledger(office.database, _Fragile(office.catalogues), office.keys, lambda: office.now_s)
    ingest = Ingest(books)
    odd = SampleKiosk(KIOSKS[0]).deposit(catalogue_version="2026-12-z")
    fine = SampleKiosk(KIOSKS[1]).deposit()
    fine_topic = Topics("hangzhou", "xihu", KIOSKS[1])
    answers = ingest.handle_all(
        [
            (TOPICS.deposit, encode(batch(odd))),
            (fine_topic.deposit, encode(batch(fine, kiosk=KIOSKS[1]))),
        ]
    )
    assert [len(one) for one in answers] == [0, 1]
    assert decode(Ack, answers[1][0][1]).sha256 == fine.sha256
    assert ingest.refused == {"unexpected": 1}
    assert "nobody thought of this" in caplog.text
    # Once the mistake is mended the same message is taken.
    ((_, payload),) = Ingest(office.ledger).handle(TOPICS.deposit, encode(batch(odd)))
    assert decode(Ack, payload).sha256 == odd.sha256


def test_a_batch_of_another_epoch_than_its_kiosk_is_in_is_refused(
    ingest: Ingest, kiosk: SampleKiosk, office: Office
) -> None:
    """Staff see how many; once the kiosk says that it is in that epoch, the batch posts."""
    restored = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    late = encode(batch(restored.deposit(), epoch=restored.epoch))
    ingest.handle(TOPICS.state, state(online=True))
    assert ingest.handle(TOPICS.deposit, late) == []
    assert Client(office.ledger, ingest).get("/api/refused") == (200, {"wrong-epoch": 1})
    assert len(ingest.handle(TOPICS.deposit, encode(batch(kiosk.deposit())))) == 1
    here = state(online=True).replace(EPOCH.encode(), restored.epoch.encode())
    ingest.handle(TOPICS.state, here)
    assert len(ingest.handle(TOPICS.deposit, late)) == 1
    assert office.ledger.totals().records == 2


def test_a_kiosk_that_comes_back_to_an_epoch_that_it_left_is_two_kiosks(
    ingest: Ingest, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """Restored twice, or heard twice, it is one; each return is logged as an error and counted."""

    def greet(epoch: str, kiosk: str = KIOSKS[0]) -> None:
        said = decode(KioskState, state(online=True, kiosk=kiosk))
        topics = Topics("hangzhou", "xihu", kiosk)
        ingest.handle(topics.state, encode(said.model_copy(update={"epoch": epoch})))

    own, restored, copy = (f"5be100000000000{one}" for one in (1, 2, 3))
    for epoch in (own, own, restored, restored, copy):
        greet(epoch)
    greet(own, KIOSKS[1])
    assert not ingest.refused
    for epoch in (restored, copy, restored):
        greet(epoch)
    assert ingest.refused == {"epoch-again": 3}
    (error, *_) = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert "two kiosks under one id? kiosk=hz-xihu-0001" in error
    _, said = Client(office.ledger, ingest).get("/api/kiosks")
    assert [(one["kiosk"], one["epoch_again"]) for one in said] == [(KIOSKS[0], 3), (KIOSKS[1], 0)]


def test_what_is_remembered_of_a_kiosk_has_an_end(ingest: Ingest) -> None:
    """A thousand epochs and back: the latest ones are known again, the first long forgotten."""
    said = decode(KioskState, state(online=True))
    epochs = [f"{one:016x}" for one in range(1000)]
    for epoch in (*epochs, epochs[0], epochs[-2], epochs[-1]):
        ingest.handle(TOPICS.state, encode(said.model_copy(update={"epoch": epoch})))
    assert ingest.refused == {"epoch-again": 2}


class Moving(dict[str, Keyring]):
    """Keys of kiosks, of which one is moved to another folder once it was looked for."""

    def get(self, kiosk: str, default: Any = None) -> Any:
        """The key, this once."""
        return self.pop(kiosk, default)


def test_a_key_that_is_moved_while_its_batch_comes_in_ends_nothing(
    office: Office, kiosk: SampleKiosk
) -> None:
    """The broker brings the batch again, when the new key lies in its place."""
    message = encode(batch(kiosk.deposit()))
    office.keys = Moving(office.keys)
    office.restart()
    with pytest.raises(LedgerError, match="key was moved"):
        Ingest(office.ledger).handle(TOPICS.deposit, message)
    office.keys = {KIOSKS[0]: Keyring(kiosk.signer.public)}
    office.restart()
    assert len(Ingest(office.ledger).handle(TOPICS.deposit, message)) == 1


def test_staff_see_what_kiosks_say_of_themselves(ingest: Ingest, office: Office) -> None:
    """The last word of each registered one, with what troubles it; strangers count not."""
    said = decode(KioskState, state(online=True))
    found = {"aside": {"conflict": 2}, "refused": {"unsigned": 3}, "fault": "ledger differs"}
    ingest.handle(TOPICS.state, encode(said.model_copy(update=found)))
    stranger = Topics("hangzhou", "xihu", "hz-xihu-0009")
    ingest.handle(stranger.state, state(online=False, kiosk=stranger.kiosk))
    status, (kiosk,) = Client(office.ledger, ingest).get("/api/kiosks")
    assert (status, kiosk["kiosk"]) == (200, KIOSKS[0])
    assert {name: kiosk[name] for name in found} == found
    ingest.handle(TOPICS.state, state(online=False))
    _, (kiosk,) = Client(office.ledger, ingest).get("/api/kiosks")
    assert (kiosk["online"], kiosk["aside"]) == (False, None)


def levels(kiosk: str = KIOSKS[0]) -> bytes:
    """A kiosk whose bin of bottles is full."""
    plastic = BinState(
        bay="a", bin_index=1, stream="plastic", permille=950, due=True, full=True, by="sensor"
    )
    return encode(BinLevels(kiosk=kiosk, bins=[plastic]))


def test_staff_see_how_full_the_bins_are(ingest: Ingest, office: Office) -> None:
    """Also while the kiosk is away, for its last will says nothing of them; strangers count not."""
    stranger = Topics("hangzhou", "xihu", "hz-xihu-0009")
    assert ingest.handle(TOPICS.telemetry, levels()) == []
    ingest.handle(stranger.telemetry, levels(stranger.kiosk))
    ingest.handle(TOPICS.telemetry, levels(KIOSKS[1]))
    for online in (True, False):
        ingest.handle(TOPICS.state, state(online=online))
        _, (kiosk,) = Client(office.ledger, ingest).get("/api/kiosks")
        assert [(one["stream"], one["full"]) for one in kiosk["bins"]] == [("plastic", True)]
    assert ingest.refused == {"unknown-kiosk": 1, "wrong-kiosk": 1}
    assert ingest.levels.keys() == {KIOSKS[0]}


def test_what_is_not_for_the_ledger_is_let_pass(ingest: Ingest) -> None:
    """Events have no consumer yet, and its own acks are none of its business."""
    for topic in (TOPICS.event, TOPICS.ack):
        assert ingest.handle(topic, b"anything") == []
    assert not ingest.refused


@given(topic=st.text(max_size=60) | st.just(TOPICS.deposit), payload=st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_is_refused(ingest: Ingest, topic: str, payload: bytes) -> None:
    """Any topic, any payload: no answer, no exception."""
    assert ingest.handle(topic, payload) == []


def test_a_failing_database_is_not_hidden(
    ingest: Ingest, kiosk: SampleKiosk, office: Office
) -> None:
    """The message must come again, so whoever carries it has to know."""
    with office.full_disk("records"), pytest.raises(LedgerError):
        ingest.handle(TOPICS.deposit, encode(batch(kiosk.deposit())))


def test_a_kiosk_is_registered_by_writing_its_key(
    folder: Path, office: Office, kiosk: SampleKiosk
) -> None:
    """Even while the platform runs: the kiosk's next repetition posts."""
    (folder / "kiosks" / f"{KIOSKS[0]}.pub").unlink()
    office.keys = KioskKeys(folder / "kiosks")  # type: ignore[assignment]  # read-only mapping
    office.restart()
    ingest = Ingest(office.ledger)
    message = encode(batch(kiosk.deposit()))
    assert ingest.handle(TOPICS.deposit, message) == []
    register(folder, KIOSKS[0])
    assert len(ingest.handle(TOPICS.deposit, message)) == 1
    assert office.ledger.balance(ALICE).points == 4


def test_a_key_file_that_holds_no_key_is_refused_by_name(
    folder: Path, office: Office, kiosk: SampleKiosk
) -> None:
    """A slip of the registrar stops one kiosk, and no other."""
    (folder / "kiosks" / f"{KIOSKS[0]}.pub").write_text("no key")
    register(folder, KIOSKS[1])
    keys = KioskKeys(folder / "kiosks")
    office.keys = keys  # type: ignore[assignment]  # read-only mapping
    office.restart()
    ingest = Ingest(office.ledger)
    assert ingest.handle(TOPICS.deposit, encode(batch(kiosk.deposit()))) == []
    assert ingest.refused == {"not-a-key": 1}
    assert keys[KIOSKS[1]] == Keyring(signer(KIOSKS[1]).public)
    assert list(keys) == list(KIOSKS)
    assert "../city" not in keys


def test_every_signed_catalogue_of_the_folder_counts(folder: Path, tmp_path: Path) -> None:
    """Old versions stay for records that come late."""
    operator = FileSigner.load(tmp_path / "operator.pem")
    december = example().model_copy(update={"version": "2026-12-a"})
    (folder / "catalogue-2026-12-a.json").write_bytes(sign(december, operator))
    (folder / "catalogue-again.json").write_bytes(sign(december, operator))
    assert set(load_catalogues(folder)) == {"2026-11-a", "2026-12-a"}


def test_a_bad_catalogue_is_left_out_and_the_others_count(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Forged, torn, a folder of that name, or a known version with other prices: each by name."""
    signed = (folder / "catalogue.json").read_bytes()
    (folder / "catalogue-1.json").write_bytes(signed.replace(b'"CNY"', b'"CNX"'))
    (folder / "catalogue-2.json").write_bytes(signed[:-9])
    (folder / "catalogue-3.json").mkdir()
    operator = FileSigner.load(tmp_path / "operator.pem")
    changed = example().model_copy(update={"factor_set": "another"})
    (folder / "catalogue_4.json").write_bytes(sign(changed, operator))
    assert load_catalogues(folder) == {"2026-11-a": example()}
    for name, code in (
        ("catalogue-1", "bad-signature"),
        ("catalogue-2", "not-json"),
        ("catalogue-3", "unreadable"),
        ("catalogue_4", "version-reused"),
    ):
        assert f"{name}.json code={code}" in caplog.text


def test_a_platform_whose_only_catalogue_is_bad_holds_what_comes(folder: Path) -> None:
    """Nothing is lost: it is settled when the right file lies there at the next start."""
    (folder / "catalogue.json").write_bytes(b"{}")
    assert load_catalogues(folder) == {}


def test_a_folder_without_what_is_needed_is_named(folder: Path) -> None:
    """No catalogue, no operator's key."""
    (folder / "catalogue.json").unlink()
    with pytest.raises(CatalogueError, match="put a signed one there"):
        load_catalogues(folder)
    (folder / "operator.pub").unlink()
    with pytest.raises(KeyFileError, match=r"operator\.pub"):
        load_catalogues(folder)


def test_a_kiosk_that_claims_anothers_district_is_refused(
    office: Office, kiosk: SampleKiosk
) -> None:
    """Where a kiosk is stands in the catalogue: nothing is posted, and the refusal is counted."""
    xihu = District(district="xihu", kiosks=(KIOSKS[0],))
    office.catalogues["2026-11-a"] = example().model_copy(update={"districts": (xihu,)})
    ingest = Ingest(office.ledger)
    message = encode(batch(kiosk.deposit()))
    elsewhere = Topics("hangzhou", "yuhang", KIOSKS[0]).deposit
    assert ingest.handle(elsewhere, message) == []
    assert (ingest.refused, office.ledger.totals().records) == ({"wrong-district": 1}, 0)
    assert len(ingest.handle(TOPICS.deposit, message)) == 1


def test_what_comes_together_is_answered_one_by_one(
    ingest: Ingest, office: Office, kiosk: SampleKiosk
) -> None:
    """Batches, a greeting and noise in one group: each gets its own answer, or none."""
    batches = [(TOPICS.deposit, encode(batch(kiosk.deposit()))) for _ in range(3)]
    noise = [(TOPICS.deposit, b"noise"), ("elsewhere", b"")]
    stranger = SampleKiosk("hz-xihu-0009")
    unknown = Topics("hangzhou", "xihu", stranger.name).deposit
    strange = (unknown, encode(batch(stranger.deposit(), kiosk=stranger.name)))
    answers = ingest.handle_all([batches[0], noise[0], batches[1], strange, noise[1], batches[2]])
    assert [len(one) for one in answers] == [1, 0, 1, 0, 0, 1]
    assert decode(Ack, answers[0][0][1]).upto == 6
    assert office.ledger.totals().records == 3
    assert sum(ingest.refused.values()) == 3
