"""The tables of a report: what was expected and came, who came, what befell, what was written."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sim.judging import FIGURES
from sim.report.axis import clock_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.report.account import Account, KioskAccount
    from sim.verbs import Verb
    from sim.visitors import ItemToBring

OF_KIOSKS = ("sessions", "accepted", "returned", "credited", "lost", "doubled")
"""Figures of each of several kiosks that are told side by side."""

ALWAYS = ("accepted", "returned", "credited", "lost", "doubled", "faults")
"""Keys of `[expect]` that are told even where nothing was asked."""

TOLD = ("deposit_id", "item_code", "mass_g", "pieces", "points", "bin_index", "reason", "upto")
"""Keys of a record's body that its line in the report shows."""

NOT_ASKED = "–"


def expected(account: Account) -> str:
    """What the scenario expects beside what came, each with whether it holds."""
    expect, failures = account.scenario.expect, account.outcome.failures
    rows = []
    for key in type(expect).model_fields:
        wanted = getattr(expect, key)
        if key == "kiosks" or (key not in ALWAYS and wanted in (None, (), 0)):
            continue
        missed = [one for one in failures if one.startswith(f"{key}: ")]
        came = _came(account, key) or "; ".join(missed) or "as expected"
        rows.append((key, _listed(wanted), came, "✗" if missed else ""))
    return _table("Expected and come", ("", "expected", "came", ""), rows)


def kiosks(account: Account) -> str:
    """What came of each of several kiosks; nothing where there is one."""
    of_kiosks = account.outcome.kiosks
    rows = [
        (one.kiosk, *(str(getattr(one, figure)) for figure in OF_KIOSKS), "; ".join(one.failures))
        for one in (of_kiosks if len(of_kiosks) > 1 else ())
    ]
    return _table("Kiosks", ("", *OF_KIOSKS, "not as it must be"), rows)


def _came(account: Account, key: str) -> str:
    """A figure of the run, where the key is one; else nothing."""
    if key == "faults":
        return _listed(account.outcome.faults)
    of_audit = FIGURES.get(key)
    return str(getattr(account.audit, of_audit)) if of_audit is not None else ""


def bins(account: KioskAccount) -> str:
    """The audit: each bin's loads against the journal, then the ledger against both."""
    rows = [
        (
            f"{one.bay}.{one.index} {one.stream}",
            f"{one.lying} ({one.lying_g} g)",
            str(one.recorded),
            "" if one.lying == one.recorded or one.stream == "refuse" else "≠",
        )
        for one in account.bins
    ]
    found = account.audit
    rows.append(("points", f"journal {found.points}", f"ledger {found.credited}", ""))
    notes = "".join(f"<li>{escape(note)}</li>" for note in account.audit.notes)
    more = f"<ul>{notes}</ul>" if notes else '<p class="small">Nothing lost, nothing doubled.</p>'
    return _table("Audit", ("bin", "loads lying", "deposits", ""), rows, more)


def people(account: KioskAccount) -> str:
    """Who came, with what, and how it ended for them."""
    pairs = zip(account.visitors, account.gave_up, strict=True)
    rows = [
        (clock_text(one.arrives_s), one.account, _things(one.items), gave_up or "left content")
        for one, gave_up in pairs
    ]
    return _table("People", ("at", "account", "brought", "in the end"), rows)


def events(account: KioskAccount) -> str:
    """What happened besides, numbered as in the plot; and the faults that the nodes raised."""
    rows: list[Sequence[str]] = [
        (str(number), _when(verb), verb.verb, _arguments(verb))
        for number, verb in enumerate(account.events, start=1)
    ]
    rows += [
        ("!", clock_text(at_s), name, f"raised by the node of bay {bay}")
        for bay, signals in account.signals.bays.items()
        for at_s, name in signals.faults
    ]
    return _table("Events and faults", ("", "at", "what", ""), rows)


def records(account: KioskAccount) -> str:
    """The journal, line by line."""
    rows = [
        (clock_text(at_s), record["kind"], _body(record["body"]), "")
        for at_s, record in account.records
    ]
    return _table("Records", ("at", "kind", "", ""), rows)


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], more: str = "") -> str:
    lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    if not lines:
        return ""
    heads = "".join(f"<th>{escape(one)}</th>" for one in head)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return (
        f'<section class="card"><h3>{escape(title)}</h3><div class="wide"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{more}</section>"
    )


def _listed(wanted: object) -> str:
    if wanted is None:
        return NOT_ASKED
    return (
        ", ".join(map(str, wanted)) or "none" if isinstance(wanted, (tuple, list)) else str(wanted)
    )


def _things(items: Sequence[ItemToBring]) -> str:
    return ", ".join(f"{one.kind} {one.mass_g} g" for one in items) or "nothing"


def _when(verb: Verb) -> str:
    return f"{verb.when} +{verb.later_s:g} s" if verb.when else clock_text(verb.at_s)


def _arguments(verb: Verb) -> str:
    figures = verb.model_dump(
        exclude={"at_s", "verb", "when", "later_s", "kiosk"}, exclude_defaults=True
    )
    return ", ".join(f"{name} {value}" for name, value in figures.items())


def _body(body: dict[str, object]) -> str:
    keys = [key for key in TOLD if key in body] or [*body]
    return ", ".join(f"{key} {body[key]}" for key in keys if isinstance(body[key], (str, int)))
