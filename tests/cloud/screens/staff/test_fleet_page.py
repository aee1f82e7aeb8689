"""The fleet as staff see it: live, with what is wrong, and commands that need a second yes."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.cloud.screens.staff.conftest import PHONE, Town
from tests.cloud.screens.staff.talking_kiosk import KIOSK, TalkingKiosk
from tests.screens.axe import violations

BUNDLE = b"PK\x05\x06" + bytes(18)
PLACES = {
    "places": [
        {
            "kiosk": KIOSK,
            "name": {"zh": "文三路东门", "en": "Wensan Road, east gate"},
            "address": {"zh": "文三路 1 号", "en": "1 Wensan Road"},
            "latitude_microdeg": 30_276_000,
            "longitude_microdeg": 120_124_000,
        }
    ]
}


def narrow(page: Page) -> None:
    """Nothing is wider than a phone."""
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size({"width": 1280, "height": 800})


def runs_what_it_should(page: Page) -> None:
    """Its node's firmware, and the price list that was sent to it."""
    expect(page.get_by_text("Node firmware 7")).to_be_visible()
    expect(page.get_by_text(": there")).to_have_count(1)


def test_staff_see_a_kiosk_and_close_its_bay(town: Town, page: Page) -> None:
    """The list follows what happens; nothing leaves before the second yes; the bundle is a file."""
    (town.folder / "places.json").write_text(json.dumps(PLACES))
    town.sign_in(page, "lin", "fleet", where="xihu")
    page.get_by_role("link", name="Fleet").first.click()
    row = page.locator("tr", has_text=KIOSK)
    expect(row).to_contain_text("Never heard")
    with TalkingKiosk(town.broker_port, town.folder / "ledger.pub", BUNDLE) as kiosk:
        expect(row).to_contain_text("Faults")
        expect(row).to_contain_text("scale-signal")
        expect(row).to_contain_text("64 %")
        expect(row).to_contain_text("Wensan Road, east gate")
        expect(page.locator(".fleet-map .pin.bad")).to_have_count(1)
        assert violations(page) == []
        narrow(page)
        row.get_by_role("link").click()
        expect(page.get_by_text("scale-signal, since")).to_be_visible()
        expect(page.get_by_text("code:expired 2")).to_be_visible()
        runs_what_it_should(page)

        page.get_by_role("button", name="Close bay a").click()
        expect(page.get_by_role("alert")).to_contain_text(f"Close bay a at {KIOSK}: are you sure?")
        page.get_by_role("button", name="No, go back").click()
        assert kiosk.done == []
        page.get_by_role("button", name="Close bay a").click()
        page.get_by_role("button", name="Yes, send it").click()
        expect(page.get_by_role("button", name="Open bay a")).to_be_visible()
        expect(page.get_by_text("closed: closed from afar")).to_be_visible()
        expect(page.locator("td", has_text="done")).to_have_count(1)
        assert kiosk.done == ["close-bay"]
        page.get_by_role("button", name="Send diagnostics").click()
        page.get_by_role("button", name="Yes, send it").click()
        link = page.get_by_role("link", name="Save the bundle")
        expect(link).to_be_visible()
        assert violations(page) == []
        narrow(page)
        with page.expect_download() as download:
            link.click()
        assert download.value.path().read_bytes() == BUNDLE
        assert download.value.suggested_filename.startswith(KIOSK)
        town.admit("lin", "fleet", "yuhang")  # who was open here is signed out by it
        expect(page.get_by_text("This page is not up to date any more")).to_be_visible()


def test_who_only_reads_is_offered_no_command(town: Town, page: Page) -> None:
    """In Chinese as well; another district's kiosk is none of theirs."""
    with TalkingKiosk(town.broker_port, town.folder / "ledger.pub", BUNDLE):
        town.sign_in(page, "he", "read", "zh", where="xihu")
        page.goto(f"{town.address}/staff/fleet/{KIOSK}?lang=zh")
        expect(page.get_by_text("您的角色只能查看。")).to_be_visible()
        expect(page.get_by_text("scale-signal，自")).to_be_visible()
        expect(page.get_by_role("button", name="停用投口")).to_have_count(0)
        assert violations(page) == []
    town.sign_in(page, "gu", "fleet", "zh", where="yuhang", path="/staff/fleet")
    town.admit("gu", "fleet", "yuhang")
    expect(page.get_by_text("此页未能更新，显示的是旧数据。")).to_be_visible()
    town.sign_in(page, "gu", "fleet", where="yuhang")
    page.goto(f"{town.address}/staff/fleet/{KIOSK}?lang=en")
    expect(page.get_by_text("This kiosk is in another district.")).to_be_visible()
    page.goto(f"{town.address}/staff/fleet/bundles/{'ab' * 8}")
    expect(page.get_by_text("there is no bundle")).to_be_visible()


def test_a_command_without_an_answer_is_taken_back(town: Town, page: Page) -> None:
    """By whoever may give one; faults stand in the reader's language, with what to do."""
    with TalkingKiosk(town.broker_port, town.folder / "ledger.pub", BUNDLE):
        pass  # it is gone, and nobody has noticed
    kiosk = f"/staff/fleet/{KIOSK}"
    town.sign_in(page, "yan", "fleet", "zh", where="xihu", path=kiosk)
    expect(page.get_by_text("称重信号异常：检查秤盘")).to_be_visible()
    page.get_by_role("button", name="重新读取价目").click()
    page.get_by_role("button", name="是，发出指令").click()
    expect(page.get_by_text("已发送，等待回复")).to_be_visible()
    assert violations(page) == []
    narrow(page)
    town.sign_in(page, "hu", "read", where="xihu", path=kiosk)
    expect(page.get_by_text("sent, not answered yet")).to_be_visible()
    expect(page.get_by_text("Scale signal · scale-signal, since")).to_be_visible()
    expect(page.get_by_role("button", name="Withdraw")).to_have_count(0)
    town.sign_in(page, "yan", "fleet", "zh", where="xihu", path=kiosk)
    page.get_by_role("button", name="撤回指令：重新读取价目").click()
    expect(page.get_by_text("之前已发出 1 次")).to_be_visible()
    expect(page.locator("td", has_text="已撤回")).to_have_count(1)
    expect(page.get_by_role("button", name="撤回指令")).to_have_count(0)
