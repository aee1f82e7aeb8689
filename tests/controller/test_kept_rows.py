"""A few rows, kept in a file over restarts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from controller.adapters.kept_rows import KeptRows

STUCK, TAMPER = ("a", "hatch-stuck"), ("b", "tamper")


def kept(path: Path) -> list[tuple[str, str]]:
    """What a kiosk that starts finds in the file."""
    return asyncio.run(KeptRows(path, (str, str)).kept())


def test_what_was_kept_last_is_there_after_a_restart(tmp_path: Path) -> None:
    """Of lists that are handed in at once the last one stays."""

    async def hand_in(file: KeptRows) -> None:
        await asyncio.gather(*(file.keep(one) for one in ([STUCK], [STUCK, TAMPER], [TAMPER])))

    path = tmp_path / "journal.faults"
    assert kept(path) == []
    asyncio.run(hand_in(KeptRows(path, (str, str))))
    assert kept(path) == [TAMPER]


@pytest.mark.parametrize(
    "data", [b"", b"{", b"7", b'[["a"]]', b"\xff", b'[["a", 7]]', b"[" * 100_000]
)
def test_a_file_that_is_none_counts_as_none(
    tmp_path: Path, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says which file it is."""
    path = tmp_path / "journal.faults"
    path.write_bytes(data)
    assert kept(path) == []
    assert str(path) in caplog.text


def test_a_disk_that_takes_nothing_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and what was kept before is still there."""
    path = tmp_path / "gone" / "journal.faults"
    asyncio.run(KeptRows(path, (str, str)).keep([STUCK]))
    assert "event=rows-not-kept" in caplog.text
