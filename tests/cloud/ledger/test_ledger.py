"""The ledger's promise: what was accepted is credited exactly once, whatever comes how often."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cloud.errors import DecisionError, LedgerError, UnknownKioskError
from cloud.keys.files import KioskKeys
from cloud.keys.keyring import Keyring
from cloud.ledger.flagged import codes_of
from cloud.ledger.held.cases import reasons_of
from cloud.ledger.held.decisions import Place
from cloud.ledger.ledger import Ledger
from cloud.ledger.posting import AT_ONCE
from cloud.staff.desk import Staff
from cloud.store.database import open_database, reading
from contract.catalogue import example
from contract.districts import District, DistrictItem
from contract.fields import ZERO_HASH
from contract.items import ItemPrice
from contract.keys import Signer
from contract.payloads import Rejected
from tests.cloud.conftest import KIOSKS, Office, batch, register
from tests.cloud.web import Client
from tests.contract.samples import ALICE, BOB, EPOCH, SampleKiosk, signer


def test_a_deposit_is_credited_and_acked(office: Office, kiosk: SampleKiosk) -> None:
    """Points, carbon apart, a receipt, and the ack with the record's own hash."""
    sealed = kiosk.deposit()
    ack = office.post(sealed)
    assert (ack.upto, ack.sha256, ack.rejected) == (2, sealed.sha256, [])
    balance = office.ledger.balance(ALICE)
    assert (balance.points, balance.carbon_g, balance.held) == (4, 28, 0)
    (receipt,) = office.ledger.statement(ALICE)
    assert (receipt.deposit_id, receipt.names["en"]) == ("s1-1", "Plastic bottle")
    assert (receipt.mass_g, receipt.pieces, receipt.points) == (24, 1, 4)
    assert office.rows("SELECT account, points FROM postings ORDER BY points") == [
        ("operator", -4),
        (f"resident:{ALICE}", 4),
    ]


def test_the_same_again_changes_nothing(office: Office, kiosk: SampleKiosk) -> None:
    """Within a batch, in a later one, and after a restart of the ledger."""
    first, second = kiosk.deposit(), kiosk.deposit()
    office.post(first, first, second)
    office.restart()
    ack = office.post(first, second)
    assert (ack.upto, ack.sha256, ack.rejected) == (4, second.sha256, [])
    assert office.ledger.balance(ALICE).points == 8
    assert office.ledger.totals().records == 2


def test_order_does_not_matter_but_a_gap_holds_the_ack(office: Office, kiosk: SampleKiosk) -> None:
    """What came early is credited at once; the ack waits for what is missing, then jumps."""
    first, second, third = kiosk.deposit(), kiosk.deposit(), kiosk.deposit()
    assert office.post(third).upto == 0
    assert office.ledger.balance(ALICE).points == 4
    assert (office.post(first).upto, office.post(second).upto) == (2, 6)
    assert office.ledger.ack(KIOSKS[0], kiosk.epoch).sha256 == third.sha256
    assert office.ledger.balance(ALICE).points == 12


def test_records_that_stay_in_the_kiosk_leave_no_gap(office: Office, kiosk: SampleKiosk) -> None:
    """The link says which sent record came before, not which number."""
    first = kiosk.deposit()
    kiosk.give_back(), kiosk.give_back()
    second = kiosk.void()
    assert office.post(first, second).upto == 5
    assert office.ledger.totals().records == 2


def test_one_bad_record_does_not_keep_the_others(office: Office, kiosk: SampleKiosk) -> None:
    """The rest is credited; the ack waits for the record that was changed on its way."""
    first, second, third = kiosk.deposit(), kiosk.deposit(), kiosk.deposit()
    forged = second.line.replace(b'"points":4,', b'"points":9,')
    ack = office.post(first, forged, third)
    assert ack.rejected == [Rejected(seq=0, code="bad-signature")]
    assert (ack.upto, ack.sha256) == (2, first.sha256)
    assert office.ledger.balance(ALICE).points == 8
    assert office.ledger.totals().rejected == 1
    assert office.post(second).upto == 6


