"""Whatever staff type: nothing is signed that the contract refuses, or that nobody was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from cloud.errors import PriceError
from cloud.prices.differences import differences
from cloud.prices.drafts import Draft, as_text, edits_of, next_version
from cloud.prices.edits import (
    AsCityEdit,
    Edit,
    LowValueEdit,
    NamesEdit,
    PriceEdit,
    SubsidyEdit,
    changed,
)
from cloud.prices.table import Row, edits_from, rows_of
from cloud.store.database import open_database
from cloud.store.schema_prices import price_drafts
from contract.canonical import INT_MAX
from contract.catalogue import example, load_plain, load_signed, sign
from contract.errors import ContractError
from contract.factors import check_factors, factor_sets
from tests.cloud.prices.offices import ANN, BEN, LATER, PriceOffice, in_districts
from tests.contract.samples import signer

Made = TypeVar("Made")

BASE = in_districts(example())
CODES = [one.code for one in BASE.items]

items = st.sampled_from([*CODES, "no-such"])
districts = st.sampled_from(["", "xihu", "yuhang", "no-such"])
likely = st.integers(0, 200)
figures = likely | st.integers(-INT_MAX, INT_MAX) | st.sampled_from([-1, 10_000, 10_001, 500_001])
prices = st.none() | figures
words = st.text(st.characters(codec="utf-8"), max_size=64)

edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(
        PriceEdit, item=items, district=districts, points_per_kg=prices, points_per_piece=prices
    ),
    st.builds(SubsidyEdit, item=items, district=districts, fen_per_t=figures),
    st.builds(LowValueEdit, item=items, low_value=st.booleans()),
    st.builds(NamesEdit, item=items, zh=words, en=words),
    st.builds(AsCityEdit, item=items, district=districts.filter(bool)),
)


def tried(act: Callable[[], Made]) -> tuple[Made | None, str]:
    """What came of it, or the code with which it was refused."""
    try:
        return act(), ""
    except (PriceError, ContractError) as refused:
        return None, refused.code


@settings(max_examples=60)
@given(st.lists(edits, max_size=6))
def test_what_comes_of_edits_the_contract_takes(made: list[Edit]) -> None:
    """Or it is refused with a code; what differs afterwards is what was edited, and all is shown:
    the differences undone are the list of before."""
    content, code = tried(lambda: changed(BASE, "2026-12-a", LATER, made))
    if content is None:
        assert code
        return
    after = load_plain(content)
    assert load_signed(sign(after, signer("operator")), signer("operator").public) == after
    places = {(one.item, getattr(one, "district", "")) for one in made}
    found = differences(BASE, after)
    assert {(one.item, one.district) for one in found if one.field != "valid_from"} <= places
    undone = {"version": BASE.version, "valid_from": BASE.valid_from}
    same = after.model_dump() | undone == BASE.model_dump()
    assert same is ({one.field for one in found} == {"valid_from"})


@settings(max_examples=30)
@given(st.lists(edits, max_size=6))
def test_edits_are_kept_as_they_were(made: list[Edit]) -> None:
    """So that they can be made again in a later list."""
    assert edits_of(as_text(made)) == made


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> PriceOffice:
    """One office, whose drafts are forgotten before each try."""
    folder: Path = tmp_path_factory.mktemp("any")
    return PriceOffice(open_database(folder / "prices.sqlite"), folder / "platform")


@settings(max_examples=20)
@given(st.lists(edits, max_size=4))
def test_what_is_signed_is_a_list_that_kiosks_take(office: PriceOffice, made: list[Edit]) -> None:
    """By signature, rows and factors, whatever was typed on the way."""
    for path in office.folder.glob("catalogue-*"):
        path.unlink()
    with office.database.begin() as connection:
        connection.execute(delete(price_drafts))
    office.restart()

    def sign_it() -> Draft:
        draft = office.desk.drafting.draft(ANN, LATER, made)
        office.desk.drafting.freeze(ANN, draft.id, draft.sha256)
        return office.desk.signing.sign(BEN, draft.id, draft.sha256)

    draft, code = tried(sign_it)
    if draft is None:
        assert code and office.files() == ["catalogue.json"]
        return
    data = (office.folder / f"catalogue-{draft.version}.json").read_bytes()
    check_factors(load_signed(data, office.operator.public), factor_sets())


fields = st.sampled_from(
    ["", "-", "0", "65", "６５", " 7 ", "10001", "-3", "1.5", "1e3", "x", "\0"]
)


@given(
    st.sampled_from(["", "xihu"]),
    st.lists(st.tuples(st.sampled_from(CODES), fields, fields, fields), max_size=4),
)
def test_a_table_says_what_was_typed_or_is_refused(
    district: str, typed: list[tuple[str, str, str, str]]
) -> None:
    """The edits that a filled table comes to make exactly that table, and nothing elsewhere."""
    rows = {one.item: one for one in rows_of(BASE, district)}
    for code, kg, piece, subsidy in typed:
        rows[code] = replace(
            rows[code], points_per_kg=kg, points_per_piece=piece, fen_per_t=subsidy
        )
    filled = list(rows.values())
    content, code = tried(
        lambda: changed(BASE, "2026-12-a", LATER, edits_from(BASE, district, filled))
    )
    if content is None:
        assert code
        return
    after = load_plain(content)
    other = "" if district else "xihu"
    assert rows_of(after, other) == rows_of(BASE, other)
    for shown in rows_of(after, district):
        assert _meant(shown, district) == _meant(rows[shown.item], district)


def _meant(row: Row, district: str) -> tuple[str, ...]:
    """A row's figures without what is only spelling."""
    plain = [
        one.strip().replace("６５", "65")
        for one in (row.points_per_kg, row.points_per_piece, row.fen_per_t)
    ]
    subsidy = "" if plain[2] == "-" else plain[2]
    if not district:
        return (plain[0].replace("-", ""), plain[1].replace("-", ""), subsidy or "0")
    if not plain[0] and not plain[1]:
        return ("", "", subsidy)
    return (plain[0] or "-", plain[1] or "-", subsidy)


def test_versions_of_a_month_rise_for_ever() -> None:
    """A later one is the greater text, so that it is the later list."""
    used: list[str] = []
    for _ in range(60):
        used.append(next_version("2026-12-31", used))
    assert used == sorted(used)
    assert used[24:28] == ["2026-12-y", "2026-12-z", "2026-12-za", "2026-12-zb"]
