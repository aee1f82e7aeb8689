"""The idle screen: what to do, how it works, what is taken at which price, and which bays work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.viewing import CLOSED
from controller.screens.rests import courses
from controller.screens.scenes import STEPS
from controller.screens.tags import ASSETS, box, drawing, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from controller.core.view import BayRow, PriceRow, View
    from controller.screens.parts import Moment
    from controller.screens.words import Words


def how(moment: Moment) -> None:
    """How it works, in three pictures."""
    with box("steps", "ol").props(f'aria-label="{moment.words.label("how")}"'):
        for number, step in enumerate(STEPS, 1):
            with box("card", "li"):
                drawing(step)
                text(str(number), "number")
                text(moment.words.label(step), "caption", "p")


def listed(moment: Moment) -> object:
    """What `prices` depends on."""
    view = moment.view
    version = view.catalogue_version, view.catalogue_from
    return view.prices, version, view.rules, view.hours


def prices(moment: Moment) -> None:
    """The price list by stream, what is taken and when, the list's version and its first day."""
    view, words = moment.view, moment.words
    with box("heading-row"):
        text(words.label("prices"), "heading", "h2")
        text(words.label("yuan-rule"), "rule")
        text(words.label("per-kg"), "column")
        text(words.label("per-piece"), "column")
    shown = tuple(streams(view))
    rows = max(len(view.prices), len(shown), 1)
    with box("streams").style(f"--rows: {rows}; --streams: {len(shown)}"):
        for stream in shown:
            _stream(stream, [one for one in view.prices if one.stream == stream], words)
    with box("rules"):
        text(words.rules(view.rules))
        text(" · ".join(map(words.hours, view.hours)))
    with box("fine"):
        text(words.label("price-version", version=view.catalogue_version))
        text(words.label("price-from", date=view.catalogue_from))
        text(words.label("light-rule"))


def standing(moment: Moment) -> object:
    """What `bays` depends on."""
    view = moment.view
    return view.bays, view.rules, view.online, view.message == CLOSED


def bays(moment: Moment) -> None:
    """Each bay: what it takes, and whether it can be used or why not."""
    with box("bays").props(f'role=group aria-label="{moment.words.label("bays")}"'):
        for bay in moment.view.bays:
            with box("card bay" if bay.usable else "card bay down"):
                bay_face(bay, moment)


def bay_face(bay: BayRow, moment: Moment) -> None:
    """A bay's name, its streams' signs, its state in words, why it rests and what is full."""
    words = moment.words
    text(words.bay(bay.bay), "bay-name")
    with box("signs"):
        for stream in bay.streams:
            sign(stream, words)
    with box("bay-state"):
        if not bay.usable:
            text(words.label("not-usable"), "state")
            text(words.reason(bay.why_not), "reason")
        elif moment.view.message == CLOSED:
            text(words.label("closed-now"), "state shut")
        else:
            text(words.label("usable"), "state")
    for line in courses(bay, moment):
        text(line, "course")


def sign(stream: str, words: Words) -> None:
    """A stream's sign in the manner of GB/T 19095: white on the blue of recyclables."""
    listed = (ASSETS / f"stream-{stream}.svg").is_file()
    drawing(f"stream-{stream}" if listed else "stream-other", "sign", words.stream(stream))


def streams(view: View) -> Iterable[str]:
    """The streams that the kiosk collects or prices, each once, in the kiosk's order."""
    collected = (stream for bay in view.bays for stream in bay.streams)
    priced = (row.stream for row in view.prices)
    return dict.fromkeys([*collected, *priced])


def _stream(stream: str, rows: list[PriceRow], words: Words) -> None:
    with box("card stream"):
        with box("stream-name"):
            sign(stream, words)
            text(words.stream(stream), "", "h3")
        with box("rows", "ul"):
            for row in rows:
                _row(row, words)


def _row(row: PriceRow, words: Words) -> None:
    with box("row", "li"):
        text(words.name(row.names), "item")
        if row.points_per_kg is None and row.points_per_piece is None:
            text(words.label("no-price"), "none")
            return
        for points, unit in ((row.points_per_kg, "per-kg"), (row.points_per_piece, "per-piece")):
            price = text("–" if points is None else str(points), "price")
            price.props(f'title="{words.label(unit)}"')
