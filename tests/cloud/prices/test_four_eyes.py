"""No price changes without two people, the operator's key, and a day that is still to come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from cloud.errors import LedgerError, PriceError, StaffError
from cloud.keys.shelf import Shelf
from cloud.ledger.ledger import Ledger
from cloud.prices.desk import PriceDesk
from cloud.prices.differences import Difference
from cloud.prices.edits import AsCityEdit, LowValueEdit, NamesEdit, PriceEdit, SubsidyEdit
from cloud.prices.filing import Filing
from cloud.staff.desk import Staff
from cloud.store.database import open_database
from contract.catalogue import example, load_plain, load_signed, sign
from contract.errors import CatalogueError, ContractError
from contract.keys import FileSigner
from tests.cloud.conftest import KIOSKS, Office, batch
from tests.cloud.prices.offices import (
    ANN,
    BEN,
    DEARER,
    IN_XIHU,
    LATER,
    NOW,
    TODAY,
    TOMORROW,
    XIA,
    XU,
    YU,
    PriceOffice,
)
from tests.contract.samples import ALICE, SampleKiosk


@pytest.fixture
def prices(where: Path | str, tmp_path: Path) -> Iterator[PriceOffice]:
    """An office on either database, with the operator's key at hand."""
    database = open_database(where)
    yield PriceOffice(database, tmp_path / "platform")
    database.dispose()


@pytest.fixture
def at_desk(tmp_path: Path) -> Iterator[PriceOffice]:
    """The same on SQLite alone, for what has nothing to do with the database."""
    database = open_database(tmp_path / "prices.sqlite")
    yield PriceOffice(database, tmp_path / "platform")
    database.dispose()


def refusal(act: Callable[[], object]) -> str:
    """The code with which it is refused."""
    with pytest.raises((PriceError, StaffError, ContractError)) as refused:
        act()
    return str(getattr(refused.value, "code", ""))


def test_the_whole_way_of_a_price(prices: PriceOffice) -> None:
    """Drafted, frozen, read, signed by another, filed, known, and what waited for it settled."""
    desk = prices.desk
    draft = desk.drafting.draft(ANN, LATER, [DEARER])
    assert (draft.version, draft.base, draft.scope) == ("2026-12-a", "2026-11-a", "*")
    desk.drafting.freeze(ANN, draft.id, draft.sha256)
    seen, _, found = desk.shown(BEN, draft.id)
    assert found == [
        Difference("", "", "valid_from", "2026-11-01", LATER),
        Difference("can", "", "price.points_per_kg", 60, 90),
        Difference("can", "", "price.points_per_piece", 4, 5),
    ]
    done = desk.signing.sign(BEN, draft.id, seen.sha256)
    assert (done.state, done.decided_by) == ("signed", "ben")
    assert prices.files() == ["catalogue-2026-12-a.json", "catalogue.json"]
    file = (prices.folder / "catalogue-2026-12-a.json").read_bytes()
    assert load_signed(file, prices.operator.public).item("can").price.points_per_kg == 90
    assert prices.shelf["2026-12-a"].valid_from == LATER
    assert prices.settled == 1
    assert [one[:3] for one in prices.log()] == [
        ("staff:ann", "prices-drafted", ""),
        ("staff:ann", "prices-frozen", ""),
        ("staff:ben", "prices-signed", ""),
    ]


def test_what_was_held_for_want_of_a_list_is_credited(office: Office, tmp_path: Path) -> None:
    """A kiosk had the list before the platform; nobody restarts anything."""
    prices = PriceOffice(office.database, tmp_path / "platform")
    ledger = Ledger(office.database, prices.shelf, office.keys, lambda: NOW)
    prices.settles = ledger.settle
    ledger.post(KIOSKS[0], batch(SampleKiosk().deposit(catalogue_version="2026-12-a")))
    assert ledger.held() == {"unknown-catalogue": 1}
    dearer = PriceEdit(item="pet-bottle", points_per_kg=65, points_per_piece=6)
    draft = prices.desk.drafting.draft(ANN, LATER, [dearer])
    prices.desk.drafting.freeze(ANN, draft.id, draft.sha256)
    prices.desk.signing.sign(BEN, draft.id, draft.sha256)
    assert ledger.held() == {}
    assert ledger.balance(ALICE).points == 6


