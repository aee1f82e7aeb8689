"""A price from the first field to the second signature, on the page and in both languages."""

from __future__ import annotations

import time
from datetime import date, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import text

from cloud.prices.edits import PriceEdit
from cloud.store.database import open_database
from contract.hours import day_of
from tests.cloud.screens.staff.conftest import DESKTOP, PHONE, Town
from tests.screens.axe import violations


def day(ahead: int) -> str:
    """A day to come, in China."""
    return (date.fromisoformat(day_of(int(time.time()))) + timedelta(days=ahead)).isoformat()


def fits(page: Page) -> bool:
    """Whether a phone is wide enough."""
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    wide: bool = page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
    # A button that still moves is pressed in one place and let go in another.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return wide


def test_a_price_is_drafted(town: Town, page: Page) -> None:
    """Slips are told with the item's name, and nothing is handed in that was not saved."""
    token = town.sign_in(page, "ann", "prices")
    before = town.running.get("/api/prices/drafts", token)
    page.get_by_role("link", name="Price lists").first.click()
    page.get_by_label("First day").fill(day(0))
    page.get_by_role("button", name="Begin a draft").click()
    expect(page.get_by_role("status")).to_contain_text("tomorrow at the earliest")
    page.get_by_label("First day").fill(day(9))
    page.get_by_role("button", name="Begin a draft").dblclick()
    per_kg = page.get_by_label("Points/kg: Aluminium can")
    expect(per_kg).to_be_visible()
    assert len(town.running.get("/api/prices/drafts", token)) == len(before) + 1
    per_kg.fill("-90")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("items[2] (can)")
    per_kg.fill("９0")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("status")).to_contain_text("Save it first")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".changes")).to_contain_text("points per kg")
    assert violations(page) == []
    assert fits(page)
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".about")).to_contain_text("waits for a signature")
    expect(page.get_by_role("button", name="Sign", exact=True)).to_have_count(0)


def test_another_person_signs_it(town: Town, page: Page) -> None:
    """Its author may not, in whatever role they come; who signs reads each change in words."""
    dearer, begins = PriceEdit(item="can", points_per_kg=90, points_per_piece=4), day(9)
    draft = town.frozen("ann", begins, dearer)
    address = f"/staff/prices/{draft}"
    town.sign_in(page, "ann", "sign", path=address)
    expect(page.locator(".second")).to_contain_text("another person signs it")
    town.sign_in(page, "ben", "sign", "zh", path=address)
    first_day = ["全市", "–", "生效日期", "2026-11-01", begins]
    price = ["全市", "铝易拉罐 (can)", "积分/公斤", "60", "90"]
    expect(page.locator(".changes td")).to_have_text([*first_day, *price])
    assert violations(page) == []
    page.get_by_role("button", name="审签").click()
    expect(page.locator(".about")).to_contain_text("已签名")
    page.goto(f"{town.address}/staff/prices?lang=zh")
    expect(page.get_by_text("将生效")).to_be_visible()
    assert violations(page) == []
    assert fits(page)
    assert len(list(town.folder.glob("catalogue-*.json"))) == 1


def test_a_district_has_prices_of_its_own(town: Town, page: Page) -> None:
    """Its staff see their own district's fields, and the city's figures in grey beside them."""
    town.sign_in(page, "xia", "prices", where="xihu", path="/staff/prices")
    page.get_by_label("First day").fill(day(20))
    page.get_by_role("button", name="Begin a draft").click()
    per_kg = page.get_by_label("Points/kg: Cardboard")
    expect(per_kg).to_have_attribute("placeholder", "60")
    per_kg.fill("70")
    page.get_by_label("Subsidy, fen/t: Cardboard").fill("1200")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".changes")).to_contain_text("as in the city")
    assert violations(page) == []
    page.get_by_label("Why you withdraw it").fill("A <slip> of the pen")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".about")).to_contain_text("A <slip> of the pen")
    page.goto(f"{town.address}/staff/prices/99999?lang=en")
    expect(page.get_by_text("There is no such draft.")).to_be_visible()


def test_without_the_operators_key_a_list_waits(town: Town, page: Page) -> None:
    """It is told as approved and not as signed, and whoever could sign it may turn it down."""
    key, away = town.folder / "operator.pem", town.folder / "operator.away"
    key.rename(away)
    try:
        dearer = PriceEdit(item="can", points_per_kg=91, points_per_piece=4)
        draft = town.frozen("ann", day(30), dearer)
        town.sign_in(page, "ben", "sign", path=f"/staff/prices/{draft}")
        page.get_by_role("button", name="Sign", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("You have signed it.")
        expect(page.locator(".about h2")).to_contain_text("approved, waits for the key")
        expect(page.locator(".to-sign")).to_contain_text("to-sign/catalogue-")
        expect(page.get_by_role("button", name="Sign", exact=True)).to_have_count(0)
        page.get_by_label("Why it is rejected").fill("Ann has left.")
        page.get_by_role("button", name="Reject").click()
        expect(page.locator(".about h2")).to_contain_text("rejected")
        assert list((town.folder / "to-sign").iterdir()) == []
    finally:
        away.rename(key)


def test_a_page_that_cannot_be_read_says_so(town: Town, page: Page) -> None:
    """While the database fails, with who is signed in and the way to other pages."""
    engine = open_database(town.running.database)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE price_drafts RENAME TO price_drafts_away"))
    try:
        town.sign_in(page, "ann", "prices", path="/staff/prices")
        expect(page.locator(".card.problem")).to_contain_text("could not be done just now")
    finally:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE price_drafts_away RENAME TO price_drafts"))
        engine.dispose()


def test_prices_are_not_everybodys(town: Town, page: Page) -> None:
    """Other roles have no link there, and find nothing at the address."""
    town.sign_in(page, "clerk", "desk")
    expect(page.get_by_role("link", name="Price lists")).to_have_count(0)
    page.goto(f"{town.address}/staff/prices?lang=en")
    expect(page.get_by_text("Your role may not do this.")).to_be_visible()
