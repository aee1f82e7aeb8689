"""What the screen shows of a session: `Session` in, `View` out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contract.hours import is_open
from controller.core.bay import TRAVEL_MM
from controller.core.rests import EMPTIED_DAILY, RestBook, promised, resting
from controller.core.states import State
from controller.core.view import BayRow, Choice, HoursRow, PriceRow, View

if TYPE_CHECKING:
    from contract.catalogue import Catalogue
    from controller.core.bay import Bay
    from controller.core.session import Session
    from controller.core.view import LevelRow

IN_SERVICE = "in service"
"""Why no bay is to be used while staff are at work."""

CLOSED = "closed-hours"
"""Says that nobody is let in at this hour, before anybody has shown a code."""

WEIGHED = frozenset(
    {State.LOADING, State.CLOSING, State.MEASURING, State.DECIDING, State.ASKING, State.RETURNING}
)
"""States in which the pan's mass says something to the resident."""


def view_of(s: Session, *, online: bool) -> View:
    """Everything the resident's screen needs now."""
    return Viewing(s).view(online=online)


class Viewing:
    """Makes one view of a session after the other.

    A view is made after every event, a hundred times a second while somebody deposits; what hangs
    out all day, prices and hours, is made anew only where another catalogue is in force.

    Attributes:
        rests: Since when its bays rest and its streams are full; `look` at them before a view.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.rests = RestBook()
        self._hang_out(session.catalogue)

    def view(self, *, online: bool, utc_s: int | None = None) -> View:
        """Everything the resident's screen needs now.

        Args:
            online: Whether the platform is reached.
            utc_s: Unix seconds by a clock that somebody vouches for; no other closes a kiosk.
        """
        if self._session.catalogue is not self._catalogue:
            self._hang_out(self._session.catalogue)
        view = self._view(online=online)
        if view.message != "idle" or utc_s is None or is_open(self._catalogue.hours, utc_s):
            return view
        return replace(view, message=CLOSED)

    def look(self, now_s: float, utc_s: int | None) -> None:
        """See what rests at `now_s` of loop time; `utc_s` as for `view`."""
        self.rests.look(resting(self._session.bays.values()), now_s, utc_s)

    def _hang_out(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._hours = tuple(HoursRow(one.days, one.opens, one.closes) for one in catalogue.hours)
        self._prices = _prices(self._session)

    def _view(self, *, online: bool) -> View:
        bays = tuple(self._bay(one) for one in self._session.bays.values())
        return _view_of(self._session, bays, self._hours, self._prices, online=online)

    def _bay(self, bay: Bay) -> BayRow:
        """A bay as residents find it: none takes anything while staff are at work."""
        in_service = IN_SERVICE if self._session.state is State.SERVICE else ""
        why_not = bay.why_not or in_service
        levels, rest = bay.levels.rows, None
        if bay.levels.full:
            levels = tuple(self._level(bay.name, one) for one in levels)
        if bay.why_not:
            rest = self.rests.rest(bay.name, promise=promised(why_not, self._catalogue.rules))
        return BayRow(bay.name, not why_not, tuple(bay.bins), why_not, levels, rest)

    def _level(self, bay: str, row: LevelRow) -> LevelRow:
        promise = EMPTIED_DAILY if EMPTIED_DAILY in self._catalogue.rules else ""
        return replace(row, rest=self.rests.rest(bay, row.stream, promise)) if row.full else row


def _view_of(
    s: Session,
    bays: tuple[BayRow, ...],
    hours: tuple[HoursRow, ...],
    prices: tuple[PriceRow, ...],
    *,
    online: bool,
) -> View:
    bay = s.bay
    mass_g, settled = _mass(s)
    sight = s.load.sight if s.load else None
    return View(
        state=s.state.value,
        message=s.message,
        figures=s.figures,
        kiosk=s.config.kiosk,
        online=online,
        phones=s.phones is not None,
        catalogue_version=s.catalogue.version,
        catalogue_from=s.catalogue.valid_from,
        rules=s.catalogue.rules,
        hours=hours,
        prices=prices,
        bays=bays,
        bay=bay.name if bay else "",
        hatch=bay.hatch if bay else "",
        hatch_percent=min(100, max(0, bay.position_mm * 100 // TRAVEL_MM)) if bay else 0,
        gate=bay.gate if bay else "",
        mass_g=mass_g,
        settled=settled,
        label=sight.label if sight else "",
        confidence_percent=round(sight.probability * 100) if sight else 0,
        choices=_choices(s),
        receipt=tuple(s.receipt),
        points=sum(row.points for row in s.receipt),
        carbon_g=sum(row.carbon_g for row in s.receipt),
        told=s.told,
        paper=s.paper.on(len(s.receipt)) if s.has_printer else "",
        printed=s.paper.rows,
    )


def _mass(s: Session) -> tuple[int | None, bool]:
    if s.load is not None and s.state is not State.MEASURING:
        return s.load.weighing.mass_g, True
    shown_g = s.bay.scale.indication_g if s.bay is not None and s.state in WEIGHED else None
    if s.bay is None or shown_g is None:
        return None, False
    # Never a negative mass on a resident's screen.
    return max(0, shown_g), s.bay.scale.at_rest


def _choices(s: Session) -> tuple[Choice, ...]:
    if s.state is not State.ASKING:
        return ()
    return tuple(Choice(one.code, {"zh": one.names.zh, "en": one.names.en}) for one in s.choices)


def _prices(s: Session) -> tuple[PriceRow, ...]:
    streams = {stream for bay in s.bays.values() for stream in bay.bins}
    return tuple(
        PriceRow(
            item_code=one.code,
            stream=one.stream,
            names={"zh": one.names.zh, "en": one.names.en},
            points_per_kg=one.price.points_per_kg,
            points_per_piece=one.price.points_per_piece,
        )
        for one in s.catalogue.items
        if one.stream in streams
    )