def test_a_forged_line_does_not_keep_the_real_one_out(office: Office, kiosk: SampleKiosk) -> None:
    """A forgery is never the head of an ack, and the genuine record posts when it comes."""
    first, second = kiosk.deposit(), kiosk.deposit()
    forged = second.line.replace(b'"points":4,', b'"points":9,')
    assert office.post(first, forged).upto == 2
    assert office.post(second).upto == 4
    assert office.ledger.balance(ALICE).points == 8


@pytest.mark.parametrize("line", ['{"after":2,"seq":4,"x":1}', '{"after":2,"seq":4}'])
def test_a_line_that_nobody_signed_takes_no_records_place(
    office: Office, kiosk: SampleKiosk, line: str
) -> None:
    """Whoever holds the broker claims seq 4 of the kiosk: no answer names it, no ack passes it."""
    office.signer = signer("ledger")
    office.restart()
    first, second, third = kiosk.deposit(), kiosk.deposit(), kiosk.deposit()
    office.post(first)
    ack = office.post(line)
    assert (ack.upto, ack.rejected) == (2, [Rejected(seq=0, code="schema")])
    assert office.post(third).upto == 2
    assert office.post(second).upto == 6
    assert office.ledger.balance(ALICE).points == 12


def test_a_link_that_nobody_signed_is_not_followed(office: Office, kiosk: SampleKiosk) -> None:
    """A ledger of before kept what such lines claimed."""
    first, second, third = kiosk.deposit(), kiosk.deposit(), kiosk.deposit()
    with office.database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO rejected (kiosk, epoch, seq, after, sha256, code, line, received_at)"
                f" VALUES ('{kiosk.name}', '{kiosk.epoch}', 4, 2, 'ab', 'schema', '', 0)"
            )
        )
    assert office.post(first, third).upto == 2
    assert office.post(second).upto == 6


@pytest.mark.parametrize("line", ["no JSON", '{"seq":7}', "{}", "é" * 100, '"\\ud800"'])
def test_a_line_that_cannot_be_read_is_kept_and_rejected(office: Office, line: str) -> None:
    """Once, and under no seq; repetitions are answered and not kept again."""
    for _ in range(2):
        (refusal,) = office.post(line).rejected
        assert refusal.seq == 0
    assert office.ledger.totals().rejected == 1


class Renamed(SampleKiosk):
    """A kiosk that goes by a name for a while, and keeps the first kiosk's key."""

    @property
    def signer(self) -> Signer:
        """The first kiosk's."""
        return signer(KIOSKS[0])


def test_records_in_another_kiosks_name_are_passed_together(office: Office) -> None:
    """The kiosk signed them, so it is told which they are, and nothing else will come there."""
    office.signer = signer("ledger")
    office.restart()
    kiosk = Renamed()
    first = kiosk.deposit()
    kiosk.name = KIOSKS[1]
    wrong = [kiosk.deposit(), kiosk.deposit()]
    kiosk.name = KIOSKS[0]
    ack = office.post(first, *wrong, kiosk.deposit())
    assert [(one.seq, one.code, one.sha256) for one in ack.rejected] == [
        (4, "wrong-kiosk", wrong[0].sha256),
        (6, "wrong-kiosk", wrong[1].sha256),
    ]
    assert ack.upto == 8


def test_a_conflict_is_rejected(office: Office, kiosk: SampleKiosk) -> None:
    """The same place in the same epoch with another content: the first one stands."""
    office.post(kiosk.deposit())
    other = SampleKiosk(KIOSKS[0])
    impostor = other.deposit(account=BOB)
    ack = office.post(impostor)
    assert ack.rejected == [Rejected(seq=2, code="conflict")]
    assert ack.sha256 != impostor.sha256
    # Under another epoch's flag it names no record of that epoch.
    assert office.post(impostor, epoch="f" * 16).rejected == [Rejected(seq=0, code="conflict")]
    assert office.ledger.balance(BOB).points == 0


