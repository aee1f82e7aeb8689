"""What staff change at once, or after a page was open for days: nothing is undone unseen."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import event

from cloud.shop.shelves import Good, Offer
from tests.cloud.shop.market import CITY, SHOPKEEPER, SOAP, TOWEL, Market, refused
from tests.contract.samples import ALICE


def offer_of(good: Good, **changed: int | str | bool) -> Offer:
    """The good as a form has it, with what somebody changed there."""
    kept = Offer(good.code, good.names["zh"], good.names["en"], good.points, on_sale=good.on_sale)
    return replace(kept, **changed)  # type: ignore[arg-type]


def test_an_older_price_does_not_come_back(market: Market) -> None:
    """Whoever saw another price, name or shelf looks again; what residents took is no change."""
    shelves, seen = market.shop.shelves, market.soap
    market.give(ALICE, SOAP)
    market.reserve(ALICE)
    dearer = shelves.change(SHOPKEEPER, seen, offer_of(seen, points=500))
    assert (dearer.points, dearer.stock) == (500, 2)
    for stale in (offer_of(seen, stock_by=5), offer_of(seen, on_sale=False)):
        with refused("changed"):
            shelves.change(SHOPKEEPER, seen, stale)
    ended = shelves.change(CITY, dearer, offer_of(dearer, on_sale=False))
    renamed = shelves.change(CITY, ended, offer_of(ended, en="Fine soap"))
    for old in (dearer, ended):
        with refused("changed"):
            shelves.change(CITY, old, offer_of(old))
    assert shelves.of_partner("market-1") == [renamed]
    assert (renamed.points, renamed.stock, renamed.on_sale) == (500, 2, False)
    absent = replace(seen, code="comb")
    with refused("changed"):
        shelves.change(CITY, absent, offer_of(absent))


def test_what_is_there_is_not_added_again(market: Market) -> None:
    """Neither a good, whose stock would double, nor a partner, whose till would be out."""
    shelves, partners = market.shop.shelves, market.shop.partners
    towel = Offer("towel", "毛巾", "Towel", TOWEL, 20)
    assert shelves.add(SHOPKEEPER, "market-1", towel).stock == 20
    with refused("good-there"):
        shelves.add(SHOPKEEPER, "market-1", replace(towel, points=1))
    assert {(one.code, one.points, one.stock) for one in shelves.of_partner("market-1")} == {
        ("soap", SOAP, 3),
        ("towel", TOWEL, 20),
    }
    for district in ("xihu", "yuhang"):
        with refused("partner-there"):
            partners.admit(CITY, "market-1", "新", "New", district, new=True)
    assert partners.whose(market.token).names["en"] == "Market"
    assert market.office.rows("SELECT count(*) FROM audit WHERE action = 'partner-admitted'") == [
        (1,)
    ]


def test_what_all_partners_have_is_read_at_once(market: Market) -> None:
    """A page of hundreds asks no more often than one of two."""
    market.give(ALICE, 3 * SOAP)
    taken, _, back = (market.reserve(ALICE) for _ in range(3))
    for one in (taken, back):
        market.shop.redeeming.confirm("market-1", one.code)
    market.shop.refunds.by_staff(CITY, back.redeemed.id, "Broken.")
    market.shop.partners.admit(CITY, "bakery", "面包店", "Bakery", "yuhang")
    asked: list[str] = []
    event.listen(
        market.office.database,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: asked.append(statement),
    )
    found = market.shop.till.takings_of(["market-1", "bakery", "nobody"])
    assert {name: (one.points, one.reserved) for name, one in found.items()} == {
        "market-1": (SOAP, SOAP),
        "bakery": (0, 0),
        "nobody": (0, 0),
    }
    assert sum(one.startswith("SELECT") for one in asked) == 2
    assert market.shop.till.takings_of([]) == {}
