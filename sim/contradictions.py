"""What in a scenario cannot hold together, found before anything runs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from sim.errors import ContradictionError
from sim.verbs.panel import PaperOut
from sim.verbs.stage import EVERY, PersonVerb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.arrivals import Arrivals
    from sim.expectation import Expectation, RunExpectation
    from sim.kiosks import KioskOfFleet
    from sim.verbs import Verb
    from sim.visitors import Collection, Visitor

Path = tuple[str | int, ...]


class Told(Protocol):
    """What of a scenario may contradict itself."""

    @property
    def duration_s(self) -> float | None:
        """Its end, where it says when."""

    @property
    def fleet(self) -> Sequence[KioskOfFleet]:
        """All kiosks, in order."""

    @property
    def people(self) -> Sequence[Visitor]:
        """Those with a story."""

    @property
    def arrivals(self) -> Sequence[Arrivals]:
        """Those who come by themselves."""

    @property
    def events(self) -> Sequence[Verb]:
        """What happens."""

    @property
    def collections(self) -> Sequence[Collection]:
        """When trucks come."""

    @property
    def expect(self) -> RunExpectation:
        """What must have come of it."""


def check(scenario: Told) -> None:
    """Look for contradictions.

    Raises:
        ContradictionError: The first of them.
    """
    _kiosks_are_distinct(scenario)
    _named_kiosks_are_there(scenario)
    for number, visitor in enumerate(scenario.people):
        _is_before_the_end(scenario, visitor.arrives_s, ("people", number, "arrives_s"))
    for number, event in enumerate(scenario.events):
        _is_before_the_end(scenario, event.at_s, ("events", number, "at_s"))
        _befalls_somebody(scenario, event, number)
    if not scenario.people and not scenario.arrivals:
        raise ContradictionError("nobody comes: give people or arrivals", ("people",))
    if not scenario.arrivals:
        _expects_what_is_brought(scenario)


def _kiosks_are_distinct(scenario: Told) -> None:
    names = [one.name for one in scenario.fleet]
    for number, one in enumerate(scenario.fleet):
        if one.name in names[:number]:
            why = f"two kiosks are called {one.name!r}: give each its own id"
            raise ContradictionError(why, ("kiosks", number, "kiosk"))
        for key in ("key_of", "certificate_of"):
            _is_there(getattr(one, key), names, ("kiosks", number, key))


def _named_kiosks_are_there(scenario: Told) -> None:
    names = [one.name for one in scenario.fleet]
    for number, visitor in enumerate(scenario.people):
        _is_there(visitor.kiosk, names, ("people", number, "kiosk"))
    for key in ("arrivals", "collections", "events"):
        for number, one in enumerate(getattr(scenario, key)):
            _is_there(one.kiosk, [*names, EVERY], (key, number, "kiosk"))
    for name in scenario.expect.kiosks:
        _is_there(name, names, ("expect", "kiosks", name))


def _is_there(name: str | None, names: Sequence[str], path: Path) -> None:
    if name is not None and name not in names:
        raise ContradictionError(f"no kiosk {name!r}; there are {', '.join(names)}", path)


def _is_before_the_end(scenario: Told, at_s: float, path: Path) -> None:
    if scenario.duration_s is not None and at_s >= scenario.duration_s:
        why = f"{at_s:g} is not before duration_s = {scenario.duration_s:g}"
        raise ContradictionError(why, path)


def _befalls_somebody(scenario: Told, event: Verb, number: int) -> None:
    path = ("events", number)
    if event.befalls_all and event.kiosk not in (None, EVERY):
        why = f"{event.verb} befalls every kiosk: leave kiosk out"
        raise ContradictionError(why, (*path, "kiosk"))
    if isinstance(event, PersonVerb):
        _is_somebody(scenario, event, path)
    for key in ("bay", "other"):
        bay = getattr(event, key, None)
        if bay is not None:
            _is_a_bay(scenario, bay, event.kiosk, (*path, key))
    if isinstance(event, PaperOut):
        _has_a_printer(scenario, event, (*path, "verb"))
    _comes(scenario, getattr(event, "of", None), (*path, "of"))


def _is_somebody(scenario: Told, event: PersonVerb, path: Path) -> None:
    people = scenario.people
    if event.person > len(people):
        why = f"no person {event.person}; {len(people)} come, counted from 1"
        raise ContradictionError(why, (*path, "person"))
    where = people[event.person - 1].kiosk or scenario.fleet[0].name
    if event.kiosk not in (None, where):
        why = f"person {event.person} comes to {where}, not to {event.kiosk}: leave kiosk out"
        raise ContradictionError(why, (*path, "kiosk"))


def _is_a_bay(scenario: Told, bay: str, kiosk: str | None, path: Path) -> None:
    for one in _befallen(scenario, kiosk):
        bays = sorted(has.name for has in one.config.bays)
        if bay not in bays:
            who = _who(scenario, one)
            raise ContradictionError(f"no bay {bay!r}; {who} has {', '.join(bays)}", path)


def _has_a_printer(scenario: Told, event: PaperOut, path: Path) -> None:
    for one in _befallen(scenario, event.kiosk):
        if one.config.printer is None:
            why = f"{_who(scenario, one)} has no printer: give it [kiosk.printer]"
            raise ContradictionError(why, path)


def _befallen(scenario: Told, kiosk: str | None) -> Sequence[KioskOfFleet]:
    """The kiosks that something happens to: that of the name, every one, or the first."""
    fleet = scenario.fleet
    named = kiosk or fleet[0].name
    return fleet if kiosk == EVERY else [one for one in fleet if one.name == named]


def _who(scenario: Told, one: KioskOfFleet) -> str:
    return f"kiosk {one.name}" if len(scenario.fleet) > 1 else "the kiosk"


def _comes(scenario: Told, account: str | None, path: Path) -> None:
    """Whose code is copied comes; who comes by itself is not known before the run."""
    coming = {visitor.account for visitor in scenario.people}
    if account is not None and not scenario.arrivals and account not in coming:
        who = ", ".join(sorted(coming)) or "nobody"
        why = f"nobody of account {account!r} comes; those who come are of {who}"
        raise ContradictionError(why, path)


def _expects_what_is_brought(scenario: Told) -> None:
    first = scenario.fleet[0].name
    brought = Counter[str]()
    for visitor in scenario.people:
        brought[visitor.kiosk or first] += len(visitor.items)
    _is_brought(scenario.expect, brought.total(), ("expect",))
    for name, expect in scenario.expect.kiosks.items():
        _is_brought(expect, brought[name], ("expect", "kiosks", name))


def _is_brought(expect: Expectation, brought: int, path: Path) -> None:
    for key in ("accepted", "returned"):
        wanted = getattr(expect, key)
        if wanted is not None and wanted > brought:
            raise ContradictionError(f"{wanted} of {brought} items brought", (*path, key))