def test_a_restored_kiosk_is_not_credited_twice(office: Office, kiosk: SampleKiosk) -> None:
    """It opens a new epoch and seals again what it believes unsent; new deposits count."""
    office.post(kiosk.deposit(), kiosk.deposit())
    restored = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    again, new = restored.deposit(), restored.deposit(deposit_id="s2-1")
    ack = office.post(again, new, epoch=restored.epoch)
    assert (ack.epoch, ack.upto, ack.rejected) == (restored.epoch, 4, [])
    assert office.ledger.balance(ALICE).points == 12
    assert office.ledger.totals().held == 0


def test_another_deposit_under_a_credited_id_is_held(office: Office, kiosk: SampleKiosk) -> None:
    """It may be real, or a cheat: staff decide."""
    office.post(kiosk.deposit())
    twin = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    ack = office.post(twin.deposit(mass_g=800, points=52), epoch=twin.epoch)
    assert (ack.upto, ack.rejected) == (2, [])
    assert (office.ledger.balance(ALICE).points, office.ledger.balance(ALICE).held) == (4, 1)
    assert office.ledger.settle() == 0


def test_the_same_id_at_another_kiosk_is_another_deposit(office: Office) -> None:
    """Sessions are numbered by each kiosk for itself."""
    for name in KIOSKS:
        kiosk = SampleKiosk(name)
        office.ledger.post(name, batch(kiosk.deposit(), kiosk=name))
    assert office.ledger.balance(ALICE).points == 8


@pytest.mark.parametrize(("shown", "reason"), [(9, "kiosk showed 9"), (0, "kiosk showed 0")])
def test_a_kiosk_cannot_mint(office: Office, kiosk: SampleKiosk, shown: int, reason: str) -> None:
    """The ledger's own figure counts, and an entry says why it differs from the receipt."""
    office.post(kiosk.deposit(points=shown, carbon_g=99999))
    balance = office.ledger.balance(ALICE)
    assert (balance.points, balance.carbon_g) == (4, 28)
    (receipt,) = office.ledger.statement(ALICE)
    assert (receipt.points, receipt.shown_points) == (4, shown)
    reasons = [row[0] for row in office.rows("SELECT reason FROM entries ORDER BY id")]
    assert reasons == ["deposit", f"{reason}, 2026-11-a says 4"]


def test_the_catalogue_named_in_the_record_governs(office: Office, kiosk: SampleKiosk) -> None:
    """Bottles fell in price since; this one was taken under the old list."""
    new = example().model_dump() | {"version": "2026-12-a"}
    new["items"][0]["price"]["points_per_piece"] = 1
    office.catalogues["2026-12-a"] = type(example()).model_validate(new)
    office.post(kiosk.deposit(), kiosk.deposit(catalogue_version="2026-12-a", points=1))
    assert office.ledger.balance(ALICE).points == 5


def test_a_district_has_its_own_price(office: Office, kiosk: SampleKiosk) -> None:
    """Which kiosk is in which district stands in the catalogue, so nobody else is asked."""
    price = ItemPrice(points_per_kg=65, points_per_piece=6)
    terms = DistrictItem(item_code="pet-bottle", price=price)
    xihu = District(district="xihu", kiosks=(KIOSKS[0],), items=(terms,))
    office.catalogues["2026-11-a"] = example().model_copy(update={"districts": (xihu,)})
    office.post(kiosk.deposit(points=6))
    other = SampleKiosk(KIOSKS[1])
    office.ledger.post(KIOSKS[1], batch(other.deposit(account=BOB), kiosk=KIOSKS[1]))
    assert (office.ledger.balance(ALICE).points, office.ledger.balance(BOB).points) == (6, 4)
    assert len(office.rows("SELECT id FROM entries")) == 2


