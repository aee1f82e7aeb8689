"""The acceptance at the desk: its report is put together, kept as a file, and named on record."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any

from contract.canonical import canonical
from contract.instant import instant_of, utc_s_of
from contract.whole_file import write_whole
from controller.core import touches
from controller.core.service.acceptance import Acceptance, plan
from controller.core.service.acts import Act
from controller.screens.service import told
from controller.screens.service.refusal import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from controller.core.accepted_row import AcceptedRow
    from controller.core.session import Session
    from controller.screens.service.desk import Desk

_log = logging.getLogger(__name__)

KEYS = ("check", "bay", "verdict", "figure", "limit", "do", "detail", "by")
"""What stands in a row of a report, beside when it was run (`at`)."""


ABOUT = frozenset(
    {"kiosk", "city", "district", "address", "began", "begun_by", "ended", "ended_by"}
)
ALL = ABOUT | {"versions", "parts", "checks", "points"}
"""What stands in every report."""


class AcceptanceDesk:
    """What staff do at the desk to accept a site.

    Args:
        desk: The service desk.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def told(self) -> dict[str, Any] | None:
        """The acceptance that is on its way: its rows, and what is open; None where none is."""
        session = self._desk.session
        acceptance = session.service.acceptance
        if acceptance is None:
            return None
        return {
            "by": acceptance.by,
            "began": instant_of(acceptance.began_s),
            "checks": rows_of(acceptance, session),
            "summary": acceptance.summary(session.bays),
        }

    async def begin(self, token: str) -> None:
        """Begin one.

        Raises:
            RefusedError: This token may not, or one is on its way.
        """
        await self._desk.act(token, touches.AcceptanceBegun(self._desk.clock.utc_s()))

    async def give_up(self, token: str) -> None:
        """Give it up.

        Raises:
            RefusedError: This token may not, or none is on its way.
        """
        await self._desk.act(token, touches.AcceptanceGivenUp())

    async def end(self, token: str) -> dict[str, Any]:
        """End it: write its report, and put it on record; the report.

        Raises:
            RefusedError: As `give_up`; or the report cannot be kept.
        """
        async with self._desk.outside:
            await self._desk.require(token, Act.CHECK)
            points = told.audit(await self._desk.around.audited(self._desk.session))
            begun = self.told()
            if begun is None:
                raise RefusedError("not-begun", "no acceptance is on its way: begin one")
            report = self._report(begun, points)
            text = canonical(report)
            sha256 = hashlib.sha256(text).hexdigest()
            path = self._folder / f"{report['ended'].replace(':', '')}.json"
            await asyncio.to_thread(_write, path, text)
            try:
                await self._desk.act(token, touches.AcceptanceEnded(sha256))
            except RefusedError:  # what no record names is no report
                await asyncio.to_thread(path.unlink, missing_ok=True)
                raise
            return report | {"sha256": sha256}

    def last(self) -> dict[str, Any]:
        """The report of the acceptance that ended last, by its own time, with its hash.

        A file that is no report has no time: it is passed over, and said in the log.

        Raises:
            RefusedError: There is none, or none that can be read.
        """
        folder = self._desk.around.reports
        latest: tuple[int, dict[str, Any]] | None = None
        refused = RefusedError("no-report", "no acceptance has ended here yet: end one")
        for path in sorted(folder.glob("*.json")) if folder is not None else []:
            try:
                found = _read(path)
            except RefusedError as error:
                _log.warning("event=no-report reason=%s", error)
                refused = error
                continue
            latest = found if latest is None or found[0] >= latest[0] else latest
        if latest is None:
            raise refused
        return latest[1]

    @property
    def _folder(self) -> Path:
        folder = self._desk.around.reports
        if folder is None:
            raise RefusedError("not-kept", "this kiosk keeps no reports")
        return folder

    def _report(self, begun: dict[str, Any], points: list[dict[str, Any]]) -> dict[str, Any]:
        """All that is to be said of the site; strings and integers alone, so that it is canonical.

        What was not run is among the checks, without a verdict: it is an open point.
        """
        desk, session = self._desk, self._desk.session
        config = session.config
        duty = session.service.duty
        return {
            "kiosk": config.kiosk,
            "city": config.city,
            "district": config.district,
            "address": config.site.address,
            "began": begun["began"],
            "begun_by": begun["by"],
            "ended": instant_of(desk.clock.utc_s()),
            "ended_by": "" if duty is None else duty.by,
            "versions": told.versions(session),
            "parts": {
                bay.name: {"node": bay.config.port, "camera": bay.config.camera}
                for bay in session.bays.values()
            },
            "checks": begun["checks"],
            "points": [{key: one or "" for key, one in row.items()} for row in points],
        }


def _write(path: Path, text: bytes) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise RefusedError("not-kept", f"it cannot be kept: {error.strerror}") from error


def _read(path: Path) -> tuple[int, dict[str, Any]]:
    """When a report says that it ended (Unix s), and the report with its hash.

    Raises:
        RefusedError: It cannot be read, or is none.
    """
    try:
        text = path.read_bytes()
        report: dict[str, Any] = dict(json.loads(text))
        if missing := ALL - report.keys():
            reason = f"{path.name} is no report: it lacks {', '.join(sorted(missing))}"
            raise RefusedError("no-report", reason)
        ended_s = utc_s_of(report["ended"])
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise RefusedError("no-report", f"{path.name} cannot be read: {error}") from error
    return ended_s, report | {"sha256": hashlib.sha256(text).hexdigest()}


def rows_of(acceptance: Acceptance, session: Session) -> list[dict[str, str]]:
    """Every check of the plan; one that has not been run has no verdict."""
    rows = []
    for step in plan(session.bays):
        row = acceptance.rows.get(step)
        if row is None:
            blank = dict.fromkeys(KEYS, "") | {"at": ""}
            rows.append(blank | {"check": step[0], "bay": step[1]})
        else:
            rows.append(row_of(row))
    return rows


def row_of(row: AcceptedRow) -> dict[str, str]:
    """One check of an acceptance, as reports and the API tell it."""
    return dict(zip(KEYS, row[:8], strict=True)) | {"at": instant_of(row[8])}
