"""Collection: choose a bin, type what was weighed, and say that it was emptied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from controller.core import touches
from controller.core.levels.levels import REFUSE
from controller.core.service.acts import Act
from controller.screens.service import told
from controller.screens.service.elements import Pieces, mark, press
from controller.screens.tags import box, text
from controller.screens.words import Words

if TYPE_CHECKING:
    from nicegui.element import Element
    from nicegui.elements.mixins.text_element import TextElement

    from controller.screens.service.counter import Counter

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0")
DIGITS = 6
"""999 kg is more than any bin holds."""


@dataclass(slots=True)
class _Chosen:
    bay: str
    bin_index: int
    typed: str = ""
    is_confirmed: bool = False

    @property
    def place(self) -> tuple[str, int]:
        """Which bin it is."""
        return self.bay, self.bin_index


class CollectionPage:
    """All bins with their lots, and the one that is emptied now.

    Levels change while somebody types, and a tag is scanned: what can be touched is not drawn anew.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._chosen: _Chosen | None = None
        self._figure: TextElement | None = None
        self._tag: TextElement | None = None
        self._bins: dict[tuple[str, int], told.Told] = {}
        self._choices: dict[tuple[str, int], Element] = {}
        self._pieces = Pieces()

    def key(self) -> object:
        """Which bins there are, and whether they may be emptied; the rest follows by itself."""
        rows = told.bins(self._counter.session)
        self._bins = {(row["bay"], row["bin_index"]): row for row in rows}
        self._pieces.follow()
        mark(self._choices, None if self._chosen is None else self._chosen.place)
        if self._tag is not None:
            self._tag.text = self._scanned()
        return list(self._bins), self._may, self._counter.words

    def draw(self) -> None:
        """One tile a bin; below it what is done with the chosen one, or whose badge it takes."""
        self._pieces.clear()
        self._choices, self._tag = {}, None
        if not self._may:
            text(self._counter.words.label("collectors-only"), tag="p")
        with box("tiles"):
            for place in self._bins:
                self._bin(place)
        if self._may:
            self._pieces.add(box("part"), lambda: self._chosen and self._chosen.place, self._sheet)

    @property
    def _may(self) -> bool:
        return self._counter.may(Act.EMPTY_BIN)

    def _bin(self, place: tuple[str, int]) -> None:
        words = self._counter.words
        bay, index = place
        with box("sheet").props(f'data-bin="{bay}-{index}"'):
            text(self._name(self._bins[place]), tag="h2")
            self._pieces.add(box("part"), lambda: self._bins.get(place), partial(self._lot, place))
            if self._may:
                choose = partial(self._choose, bay, index)
                self._choices[place] = press(words.label("emptied"), choose)

    def _lot(self, place: tuple[str, int]) -> None:
        words, row = self._counter.words, self._bins.get(place)
        if row is None:  # there is no such bin any more: the page is about to be drawn anew
            return
        text(words.label("level", percent=row["level_permille"] // 10))
        text(words.label("in-lot", deposits=row["deposits"], mass_g=row["mass_g"]))
        if row["uncertain"]:
            text(words.label("uncertain", **_uncertain(row)), "unknown")
        lot = words.label("lot", lot=row["lot"]) if row["lot"] else words.label("first-lot")
        text(lot, "soft")

    def _sheet(self) -> None:
        if self._chosen is not None:
            with box("sheet"):
                self._emptying(self._chosen)

    def _emptying(self, one: _Chosen) -> None:
        words = self._counter.words
        text(words.label("weighed"), "soft")
        self._figure = text(one.typed or "–", "figure").props("role=status aria-live=polite")
        with box("pad"):
            for key in KEYS:
                press(key, partial(self._type, key))
        self._tag = text(self._scanned(), "soft")
        with box("row"):
            press(words.label("confirm"), self._emptied, "main")
            press(words.label("cancel"), self._cancel)

    def _scanned(self) -> str:
        tag = self._counter.session.service.scanned
        return f"{self._counter.words.label('tag')}: {tag or '–'}"

    def _choose(self, bay: str, bin_index: int) -> None:
        self._chosen = _Chosen(bay, bin_index)

    def _cancel(self) -> None:
        self._chosen = None

    def _type(self, key: str) -> None:
        """A key that is drawn anew under the finger would miss the next touch: none is."""
        if self._chosen is None or self._figure is None:
            return
        typed = self._chosen.typed
        self._chosen.typed = typed[:-1] if key == "⌫" else (typed + key).lstrip("0")[:DIGITS]
        self._figure.text = self._chosen.typed or "–"

    async def _emptied(self) -> None:
        """Say it to the desk; then say what the record says, and how far the weighed is off.

        A lot is closed once, however often it is touched until its record is on the card, and a bin
        that was chosen meanwhile stays chosen.
        """
        one, counter = self._chosen, self._counter
        if one is None or one.is_confirmed:
            return
        one.is_confirmed = True
        lot = counter.session.lots.of(one.bay, one.bin_index)
        weighed_g = int(one.typed) if one.typed else None
        touch = touches.BinEmptied(one.bay, one.bin_index, weighed_g)
        tag = counter.session.service.scanned
        said = self._balance(lot.lot, lot.mass_g, weighed_g)
        try:
            done = await counter.do(counter.desk.act(counter.token, touch, tag), said)
        finally:
            one.is_confirmed = False
        if done:
            now = counter.session.lots.of(one.bay, one.bin_index)
            if now.lot == lot.lot:  # the journal did not take it, and the lot goes on
                counter.say(counter.words.label("not-recorded"), bad=True)
            if self._chosen is one:
                self._chosen = None

    def _balance(self, lot: str, mass_g: int, weighed_g: int | None) -> str:
        words = self._counter.words
        shown = "–" if weighed_g is None else words.label("grams", grams=weighed_g)
        off = "–" if weighed_g is None else words.label("grams", grams=weighed_g - mass_g)
        name = lot or words.label("first-lot")
        return words.label("closed-lot", lot=name, mass_g=mass_g, weighed=shown, difference=off)

    def _name(self, row: told.Told) -> str:
        words = self._counter.words
        is_refuse = row["stream"] == REFUSE
        stream = words.label("refuse") if is_refuse else Words(words.language).stream(row["stream"])
        place = words.label("bay", bay=row["bay"].upper())
        return f"{place} · {words.label('bin', index=row['bin_index'], stream=stream)}"


def _uncertain(row: told.Told) -> dict[str, int]:
    return {key: row[key] for key in ("uncertain", "uncertain_g")}
