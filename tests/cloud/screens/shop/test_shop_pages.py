"""A resident reserves on the phone, the till reads the code and confirms; both see it at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cloud.shop.codes import LENGTH
from tests.cloud.platform import CAROL
from tests.cloud.screens.shop.conftest import TOKEN, Street
from tests.contract.samples import ALICE, BOB
from tests.screens.axe import violations


def photograph(page: Page, name: str) -> None:
    """Keep how it looks, where somebody asks for that."""
    if folder := os.environ.get("SHOP_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def enter(street: Street, till: Page, token: str = TOKEN, language: str = "en") -> None:
    """The assistant signs in."""
    till.goto(f"{street.running.address}/partner?lang={language}")
    till.locator("input[name=token]").fill(token)
    till.locator(".primary").click()


def type_in(till: Page, code: str) -> None:
    """A hand-held scanner types, and ends with Enter."""
    till.locator("input[name=code]").fill(code)
    till.keyboard.press("Enter")


def what_comes_elsewhere_moves_nothing(street: Street, phone: Page) -> None:
    """Another good's stock draws no button anew: a finger on it would miss."""
    soap = phone.get_by_role("button", name="Reserve: Soap")
    soap.evaluate("one => one.dataset.same = 'yes'")
    street.offer("towel", "毛巾", "Towel", 1200, 1)
    expect(phone.locator(".goods .deposit", has_text="Towel")).to_contain_text("10 left")
    expect(soap).to_have_attribute("data-same", "yes")


def test_soap_goes_over_the_counter(street: Street, phone: Page, till: Page) -> None:
    """From the account's link to the confirmation that the phone shows by itself."""
    np, zxingcpp, cv2 = (pytest.importorskip(name) for name in ("numpy", "zxingcpp", "cv2"))
    street.give(ALICE, 1000)
    phone.goto(street.running.account(ALICE, "en"))
    phone.locator('a[href*="/shop"]').click()
    expect(phone.locator(".points .figure")).to_have_text("1,000")
    rows = phone.locator(".goods .deposit")
    expect(rows.filter(has_text="Towel")).to_contain_text("200 points missing")
    expect(rows.filter(has_text="Salt")).to_contain_text("Sold out")
    assert violations(phone) == []
    photograph(phone, "shop")
    what_comes_elsewhere_moves_nothing(street, phone)
    phone.get_by_role("button", name="Reserve: Soap").dblclick()
    expect(phone.locator(".reserved")).to_have_count(1)
    expect(phone.locator(".points .figure")).to_have_text("700")
    expect(phone.locator(".reserved .time")).to_contain_text("Holds 14:")
    expect(phone.get_by_role("status")).to_contain_text("Reserved: Soap <b>100 g</b>")
    assert violations(phone) == []
    photograph(phone, "code")
    letters = phone.locator(".reserved .letters").inner_text()
    picture = cv2.imdecode(np.frombuffer(phone.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == letters.replace("-", "") and len(code.text) == LENGTH
    enter(street, till)
    type_in(till, letters.lower())
    expect(till.locator(".good")).to_have_text("Soap <b>100 g</b>")
    assert violations(till) == []
    photograph(till, "asked")
    till.get_by_role("button", name="Confirm").dblclick()  # the second would be "used already"
    expect(till.get_by_role("status").first).to_contain_text("Taken")
    expect(till.get_by_role("alert")).to_have_count(0)
    assert "code=" not in till.url and letters not in till.url
    photograph(till, "done")
    assert violations(till) == []
    expect(phone.locator(".reserved")).to_have_count(0)
    expect(phone.locator(".list").last).to_contain_text("Taken")
    type_in(till, letters)
    expect(till.get_by_role("alert")).to_have_text("This code was used already")


def test_a_code_is_there_after_a_reload_and_goes_when_it_is_cancelled(
    street: Street, phone: Page
) -> None:
    """In Chinese; points and goods are back at once."""
    street.give(BOB, 300)
    street.shop_of(phone, BOB, "zh")
    phone.get_by_role("button", name="兑换：香皂").click()
    letters = phone.locator(".reserved .letters").inner_text()
    phone.reload()
    expect(phone.locator(".reserved .letters")).to_have_text(letters)
    expect(phone.locator(".points .figure")).to_have_text("0")
    assert violations(phone) == []
    photograph(phone, "code-zh")
    phone.get_by_role("button", name="取消：香皂").click()
    expect(phone.locator(".reserved")).to_have_count(0)
    expect(phone.locator(".points .figure")).to_have_text("300")
    expect(phone.locator(".list").last).to_contain_text("已取消，积分已退回")
    photograph(phone, "history-zh")
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


def test_nobody_else_gets_into_the_shop(street: Street, phone: Page) -> None:
    """Without a sign-in, to another's account, or to none."""
    address = f"{street.running.address}/account/{{}}/shop?lang=en"
    phone.goto(address.format(ALICE))
    assert "/sign-in" in phone.url
    street.shop_of(phone, CAROL)
    answer = phone.goto(address.format(ALICE))
    assert answer is not None and answer.status == 403
    phone.goto(address.format("0" * 16))
    expect(phone.get_by_text("No such account")).to_be_visible()


def test_a_till_turns_down_and_takes_back(street: Street, phone: Page, till: Page) -> None:
    """Each refusal in a sentence; a wrong token, another's code, a refund without a reason."""
    street.give(CAROL, 700)
    enter(street, till, "no token of ours")
    expect(till.get_by_role("alert")).to_have_text("This token is no shop's")
    assert violations(till) == []
    photograph(till, "shut")
    enter(street, till, language="zh")
    type_in(till, "0000-0000-0000")
    expect(till.get_by_role("alert")).to_contain_text("不是本店的兑换码")
    made = street.shop.redeeming.reserve(CAROL, "first-wish-of-carol", 1, 300)
    street.shop_of(phone, CAROL, "zh")
    expect(phone.locator(".reserved")).to_contain_text("此码已无法显示")
    type_in(till, made.code)
    till.get_by_role("button", name="无法交付").click()
    expect(till.get_by_role("status").first).to_contain_text("已取消")
    expect(phone.locator(".points .figure")).to_have_text("700")
    made = street.shop.redeeming.reserve(CAROL, "other-wish-of-carol", 1, 300)
    type_in(till, made.code)
    till.get_by_role("button", name="确认已交付").click()
    till.locator("summary").first.click()
    till.locator("input[name=reason]").first.fill("商品破损")
    photograph(till, "refund-zh")
    assert violations(till) == []
    till.locator(".danger").first.click()
    expect(till.get_by_role("status").first).to_contain_text("已退货")
    expect(phone.locator(".points .figure")).to_have_text("700")
    till.get_by_role("button", name="退出").click()
    expect(till.locator("input[name=token]")).to_be_visible()
    assert street.running.get("/api/shop/refused")["unknown-code"] == 1
