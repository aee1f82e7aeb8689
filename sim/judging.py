"""Whether a run went as its scenario expects, and what in it must never happen in any run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.chain import verify_chain
from sim.audit import together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from sim.audit import Audit
    from sim.expectation import Expectation, RunExpectation
    from sim.parts import Parts

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


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a kiosk, or of several together.

    `shown` has what its screen showed, by key of `[expect]`; `went` is who gave up, and why;
    `commands` what became of those from afar.
    """

    audit: Audit
    shown: Mapping[str, Set[str]]
    node: Set[str]
    faults: Set[str]
    went: Sequence[str]
    commands: Sequence[str] = ()


def seen_of(parts: Parts, audit: Audit) -> Seen:
    """What was seen of a kiosk."""
    screen, rig = parts.screen, parts.rig
    return Seen(
        audit,
        {"states": screen.states, "messages": screen.messages, "closed": screen.closed},
        rig.node_states(),
        set(rig.faults()),
        [f"{one.name} ({one.gave_up})" for one in parts.people if one.gave_up],
        parts.dispatch.became(parts.kiosk_id),
    )


def seen_together(seen: Sequence[Seen]) -> Seen:
    """What was seen of several kiosks, as if they were one."""
    return Seen(
        together([one.audit for one in seen]),
        {key: set().union(*(one.shown[key] for one in seen)) for key in seen[0].shown},
        set().union(*(one.node for one in seen)),
        set().union(*(one.faults for one in seen)),
        [who for one in seen for who in one.went],
        [command for one in seen for command in one.commands],
    )


def failures_of(expect: Expectation, seen: Seen) -> list[str]:
    """Everything that was not as expected, in words; empty where all was."""
    return [
        *_figures(expect, seen.audit),
        *_shown(expect, seen.shown),
        *_reported(expect, seen.node),
        *_people(expect, seen.went),
        *_named("faults", expect.faults, seen.faults),
        *_named("flags", expect.flags, seen.audit.flags.keys()),
        *_commands(expect.commands, seen.commands),
    ]


def never_allowed(parts: Parts) -> list[str]:
    """What no run may do to people, and a journal that its public key does not vouch for."""
    report = verify_chain(parts.journal.lines(), parts.identity.kiosk.public)
    broken = [] if report.ok else [f"the journal is broken at {report.broken_at}: {report.reason}"]
    return [*parts.rig.dangers(), *broken]


def loss_told(expect: RunExpectation, audit: Audit) -> list[str]:
    """Which loads were lost or doubled, where that is not what was expected."""
    as_expected = (audit.lost, audit.doubled) == (expect.lost, expect.doubled)
    return [] if as_expected else list(audit.notes)


def _figures(expect: Expectation, audit: Audit) -> Iterator[str]:
    for key, of_audit in FIGURES.items():
        wanted, got = getattr(expect, key), getattr(audit, of_audit)
        if wanted is not None and got != wanted:
            yield f"{key}: expected {wanted}, got {got}"
    least = expect.points_at_least
    if least is not None and audit.credited < least:
        yield f"points_at_least: expected {least}, credited {audit.credited}"


def _shown(expect: Expectation, shown: Mapping[str, Set[str]]) -> Iterator[str]:
    for key, were in shown.items():
        for wanted in getattr(expect, key):
            # Why a bay is closed goes on with what to do about it.
            found = any(one.startswith(wanted) for one in were) and key == "closed"
            if not found and wanted not in were:
                yield f"{key}: {wanted} was never shown; there were {', '.join(sorted(were))}"


def _reported(expect: Expectation, states: Set[str]) -> Iterator[str]:
    for state in expect.node:
        if state not in states:
            yield f"node: {state} was never reported; there were {', '.join(sorted(states))}"


def _people(expect: Expectation, went: Sequence[str]) -> Iterator[str]:
    if expect.gave_up is not None and expect.gave_up != len(went):
        who = ", ".join(went) or "nobody did"
        yield f"gave_up: expected {expect.gave_up}, got {len(went)}: {who}"


def _named(key: str, wanted: Sequence[str] | None, came: Set[str]) -> Iterator[str]:
    if wanted is not None and set(wanted) != came:
        yield f"{key}: expected {_listed(wanted)}, got {_listed(came)}"


def _commands(wanted: Sequence[str] | None, came: Sequence[str]) -> Iterator[str]:
    if wanted is not None and list(wanted) != list(came):
        yield f"commands: expected {', '.join(wanted)}, got {', '.join(came)}"


def _listed(names: Sequence[str] | Set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
