"""Text messages (SMS): the port, and three ways to send one."""

from __future__ import annotations

import json
import logging
import os
import secrets
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_log = logging.getLogger(__name__)

KEPT_S = 600
"""A message that the gateway did not fetch is of no use after that, and names a number."""


class Texts(Protocol):
    """Sends text messages."""

    def send(self, number: str, text: str) -> None:
        """Hand over a message to a mobile number of mainland China (11 digits).

        Raises:
            OSError: It was not handed over.
        """

    def forget(self) -> None:
        """Forget messages that wait for longer than a code holds; called often.

        Raises:
            OSError: One cannot be deleted.
        """


class SpoolTexts:
    """Writes each message to a folder, whence the operator's gateway fetches and deletes it.

    A file is `{"number": "+86...", "text": ...}`, readable by the platform's own user alone, and
    named `*.json` only once it is whole. What nobody fetched within `KEPT_S` is deleted.

    Args:
        folder: Made where it is missing; must lie on the platform's machine.
        clock: Gives Unix seconds.
    """

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._clock = clock

    def send(self, number: str, text: str) -> None:
        """As the port says."""
        self.forget()
        path = self._folder / f"{self._clock()}-{secrets.token_hex(8)}.part"
        said = json.dumps({"number": f"+86{number}", "text": text}, ensure_ascii=False)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(said)
        path.replace(path.with_suffix(".json"))

    def forget(self) -> None:
        """Delete what no gateway fetched within `KEPT_S`."""
        for path in self._folder.glob("*-*.*"):
            at = path.name.partition("-")[0]
            if at.isdecimal() and int(at) <= self._clock() - KEPT_S:
                path.unlink(missing_ok=True)


class LoggedTexts:
    """Writes the message to the log, without the number: for a demo, which has no gateway."""

    def send(self, number: str, text: str) -> None:
        """As the port says; nobody gets it."""
        del number
        _log.warning("event=text demo=only: %s", text)

    def forget(self) -> None:
        """Nothing waits."""


class KeptTexts:
    """Keeps messages in memory, as `sent`: number and text, the oldest first."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, number: str, text: str) -> None:
        """As the port says."""
        self.sent.append((number, text))

    def forget(self) -> None:
        """A test looks at all of them."""
