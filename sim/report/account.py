"""Everything that a report tells of one run, gathered while it goes on and when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.audit import fallen, together
from sim.report.observer import ObservedTrace, Observer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.audit import Audit
    from sim.parts import Parts
    from sim.run import Outcome
    from sim.scenario import Scenario
    from sim.verbs import Verb
    from sim.visitors import Visitor

Records = list[tuple[float, dict[str, Any]]]
"""Each record with the second in which it was committed."""


@dataclass(frozen=True, slots=True)
class BinAccount:
    """What three witnesses say of one bin: loads that lie in it, and deposits in the journal."""

    bay: str
    index: int
    stream: str
    lying: int
    lying_g: int
    recorded: int


@dataclass(frozen=True, slots=True)
class KioskAccount:
    """One kiosk's run; `gave_up` says of each person why they left, or nothing.

    `events` are what befell this kiosk, alone or with all others.
    """

    kiosk: str
    events: Sequence[Verb]
    visitors: Sequence[Visitor]
    audit: Audit
    signals: Observer
    bins: Sequence[BinAccount]
    records: Records
    gave_up: Sequence[str]


@dataclass(frozen=True, slots=True)
class Account:
    """One run, told when it is over, as a whole and by kiosk."""

    scenario: Scenario
    outcome: Outcome
    audit: Audit
    kiosks: Sequence[KioskAccount]
    node: str


class Chronicler:
    """Writes down one run of `scenario` (`sim.run.Witness`), to be `told` when it is over.

    Args:
        scenario: What is run.
        node: What runs the firmware, for the report alone.
    """

    def __init__(self, scenario: Scenario, node: str) -> None:
        self._scenario = scenario
        self._node = node
        self._trace = ObservedTrace()
        self._kiosks: list[KioskAccount] = []
        self._outcome: Outcome | None = None

    @property
    def told(self) -> Account:
        """The account of a run that is over."""
        assert self._outcome is not None, "the run is over"
        audit = together([one.audit for one in self._kiosks])
        return Account(self._scenario, self._outcome, audit, tuple(self._kiosks), self._node)

    def trace(self, file: Path | None) -> ObservedTrace:
        """The trace that the run writes."""
        self._trace = ObservedTrace(file)
        return self._trace

    def meets(self, parts: Parts) -> None:
        """A kiosk's run begins."""
        self._trace.observers[parts.story.name] = Observer(parts)

    def ticks(self, now_s: float) -> None:
        """Some virtual time has passed."""
        for observer in self._trace.observers.values():
            observer.tick(now_s)

    def ends(self, parts: Parts, outcome: Outcome, found: Audit) -> None:
        """The run is over: tell of one kiosk."""
        self._outcome = outcome
        records = self._trace.records.get(parts.story.name, [])
        self._kiosks.append(
            KioskAccount(
                kiosk=parts.story.kiosk,
                events=parts.story.felt,
                visitors=parts.visitors,
                audit=found,
                signals=self._trace.observers[parts.story.name],
                bins=_bins(parts, records),
                records=records,
                gave_up=[person.gave_up for person in parts.people],
            )
        )


def _bins(parts: Parts, records: Records) -> list[BinAccount]:
    accounts = []
    for bay in parts.scenario.kiosk.bays:
        world = parts.bays[bay.name].world
        streams = {one.index: one.stream for one in bay.bins}
        everything = world.fallen
        loads = fallen(everything)
        for index, lying in enumerate(loads):
            stream = streams.get(index, "refuse" if index == bay.refuse_bin else "")
            mass_g = sum(part.mass_g for part in everything[index])
            recorded = _deposits(records, bay.name, index)
            if stream or lying:
                accounts.append(BinAccount(bay.name, index, stream, lying, mass_g, recorded))
    return accounts


def _deposits(records: Records, bay: str, index: int) -> int:
    bodies = [record["body"] for _, record in records if record["kind"] == "deposit"]
    return sum((body["bay"], body["bin_index"]) == (bay, index) for body in bodies)
