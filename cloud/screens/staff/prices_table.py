"""The fields in which a draft's author changes prices: a table of the city or of one district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.prices.table import Row, rows_of
from cloud.screens.staff.parts import cell, table
from cloud.screens.staff.prices_texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.screens.texts import Language
    from contract.catalogue import Catalogue

FIGURES = {
    "points_per_kg": "per-kg",
    "points_per_piece": "per-piece",
    "fen_per_t": "fen-per-t",
}
NAMES = {"zh": "name-zh", "en": "name-en"}


class PriceTable:
    """Fields for one place; drawn where it is made.

    Args:
        catalogue: What the draft says now.
        district: Which place; empty is the city.
        language: Of its headings.
        touched: Called when something was typed.
    """

    def __init__(
        self, catalogue: Catalogue, district: str, language: Language, touched: Callable[[], None]
    ) -> None:
        self._language = language
        self._touched = touched
        self._district = district
        self._city = {one.item: one for one in rows_of(catalogue)}
        in_city = () if district else ("low", *NAMES.values())
        columns = [self._say(one) for one in ("col-item", *FIGURES.values(), *in_city)]
        with table(self._say("place"), columns):
            self._fields = [self._row(one) for one in rows_of(catalogue, district)]

    def rows(self) -> list[Row]:
        """What stands in the fields now."""
        return [read() for read in self._fields]

    def _row(self, row: Row) -> Callable[[], Row]:
        """One item's fields; gives what reads them."""
        with ui.element("tr"):
            name = getattr(row, self._language)
            cell(f"{name} ({row.item})")
            figures = {one: self._field(row, one, name) for one in FIGURES}
            if self._district:
                return lambda: _read(row, figures)
            with ui.element("td"):
                low = ui.checkbox(value=row.low_value, on_change=self._touched)
                low.props["aria-label"] = f"{self._say('low')}: {name}"
            names = {one: self._field(row, one, name) for one in NAMES}
        return lambda: _read(row, figures | names, low_value=bool(low.value))

    def _field(self, row: Row, field: str, name: str) -> ui.input:
        is_name = field in NAMES
        with ui.element("td").classes("" if is_name else "figure"):
            shown = ui.input(value=getattr(row, field), on_change=self._touched)
        shown.props(f"outlined dense maxlength={40 if is_name else 16}")
        shown.props["aria-label"] = f"{self._say((FIGURES | NAMES)[field])}: {name}"
        if self._district:
            shown.props["placeholder"] = getattr(self._city[row.item], field) or "-"
        return shown.classes("of-name" if is_name else "of-figure")

    def _say(self, text: str) -> str:
        return TEXTS[text][self._language]


def _read(row: Row, fields: dict[str, ui.input], low_value: bool | None = None) -> Row:
    texts = {name: str(field.value or "").strip() for name, field in fields.items()}
    kept = {"item": row.item, "zh": row.zh, "en": row.en}
    low = row.low_value if low_value is None else low_value
    return Row(**(kept | texts), low_value=low)
