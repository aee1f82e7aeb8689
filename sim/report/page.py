"""A report as one HTML page that needs nothing beside it: no script, no style from elsewhere."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report import tables
from sim.report.axis import Axis, long_text
from sim.report.plot import Line, Mark, Plot
from sim.screen import OFF

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.report.account import Account, KioskAccount
    from sim.report.observer import BaySignals

STYLE = Path(__file__).with_name("report.css")
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head>
<body><header><h1>{title}</h1><p>{verdict}</p></header>
{index}{runs}</body></html>
"""

PINCH_N = 150.0
"""The limit for hands that every run is judged by."""

LEAST_TOP_N = 40.0
LEAST_TOP_G = 50.0
STILL = ("IDENTIFIED", "LOADING", "ASKING", "FAREWELL", "CREDITED", "RETURNING", "CLEARING")
"""States that wait for a person; in the others the kiosk is at work."""

CSS = {"IDLE": "idle", OFF: "closed"}


def page(accounts: Sequence[Account]) -> str:
    """The page of these runs."""
    failed = sum(not one.outcome.passed for one in accounts)
    runs = f"{len(accounts)} run{'s' if len(accounts) > 1 else ''}"
    verdict = f"{runs}, {failed} failed" if failed else f"{runs}, all passed"
    only = accounts[0].scenario.name if len(accounts) == 1 else "scenarios"
    return PAGE.format(
        title=f"kiosk sim: {escape(only)}",
        style=STYLE.read_text(encoding="utf-8"),
        verdict=verdict,
        index=_index(accounts) if len(accounts) > 1 else "",
        runs="\n".join(_run(number, one) for number, one in enumerate(accounts)),
    )


def _index(accounts: Sequence[Account]) -> str:
    items = "".join(
        f'<li>{_badge(one)}<a href="#run-{number}">{escape(one.scenario.name)}</a> '
        f"{escape(one.scenario.line)}</li>"
        for number, one in enumerate(accounts)
    )
    return f'<nav class="card"><ul>{items}</ul></nav>'


def _run(number: int, account: Account) -> str:
    scenario, first = account.scenario, f"{tables.expected(account)}{tables.kiosks(account)}"
    alone = len(account.kiosks) == 1
    rest = [_kiosk(account, one, first if alone else "") for one in account.kiosks]
    return (
        f'<article id="run-{number}"><h2>{_badge(account)}{escape(scenario.name)}</h2>'
        f'<p class="line">{escape(scenario.line)}</p>{_facts(account)}{_failures(account)}'
        f"{'' if alone else first}{''.join(rest)}</article>"
    )


def _kiosk(account: Account, kiosk: KioskAccount, first: str) -> str:
    """A kiosk's plot and tables; its name stands above where there are others."""
    title = f"<h2>{escape(kiosk.kiosk)}</h2>" if len(account.kiosks) > 1 else ""
    return (
        f'{title}<section class="card"><div class="wide">{_plot(account, kiosk)}</div></section>'
        f'<div class="cards">{first}{tables.bins(kiosk)}'
        f"{tables.people(kiosk)}{tables.events(kiosk)}{tables.records(kiosk)}</div>"
    )


def _badge(account: Account) -> str:
    good = account.outcome.passed
    return f'<b class="{"good" if good else "bad"}">{"passed" if good else "FAILED"}</b> '


def _facts(account: Account) -> str:
    outcome = account.outcome
    speed = outcome.virtual_s / outcome.wall_s if outcome.wall_s else 0.0
    facts = {
        "seed": outcome.seed,
        "node": account.node,
        "virtual": long_text(outcome.virtual_s),
        "wall": f"{outcome.wall_s:.1f} s ({speed:.0f}×)",
        "sessions": outcome.sessions,
        "available": f"{100 * _available(account):.1f} %",
        "trace": outcome.trace_sha256,
    }
    terms = "".join(
        f"<div><dt>{name}</dt><dd>{escape(str(fact))}</dd></div>" for name, fact in facts.items()
    )
    return f"<dl>{terms}</dl>"


def _failures(account: Account) -> str:
    if account.outcome.passed:
        return ""
    items = "".join(f"<li>{escape(one)}</li>" for one in account.outcome.failures)
    return f'<section class="card failures"><h3>Not as it must be</h3><ul>{items}</ul></section>'


def _available(account: Account) -> float:
    """The share of the time in which a bay would take something, mean of the bays."""
    end_s = account.outcome.virtual_s
    bays = [bay for kiosk in account.kiosks for bay in kiosk.signals.bays.values()]
    return sum(bay.why_not.share(end_s, "") for bay in bays) / len(bays)


def _plot(account: Account, kiosk: KioskAccount) -> str:
    signals, end_s = kiosk.signals, account.outcome.virtual_s
    plot = Plot(Axis([*signals.busy, *_named_spans(kiosk, end_s)], end_s))
    plot.strip("session", _states(signals.states.spans(end_s)))
    for name, bay in signals.bays.items():
        _bay_rows(plot, "" if len(signals.bays) == 1 else f"{name}: ", bay, end_s)
    return plot.svg(_marks(kiosk, end_s))


def _bay_rows(plot: Plot, bay: str, signals: BaySignals, end_s: float) -> None:
    spans = signals.why_not.spans(end_s)
    plot.strip(f"{bay}available", [(*one, "closed" if one[2] else "usable") for one in spans])
    weight = [
        Line("cell", "faint", signals.weighed_g),
        Line("lying", "strong", signals.lying_g),
    ]
    plot.graph(f"{bay}weight", "g", weight, least_top=LEAST_TOP_G)
    ways = [
        Line("hatch", "strong", signals.hatch_mm, 100 / signals.travel_mm),
        Line("gate", "second", signals.gate_share, 100.0),
    ]
    plot.graph(f"{bay}open", "%", ways, least_top=100.0)
    force = [Line("edge", "strong", signals.pressing_n)]
    plot.graph(f"{bay}force at edge", "N", force, least_top=LEAST_TOP_N, limit=PINCH_N)


def _states(
    spans: Iterable[tuple[float, float, str]],
) -> Iterable[tuple[float, float, str, str]]:
    for from_s, to_s, state in spans:
        yield from_s, to_s, state, CSS.get(state, "waits" if state in STILL else "works")


def _named_spans(account: KioskAccount, end_s: float) -> list[tuple[float, float]]:
    """The moments that the scenario names are never folded away."""
    times = [one.arrives_s for one in account.visitors]
    times += [one.at_s for one in account.events]
    return [(at_s, at_s) for at_s in times if at_s <= end_s]


def _marks(account: KioskAccount, end_s: float) -> Iterable[Mark]:
    for number, verb in enumerate(account.events, start=1):
        if verb.at_s <= end_s and verb.when is None:
            yield Mark(verb.at_s, str(number), f"{number}: {verb.verb}", "event", level=1)
    for bay, signals in account.signals.bays.items():
        for at_s, name in signals.faults:
            yield Mark(at_s, "!", f"{name} in bay {bay}", "fault")
    for at_s, record in account.records:
        if record["kind"] in ("deposit", "uncertain", "returned"):
            yield Mark(at_s, "●", f"record: {record['kind']}", "record")
