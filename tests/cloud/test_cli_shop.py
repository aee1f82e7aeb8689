"""The partners' command line."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner

from cloud.cli import app
from tests.cloud.conftest import Office
from tests.cloud.shop.market import open_shop
from tests.cloud.test_cloud_cli import refused


def told(*arguments: str) -> Any:
    """What `kiosk cloud partner` prints as JSON."""
    result = CliRunner().invoke(app, ["partner", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_partner_and_its_goods(office: Office) -> None:
    """Admitted, stocked, listed and ended; the token works and is in no later word."""
    where = ("--database", str(office.where))
    names = ("--zh", "小超市", "--en", "Market")
    made = told("add", "market-1", *names, "--district", "xihu", *where)
    shop = open_shop(office)
    assert shop.partners.whose(made["token"]).names == {"zh": "小超市", "en": "Market"}
    soap = ("goods", "market-1", "soap", "--zh", "香皂", "--en", "Soap", "--points", "300")
    assert told(*soap, "--stock-by", "5", *where)["stock"] == 5
    assert told(*soap, "--stock-by", "-2", "--off", *where)["stock"] == 3
    (listed,) = told("list", *where)["partners"]
    assert (listed["id"], listed["points"], listed["reserved"]) == ("market-1", 0, 0)
    assert [(one["code"], one["on_sale"]) for one in listed["goods"]] == [("soap", False)]
    shown = CliRunner().invoke(app, ["partner", "list", *where]).stdout
    assert "market-1" in shown and "soap" in shown and made["token"] not in shown
    told("end", "market-1", *where)
    actions = office.rows("SELECT DISTINCT actor FROM audit")
    assert actions == [("operator",)]


def test_mistakes_are_named(office: Office) -> None:
    """Names, prices, stock and partners that cannot be."""
    where = ("--database", str(office.where))
    names = ("--zh", "小超市", "--en", "Market", "--district", "xihu")
    assert "partner 'Market 1'" in refused("partner", "add", "Market 1", *names, *where)
    assert "district 'x y'" in refused("partner", "add", "m", *names[:-1], "x y", *where)
    soap = ("partner", "goods", "market-1", "soap", "--zh", "香皂", "--en", "Soap", *where)
    assert "no partner 'market-1'" in refused(*soap, "--points", "3")
    told("add", "market-1", *names, *where)
    assert "0 points are no price" in refused(*soap, "--points", "0")
    assert "would be -1" in refused(*soap, "--points", "3", "--stock-by", "-1")
    moved = ("partner", "add", "market-1", *names[:-1], "yuhang", *where)
    assert "stays so" in refused(*moved)
    long = ("partner", "add", "m", "--zh", "长" * 41, *names[2:], *where)
    assert "1 to 40 letters" in refused(*long)