def test_the_second_signature_is_another_persons(at_desk: PriceOffice) -> None:
    """Not the author's, whatever role their next token has; each attempt is counted and logged."""
    desk = at_desk.desk
    draft = desk.drafting.draft(ANN, LATER, [DEARER])
    desk.drafting.freeze(ANN, draft.id, draft.sha256)
    again = Staff("ann", "sign", "*")
    assert refusal(lambda: desk.signing.sign(ANN, draft.id, draft.sha256)) == "role"
    assert refusal(lambda: desk.signing.sign(again, draft.id, draft.sha256)) == "own-draft"
    assert (
        refusal(lambda: desk.signing.sign(Staff("li", "decide", "*"), draft.id, draft.sha256))
        == "role"
    )
    assert desk.refused() == {"own-draft": 1, "role": 2}
    assert at_desk.log()[-1] == ("staff:li", "prices-refused", "", f"role draft {draft.id}")
    assert at_desk.files() == ["catalogue.json"]
    assert desk.signing.sign(BEN, draft.id, draft.sha256).state == "signed"


def test_exactly_what_was_read_is_signed(at_desk: PriceOffice) -> None:
    """An unfrozen draft is not, nor another hash, nor a second time; a row changed in the
    database behind everybody's back is found by its hash."""
    desk = at_desk.desk
    draft = desk.drafting.draft(ANN, LATER, [DEARER])
    assert refusal(lambda: desk.signing.sign(BEN, draft.id, draft.sha256)) == "not-frozen"
    other = desk.drafting.change(
        ANN, draft.id, draft.sha256, LATER, [DEARER, LowValueEdit(item="can", low_value=True)]
    )
    assert refusal(lambda: desk.drafting.freeze(ANN, draft.id, draft.sha256)) == "changed"
    desk.drafting.freeze(ANN, draft.id, other.sha256)
    assert (
        refusal(lambda: desk.drafting.change(ANN, draft.id, other.sha256, LATER, [])) == "not-open"
    )
    assert refusal(lambda: desk.signing.sign(BEN, draft.id, draft.sha256)) == "changed"
    content = desk.unsigned(BEN, draft.id)
    with at_desk.database.begin() as connection:
        forged = content.replace(b'"points_per_kg":90', b'"points_per_kg":99')
        query = text("UPDATE price_drafts SET content = :content")
        connection.execute(query, {"content": forged})
    assert refusal(lambda: desk.signing.sign(BEN, draft.id, other.sha256)) == "damaged"
    with at_desk.database.begin() as connection:
        connection.execute(query, {"content": content})
    assert desk.signing.sign(BEN, draft.id, other.sha256).state == "signed"
    assert refusal(lambda: desk.signing.sign(BEN, draft.id, other.sha256)) == "decided"
    assert desk.refused() == {
        "changed": 2, "damaged": 1, "decided": 1, "not-frozen": 1, "not-open": 1,
    }  # fmt: skip


def test_a_list_begins_on_a_day_to_come(at_desk: PriceOffice) -> None:
    """Tomorrow in China at the earliest; and a draft that lay too long is signed no more."""
    desk = at_desk.desk
    for day in (TODAY, "2026-11-01", "2026-11-31", "20261201", "", "9999-12-31", "\0"):
        code = refusal(partial(desk.drafting.draft, ANN, day, [DEARER]))
        assert code in ("too-early", "bad-date")
    draft = desk.drafting.draft(ANN, TOMORROW, [DEARER])
    desk.drafting.freeze(ANN, draft.id, draft.sha256)
    at_desk.now_s += 86_400
    assert refusal(lambda: desk.signing.sign(BEN, draft.id, draft.sha256)) == "too-late"
    assert desk.signing.reject(BEN, draft.id, "Its day has come.").state == "rejected"


