"""What a visit has brought: points and carbon, apart, and the receipt."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import segno
from nicegui import ui

from contract.receipt import encode, split
from controller.screens.tags import box, text
from controller.screens.words import yuan

if TYPE_CHECKING:
    from controller.core.view import ReceiptRow
    from controller.screens.parts import Moment
    from controller.screens.words import Words

ROWS = 4
"""Deposits that a receipt lists on the screen; its sums are of all of them."""


def balances(moment: Moment) -> None:
    """The visit's points and carbon as two figures that never mix."""
    view, words = moment.view, moment.words
    with box("balance points"):
        text(words.label("visit-points"), "label")
        with box("figure"):
            text(f"{view.points:,}", "digits")
            text(words.label("points-unit"), "unit")
        text(words.label("yuan", yuan=yuan(view.points)), "note")
    with box("balance carbon"):
        text(words.label("visit-carbon"), "label")
        with box("figure"):
            text(f"{view.carbon_g:,}", "digits")
            text(words.label("carbon-unit"), "unit")
        text(words.label("carbon-note"), "note")


def running(moment: Moment) -> None:
    """While a visit goes on: how many deposits so far, their points and carbon, in one line."""
    view, words = moment.view, moment.words
    if view.receipt:
        sums = {"points": f"{view.points:,}", "carbon_g": f"{view.carbon_g:,}"}
        text(words.label("so-far", count=len(view.receipt), **sums))


def receipt(moment: Moment) -> None:
    """The latest deposits of this visit, one row each."""
    view, words = moment.view, moment.words
    if not view.receipt:
        return
    with box("heading-row"):
        text(words.label("this-visit"), "heading", "h2")
        if (earlier := len(view.receipt) - ROWS) > 0:
            text(words.label("earlier", count=earlier), "note")
    with box("rows", "ul"):
        for row in view.receipt[-ROWS:]:
            _row(row, words)


def receipt_code(moment: Moment) -> None:
    """The receipt of the deposit before this moment: its signed record, in one or more codes."""
    view, words = moment.view, moment.words
    if not view.receipt:
        return
    last = view.receipt[-1]
    for code in codes(last.record):
        square = ui.html(qr_svg(code), sanitize=False).classes("qr")
        square.props(f'role=img aria-label="{words.label("receipt")}"')
    with box("qr-words"):
        text(words.label("receipt"), "heading", "h2")
        text(words.label("receipt-hint"), "note scan")
        text(words.label("price-version", version=view.catalogue_version), "note")
        text(words.label("price-from", date=view.catalogue_from), "note")
        text(last.deposit_id, "id")


def codes(record: str) -> tuple[str, ...]:
    """What a resident scans to keep a record's line; none where there is no line."""
    return split(encode(record.encode())) if record else ()


def qr_svg(content: str) -> str:
    """`content` as a QR code, one inline SVG that scales with its box.

    Level L: a code on a screen is neither torn nor soiled, and larger modules read better than
    more of them.
    """
    out = BytesIO()
    segno.make(content, micro=False, error="l", boost_error=False).save(
        out, kind="svg", xmldecl=False, omitsize=True, border=4, light="#fff"
    )
    return out.getvalue().decode()


def _row(row: ReceiptRow, words: Words) -> None:
    with box("row", "li"):
        text(words.name(row.names), "item")
        text(f"{row.mass_g:,} {words.label('grams')}", "mass")
        text(words.label(f"by-{row.priced_by}", pieces=row.pieces), "basis")
        text(f"+{row.points}", "price")
