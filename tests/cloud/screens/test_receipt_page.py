"""A receipt as a page: to read, to scan, and to check with nothing else."""

from __future__ import annotations

import asyncio

import httpx
from fastapi import FastAPI

from cloud.accounts.square import square
from cloud.screens.receipt import receipt_pages
from cloud.screens.texts import local_time
from contract.catalogue import example
from contract.hours import in_china
from contract.receipt import encode
from contract.verify_page import verify_page
from tests.contract.samples import SampleKiosk

KIOSK = SampleKiosk()
LINE = KIOSK.deposit(deposit_id="0f3a9c11d2e40011-1", label="<b>plastic</b>").line
PUBLIC = KIOSK.signer.public


def find(kiosk: str, deposit_id: str) -> tuple[bytes, bytes] | None:
    """The ledger of the tests knows one deposit."""
    known = (kiosk, deposit_id) == (KIOSK.name, "0f3a9c11d2e40011-1")
    return (LINE, PUBLIC) if known else None


def get(path: str) -> httpx.Response:
    """Ask the pages, without a server."""
    app = FastAPI()
    app.include_router(receipt_pages(find, {"2026-11-a": example()}))

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://platform") as client:
            return await client.get(path)

    return asyncio.run(call())


def test_the_page_says_what_was_deposited_and_proves_it() -> None:
    """In the reader's language, the item by its name, and the code is the record itself."""
    page = get(f"/receipt/{KIOSK.name}/0f3a9c11d2e40011-1?lang=en").text
    assert "Item: Plastic bottle (pet-bottle)" in page
    assert "Price list: 2026-11-a, in force from 2026-11-01" in page
    assert f"public key: {PUBLIC.hex()}" in page
    assert square(encode(LINE)) in page


def test_nothing_in_a_record_becomes_html() -> None:
    """A signed label is still only a label."""
    assert "<b>" not in get(f"/receipt/{KIOSK.name}/0f3a9c11d2e40011-1").text


def test_a_clock_that_ran_to_the_end_of_the_calendar_is_shown_as_that() -> None:
    """China is ahead of UTC, and there is no later day: neither page of a resident breaks."""
    last = "9999-12-31T23:59:59Z"
    assert local_time(last, "en") == "31 Dec 23:59"
    assert in_china(last).year == 9999


def test_a_deposit_that_is_not_there_is_said_to_be_so() -> None:
    """Another kiosk's, or none's."""
    answer = get("/receipt/hz-xihu-0002/0f3a9c11d2e40011-1")
    assert answer.status_code == 404
    assert "hz-xihu-0002" in answer.json()["detail"]


def test_the_page_that_checks_is_served_as_it_is() -> None:
    """The same file that may be kept."""
    answer = get("/verify")
    assert answer.content == verify_page()
    assert answer.headers["content-type"].startswith("text/html")
