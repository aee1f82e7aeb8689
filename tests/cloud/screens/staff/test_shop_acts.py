"""What staff's pages of the shop say of an act, and which numbers they take; without a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from nicegui import Client, ui
from nicegui.page import page

from cloud.errors import LedgerError, ShopError
from cloud.screens.staff.frame import Visit
from cloud.screens.staff.shop_parts import Acts, field, text_of, whole
from cloud.staff.desk import Staff
from tests.cloud.conftest import Office
from tests.cloud.shop.market import CITY, open_shop


@pytest.fixture(autouse=True)
def drawn() -> Iterator[Client]:
    """A page that nobody looks at."""
    with Client(page("/nowhere"), request=None) as client:
        yield client


def awaited(attempt: Coroutine[Any, Any, bool]) -> bool:
    """What came of it; a browser that is driven from this thread has an event loop here."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(lambda: asyncio.run(attempt)).result()


def test_what_was_done_is_not_told_as_a_failure(file_office: Office, drawn: Client) -> None:
    """Whoever reads that it failed does it again: stock and gifts would count twice."""
    shop = open_shop(file_office)
    done: list[Staff] = []

    def down(_: object) -> None:
        raise LedgerError("ledger was not read: the server closed the connection")

    acts = Acts(Visit(CITY, "zh", {}, {}, lambda _acts: CITY), shop)
    (line,) = (one for one in drawn.elements.values() if isinstance(one, ui.label))
    assert awaited(acts.attempt(done.append, "已捐赠 200 积分。", down))
    assert line.text == "已捐赠 200 积分。 已完成，但无法显示结果：请重新打开本页。"
    assert not awaited(acts.attempt(down, "已捐赠 200 积分。", lambda _: done.append(CITY)))
    assert line.text == "暂时无法处理，请稍后再试。"
    assert done == [CITY]


def test_nothing_is_said_of_an_act_until_it_is_over(file_office: Office, drawn: Client) -> None:
    """Whoever reads that the last one was done, while this one waits, goes away too early."""
    acts = Acts(Visit(CITY, "zh", {}, {}, lambda _acts: CITY), open_shop(file_office))
    (line,) = (one for one in drawn.elements.values() if isinstance(one, ui.label))
    meanwhile: list[str] = []
    assert awaited(acts.attempt(lambda _: None, "已终止。"))
    assert awaited(acts.attempt(lambda _: meanwhile.append(line.text), "已捐赠 200 积分。"))
    assert (meanwhile, line.text) == ([""], "已捐赠 200 积分。")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("", 0), ("20", 20), ("+5", 5), ("-3", -3), ("－3", -3), ("−3", -3), ("３００", 300)],
)
def test_a_number_is_read_as_it_is_typed(typed: str, number: int) -> None:
    """A Chinese keyboard has its own figures and signs."""
    assert whole(text_of(field("Stock by", 8, typed)), "stock") == number


@pytest.mark.parametrize("typed", ["-+5", "+-5", "--5", "-", "3.5", "1,000", "3²", "1e3", "9" * 13])
def test_what_is_no_number_is_refused(typed: str) -> None:
    """By its code, whatever it is."""
    with pytest.raises(ShopError) as error:
        whole(text_of(field("Stock by", 20, typed)), "stock")
    assert error.value.code == "stock"