def test_an_unknown_catalogue_holds_until_it_is_known(office: Office, kiosk: SampleKiosk) -> None:
    """Acked, not credited; credited once when the catalogue has arrived."""
    ack = office.post(kiosk.deposit(catalogue_version="2026-12-a"))
    assert (ack.upto, office.ledger.balance(ALICE).points) == (2, 0)
    assert (office.ledger.balance(ALICE).held, office.ledger.settle()) == (1, 0)
    office.catalogues["2026-12-a"] = example()
    assert (office.ledger.settle(), office.ledger.settle()) == (1, 0)
    assert (office.ledger.balance(ALICE).points, office.ledger.totals().held) == (4, 0)


def test_what_is_held_twice_is_credited_once(office: Office, kiosk: SampleKiosk) -> None:
    """A restored kiosk's repetition of a held deposit does not slip through when it is settled."""
    twin = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    office.post(kiosk.deposit(catalogue_version="2026-12-a"))
    office.post(twin.deposit(catalogue_version="2026-12-a"), epoch=twin.epoch)
    office.catalogues["2026-12-a"] = example()
    assert office.ledger.settle() == 2
    assert office.ledger.balance(ALICE).points == 4


def test_what_waits_in_great_number_is_settled_bit_by_bit(file_office: Office) -> None:
    """A city waited days for its list: what was done before something fails is done, and no
    transaction is so long that it never ends."""
    office, kiosk = file_office, SampleKiosk(KIOSKS[0])
    waiting = [kiosk.deposit(catalogue_version="2026-12-a") for _ in range(AT_ONCE + 1)]
    parts = [batch(*waiting[at : at + 50]) for at in range(0, len(waiting), 50)]
    office.ledger.post_all([(KIOSKS[0], part) for part in parts])
    office.catalogues["2026-12-a"] = example()
    with office.full_disk("deposits", AT_ONCE), pytest.raises(LedgerError, match="disk full"):
        office.ledger.settle()
    assert office.ledger.balance(ALICE).held == 1
    assert (office.ledger.settle(), office.ledger.balance(ALICE).points) == (1, 4 * (AT_ONCE + 1))


def test_a_damaged_key_keeps_no_other_kiosk_waiting(file_office: Office, tmp_path: Path) -> None:
    """What is held of its kiosk stays so, and staff who would release it are told why not."""
    office, (first, second) = file_office, (SampleKiosk(name) for name in KIOSKS)
    (tmp_path / "kiosks").mkdir()
    for name in KIOSKS:
        register(tmp_path, name)
    office.keys = KioskKeys(tmp_path / "kiosks")  # type: ignore[assignment]  # read-only mapping
    office.restart()
    for kiosk, account in ((first, ALICE), (second, BOB)):
        sealed = kiosk.deposit(catalogue_version="2026-12-a", account=account)
        office.ledger.post(kiosk.name, batch(sealed, kiosk=kiosk.name))
    office.catalogues["2026-12-a"] = example()
    (tmp_path / "kiosks" / f"{KIOSKS[0]}.pub").write_text("half a k")
    assert office.ledger.settle() == 1
    assert (office.ledger.balance(ALICE).held, office.ledger.balance(BOB).points) == (1, 4)
    place, referee = Place(KIOSKS[0], EPOCH, 2), Staff("wang", "decide", "*")
    with pytest.raises(DecisionError) as refused:
        office.ledger.decisions.decide(referee, place, "released", "It fell.")
    assert refused.value.code == "cannot-credit"
    assert office.ledger.proof(KIOSKS[0], "s1-1") is None
    client, asked = Client(office.ledger), {"receipt": [first.deposit().line.decode()]}
    for status, said in (
        client.get(f"/api/kiosks/{KIOSKS[0]}/heads"),
        client.post("/api/claims", asked),
    ):
        assert (status, said["code"]) == (503, "not-a-key")
        assert str(tmp_path) not in said["detail"]


