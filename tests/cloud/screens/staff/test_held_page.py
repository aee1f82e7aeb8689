"""Held deposits as staff see them: why, what the resident says, and a decision with a reason."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.cloud.screens.staff.conftest import PHONE, Town
from tests.contract.samples import BOB
from tests.screens.axe import violations


def test_staff_decide_about_what_is_held(town: Town, page: Page) -> None:
    """Not without a reason; another district sees nothing, and a role that reads cannot decide."""
    town.running.deliver("uncertain", account=BOB)
    town.sign_in(page, "yu", "decide", where="yuhang", path="/staff/held")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    town.sign_in(page, "reader", "read", where="xihu")
    page.get_by_role("link", name="Held deposits").first.click()
    expect(page.locator(".case")).to_contain_text("nobody knows whether the load fell")
    expect(page.get_by_role("button", name="Credit it")).to_have_count(0)
    town.sign_in(page, "xu", "decide", "zh", where="xihu", path="/staff/held")
    expect(page.locator(".case")).to_contain_text("塑料饮料瓶")
    assert violations(page) == []
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="计入", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("请写一句理由")
    page.get_by_label("理由").fill("<b>镜头看到落下</b>")
    page.get_by_role("button", name="计入", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("已计入。")
    expect(page.get_by_text("没有等待核对的记录")).to_be_visible()
