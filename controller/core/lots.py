"""What lies in each bin since it was emptied last: its lot, counted as the records come.

Which deposits make a lot follows from the records alone: those of the bay and bin that stand in the
chain between two of its collections. The count here is kept for the collection's own record, so
that whoever takes the bin away and whoever reads the records can compare.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING, Any

from contract.instant import utc_s_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = tuple[str, int, str, int, int, int, int, int, str]
"""Bay, bin, and the fields of `Lot` in their order; how a lot is kept over a restart."""

COLLECTION = "collection"

COUNTED = frozenset({"deposit", "uncertain", COLLECTION})
"""Kinds of records that change a lot: of loads that lie in the bin, or may, and of its end."""


@dataclass(slots=True)
class Lot:
    """A bin's content since it was emptied.

    `lot` names it, empty for the first one of a bin. `opened_s` is in Unix seconds, 0 where nobody
    knows. `uncertain` loads may lie in it or not. `last` is the deposit id that was counted last
    in the bin, perhaps into the lot before.
    """

    lot: str = ""
    opened_s: int = 0
    deposits: int = 0
    mass_g: int = 0
    uncertain: int = 0
    uncertain_g: int = 0
    last: str = ""


@dataclass(slots=True)
class Lots:
    """The lots of one kiosk, by bay and bin."""

    _open: dict[tuple[str, int], Lot] = field(default_factory=dict)

    def found(self, rows: Sequence[Row], waiting: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Take what was kept, and count what has been recorded since.

        `waiting` are kind and body of all that the ledger has not acknowledged yet, oldest first. A
        bin's last counted load is among them, or was acknowledged before all of them. A collection
        that comes again leaves its lot as it was.
        """
        for row in rows:
            self._open[row[0], row[1]] = Lot(*row[2:])
        known = {
            _place(body): n
            for n, (kind, body) in enumerate(waiting)
            if kind != COLLECTION and body["deposit_id"] == self.of(*_place(body)).last
        }
        for n, (kind, body) in enumerate(waiting):
            if n > known.get(_place(body), -1):
                self.count(kind, body)

    def rows(self) -> tuple[Row, ...]:
        """Everything that must be kept over a restart."""
        return tuple(
            (bay, index, *astuple(one)) for (bay, index), one in sorted(self._open.items())
        )

    def of(self, bay: str, bin_index: int) -> Lot:
        """What lies in this bin, to be read; an empty lot where nothing is known of it."""
        return self._open.get((bay, bin_index)) or Lot()

    def count(self, kind: str, body: Mapping[str, Any]) -> bool:
        """A record is durable; say whether it changed a lot."""
        if kind not in COUNTED:
            return False
        if kind == COLLECTION:
            return self._close(body)
        one = self._open.setdefault(_place(body), Lot())
        if one.last == body["deposit_id"]:
            return False
        one.last = body["deposit_id"]
        if kind == "deposit":
            one.deposits += 1
            one.mass_g += body["mass_g"]
        else:
            one.uncertain += 1
            one.uncertain_g += body["mass_g"]
        return True

    def _close(self, body: Mapping[str, Any]) -> bool:
        """The bin was emptied, and a new lot begins."""
        one = self.of(*_place(body))
        if one.lot == body["next_lot"]:
            return False
        opened_s = utc_s_of(body["closed_at"])
        self._open[_place(body)] = Lot(body["next_lot"], opened_s, last=one.last)
        return True


def _place(body: Mapping[str, Any]) -> tuple[str, int]:
    return body["bay"], body["bin_index"]