def test_what_nobody_knows_is_held_for_staff(office: Office, kiosk: SampleKiosk) -> None:
    """Uncertain loads and items that the ledger does not know: acked, shown, not credited."""
    ack = office.post(kiosk.uncertain(), kiosk.deposit(item_code="fridge"))
    assert (ack.upto, ack.rejected) == (3, [])
    assert (office.ledger.balance(ALICE).points, office.ledger.balance(ALICE).held) == (0, 2)
    assert office.ledger.settle() == 0


def test_a_load_is_not_held_beside_its_credit(office: Office, kiosk: SampleKiosk) -> None:
    """A damaged copy of a credited deposit, uncertain in the new epoch, waits for nobody."""
    office.post(kiosk.deposit())
    twin = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    again = twin.uncertain()
    assert office.post(again, epoch=twin.epoch).upto == 1
    assert (office.ledger.balance(ALICE).points, office.ledger.balance(ALICE).held) == (4, 0)
    other = twin.uncertain(deposit_id="s1-1", mass_g=800)
    office.post(other, epoch=twin.epoch)
    assert office.ledger.balance(ALICE).held == 1


def test_a_load_is_held_once(office: Office) -> None:
    """However many epochs tell of it; another kiosk's session of that name is another load."""
    for number in range(3):
        twin = SampleKiosk(KIOSKS[0], epoch=f"5be100000000000{number}")
        office.post(twin.uncertain(), epoch=twin.epoch)
    assert office.ledger.balance(ALICE).held == 1
    stranger = SampleKiosk(KIOSKS[1])
    office.ledger.post(KIOSKS[1], batch(stranger.uncertain(), kiosk=KIOSKS[1]))
    assert office.ledger.balance(ALICE).held == 2


@pytest.mark.parametrize("version", ["2026-11-a", "2026-12-a"])
def test_a_held_load_is_closed_by_its_deposit(
    office: Office, kiosk: SampleKiosk, version: str
) -> None:
    """A receipt proves what the damaged journal could not; its catalogue may come later."""
    twin = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    office.post(twin.uncertain(), epoch=twin.epoch)
    office.post(kiosk.deposit(catalogue_version=version))
    office.catalogues["2026-12-a"] = example()
    office.ledger.settle()
    assert (office.ledger.balance(ALICE).points, office.ledger.balance(ALICE).held) == (4, 0)
    assert office.rows("SELECT state, code FROM records WHERE kind = 'uncertain'") == [
        ("posted", "deposit-again")
    ]


def test_a_wrong_key_on_file_costs_nothing(office: Office, kiosk: SampleKiosk) -> None:
    """Until the right key is registered the records wait in the kiosk: no ack, no rejection."""
    office.keys[KIOSKS[0]] = Keyring(signer("somebody").public)
    sealed = kiosk.deposit()
    ack = office.post(sealed)
    assert (ack.upto, ack.sha256, ack.rejected) == (0, ZERO_HASH, [])
    office.keys[KIOSKS[0]] = Keyring(kiosk.signer.public)
    assert office.post(sealed).upto == 2


def test_an_unknown_kiosk_gets_no_answer(office: Office) -> None:
    """Not even an empty ack, which could be mistaken for a ledger that lost everything."""
    stranger = SampleKiosk("hz-xihu-0009")
    with pytest.raises(UnknownKioskError, match="hz-xihu-0009"):
        office.ledger.post(stranger.name, batch(stranger.deposit(), kiosk=stranger.name))
    with pytest.raises(UnknownKioskError):
        office.ledger.ack(stranger.name, stranger.epoch)
    assert office.ledger.totals().records == 0


def test_a_record_of_another_kiosk_is_rejected(office: Office, kiosk: SampleKiosk) -> None:
    """Signed with this kiosk's key, but in another's name."""
    office.keys[KIOSKS[1]] = Keyring(kiosk.signer.public)
    ack = office.ledger.post(KIOSKS[1], batch(kiosk.deposit(), kiosk=KIOSKS[1]))
    assert ack.rejected == [Rejected(seq=2, code="wrong-kiosk")]


