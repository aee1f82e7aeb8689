"""What a kiosk that starts knows, from a real journal and what is kept beside it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from controller.adapters.kept_rows import KeptRows
from controller.adapters.store import ThreadedStore
from controller.core import events
from controller.core.lots import Lots
from controller.starting import Kept, known_at_start
from tests.controller.drafts import bottles, calibration, intent, journal

SHAPE = (str, int, str, int, int, int, int, int, str)


class WallClock:
    """A clock that nobody vouches for."""

    def utc_s(self) -> int:
        """Long ago."""
        return 0

    def quality(self) -> str:
        """As the port has it."""
        return "unknown"


def known(folder: Path, bays: tuple[str, ...] = ("a", "b")) -> list[object]:
    """All that the next start begins with."""

    async def start() -> list[object]:
        kept = Kept(
            KeptRows(folder / "journal.faults", (str, str)),
            KeptRows(folder / "journal.lots", SHAPE),
        )
        async with ThreadedStore(lambda: journal(folder / "journal.sqlite")) as store:
            return await known_at_start(store, WallClock(), bays, kept)

    return asyncio.run(start())


def test_a_kiosk_that_starts_knows_calibrations_before_intents(tmp_path: Path) -> None:
    """And of a bay that nobody remembers it knows that."""
    file = journal(tmp_path / "journal.sqlite")
    file.append(calibration())
    file.append(intent())
    file.remember_bay("a", 7.0, True)
    file.close()
    kinds = [type(one) for one in known(tmp_path)]
    assert kinds == [
        events.LotsFound,
        events.CalibrationFound,
        events.BayMemoryFound,
        events.BayMemoryMissing,
        events.OpenIntent,
    ]


def test_loads_that_were_recorded_and_not_kept_are_counted(tmp_path: Path) -> None:
    """More than are read at once; the fault that was recorded is known too."""
    file = journal(tmp_path / "journal.sqlite")
    bottles(file, 250)
    file.close()
    asyncio.run(KeptRows(tmp_path / "journal.faults", (str, str)).keep([("a", "tamper")]))
    fault, found, *_ = known(tmp_path)
    assert fault == events.FaultFound("a", "tamper")
    assert isinstance(found, events.LotsFound)
    lots = Lots()
    lots.found(found.rows, found.waiting)
    ((_, _, _, _, deposits, mass_g, *_rest),) = lots.rows()
    assert (deposits, mass_g) == (250, 250 * 24)
