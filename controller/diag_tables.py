"""The tables of `kiosk diag`: what the service desk tells, as Rich draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from controller.screens.service.words import ServiceWords

STYLES = {"good": "green", "bad": "bold red", "unknown": "yellow", None: "dim"}
STYLES |= {"pass": STYLES["good"], "fail": STYLES["bad"]}


def checks_table(rows: list[dict[str, Any]], words: ServiceWords) -> Table:
    """Checks with their last results."""
    table = Table(title=words.label("checks"), title_justify="left")
    for column in ("check", "bay", "result", "figure", "limit", "when", "what-to-do"):
        table.add_column(column if column == "bay" else words.label(column))
    for row in rows:
        verdict = Text(words.verdict(row["verdict"]), STYLES[row["verdict"]])
        name = Text.assemble(words.check(row["check"]), "\n", (row["check"], "dim"))
        when = (row.get("day") or "") if row["ago_s"] is None else words.ago(row["ago_s"])
        figures = (words.figure(row["figure"]), words.figure(row["limit"]), when)
        _add(table, name, row["bay"], verdict, *figures, words.advice(row))
    return table


def audit_table(rows: list[dict[str, Any]], words: ServiceWords) -> Table:
    """The seven unified points, one a line."""
    table = Table(title=words.label("audit"), title_justify="left")
    for column in ("point", "result", "figure", "limit", "what-to-do"):
        table.add_column(words.label(column))
    for row in rows:
        verdict = Text(words.verdict(row["verdict"]), STYLES[row["verdict"]])
        _add(
            table,
            words.point(row["point"]),
            verdict,
            words.figure(row["figure"]),
            words.figure(row["limit"]),
            words.advice(row),
        )
    return table


def inputs_table(bays: list[dict[str, Any]], words: ServiceWords) -> Table:
    """One column a bay, one row an input."""
    table = Table(title=words.label("live"), title_justify="left")
    table.add_column("")
    for bay in bays:
        table.add_column(words.label("bay", bay=bay["bay"].upper()))
    for key in bays[0]:
        if key != "bay":
            _add(table, key, *(_shown(bay[key]) for bay in bays))
    return table


def faults_table(told: dict[str, Any], words: ServiceWords) -> Table:
    """What is wrong now, then what was lately, then what was refused at the front."""
    table = Table(title=words.label("faults"), title_justify="left")
    for column in ("bay", "fault", "when", "what-to-do"):
        table.add_column(column if column in ("bay", "fault") else words.label(column))
    for row in told["now"]:
        now = words.label("now")
        _add(table, row["bay"], Text(row["fault"], "bold red"), now, words.remedy(row))
    for row in told["history"]:
        word = words.label("began" if row["active"] else "ended")
        when = f"{word} {words.ago(row['ago_s'])}"
        _add(table, row["bay"], Text(row["fault"], "dim"), when, "")
    for code, count in sorted(told["refused"].items()):
        _add(table, "", words.label("refused-times", code=code, count=count), "", "")
    return table


def state_table(told: dict[str, Any], words: ServiceWords) -> Table:
    """The kiosk's standing."""
    table = Table(title=told["kiosk"], title_justify="left", show_header=False)
    _add(table, "state", told["state"])
    for bay in told["bays"]:
        standing = Text("usable", "green") if bay["usable"] else Text(bay["why_not"], "bold red")
        _add(table, words.label("bay", bay=bay["bay"].upper()), standing)
    for key, value in told["versions"].items():
        _add(table, key, _shown(value))
    return table


def _add(table: Table, *cells: str | Text) -> None:
    """A row as it was told: a device's name in brackets is no markup of Rich."""
    table.add_row(*(one if isinstance(one, Text) else Text(one) for one in cells))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return "-" if value is None else str(value)