def test_a_record_of_another_epoch_posts_where_it_belongs(
    office: Office, kiosk: SampleKiosk
) -> None:
    """The signed epoch counts; the ack is about the one that the batch names."""
    ack = office.post(kiosk.deposit(), epoch="5be1000000000002")
    assert (ack.epoch, ack.upto) == ("5be1000000000002", 0)
    assert office.ledger.balance(ALICE).points == 4


def test_zero_points_still_have_a_receipt(office: Office, kiosk: SampleKiosk) -> None:
    """Below Min: nothing to transfer, but carbon and a row to show."""
    office.post(kiosk.deposit(item_code="newspaper", points=0, priced_by="none"))
    balance = office.ledger.balance(ALICE)
    assert (balance.points, balance.carbon_g) == (0, 72)
    assert [one.priced_by for one in office.ledger.statement(ALICE)] == ["none"]


def test_statements_are_newest_first_and_limited(office: Office, kiosk: SampleKiosk) -> None:
    """The latest ones of this account alone."""
    office.post(kiosk.deposit(), kiosk.deposit(account=BOB), kiosk.deposit(), kiosk.deposit())
    assert [one.deposit_id for one in office.ledger.statement(ALICE, 2)] == ["s1-4", "s1-3"]


def test_a_statement_may_be_as_long_as_a_life(office: Office) -> None:
    """Who asks for everything that is kept has more deposits than a query has parameters."""
    many = range(70_000)
    with reading(office.database) as connection:
        assert not codes_of(connection, many)
        assert not reasons_of(connection, many)


def test_a_receipt_outlives_the_list_that_named_its_item(
    office: Office, kiosk: SampleKiosk
) -> None:
    """Somebody signed the version again without it: the page tells the item's code."""
    office.post(kiosk.deposit())
    others = tuple(one for one in example().items if one.code != "pet-bottle")
    office.catalogues["2026-11-a"] = example().model_copy(update={"items": others})
    (receipt,) = office.ledger.statement(ALICE)
    assert receipt.names == {"zh": receipt.item_code, "en": receipt.item_code}


def test_totals_add_up(office: Office, kiosk: SampleKiosk) -> None:
    """What residents have is what the operator owes."""
    office.post(kiosk.deposit(), kiosk.deposit(account=BOB, points=1), kiosk.uncertain(), "junk")
    totals = office.ledger.totals()
    assert (totals.records, totals.accounts, totals.held, totals.rejected) == (3, 2, 1, 1)
    assert (totals.credited_points, totals.postings_sum) == (8, 0)


def test_the_database_itself_refuses_crooked_books(office: Office, kiosk: SampleKiosk) -> None:
    """No amount of nothing or less, no transfer to oneself, no second record in one place."""
    office.post(kiosk.deposit(), kiosk.deposit())
    for statement in (
        "INSERT INTO transfers (entry_id, debit, credit, points) VALUES (1, 'a', 'b', 0)",
        "INSERT INTO transfers (entry_id, debit, credit, points) VALUES (1, 'a', 'b', -4)",
        "INSERT INTO transfers (entry_id, debit, credit, points) VALUES (1, 'a', 'a', 4)",
        "INSERT INTO transfers (entry_id, debit, credit, points) VALUES (99, 'a', 'b', 4)",
        "UPDATE records SET seq = 2",
        "UPDATE records SET state = 'lost'",
    ):
        with pytest.raises(IntegrityError), office.database.begin() as connection:
            connection.execute(text(statement))


