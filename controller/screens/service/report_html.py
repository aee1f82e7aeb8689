"""The report of an acceptance as a page to be printed: black on white, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from contract.hours import local_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from controller.screens.service.words import ServiceWords

STYLE = """
body { font: 11pt/1.4 "Noto Sans CJK SC", sans-serif; color: #000; margin: 15mm; }
table { border-collapse: collapse; width: 100%; margin: 4mm 0 8mm; }
th, td { border: 1px solid #555; padding: 1mm 2mm; text-align: left; vertical-align: top; }
thead { display: table-header-group; } tr { break-inside: avoid; }
.bad, .fail, .open { font-weight: 700; } code { font-size: 9pt; overflow-wrap: anywhere; }
.sign { margin-top: 14mm; border-top: 1px solid #000; width: 70mm; padding-top: 1mm; }
"""


def report_page(report: dict[str, Any], words: ServiceWords) -> str:
    """The whole page; every figure stands beside its limit, and what is open comes first."""
    label = words.label
    title = escape(f"{label('acceptance')}: {report['kiosk']}")
    open_points = [row for row in report["checks"] if row["verdict"] != "good"]
    parts = [
        f"<h1>{title}</h1>",
        _pairs(_about(report, words)),
        f"<h2>{escape(label('open-points'))}</h2>",
        _checks(open_points, words) if open_points else f"<p>{escape(label('none-open'))}</p>",
        f"<h2>{escape(label('checks'))}</h2>",
        _checks(report["checks"], words),
        f"<h2>{escape(label('audit'))}</h2>",
        _points(report["points"], words),
        f"<p>{escape(label('report-hash'))} <code>{escape(report['sha256'])}</code></p>",
        f'<p class="sign">{escape(label("signature"))}</p>',
    ]
    return (
        f'<!doctype html><html lang="{words.language}"><meta charset="utf-8">'
        f"<title>{title}</title><style>{STYLE}</style><body>{''.join(parts)}</body></html>"
    )


def _about(report: dict[str, Any], words: ServiceWords) -> list[tuple[str, str]]:
    versions = report["versions"]
    rows = [
        (words.label("site"), f"{report['address']} ({report['city']}, {report['district']})"),
        (words.label("began"), f"{local_time(report['began'])}, {report['begun_by']}"),
        (words.label("ended"), f"{local_time(report['ended'])}, {report['ended_by']}"),
        (words.label("software"), versions["software"]),
        (words.label("catalogue"), f"{versions['catalogue']}, {versions['catalogue_from']}"),
    ]
    for bay, part in report["parts"].items():
        told = part["node"], versions["nodes"][bay], part["camera"], versions["calibrations"][bay]
        rows.append((words.label("bay", bay=bay.upper()), ", ".join(told)))
    return rows


def _checks(rows: Iterable[dict[str, Any]], words: ServiceWords) -> str:
    cells = []
    for row in rows:
        verdict = words.verdict(row["verdict"] or "not-run")
        when = local_time(row["at"])[:16] if row["at"] else ""
        place = words.label("bay", bay=row["bay"].upper()) if row["bay"] else words.label("kiosk")
        name = f"{words.check(row['check'])} · {place}"
        told = (verdict, row["figure"], row["limit"], words.advice(row), row["by"], when)
        cells.append((row["verdict"] or "open", (name, *told)))
    heads = ("check", "result", "figure", "limit", "what-to-do", "by-whom", "when")
    return _table([words.label(head) for head in heads], cells)


def _points(rows: Iterable[dict[str, Any]], words: ServiceWords) -> str:
    cells = [
        (
            row["verdict"],
            (
                words.point(row["point"]),
                words.verdict(row["verdict"]),
                row["figure"],
                row["limit"],
                words.advice(row),
            ),
        )
        for row in rows
    ]
    heads = ("point", "result", "figure", "limit", "what-to-do")
    return _table([words.label(head) for head in heads], cells)


def _table(heads: Sequence[str], rows: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(
        f'<tr class="{escape(kind)}">{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
        for kind, cells in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _pairs(rows: Sequence[tuple[str, str]]) -> str:
    return _table(["", ""], [("", pair) for pair in rows]).replace(
        "<thead><tr><th></th><th></th></tr></thead>", ""
    )
