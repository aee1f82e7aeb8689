"""A database that waits holds up whoever waits for it, and no other page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from cloud.store.bounds import WAIT_S
from cloud.store.database import open_database, writing
from tests.cloud.screens.staff.conftest import Town

SOON_MS = WAIT_S * 800
"""A server that waited for the database itself would answer once that has given up."""


@contextmanager
def busy(database: Engine) -> Iterator[None]:
    """Meanwhile another process writes, and nobody else can."""
    with writing(database):
        yield


def test_who_waits_for_the_database_waits_alone(town: Town, page: Page) -> None:
    """While a clerk's card waits to be written others open pages; the card comes once, later,
    however often the clerk pressed."""
    town.sign_in(page, "mei-hua", "desk", path="/staff/desk")
    make = page.get_by_role("button", name="Make account and card")
    expect(make).to_be_visible()
    database = open_database(town.running.database)
    with busy(database):
        make.click()
        make.click()
        for path, words in (("/staff", "mei-hua"), ("/staff/desk", "Make account"), ("/", "h1")):
            answer = page.context.request.get(
                f"{town.address}{path}?lang=en", timeout=SOON_MS, fail_on_status_code=True
            )
            assert words in answer.text()
        expect(page.locator(".to-print")).to_have_count(0)
    expect(page.locator(".to-print svg")).to_be_visible()
    expect(page.locator(".to-print")).to_have_count(1)
    with database.connect() as connection:
        made = "SELECT detail FROM audit WHERE action = 'card-issued' AND actor = 'staff:mei-hua'"
        assert len(connection.execute(text(made)).all()) == 1
    database.dispose()
