"""The shortest scenario that still fails: whatever can be left out is left out.

Delta debugging (Zeller and Hildebrandt, 2002) over people, things and verbs, then over arguments
and times; again until nothing more can go. A scenario that contradicts itself fails nobody.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError
from sim.random_scenarios.toml import Tale, toml_of
from sim.scenario import parse_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

Fails = Callable[[Tale], bool]
"""Whether a scenario fails as the one does that is to be shortened."""

MOST_TRIES = 150
KEEPS = frozenset({"verb", "at_s", "bay", "kind", "mass_g", "arrives_s", "account", "items"})
"""Keys of people, things and verbs that are not tried without."""

WHOLE_S = 5.0


class Shrinker:
    """Shortens one scenario.

    Args:
        fails: Asked about each shorter one that is a scenario at all.
        most_tries: After so many it stops where it is.

    Attributes:
        tries: How often `fails` was asked.
    """

    def __init__(self, fails: Fails, most_tries: int = MOST_TRIES) -> None:
        self.tries = 0
        self._fails = fails
        self._most_tries = most_tries
        self._known: dict[str, bool] = {}

    def shortest(self, tale: Tale) -> Tale:
        """The shortest that was found to fail; `tale` itself where nothing can go."""
        while True:
            before = toml_of(tale)
            for steps in (_fewer_events, _fewer_people, _fewer_things, _plainer, _rounder):
                tale = self._taken(tale, steps)
            if toml_of(tale) == before or self.tries >= self._most_tries:
                return tale

    def _taken(self, tale: Tale, steps: Callable[[Tale], Iterator[Tale]]) -> Tale:
        """Take each step that still fails, and begin anew from there."""
        going_on = True
        while going_on:
            going_on = False
            for shorter in steps(tale):
                if self._still(shorter):
                    tale, going_on = shorter, True
                    break
        return tale

    def _still(self, tale: Tale) -> bool:
        text = toml_of(tale)
        if text not in self._known and self.tries < self._most_tries:
            self._known[text] = _is_sound(text) and self._asked(tale)
        return self._known.get(text, False)

    def _asked(self, tale: Tale) -> bool:
        self.tries += 1
        return self._fails(tale)


def _is_sound(text: str) -> bool:
    try:
        parse_scenario(text, "shorter")
    except ScenarioError:
        return False
    return True


def _fewer_events(tale: Tale) -> Iterator[Tale]:
    for shorter in _without_chunks(tale, "events", 0):
        yield shorter if shorter["events"] else _without(shorter, "events")


def _fewer_people(tale: Tale) -> Iterator[Tale]:
    for shorter in _without_chunks(tale, "people", 1):
        yield shorter
        for number, event in enumerate(shorter.get("events", ())):
            if event.get("person", 1) > 1:
                yield _changed(shorter, ("events", number, "person"), event["person"] - 1)
    if "kiosk" in tale:
        yield _without(tale, "kiosk")


def _fewer_things(tale: Tale) -> Iterator[Tale]:
    for number, person in enumerate(tale["people"]):
        for shorter in _without_chunks(person, "items", 0):
            yield _changed(tale, ("people", number), shorter)


def _plainer(tale: Tale) -> Iterator[Tale]:
    """Without what has a default."""
    if "duration_s" in tale:
        yield _without(tale, "duration_s")
    for key in ("people", "events"):
        for number, one in enumerate(tale.get(key, ())):
            for name in sorted(one.keys() - KEEPS):
                yield _changed(tale, (key, number), _without(one, name))


def _rounder(tale: Tale) -> Iterator[Tale]:
    """Times and figures that are easier to read, and smaller."""
    for key in ("people", "events"):
        for number, one in enumerate(tale.get(key, ())):
            for name, value in one.items():
                if isinstance(value, float):
                    yield from (
                        _changed(tale, (key, number, name), rounder)
                        for rounder in (WHOLE_S * (value // WHOLE_S), float(round(value)))
                        if abs(rounder) < abs(value) and rounder > 0
                    )


def _without_chunks(table: Tale, key: str, least: int) -> Iterator[Tale]:
    """Without halves of the list, then quarters, then one by one; at least `least` stay."""
    whole = table.get(key, [])
    size = len(whole)
    while size >= 1:
        for start in range(0, len(whole), size):
            rest = whole[:start] + whole[start + size :]
            if least <= len(rest) < len(whole):
                yield table | {key: rest}
        size //= 2


def _without(table: Tale, name: str) -> Tale:
    return {key: value for key, value in table.items() if key != name}


def _changed(tale: Tale, path: tuple[str | int, ...], value: Any) -> Tale:
    changed = copy.deepcopy(tale)
    inner: Any = changed
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return changed
