"""A scenario taken apart: what of it befalls each kiosk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.chance import secret
from sim.expectation import Expectation
from sim.verbs.stage import EVERY, PersonVerb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.kiosks import KioskOfFleet
    from sim.scenario import Scenario
    from sim.verbs import Verb


@dataclass(frozen=True, slots=True)
class Story:
    """What befalls one kiosk.

    Attributes:
        scenario: As if there were this kiosk alone.
        seed: All chance at this kiosk.
        key_seed: Of the kiosk whose key it signs with.
        certificate: The name that it shows to the broker.
        expect: What is expected of it, where the scenario names it.
        felt: Its own events, and those that befall all and happen in the first one's story.
        is_alone: Whether there is no other kiosk.
    """

    scenario: Scenario
    seed: int
    key_seed: int
    certificate: str
    expect: Expectation
    felt: tuple[Verb, ...]
    is_alone: bool

    @property
    def kiosk(self) -> str:
        """The kiosk's id."""
        return self.scenario.kiosk.kiosk

    @property
    def name(self) -> str:
        """What it is called among others: its id, or nothing where it is alone."""
        return "" if self.is_alone else self.kiosk


def stories_of(scenario: Scenario, seed: int) -> tuple[Story, ...]:
    """One story for each kiosk. The first kiosk has the run's seed, each other one of its own."""
    fleet = scenario.fleet
    seeds = {
        one.name: _seed(seed, one.name) if number else seed for number, one in enumerate(fleet)
    }
    return tuple(
        Story(
            _part(scenario, one),
            seeds[one.name],
            seeds[one.key_of or one.name],
            one.certificate_of or one.name,
            scenario.expect.kiosks.get(one.name, Expectation()),
            _felt(scenario, one.name),
            len(fleet) == 1,
        )
        for one in fleet
    )


def _seed(seed: int, kiosk: str) -> int:
    return int.from_bytes(secret(seed, "kiosk of a fleet", kiosk)[:4], "big")


def _part(scenario: Scenario, one: KioskOfFleet) -> Scenario:
    first = scenario.fleet[0].name

    def is_its(kiosk: str | None) -> bool:
        return kiosk == EVERY or (kiosk or first) == one.name

    return scenario.model_copy(
        update={
            "kiosk": one.config,
            "kiosks": (),
            "people": tuple(who for who in scenario.people if is_its(who.kiosk)),
            "arrivals": tuple(few for few in scenario.arrivals if is_its(few.kiosk)),
            "collections": tuple(when for when in scenario.collections if is_its(when.kiosk)),
            "events": tuple(
                event
                for event in _felt(scenario, one.name)
                if one.name == first or not event.befalls_all
            ),
        }
    )


def _felt(scenario: Scenario, kiosk: str) -> tuple[Verb, ...]:
    """What befalls one kiosk, alone or with all others."""
    first = scenario.fleet[0].name
    homes = [visitor.kiosk or first for visitor in scenario.people]
    return tuple(
        _counted_at_home(event, homes)
        for event in scenario.events
        if event.befalls_all or _where(event, homes, first) in (kiosk, EVERY)
    )


def _where(event: Verb, homes: Sequence[str], first: str) -> str:
    if isinstance(event, PersonVerb):
        return homes[event.person - 1]
    return event.kiosk or first


def _counted_at_home(event: Verb, homes: Sequence[str]) -> Verb:
    """People are counted through the whole scenario, and within a part through that part."""
    if not isinstance(event, PersonVerb):
        return event
    where = homes[event.person - 1]
    return event.model_copy(update={"person": homes[: event.person].count(where)})
