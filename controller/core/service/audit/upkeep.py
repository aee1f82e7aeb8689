"""How a kiosk was kept lately, by its own journal: who came, and how long its bays stood still."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from controller.core.bay import MINOR
from controller.core.faults import AWAY_S, BAY_CLOSED, NODE_LOST, SCALE_SIGNAL
from controller.core.service.duty import BEGUN, KEY
from controller.core.symptoms.table import Symptom
from wire import faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DAY_S = 86_400

LOOKED_AT_DAYS = 7
"""So far back the audit looks: a week has every day of a site's rounds in it."""

KINDS = frozenset({"service", "collection", "fault"})
"""Kinds of records that tell of it."""

STOPS = (
    frozenset(name for name, _, _, _ in faults.TABLE.values()) - MINOR
    | {one.value for one in Symptom}
    | {BAY_CLOSED, NODE_LOST, SCALE_SIGNAL}
)
"""Faults under which nobody can use a bay (`controller.core.bay.Bay.why_not`)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One record: its kind, its body, and when it was written (Unix s)."""

    kind: str
    body: dict[str, Any]
    at_s: int


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What the journal tells of `since_s` to `until_s` (Unix s).

    `came` are the times at which somebody with a badge was here, and who; `down_s` is for how long
    each bay could not be used.
    """

    since_s: int
    until_s: int
    came: tuple[tuple[int, str], ...]
    down_s: tuple[int, ...]

    @property
    def days(self) -> float:
        """How many days it tells of."""
        return (self.until_s - self.since_s) / DAY_S

    @property
    def longest_gap_days(self) -> float:
        """The longest time without anybody of staff, the one that is not over among them."""
        times = [self.since_s, *(at_s for at_s, _ in self.came), self.until_s]
        return max(later - earlier for earlier, later in pairwise(times)) / DAY_S

    @property
    def available_percent(self) -> float:
        """The part of the time in which a bay could be used, the mean of all bays."""
        whole_s = (self.until_s - self.since_s) * len(self.down_s)
        return 100.0 if not whole_s else 100 * (1 - sum(self.down_s) / whole_s)


def upkeep_of(
    facts: Sequence[Fact], bays: Iterable[str], first_s: int, until_s: int
) -> Upkeep | None:
    """What these records, oldest first, tell of the last days.

    Args:
        facts: Records of `KINDS`, older ones among them where a fault of theirs may still stand.
        bays: Names of the kiosk's bays.
        first_s: When the journal's first record was written.
        until_s: Now.

    Returns:
        None where the journal is not a day old: nothing can be said of rounds then.
    """
    since_s = max(first_s, until_s - LOOKED_AT_DAYS * DAY_S)
    if until_s - since_s < DAY_S:
        return None
    came = (_came(one) for one in facts if since_s <= one.at_s <= until_s)
    down = tuple(_down_s(facts, bay, since_s, until_s) for bay in bays)
    return Upkeep(since_s, until_s, tuple(one for one in came if one is not None), down)


def _came(fact: Fact) -> tuple[int, str] | None:
    """Who was here by this record; whoever turned a key is nobody whom it names."""
    by = fact.body["by"] if fact.kind != "fault" else KEY
    begun = fact.kind == "collection" or fact.body.get("what", "").startswith(BEGUN)
    return (fact.at_s, by) if begun and by != KEY else None


def _down_s(facts: Sequence[Fact], bay: str, since_s: int, until_s: int) -> int:
    """For how long some fault stopped the bay; two at once count once."""
    down, ends_s = 0, since_s
    for began_s, ended_s in sorted(_stops(facts, bay, until_s)):
        begins_s = max(began_s, ends_s)
        if ended_s > begins_s:
            down, ends_s = down + ended_s - begins_s, ended_s
    return down


def _stops(facts: Sequence[Fact], bay: str, until_s: int) -> list[tuple[int, int]]:
    """When each fault that stops the bay began and ended; one that stands ends now."""
    found: list[tuple[int, int]] = []
    since: dict[str, int] = {}
    for fact in facts:
        body = fact.body
        if fact.kind != "fault" or body["bay"] != bay or body["fault"] not in STOPS:
            continue
        if body["active"]:
            since.setdefault(body["fault"], fact.at_s)
        elif (began_s := since.pop(body["fault"], None)) is not None:
            found.append((began_s, min(until_s, _ended_s(fact, began_s))))
    return found + [(began_s, until_s) for began_s in since.values()]


def _ended_s(fact: Fact, began_s: int) -> int:
    """Its record comes once it has stayed away for a while, and says how long it lasted."""
    lasted_s = fact.body.get("lasted_s")
    return fact.at_s - int(AWAY_S) if lasted_s is None else began_s + int(lasted_s)
