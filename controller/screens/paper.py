"""A visit's receipt for the printer: the screen's own words and codes, on paper."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from contract.hours import local_time
from controller.core.slip import Code, Line
from controller.core.touches import ReceiptWanted
from controller.screens.sums import ROWS, codes
from controller.screens.words import yuan

if TYPE_CHECKING:
    from controller.core.slip import Slip
    from controller.core.view import ReceiptRow, View
    from controller.screens.words import Words

BLANK = Line("")

LABELS = {"offered": "print", "printing": "printing-now", "printed": "printed-now"}
"""Where the paper stands → what stands on its button."""


def wish(view: View, words: Words) -> ReceiptWanted:
    """What a touch on the button asks for, by what this browser shows."""
    return ReceiptWanted(view.receipt[-1].deposit_id, slip_of(view, words))


def slip_of(view: View, words: Words) -> Slip:
    """What is not on paper yet: each of the latest deposits with its code, then the sums of all.

    Of more than the screen lists, those before are in the sums alone, as on the screen.
    """
    new = view.receipt[view.printed :]
    lines: list[Line | Code] = [Line(words.label("title"), big=True), Line(view.kiosk), BLANK]
    for row in new[-ROWS:]:
        lines += [*_deposit(row, words), BLANK]
    if (earlier := len(view.receipt) - len(new[-ROWS:])) > 0:
        lines.append(Line(words.label("earlier", count=earlier)))
    return (*lines, *_sums(view, words))


def _deposit(row: ReceiptRow, words: Words) -> list[Line | Code]:
    """What it was, what it weighed and brought, when, and its signed record."""
    how = words.label(f"by-{row.priced_by}", pieces=row.pieces)
    return [
        Line(words.name(row.names), f"+{row.points}"),
        Line(f"{row.mass_g:,} {words.label('grams')}", how),
        *([Line(_at(row.record))] if row.record else []),
        *map(Code, codes(row.record)),
        Line(row.deposit_id),
    ]


def _at(record: str) -> str:
    """Day and minute of a record's line, where the kiosk stands."""
    return local_time(json.loads(record)["at"])[: len("2026-11-27 14:05")]


def _sums(view: View, words: Words) -> list[Line]:
    points = f"{view.points:,} {words.label('points-unit')}"
    carbon = f"{view.carbon_g:,} {words.label('carbon-unit')}"
    return [
        Line(words.label("visit-points"), points),
        Line("", words.label("yuan", yuan=yuan(view.points))),
        Line(words.label("visit-carbon"), carbon),
        BLANK,
        Line(words.label("price-version", version=view.catalogue_version)),
        Line(words.label("price-from", date=view.catalogue_from)),
    ]
