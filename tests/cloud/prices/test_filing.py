"""A list's file: written once, taken away when nobody wants it, and what waited for it settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cloud.errors import LedgerError, PriceError
from cloud.prices.desk import PriceDesk
from cloud.prices.drafts import Draft
from cloud.prices.edits import SubsidyEdit
from cloud.staff.desk import Staff
from cloud.store.database import open_database
from contract.catalogue import load_plain, sign
from contract.errors import CatalogueError
from tests.cloud.prices.offices import (
    ANN,
    BEN,
    DEARER,
    IN_XIHU,
    LATER,
    XIA,
    XU,
    YU,
    PriceOffice,
)


@pytest.fixture
def keyless(tmp_path: Path) -> Iterator[PriceOffice]:
    """An office whose operator keeps the key elsewhere."""
    database = open_database(tmp_path / "prices.sqlite")
    yield PriceOffice(database, tmp_path / "platform", has_key=False)
    database.dispose()


@pytest.fixture
def at_desk(tmp_path: Path) -> Iterator[PriceOffice]:
    """An office with the key at hand, on SQLite."""
    database = open_database(tmp_path / "prices.sqlite")
    yield PriceOffice(database, tmp_path / "platform")
    database.dispose()


def frozen(office: PriceOffice) -> Draft:
    """A draft that its author has handed in."""
    draft = office.desk.drafting.draft(ANN, LATER, [DEARER])
    return office.desk.drafting.freeze(ANN, draft.id, draft.sha256)


def approved(office: PriceOffice) -> Draft:
    """A draft that was signed by two, and waits for the operator's key."""
    draft = frozen(office)
    return office.desk.signing.sign(BEN, draft.id, draft.sha256)


def test_what_was_withdrawn_is_not_left_to_be_signed(keyless: PriceOffice) -> None:
    """Else the operator would sign, weeks later, what its author took back."""
    draft = approved(keyless)
    assert keyless.files() == ["catalogue.json", "to-sign/catalogue-2026-12-a.json"]
    keyless.desk.drafting.withdraw(ANN, draft.id, "The figure was last year's.")
    assert keyless.files() == ["catalogue.json"]
    keyless.restart()
    keyless.filing.look()
    assert keyless.files() == ["catalogue.json"]


def test_a_list_that_waits_for_the_key_is_turned_down_when_its_author_has_left(
    keyless: PriceOffice,
) -> None:
    """Else no other list could be signed any more: only its author could withdraw it."""
    other = keyless.desk.drafting.draft(XIA, LATER, [IN_XIHU])
    keyless.desk.drafting.freeze(XIA, other.id, other.sha256)
    draft = approved(keyless)
    for who, code in ((XU, "other-district"), (Staff("ann", "sign", "*"), "own-draft")):
        with pytest.raises(PriceError) as refused:
            keyless.desk.signing.reject(who, draft.id, "Not wanted.")
        assert refused.value.code == code
    with pytest.raises(PriceError) as refused:
        keyless.desk.signing.sign(XU, other.id, other.sha256)
    assert refused.value.code == "base-changed"
    assert keyless.desk.signing.reject(BEN, draft.id, "Ann has left.").state == "rejected"
    assert keyless.files() == ["catalogue.json"]
    assert keyless.desk.signing.sign(XU, other.id, other.sha256).state == "approved"


def test_what_the_operator_signed_meanwhile_is_turned_down_no_more(keyless: PriceOffice) -> None:
    """Kiosks may have it; and it is told as what it is, a list in use."""
    draft = approved(keyless)
    assert not keyless.desk.knows(draft.version)
    signed = sign(load_plain(keyless.desk.unsigned(BEN, draft.id)), keyless.operator)
    (keyless.folder / "catalogue-2026-12-a.json").write_bytes(signed)
    keyless.filing.look()
    assert keyless.desk.knows(draft.version)
    with pytest.raises(PriceError) as refused:
        keyless.desk.signing.reject(BEN, draft.id, "Too late.")
    assert refused.value.code == "decided"


@pytest.mark.parametrize(
    "take_back",
    [
        lambda desk, draft_id: desk.drafting.withdraw(ANN, draft_id, "It was last year's."),
        lambda desk, draft_id: desk.signing.reject(BEN, draft_id, "Too late."),
    ],
)
def test_what_the_operator_signed_a_moment_ago_is_taken_back_no_more(
    keyless: PriceOffice, take_back: Callable[[PriceDesk, int], Draft]
) -> None:
    """Its file came since the last look: a list would hold that was taken back, says the log."""
    draft = approved(keyless)
    signed = sign(load_plain(keyless.desk.unsigned(BEN, draft.id)), keyless.operator)
    (keyless.folder / "catalogue-2026-12-a.json").write_bytes(signed)
    with pytest.raises(PriceError) as refused:
        take_back(keyless.desk, draft.id)
    assert refused.value.code == "decided"
    assert keyless.desk.knows(draft.version)


def test_what_was_not_settled_is_settled_by_the_next_look(at_desk: PriceOffice) -> None:
    """The database failed after the signature: the draft is signed, and deposits do not wait for
    a restart. The look after that settles what was being posted while the list came."""
    fails = iter([True])

    def settle() -> None:
        if next(fails, False):
            raise LedgerError("the database is away")

    at_desk.settles = settle
    assert approved(at_desk).state == "signed"
    assert at_desk.settled == 1
    for looks in (2, 3, 3):
        at_desk.filing.look()
        assert at_desk.settled == looks


def test_of_several_that_look_at_once_one_writes(
    where: Path | str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Two that wrote the same file side by side could leave half of it."""
    caplog.set_level("INFO")
    database = open_database(where)
    office = PriceOffice(database, tmp_path / "platform")
    in_the_way = office.folder / "catalogue-2026-12-a.json.part"
    in_the_way.mkdir()
    approved(office)
    in_the_way.rmdir()
    with ThreadPoolExecutor(4) as several:
        for done in [several.submit(office.filing.look) for _ in range(4)]:
            done.result()
    assert caplog.text.count("event=list-filed") == 1
    assert caplog.text.count("event=list-not-filed") == 1
    database.dispose()


def test_a_districts_slip_is_named_by_its_own_row(at_desk: PriceOffice) -> None:
    """The district's first row is not the city's first item."""
    low = SubsidyEdit(item="can", district="xihu", fen_per_t=-1)
    with pytest.raises(CatalogueError, match=r"districts\[0\]\.items\[0\] \(can\)"):
        at_desk.desk.drafting.draft(ANN, LATER, [low])


def test_a_slip_in_the_year_does_not_end_all_price_lists(at_desk: PriceOffice) -> None:
    """No list could begin before it, and a district's two would have decided so for the city."""
    for day in ("2028-01-01", "2036-12-01"):
        with pytest.raises(PriceError) as refused:
            at_desk.desk.drafting.draft(XIA, day, [IN_XIHU])
        assert refused.value.code == "bad-date"
    assert at_desk.desk.drafting.draft(XIA, "2027-11-30", [IN_XIHU]).state == "open"
    with pytest.raises(PriceError) as refused:
        at_desk.desk.signing.reject(YU, 1, "Not ours.")
    assert refused.value.code == "other-district"