def test_a_district_changes_what_is_its_own(at_desk: PriceOffice) -> None:
    """Its staff draft and sign for it alone, and the city's sign for all."""
    desk = at_desk.desk
    assert refusal(lambda: desk.drafting.draft(XIA, LATER, [DEARER])) == "other-district"
    assert refusal(lambda: desk.drafting.draft(XIA, LATER, [IN_XIHU, DEARER])) == "other-district"
    draft = desk.drafting.draft(
        XIA, LATER, [IN_XIHU, SubsidyEdit(item="can", district="xihu", fen_per_t=9)]
    )
    assert draft.scope == "xihu"
    desk.drafting.freeze(XIA, draft.id, draft.sha256)
    assert refusal(lambda: desk.signing.sign(YU, draft.id, draft.sha256)) == "other-district"
    assert desk.signing.sign(XU, draft.id, draft.sha256).state == "signed"
    xihu, yuhang = (at_desk.shelf[draft.version].item("can", one) for one in ("hz-xihu-0001", "x"))
    assert (xihu.price.points_per_kg, xihu.subsidy_fen_per_t) == (80, 9)
    assert (yuhang.price.points_per_kg, yuhang.subsidy_fen_per_t) == (60, 0)
    back = desk.drafting.draft(ANN, LATER, [AsCityEdit(item="can", district="xihu")])
    assert back.version == "2026-12-b"
    _, after, found = desk.shown(BEN, back.id)
    assert after.item("can", "hz-xihu-0001").price.points_per_kg == 60
    assert {one.after for one in found if one.field != "valid_from"} == {None}


def test_of_two_drafts_from_one_list_the_second_must_be_made_again(prices: PriceOffice) -> None:
    """Else it would take back what the first one changed; also when both are signed at once."""
    desk = prices.desk
    one, two = desk.drafting.draft(ANN, LATER, [DEARER]), desk.drafting.draft(XIA, LATER, [IN_XIHU])
    desk.drafting.freeze(ANN, one.id, one.sha256)
    desk.drafting.freeze(XIA, two.id, two.sha256)
    with ThreadPoolExecutor(2) as both:
        tried = [
            both.submit(desk.signing.sign, BEN, draft.id, draft.sha256) for draft in (one, two)
        ]
    codes = [getattr(done.exception(), "code", "") for done in tried]
    assert sorted(codes) == ["", "base-changed"]
    lost = (one, two)[codes.index("base-changed")]
    author = (ANN, XIA)[codes.index("base-changed")]
    desk.drafting.withdraw(author, lost.id, "Made again.")
    again = desk.drafting.draft(author, LATER, desk.edits(author, lost.id))
    desk.drafting.freeze(author, again.id, again.sha256)
    assert desk.signing.sign(BEN, again.id, again.sha256).state == "signed"
    latest = desk.latest
    assert latest.item("can").price.points_per_kg == 90
    assert latest.item("can", "hz-xihu-0001").price.points_per_kg == 80


def test_one_draft_is_signed_once_by_two_at_the_same_moment(prices: PriceOffice) -> None:
    """Both read it, both press: one signature stands."""
    desk, carl = prices.desk, Staff("carl", "sign", "*")
    draft = desk.drafting.draft(ANN, LATER, [DEARER])
    desk.drafting.freeze(ANN, draft.id, draft.sha256)
    with ThreadPoolExecutor(2) as both:
        tried = [both.submit(desk.signing.sign, who, draft.id, draft.sha256) for who in (BEN, carl)]
    failures = [one.exception() for one in tried]
    assert sorted(getattr(one, "code", "") for one in failures) == ["", "decided"]
    assert [one[1] for one in prices.log()].count("prices-signed") == 1


def test_another_process_does_not_sign_over_a_list_that_it_has_not_seen(
    at_desk: PriceOffice,
) -> None:
    """The table of drafts says what was signed; its own shelf learns it with the next look."""
    one, two = (at_desk.desk.drafting.draft(ANN, LATER, [edit]) for edit in (DEARER, IN_XIHU))
    for draft in (one, two):
        at_desk.desk.drafting.freeze(ANN, draft.id, draft.sha256)
    shelf = Shelf(at_desk.folder)
    filing = Filing(at_desk.database, at_desk.folder, shelf, lambda: None, lambda: NOW)
    elsewhere = PriceDesk(at_desk.database, shelf, filing, lambda: NOW)
    at_desk.desk.signing.sign(BEN, one.id, one.sha256)
    assert one.version not in shelf
    assert refusal(lambda: elsewhere.signing.sign(BEN, two.id, two.sha256)) == "base-changed"
    filing.look()
    assert elsewhere.latest.version == one.version


