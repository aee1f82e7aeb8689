"""The shop as staff look after it: a partner, its goods, its redemptions, and guests' points."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import Engine, insert

from cloud.ledger.book import OPERATOR, resident
from cloud.ledger.moving import move
from cloud.shop.codes import ShopCodes
from cloud.shop.shelves import Offer
from cloud.shop.shop import Shop, make_shop
from cloud.store.database import open_database
from cloud.store.schema_residents import erasures
from contract.fields import GUESTS
from tests.cloud.screens.staff.conftest import DESKTOP, PHONE, Town
from tests.contract.samples import ALICE
from tests.screens.axe import violations


def photograph(page: Page, name: str) -> None:
    """Keep how it looks, where somebody asks for that."""
    if folder := os.environ.get("SHOP_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        page.screenshot(path=Path(folder) / f"{name}-phone.png", full_page=True)
        page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})


@contextmanager
def street(town: Town) -> Iterator[tuple[Shop, Engine]]:
    """The town's shop, as residents and tills have it."""
    engine = open_database(town.running.database)
    codes = ShopCodes(b"s" * 32)
    yield make_shop(engine, codes, lambda: int(time.time()), lambda: secrets.token_hex(8)), engine
    engine.dispose()


def give(engine: Engine, account: str, points: int) -> None:
    """The account has more than before."""
    with engine.begin() as connection:
        move(connection, OPERATOR, resident(account), points, "a gift", int(time.time()))


def fill(page: Page, **texts: str) -> None:
    """Type into fields, by their labels."""
    for label, typed in texts.items():
        page.get_by_label(label.replace("_", " ")).fill(typed)


def logged(town: Town, token: str, actor: str) -> list[str]:
    """What the audit log says that somebody did, oldest first."""
    found = town.running.get("/api/audit", token)
    return [one["action"] for one in reversed(found) if one["actor"] == actor]


def narrow(page: Page) -> bool:
    """Whether a phone is wide enough."""
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    fits: bool = page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
    return fits


def test_a_partner_comes_and_its_goods_with_it(town: Town, page: Page) -> None:
    """The token is shown once and works; slips are told; what is there is not taken over."""
    mine = town.sign_in(page, "qian", "shop", where="xihu", path="/staff/shop")
    fill(page, Id="Market 1", Chinese_name="小河超市", English_name="River <b>Market</b>")
    page.get_by_role("button", name="Add, and make its token").click()
    expect(page.get_by_role("status")).to_contain_text("1 to 32 of a-z")
    fill(page, Id="market-1")
    page.get_by_role("button", name="Add, and make its token").dblclick()
    token = page.locator(".secret").inner_text()
    photograph(page, "partners")
    assert violations(page) == []
    with street(town) as (shop, _):
        assert shop.partners.whose(token).id == "market-1"
    fill(page, Id="market-1", Chinese_name="超市", English_name="Market")
    page.get_by_role("button", name="Add, and make its token").click()
    expect(page.get_by_role("status")).to_contain_text("There is a partner of this id")
    page.get_by_role("button", name="Done: show it no more").click()
    assert token not in page.content()
    page.get_by_role("link", name="River <b>Market</b>").click()
    soap_comes_and_goes(page)
    page.get_by_role("button", name="End this partner").click()
    expect(page.get_by_role("alert")).to_contain_text("End market-1: are you sure?")
    page.get_by_role("button", name="Yes, end it").click()
    expect(page.get_by_text("The till's token has ended")).to_be_visible()
    acts = ["partner-admitted", *["good-put"] * 4, "partner-ended"]
    assert logged(town, mine, "staff:qian") == acts


