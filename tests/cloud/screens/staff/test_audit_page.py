"""The audit log as staff read it: looked up by who, what and day, and turned page by page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from cloud.build import now
from cloud.screens.staff.audit import SHOWN
from cloud.staff.acts import note_by
from cloud.staff.desk import Staff
from cloud.store.database import open_database, writing
from contract.hours import day_of
from tests.cloud.screens.staff.conftest import PHONE, Town
from tests.screens.axe import violations

TAO = Staff("tao", "desk", "xihu")
CARD = "ca4d00000000ffff"


def test_staff_look_up_who_did_what(town: Town, page: Page) -> None:
    """An auditor of the district finds a clerk's acts, and what was done to one card."""
    engine = open_database(town.running.database)
    with writing(engine) as connection:
        for _ in range(SHOWN):
            note_by(connection, now(), TAO, "counter-refused", "xihu", detail="<b>unknown</b>")
        note_by(connection, now() - 86_400, TAO, "card-issued", "xihu", detail=CARD)
    engine.dispose()
    town.sign_in(page, "zeng", "read", where="xihu", path="/staff/audit")
    rows = page.locator("tbody tr")
    page.get_by_label("Who").fill("tao")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(rows).to_have_count(SHOWN)
    expect(rows.first).to_contain_text("made a card")
    page.get_by_role("button", name="Older lines").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("<b>unknown</b>")
    page.goto(f"{town.address}/staff/audit?lang=zh&about={CARD.upper()}")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("制卡")
    assert violations(page) == []
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("日期").fill(day_of(now()))
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("没有符合的记录")).to_be_visible()
