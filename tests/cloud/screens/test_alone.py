"""A resident's page that waits for the database waits alone; without a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from nicegui import Client, ui
from nicegui.page import page
from sqlalchemy import text

from cloud.accounts.codes import CodeIssuer
from cloud.screens.account import AccountPage
from cloud.screens.door import Stay
from cloud.screens.shop_page import ShopPage
from tests.cloud.conftest import Office, Server
from tests.cloud.residents.lodge import Lodge
from tests.cloud.shop.market import open_shop
from tests.contract.samples import ALICE, signer

WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"
PATIENCE_S = 60.0


@pytest.fixture
def office(postgresql: Server) -> Iterator[Office]:
    """A ledger on a server, where whoever reads may wait too."""
    office = Office(postgresql.new_address())
    yield office
    office.database.dispose()


@pytest.fixture(params=["account", "shop"])
def drawn(request: pytest.FixtureRequest, office: Office) -> Callable[[], AccountPage | ShopPage]:
    """Begins one of the two pages, on which Alice is signed in."""
    residents = Lodge(office).residents
    token = residents.enter_demo("127.0.0.1", "phone", ALICE).token

    def begun() -> AccountPage | ShopPage:
        stay = Stay(residents, token, ALICE, "en")
        if request.param == "shop":
            return ShopPage(open_shop(office), lambda: office.now_s, ALICE, "en", stay)
        codes = CodeIssuer(signer("city"), lambda: office.now_s, lambda: bytes(8))
        return AccountPage(office.ledger, codes, lambda: office.now_s, ALICE, "en", stay)

    return begun


def test_whoever_waits_for_the_database_waits_alone(
    office: Office, drawn: Callable[[], AccountPage | ShopPage]
) -> None:
    """While a table is locked the server's own thread goes on with everybody else's pages."""

    async def look(client: Client) -> None:
        with client:
            await drawn().draw()

    async def story() -> list[str]:
        client = Client(page("/nowhere"), request=None)
        with office.database.begin() as connection:
            connection.execute(text("LOCK TABLE sign_ins IN ACCESS EXCLUSIVE MODE"))
            looking = asyncio.create_task(look(client))
            async with asyncio.timeout(PATIENCE_S):
                # This is the thread that every page is drawn on.
                while not connection.execute(text(WAITS)).scalar_one():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            assert not looking.done()
        await looking
        return [one.text for one in client.elements.values() if isinstance(one, ui.label)]

    with ThreadPoolExecutor(1) as elsewhere:  # a browser that is driven from here has a loop
        said = elsewhere.submit(lambda: asyncio.run(story())).result()
    assert "0" in said
