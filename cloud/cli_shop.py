"""The partners' command line: `kiosk cloud partner add | goods | list | end`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contract.console import AsJson, show

if TYPE_CHECKING:
    from cloud.shop.shop import Shop

partner = typer.Typer(help="Partners, who give goods for points.", no_args_is_help=True)

Database = Annotated[
    str, typer.Option(help="The platform's database: a file of SQLite, or postgresql://...")
]
Partner = Annotated[str, typer.Argument(help="The partner's pseudonym, as in market-1.")]
Zh = Annotated[str, typer.Option(help="Name in Chinese.")]
En = Annotated[str, typer.Option(help="Name in English.")]


@partner.command("add")
def add(
    name: Partner,
    zh: Zh,
    en: En,
    district: Annotated[str, typer.Option(help="Where it is; it stays there.")],
    database: Database,
    as_json: AsJson = False,
) -> None:
    """Admit a partner, or give it a new token; that is printed once and not kept."""
    with _shop(database) as shop:
        token = shop.partners.admit(None, name, zh, en, district)
    show({"partner": name, "district": district, "token": token}, as_json)


@partner.command("goods")
def put_goods(
    name: Partner,
    code: Annotated[str, typer.Argument(help="The partner's own name of it, as in soap.")],
    zh: Zh,
    en: En,
    points: Annotated[int, typer.Option(help="What it costs; 100 points are 1 yuan.")],
    database: Database,
    stock_by: Annotated[int, typer.Option(help="What came (or, below 0, went) on the shelf.")] = 0,
    off: Annotated[bool, typer.Option("--off", help="It is no longer offered.")] = False,
    as_json: AsJson = False,
) -> None:
    """Offer something, or change its names, price, stock; what is reserved keeps its price."""
    from cloud.shop.shelves import Offer

    with _shop(database) as shop:
        good = shop.shelves.put(None, name, Offer(code, zh, en, points, stock_by, not off))
    show(asdict(good), as_json)


@partner.command("list")
def list_partners(database: Database, as_json: AsJson = False) -> None:
    """Every partner with its points and goods."""
    with _shop(database) as shop:
        found = [_told(shop, one.id) | asdict(one) for one in shop.partners.all()]
    if as_json:
        show({"partners": found}, as_json)
        return
    for one in found:
        show({name: value for name, value in one.items() if name != "goods"}, as_json)
        for good in one["goods"]:
            show({name: good[name] for name in ("code", "points", "stock", "on_sale")}, as_json)


@partner.command("end")
def end(name: Partner, database: Database, as_json: AsJson = False) -> None:
    """A partner's token holds no longer, and its goods are no longer offered."""
    with _shop(database) as shop:
        shop.partners.end(None, name)
    show({"ended": name}, as_json)


def _told(shop: Shop, name: str) -> dict[str, Any]:
    goods = [asdict(good) for good in shop.shelves.of_partner(name)]
    return asdict(shop.till.takings(name)) | {"goods": goods}


@contextmanager
def _shop(database: str) -> Iterator[Shop]:
    """The shop as the operator has it, who reserves nothing and so needs no secret for codes."""
    import secrets

    from cloud.build import now
    from cloud.shop.codes import ShopCodes
    from cloud.shop.shop import make_shop
    from cloud.store.database import open_database

    engine = open_database(database)
    codes = ShopCodes(secrets.token_bytes(32))
    try:
        yield make_shop(engine, codes, now, lambda: secrets.token_urlsafe(24))
    finally:
        engine.dispose()
