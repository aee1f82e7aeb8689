"""A card for somebody without a phone, made and printed at a desk, lost and replaced."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from contract.card import read_card
from contract.cose import open_claims
from contract.keys import FileSigner, key_id_of
from tests.cloud.screens.staff.conftest import PHONE, Town
from tests.screens.axe import violations


def card_on(page: Page, town: Town) -> tuple[str, str]:
    """Account and id of the card on the screen, as a kiosk's camera reads it."""
    np, zxingcpp, cv2 = (pytest.importorskip(name) for name in ("numpy", "zxingcpp", "cv2"))
    expect(page.locator(".to-print svg")).to_be_visible()
    shot = page.locator(".to-print").screenshot()
    (code,) = zxingcpp.read_barcodes(cv2.imdecode(np.frombuffer(shot, np.uint8), 1))
    city = FileSigner.load(town.folder / "city.pem").public
    opened = open_claims(code.text, {key_id_of(city): city})
    card = read_card(opened, int(time.time()), clock_known=True, revoked=())
    return card.account, card.card_id


def test_a_card_is_made_lost_and_replaced(town: Town, page: Page) -> None:
    """What is printed is a card that kiosks take; once replaced, the old one is blocked; nothing
    of the account is shown but its cards."""
    town.sign_in(page, "mei", "desk", path="/staff/desk")
    expect(page.get_by_role("button", name="Make account and card")).to_be_visible()
    assert violations(page) == []
    # Whoever clicks twice, as on their desktop, gets one card.
    page.get_by_role("button", name="Make account and card").dblclick()
    account, first = card_on(page, town)
    assert violations(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.locator("h1")).to_be_hidden()
    expect(page.locator(".to-print svg")).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Done").click()
    page.get_by_label("Account, card number").fill(first)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Lost: replace it").click()
    again, second = card_on(page, town)
    assert (again, second != first) == (account, True)
    page.get_by_role("button", name="Done").click()
    page.get_by_label("Account, card number").fill(account)
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".known-card")).to_have_count(2)
    expect(page.locator(".known-card").first).to_contain_text("blocked")
    assert violations(page) == []
    page.get_by_label("Phone number", exact=True).fill("138 0013 8000")
    page.get_by_role("button", name="Link", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Linked.")
    assert "13800138000" not in page.content() and "138 0013" not in page.content()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_number_that_is_nobodys_finds_nobody(town: Town, page: Page) -> None:
    """It is said in the clerk's language, and no card can be made for it by mistake."""
    town.sign_in(page, "hua", "desk", "zh", path="/staff/desk")
    field = page.get_by_label("账户号、卡号或手机号")
    for asked, said in (
        ("a11ce00000000009", "没有这个账户"),
        ("13900139000", "这个手机号没有账户"),
        ("<b>li</b>", "既不是账户号"),
    ):
        field.fill(asked)
        page.get_by_role("button", name="查找").click()
        expect(page.get_by_role("status")).to_contain_text(said)
    expect(page.locator(".account")).to_have_count(0)
    assert violations(page) == []
