"""The till while the database fails: a page in plain words, whatever was asked; no browser."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI

from cloud.api.refusals import answer_refusals
from cloud.screens.till import COOKIE, till_pages
from cloud.shop.sessions import till_sessions
from tests.cloud.conftest import Office
from tests.cloud.shop.market import SOAP, Market
from tests.contract.samples import ALICE


class Counter:
    """The till's pages over one market, and a browser in which it is signed in."""

    def __init__(self, market: Market) -> None:
        office, shop, ids = market.office, market.shop, itertools.count()
        sessions = till_sessions(
            office.database, shop.partners, lambda: office.now_s, lambda: f"session-{next(ids)}"
        )
        self._app = FastAPI()
        answer_refusals(self._app)
        self._app.include_router(till_pages(shop, sessions))
        self._cookie = {"cookie": f"{COOKIE}={sessions.sign_in(market.token)}"}

    def ask(self, method: str, address: str, **form: str) -> httpx.Response:
        """What the browser is shown in the end."""

        async def ask() -> httpx.Response:
            carried = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(
                transport=carried, base_url="http://platform", follow_redirects=True
            ) as client:
                return await client.request(method, address, data=form, headers=self._cookie)

        # A browser that is driven from this thread has an event loop here.
        with ThreadPoolExecutor(1) as elsewhere:
            return elsewhere.submit(lambda: asyncio.run(ask())).result()


@pytest.fixture
def market() -> Iterator[Market]:
    """In memory: what is said is the same on both databases."""
    office = Office(":memory:")
    yield Market(office)
    office.database.dispose()


@contextmanager
def failing(office: Office) -> Iterator[None]:
    """Meanwhile nobody knows who is signed in."""
    for old, new in (("web_sessions", "away"), ("away", "web_sessions")):
        with office.database.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")
        if new == "away":
            yield


def test_the_till_says_in_words_that_it_cannot(market: Market) -> None:
    """To a look at the page and to each of its forms; afterwards it is signed in as before."""
    counter = Counter(market)
    with failing(market.office):
        for answer in (
            counter.ask("GET", "/partner?lang=en"),
            counter.ask("POST", "/partner/look?lang=en", code="7K2MQ0XV93TA"),
            counter.ask("POST", "/partner/sign-out?lang=en"),
        ):
            assert answer.status_code == 503
            assert answer.headers["content-type"].startswith("text/html")
            assert "Not possible just now" in answer.text and "Try again" in answer.text
        assert "系统暂时不可用" in counter.ask("GET", "/partner").text
    assert "Market" in counter.ask("GET", "/partner?lang=en").text


def test_what_was_handed_over_is_never_said_to_have_failed(market: Market) -> None:
    """It was confirmed, and only the page after it cannot be drawn."""
    counter = Counter(market)
    market.give(ALICE, SOAP)
    made = market.reserve(ALICE)
    market.shop.redeeming.confirm("market-1", made.code)
    with failing(market.office):
        answer = counter.ask("GET", f"/partner?lang=en&done={made.redeemed.id}")
    assert answer.status_code == 503
    assert "It is done" in answer.text and "Not possible" not in answer.text
    assert f"done={made.redeemed.id}" in answer.text


def test_another_code_than_ours_is_read_again(market: Market) -> None:
    """A receipt's is longer than any box: a photograph of it fills the box all the same."""
    answer = Counter(market).ask("POST", "/partner/look?lang=en", code="R" * 2_000)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text and "form" in answer.text