def test_a_list_that_came_by_file_is_the_last_one_too(at_desk: PriceOffice) -> None:
    """Signed by the operator alone, as before: what was drafted from the one before is refused."""
    draft = at_desk.desk.drafting.draft(ANN, LATER, [DEARER])
    other = example().model_copy(update={"version": "2026-11-x", "valid_from": TOMORROW})
    (at_desk.folder / "catalogue-x.json").write_bytes(sign(other, at_desk.operator))
    at_desk.filing.look()
    freeze = partial(at_desk.desk.drafting.freeze, ANN, draft.id, draft.sha256)
    assert refusal(freeze) == "base-changed"
    assert at_desk.desk.drafting.draft(ANN, LATER, [DEARER]).base == "2026-11-x"


def test_without_the_operators_key_a_list_waits_for_it(tmp_path: Path) -> None:
    """The file to sign lies apart; signed elsewhere and put into the folder, it is taken."""
    database = open_database(tmp_path / "prices.sqlite")
    prices = PriceOffice(database, tmp_path / "platform", has_key=False)
    desk = prices.desk
    draft = desk.drafting.draft(ANN, LATER, [DEARER])
    desk.drafting.freeze(ANN, draft.id, draft.sha256)
    assert desk.signing.sign(BEN, draft.id, draft.sha256).state == "approved"
    assert prices.files() == ["catalogue.json", "to-sign/catalogue-2026-12-a.json"]
    assert "2026-12-a" not in prices.shelf
    content = (prices.folder / "to-sign/catalogue-2026-12-a.json").read_bytes()
    assert content == desk.unsigned(BEN, draft.id)
    signed = sign(load_plain(content), prices.operator)
    assert json.loads(signed)["catalogue"] == json.loads(content)
    (prices.folder / "catalogue-2026-12-a.json").write_bytes(signed)
    prices.filing.look()
    assert prices.shelf["2026-12-a"].item("can").price.points_per_kg == 90
    assert refusal(lambda: desk.drafting.withdraw(ANN, draft.id, "No.")) == "decided"
    database.dispose()


def test_a_key_that_is_not_the_operators_signs_nothing(at_desk: PriceOffice) -> None:
    """Kiosks would refuse the list; the draft stays frozen, and waits for the right key."""
    (at_desk.folder / "operator.pem").unlink()
    FileSigner.new(at_desk.folder / "operator.pem")
    draft = at_desk.desk.drafting.draft(ANN, LATER, [DEARER])
    at_desk.desk.drafting.freeze(ANN, draft.id, draft.sha256)
    assert refusal(lambda: at_desk.desk.signing.sign(BEN, draft.id, draft.sha256)) == "wrong-key"
    (at_desk.folder / "operator.pem").write_text("no key")
    with pytest.raises(ContractError):
        at_desk.desk.signing.sign(BEN, draft.id, draft.sha256)
    assert at_desk.desk.shown(BEN, draft.id)[0].state == "frozen"
    assert at_desk.files() == ["catalogue.json"]


def test_a_power_cut_after_the_signature_costs_nothing(at_desk: PriceOffice) -> None:
    """The file is written by the next look; one that is there is not written again."""
    desk, folder = at_desk.desk, at_desk.folder
    draft = desk.drafting.draft(ANN, LATER, [DEARER])
    desk.drafting.freeze(ANN, draft.id, draft.sha256)
    in_the_way = folder / "catalogue-2026-12-a.json.part"
    in_the_way.mkdir()
    assert desk.signing.sign(BEN, draft.id, draft.sha256).state == "signed"
    assert "2026-12-a" not in at_desk.shelf
    in_the_way.rmdir()
    at_desk.restart()
    at_desk.filing.look()
    assert "2026-12-a" in at_desk.shelf
    (folder / "catalogue-2026-12-a.json").unlink()
    at_desk.filing.look()
    assert at_desk.files() == ["catalogue.json"]
    assert "2026-12-a" in at_desk.shelf


