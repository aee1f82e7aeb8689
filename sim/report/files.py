"""Where reports go: the one page for people, the one document for CI."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sim.errors import SimError
from sim.report.junit import junit
from sim.report.page import page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.report.account import Account
    from sim.run import Outcome


def check_place(file: Path) -> None:
    """Find out before a long run, not after it, whether a report has a place to go to.

    Raises:
        SimError: Its folder is not there, or the file is a folder itself.
    """
    if not file.parent.is_dir():
        raise SimError(f"report {file}: there is no folder {file.parent}: make it first")
    if file.is_dir():
        raise SimError(f"report {file} is a folder: name a file in it")


def write_page(file: Path, accounts: Sequence[Account]) -> None:
    """Write the HTML page.

    Raises:
        SimError: The file cannot be written.
    """
    _write(file, page(accounts).encode())


def write_junit(file: Path, outcomes: Sequence[Outcome], node: str) -> None:
    """Write the JUnit XML; now is when the runs ended.

    Raises:
        SimError: The file cannot be written.
    """
    _write(file, junit(outcomes, time.time(), node))


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise SimError(f"report {file} cannot be written: {error.strerror}") from error
