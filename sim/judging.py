"""Whether a run went as its scenario expects, and what in it must never happen in any run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.chain import verify_chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.audit import Audit
    from sim.parts import Parts
    from sim.scenario import Expectation


def failures_of(parts: Parts, ended: str, audit: Audit) -> list[str]:
    """Everything that was not as it must be, in words; empty where all was.

    `ended` says where the run did not come to a good end.
    """
    expect = parts.scenario.expect
    found = [ended] if ended else []
    found += _figures(expect, audit)
    found += _seen(expect, parts.screen.states, parts.rig.faults())
    found += parts.rig.dangers()
    found += _chain(parts)
    if audit.lost != expect.lost or audit.doubled != expect.doubled:
        found += audit.notes
    return found


def _figures(expect: Expectation, audit: Audit) -> Iterator[str]:
    for key in ("accepted", "returned", "credited", "lost", "doubled"):
        wanted, got = getattr(expect, key), getattr(audit, key)
        if wanted is not None and got != wanted:
            yield f"{key}: expected {wanted}, got {got}"
    least = expect.points_at_least
    if least is not None and audit.credited < least:
        yield f"points_at_least: expected {least}, credited {audit.credited}"


def _seen(expect: Expectation, states: set[str], faults: Sequence[str]) -> Iterator[str]:
    for state in expect.states:
        if state not in states:
            yield f"states: {state} was never shown; there were {', '.join(sorted(states))}"
    if expect.faults is not None and set(expect.faults) != set(faults):
        yield f"faults: expected {_listed(expect.faults)}, got {_listed(faults)}"


def _chain(parts: Parts) -> Iterator[str]:
    """The journal must be good in the eyes of whoever has only the public key."""
    report = verify_chain(parts.journal.lines(), parts.identity.kiosk.public)
    if not report.ok:
        yield f"the journal is broken at {report.broken_at}: {report.reason}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)) or "none"