def test_a_batch_that_fails_half_way_leaves_nothing(office: Office, kiosk: SampleKiosk) -> None:
    """The disk is full in the middle: no record, no points, no ack; then all of it."""
    sealed = [kiosk.deposit() for _ in range(3)]
    with office.full_disk("carbon", after=2):
        with pytest.raises(LedgerError, match="disk full"):
            office.post(*sealed)
        assert (office.ledger.totals().records, office.ledger.balance(ALICE).points) == (0, 0)
    assert office.post(*sealed).upto == 6
    assert office.ledger.balance(ALICE).points == 12


def test_readers_do_not_wait_for_a_writer(office: Office, kiosk: SampleKiosk) -> None:
    """A resident's page shows the last committed state while a batch is being posted."""
    office.post(kiosk.deposit())
    found: list[int] = []
    with office.database.begin() as writing:
        writing.execute(text("DELETE FROM heads"))
        reader = threading.Thread(target=lambda: found.append(office.ledger.balance(ALICE).points))
        reader.start()
        reader.join(timeout=5)
    assert found == [4]


def test_a_database_that_cannot_be_used_is_named(file_office: Office, tmp_path: Path) -> None:
    """No database at all, or one of a later version."""
    office, broken = file_office, tmp_path / "broken.sqlite"
    broken.write_bytes(b"this is no database, but long enough to look at" * 10)
    with pytest.raises(LedgerError, match=r"broken\.sqlite cannot be opened"):
        open_database(broken)
    with office.database.begin() as connection:
        connection.execute(text("PRAGMA user_version = 99"))
    with pytest.raises(LedgerError, match="version 99"):
        open_database(office.where)


@pytest.mark.parametrize(
    ("table", "ask"),
    [
        ("heads", lambda ledger: ledger.ack(KIOSKS[0], "5be1000000000001")),
        ("heads", lambda ledger: ledger.heads(KIOSKS[0])),
        ("records", lambda ledger: ledger.settle()),
        ("flags", lambda ledger: ledger.flagged()),
        ("carbon", lambda ledger: ledger.balance(ALICE)),
    ],
)
def test_a_read_that_fails_is_the_ledgers_error(
    office: Office, table: str, ask: Callable[[Ledger], object]
) -> None:
    """Whoever asks tries again; a platform that listens to its broker does not end by it."""
    office.signer = signer("ledger")
    office.restart()
    with office.database.begin() as connection:
        if office.database.dialect.name == "sqlite":
            connection.execute(text("PRAGMA legacy_alter_table = ON"))  # leaves the view alone
        connection.execute(text(f"ALTER TABLE {table} RENAME TO away"))
    with pytest.raises(LedgerError, match=r"no such table|does not exist"):
        ask(office.ledger)


def test_a_ledger_in_memory_is_the_same_for_all_threads(kiosk: SampleKiosk) -> None:
    """As simulations use it."""
    office = Office(":memory:")
    poster = threading.Thread(target=lambda: office.post(kiosk.deposit()))
    poster.start()
    poster.join()
    assert office.ledger.balance(ALICE).points == 4
    office.database.dispose()


def test_a_kiosks_month_is_added_up_by_item(office: Office, kiosk: SampleKiosk) -> None:
    """By China's months and the kiosk's clock, over the API too; what is no month is refused."""
    office.post(kiosk.deposit(), kiosk.deposit(item_code="newspaper", mass_g=1000, points=65))
    found = office.ledger.month(KIOSKS[0], "2026-11")
    assert [(one.item_code, one.deposits, one.mass_g) for one in found] == [
        ("newspaper", 1, 1000),
        ("pet-bottle", 1, 24),
    ]
    assert office.ledger.month(KIOSKS[0], "2026-12") == []
    assert office.ledger.month("nobody", "2026-11") == []
    client = Client(office.ledger)
    status, (first, _) = client.get(f"/api/kiosks/{KIOSKS[0]}/months/2026-11")
    assert (status, first["item_code"], first["mass_g"]) == (200, "newspaper", 1000)
    assert client.get(f"/api/kiosks/{KIOSKS[0]}/months/2026-13")[1]["code"] == "no-month"
