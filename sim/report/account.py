"""Everything that a report tells of one run, gathered while it goes on and when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.audit import fallen
from sim.report.observer import ObservedTrace, Observer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.audit import Audit
    from sim.parts import Parts
    from sim.run import Outcome
    from sim.scenario import Scenario, Visitor

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
class Account:
    """One run, told when it is over; `gave_up` says of each person why they left, or nothing."""

    scenario: Scenario
    visitors: Sequence[Visitor]
    outcome: Outcome
    audit: Audit
    signals: Observer
    states: frozenset[str]
    bins: Sequence[BinAccount]
    records: Records
    gave_up: Sequence[str]
    node: str


class Chronicler:
    """Writes down one run (`sim.run.Witness`); `account` is there when it is over.

    Args:
        node: What runs the firmware, for the report alone.
    """

    def __init__(self, node: str) -> None:
        self.account: Account | None = None
        self._node = node
        self._trace = ObservedTrace()

    @property
    def told(self) -> Account:
        """The account of a run that is over."""
        assert self.account is not None, "the run is over"
        return self.account

    def trace(self, file: Path | None) -> ObservedTrace:
        """The trace that the run writes."""
        self._trace = ObservedTrace(file)
        return self._trace

    def meets(self, parts: Parts) -> None:
        """The run begins."""
        self._trace.observer = Observer(parts)

    def ticks(self, now_s: float) -> None:
        """Some virtual time has passed."""
        if self._trace.observer is not None:
            self._trace.observer.tick(now_s)

    def ends(self, parts: Parts, outcome: Outcome, found: Audit) -> None:
        """The run is over."""
        assert self._trace.observer is not None, "it has met the parts"
        self.account = Account(
            scenario=parts.scenario,
            visitors=parts.visitors,
            outcome=outcome,
            audit=found,
            signals=self._trace.observer,
            states=frozenset(parts.screen.states),
            bins=_bins(parts, self._trace.records),
            records=self._trace.records,
            gave_up=[person.gave_up for person in parts.people],
            node=self._node,
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