def test_what_is_turned_down_says_why(at_desk: PriceOffice) -> None:
    """By whoever could sign it, or by its author; nobody else, and never without a reason."""
    desk = at_desk.desk
    draft = desk.drafting.draft(ANN, LATER, [DEARER])
    desk.drafting.freeze(ANN, draft.id, draft.sha256)
    assert refusal(lambda: desk.signing.reject(BEN, draft.id, " ")) == "text"
    assert refusal(lambda: desk.signing.reject(BEN, draft.id, "two\nlines")) == "text"
    assert refusal(lambda: desk.drafting.withdraw(XIA, draft.id, "Mine?")) == "not-yours"
    rejected = desk.signing.reject(BEN, draft.id, "<b>90 is too much</b>")
    assert (rejected.state, rejected.decided_by) == ("rejected", "ben")
    assert refusal(lambda: desk.drafting.withdraw(ANN, draft.id, "Late.")) == "decided"
    open_ = desk.drafting.draft(ANN, LATER)
    assert open_.version == "2026-12-b"
    assert desk.drafting.withdraw(ANN, open_.id, "A slip.").reason == "A slip."
    assert refusal(lambda: desk.drafting.withdraw(ANN, 999, "None.")) == "unknown-draft"


def test_a_slip_of_the_pen_is_named_by_its_row(at_desk: PriceOffice) -> None:
    """By the contract's own rules: figure, item and code; nothing is kept of it."""
    desk = at_desk.desk

    def tried(*edits: object) -> str:
        return refusal(lambda: desk.drafting.draft(ANN, LATER, edits))  # type: ignore[arg-type]

    with pytest.raises(CatalogueError, match=r"items\[2\] \(can\).*not -1") as refused:
        desk.drafting.draft(
            ANN, LATER, [PriceEdit(item="can", points_per_kg=-1, points_per_piece=None)]
        )
    assert refused.value.code == "negative-price"
    assert tried(SubsidyEdit(item="can", fen_per_t=500_001)) == "absurd-subsidy"
    assert tried(NamesEdit(item="can", zh="", en="Can")) == "schema"
    assert tried(NamesEdit(item="cans", zh="罐", en="Can")) == "unknown-item"
    assert tried(SubsidyEdit(item="can", district="xihe", fen_per_t=1)) == "unknown-district"
    assert tried(*[DEARER] * 2001) == "too-many"
    assert desk.drafts(ANN) == []
    unchanged = desk.drafting.draft(ANN, LATER)
    assert refusal(lambda: desk.drafting.freeze(ANN, unchanged.id, unchanged.sha256)) == "no-change"


def test_a_carbon_factor_that_slipped_is_found(at_desk: PriceOffice) -> None:
    """It was signed elsewhere into the base, and would be signed again here."""
    can = example().items[2].model_copy(update={"carbon_g_per_kg": 9125})
    items = (*example().items[:2], can, *example().items[3:])
    base = example().model_copy(update={"version": "2026-11-b", "items": items})
    (at_desk.folder / "catalogue-b.json").write_bytes(sign(base, at_desk.operator))
    at_desk.restart()
    draft = at_desk.desk.drafting.draft(ANN, LATER, [DEARER])
    with pytest.raises(CatalogueError, match=r"items\[2\] \(can\)") as refused:
        at_desk.desk.drafting.freeze(ANN, draft.id, draft.sha256)
    assert refused.value.code == "factor-differs"


def test_a_database_that_fails_signs_nothing(prices: PriceOffice) -> None:
    """Neither state nor file nor log says otherwise."""
    draft = prices.desk.drafting.draft(ANN, LATER, [DEARER])
    prices.desk.drafting.freeze(ANN, draft.id, draft.sha256)
    office = Office.__new__(Office)
    office.database = prices.database
    with office.full_disk("audit"), pytest.raises(LedgerError):
        prices.desk.signing.sign(BEN, draft.id, draft.sha256)
    assert prices.desk.shown(BEN, draft.id)[0].state == "frozen"
    assert prices.files() == ["catalogue.json"]


def test_the_shelf_keeps_what_it_knew(
    at_desk: PriceOffice, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that is lost, spoilt or reuses a version changes nothing of what records name."""
    shelf = Shelf(at_desk.folder)
    (at_desk.folder / "catalogue.json").write_bytes(b"spoilt")
    assert shelf.look() == 0
    other = example().model_copy(update={"valid_from": "2026-11-02"})
    (at_desk.folder / "catalogue.json").write_bytes(sign(other, at_desk.operator))
    assert shelf.look() == 0
    assert "version-reused" in caplog.text
    (at_desk.folder / "catalogue.json").unlink()
    assert shelf.look() == 0
    assert list(shelf) == ["2026-11-a"]
    assert shelf["2026-11-a"].valid_from == "2026-11-01"
