"""Whether a run went as its scenario expects, and what in it must never happen in any run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.chain import verify_chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.audit import Audit
    from sim.parts import Parts
    from sim.people import Person
    from sim.scenario import Expectation
    from sim.screen import SimScreen

FIGURES = {
    "accepted": "accepted",
    "returned": "returned",
    "credited": "credited",
    "lost": "lost",
    "doubled": "doubled",
    "uncertain": "uncertain",
    "refuse_bin": "refused",
}
"""Key of `[expect]` → figure of the audit."""


def failures_of(parts: Parts, ended: str, audit: Audit) -> list[str]:
    """Everything that was not as it must be, in words; empty where all was.

    `ended` says where the run did not come to a good end.
    """
    expect = parts.scenario.expect
    found = [ended] if ended else []
    found += _figures(expect, audit)
    found += _shown(expect, parts.screen)
    found += _reported(expect, parts.rig.node_states())
    found += _faults(expect, parts.rig.faults())
    found += _people(expect, parts.people)
    found += parts.rig.dangers()
    found += _chain(parts)
    if audit.lost != expect.lost or audit.doubled != expect.doubled:
        found += audit.notes
    return found


def _figures(expect: Expectation, audit: Audit) -> Iterator[str]:
    for key, of_audit in FIGURES.items():
        wanted, got = getattr(expect, key), getattr(audit, of_audit)
        if wanted is not None and got != wanted:
            yield f"{key}: expected {wanted}, got {got}"
    least = expect.points_at_least
    if least is not None and audit.credited < least:
        yield f"points_at_least: expected {least}, credited {audit.credited}"


def _shown(expect: Expectation, screen: SimScreen) -> Iterator[str]:
    for key in ("states", "messages", "closed"):
        shown: set[str] = getattr(screen, key)
        for wanted in getattr(expect, key):
            # Why a bay is closed goes on with what to do about it.
            found = any(one.startswith(wanted) for one in shown) and key == "closed"
            if not found and wanted not in shown:
                yield f"{key}: {wanted} was never shown; there were {', '.join(sorted(shown))}"


def _reported(expect: Expectation, states: set[str]) -> Iterator[str]:
    for state in expect.node:
        if state not in states:
            yield f"node: {state} was never reported; there were {', '.join(sorted(states))}"


def _people(expect: Expectation, people: Sequence[Person]) -> Iterator[str]:
    went = [f"{one.name} ({one.gave_up})" for one in people if one.gave_up]
    if expect.gave_up is not None and expect.gave_up != len(went):
        who = ", ".join(went) or "nobody did"
        yield f"gave_up: expected {expect.gave_up}, got {len(went)}: {who}"


def _faults(expect: Expectation, faults: Sequence[str]) -> Iterator[str]:
    if expect.faults is not None and set(expect.faults) != set(faults):
        yield f"faults: expected {_listed(expect.faults)}, got {_listed(faults)}"


def _chain(parts: Parts) -> Iterator[str]:
    """The journal must be good in the eyes of whoever has only the public key."""
    report = verify_chain(parts.journal.lines(), parts.identity.kiosk.public)
    if not report.ok:
        yield f"the journal is broken at {report.broken_at}: {report.reason}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)) or "none"