def soap_comes_and_goes(page: Page) -> None:
    """On the partner's page: offered, counted, offered no longer, and again."""
    fill(page, Code="soap", Chinese_name="香皂", English_name="Soap", Points="3.5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("whole number, 1 to")
    fill(page, Points="３00", How_many="5")
    page.get_by_role("button", name="Save").click()
    row = page.locator(".good", has_text="Soap (soap)")
    expect(row).to_contain_text("300 points · 5 left")
    page.get_by_role("button", name="Change: Soap").click()
    page.get_by_label("Stock by").fill("-6")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("stays between 0 and")
    page.get_by_label("Stock by").fill("-2")
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("3 left")
    page.get_by_role("button", name="End: Soap").click()
    expect(row).to_contain_text("not offered")
    photograph(page, "partner")
    assert violations(page) == []
    assert narrow(page)
    page.get_by_role("button", name="Offer again: Soap").click()
    expect(row).not_to_contain_text("not offered")


def test_a_redemption_is_found_and_refunded(town: Town, page: Page) -> None:
    """By its code or among the day's; with a reason, once; another district sees none of it."""
    with street(town) as (shop, engine):
        shop.partners.admit(None, "bakery", "面包店", "Bakery", "yuhang")
        bun = shop.shelves.put(None, "bakery", Offer("bun", "馒头", "Bun", 20, 9))
        give(engine, ALICE, 100)
        codes = [
            shop.redeeming.reserve(ALICE, f"a-wish-of-alice-{one}", bun.id, 20).code
            for one in range(2)
        ]
        taken = shop.redeeming.confirm("bakery", codes[0]).id
    town.sign_in(page, "sun", "shop", where="xihu", path="/staff/shop/redemptions")
    expect(page.get_by_text("Nothing was redeemed.")).to_be_visible()
    page.get_by_label("The code").fill(codes[0])
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("status")).to_have_text("That is another district's.")
    mine = town.sign_in(page, "zhou", "shop", "zh", "yuhang", "/staff/shop/redemptions")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("12 位兑换码").fill(f"{codes[0][:4].lower()} {codes[0][4:]}")
    page.get_by_role("button", name="查找", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name=f"退积分：{taken} 号").click()
    page.get_by_role("button", name="退回积分").click()
    expect(page.get_by_role("status")).to_contain_text("请写一句话")
    photograph(page, "refund")
    assert violations(page) == []
    assert narrow(page)
    page.get_by_label("原因").fill("<b>发霉</b>")
    page.get_by_role("button", name="退回积分").click()
    expect(page.get_by_role("status")).to_have_text(f"已退回 {taken} 号的积分。")
    expect(page.locator("tbody tr")).to_contain_text("已退货")
    page.get_by_role("button", name="显示").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert ALICE not in page.content() and codes[1] not in page.content()
    photograph(page, "found")
    assert logged(town, mine, "staff:zhou") == ["redemption-looked-up", "refunded"]
    assert logged(town, mine, "staff:sun") == ["denied"]


def test_guests_points_are_given_by_the_whole_city(town: Town, page: Page) -> None:
    """No more is given than there is, and nothing to no cause."""
    with street(town) as (shop, engine):
        give(engine, GUESTS, 500)
        erased = {"account": "e" * 16, "at": int(time.time()), "rest": "forfeited"}
        with engine.begin() as connection:
            connection.execute(insert(erasures).values(**erased))
        give(engine, "e" * 16, 30)
        assert shop.rests.settle() == 30
    town.sign_in(page, "chen", "shop", path="/staff/shop/giving")
    expect(page.locator("tbody tr")).to_contain_text("To the operator, came later")
    button = page.get_by_role("button", name="Give")
    status = page.get_by_role("status")
    fill(page, Cause="trees", Points="501", Reason="Trees at the lake.")
    button.click()
    expect(status).to_contain_text("Guests have not given so many points")
    fill(page, Points="200")
    button.click()
    expect(status).to_have_text("200 points were given.")
    expect(page.locator(".left")).to_contain_text("300")
    photograph(page, "giving")
    assert violations(page) == []
    button.click()
    expect(status).to_contain_text("A cause has 1 to 32 of a-z")
