"""The diagnostics bundle: what a technician sends to whoever helps them, without a secret in it.

A zip of JSON and the latest lines of the log. Keys and their files' places are left out of the
configuration, and whatever in a log line is long enough to be an id or a number of somebody.
"""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections import deque
from typing import TYPE_CHECKING, Any

from contract.cose import PREFIX
from controller.screens.service import told

if TYPE_CHECKING:
    from controller.screens.service.desk import Desk

LINES = 500
"""So many lines of the log are kept in memory for it."""

_SECRET = re.compile(PREFIX + r"\S+|(?<![\w.])(?:[0-9a-fA-F]{12,}|\d{7,})(?![\w.])")
"""Codes and badges, ids of people and sessions, and telephone numbers."""


class LogTail(logging.Handler):
    """Keeps the latest lines of the log in memory, each redacted as it comes."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        self.lines: deque[str] = deque(maxlen=LINES)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(redacted(self.format(record)))


class Bundle:
    """Makes the bundle.

    Args:
        desk: Knows the kiosk.
        log: The log's latest lines.
    """

    def __init__(self, desk: Desk, log: LogTail) -> None:
        self._desk = desk
        self._log = log

    async def zipped(self) -> bytes:
        """The bundle as a zip file's bytes."""
        parts = await self._parts()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for name, part in parts.items():
                file.writestr(f"{name}.json", json.dumps(part, ensure_ascii=False, indent=1))
            file.writestr("log.txt", "\n".join(self._log.lines))
        return out.getvalue()

    async def _parts(self) -> dict[str, Any]:
        s, now_s = self._desk.session, self._desk.now_s()
        given = await self._desk.around.look()
        return {
            "state": nameless(told.state(s, now_s)),
            "checks": told.checks(s, now_s, given),
            "inputs": told.inputs(s),
            "faults": told.standing_faults(s, now_s),
            "links": told.links(s, now_s),
            "versions": told.versions(s),
            "bins": told.bins(s),
            "refused": dict(s.refused),
            "journal": {
                "room_bytes": given.room_bytes,
                "room_reason": given.room_reason,
                "waiting": given.waiting,
                "oldest_s": given.oldest_s,
                "aside": given.aside,
            },
            # where keys lie stays at home
            "configuration": s.config.model_dump(
                mode="json", exclude={"files": True, "uplink": {"tls"}}
            ),
        }


def nameless(state: dict[str, Any]) -> dict[str, Any]:
    """The state without staff's pseudonyms."""
    acts = [{key: one for key, one in act.items() if key != "by"} for act in state["acts"]]
    return {key: one for key, one in state.items() if key != "by"} | {"acts": acts}


def redacted(line: str) -> str:
    """A line of the log without codes, ids and numbers of people."""
    return _SECRET.sub("(left out)", line)
