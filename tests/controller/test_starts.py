"""A controller that starts knows how often it did so lately, and on which start of the computer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from controller.adapters.kept_rows import KeptRows
from controller.adapters.store import ThreadedStore
from controller.adapters.system_clock import boot_of_computer
from controller.core.health.kiosk_diagnosis import failing_at
from controller.core.health.kiosk_parts import KioskPart
from controller.core.health.kiosk_signs import KioskSigns
from controller.starting import STARTS, Kept, known_at_start
from tests.controller.drafts import journal


class WallClock:
    """A clock that says what it is told."""

    def __init__(self, utc_s: int) -> None:
        self._utc_s = utc_s

    def utc_s(self) -> int:
        """That time."""
        return self._utc_s

    def quality(self) -> str:
        """As the port has it."""
        return "synchronised"


def named_after(folder: Path, *starts: tuple[int, str]) -> set[KioskPart]:
    """What fails by the last of some starts, each at its second and on a start of the computer."""

    async def start(utc_s: int, boot: str) -> list[object]:
        faults, lots = (KeptRows(folder / name, (str, str)) for name in ("faults", "lots"))
        kept = Kept(faults, lots, KeptRows(folder / "journal.starts", (int, str)), boot)
        async with ThreadedStore(lambda: journal(folder / "journal.sqlite")) as store:
            return await known_at_start(store, WallClock(utc_s), ("a",), kept)

    signs = KioskSigns()
    for event in [asyncio.run(start(*one)) for one in starts][-1]:
        signs.hear(event, 50.0)
    return set(failing_at(signs, 50.0))


def test_a_crash_loop_is_named_by_the_start_that_ends_it(tmp_path: Path) -> None:
    """Its memory outlives it: a file beside the journal."""
    assert named_after(tmp_path, (1_000, "one")) == set()
    assert named_after(tmp_path, (1_060, "one"), (1_120, "one")) == {KioskPart.CONTROLLER}
    assert named_after(tmp_path, (9_000, "one")) == set()


def test_power_that_fails_again_and_again_is_no_fault_of_the_program(tmp_path: Path) -> None:
    """Each time the computer has another name for its start."""
    assert named_after(tmp_path, (10, "one"), (900, "two"), (2_000, "three")) == {
        KioskPart.COMPUTER
    }


def test_a_computer_without_a_battery_is_named_too(tmp_path: Path) -> None:
    """Its clock begins anew with each start, which takes a little longer or less."""
    assert named_after(tmp_path, (1_021, "one"), (1_020, "two"), (1_018, "three")) == {
        KioskPart.COMPUTER
    }


def test_a_clock_that_was_put_back_tells_nothing_of_starts(tmp_path: Path) -> None:
    """What seems to lie ahead is left out."""
    assert named_after(tmp_path, (9_000, "one"), (9_010, "one"), (50, "one")) == set()


def test_not_every_start_is_kept_for_ever(tmp_path: Path) -> None:
    """A file that only grows would be another fault."""
    named_after(tmp_path, *((second * 1_000, "one") for second in range(STARTS + 3)))
    rows = asyncio.run(KeptRows(tmp_path / "journal.starts", (int, str)).kept())
    assert len(rows) == STARTS


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_computer_without_a_name_for_its_start_has_none(tmp_path: Path, name: str) -> None:
    """Then all its starts are one."""
    assert boot_of_computer(tmp_path / name) == ""
