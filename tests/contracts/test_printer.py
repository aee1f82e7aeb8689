"""What a receipt printer keeps to: one slip at a time, trouble by name, and no wait for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from controller.adapters.escpos.printer import EscPosPrinter
from controller.core.printer_config import PrinterConfig
from controller.core.slip import Code, Line
from controller.ports import Printer, PrinterError
from sim import clock
from sim.printer import SimPrinter
from tests.controller.paper_roll import PAPER_OUT, WELL, PaperRoll

SLIP = (Line("绿色账户", big=True), Line("PET bottle", "+4"), Code("GRR1:ABC"))
Empty = Callable[[bool], None]
Story = Callable[[Printer, Empty], Awaitable[None]]


def modelled(folder: Path, story: Story) -> None:
    """In virtual time, with the printer of simulations."""

    async def told() -> None:
        printer = SimPrinter()

        def empty(is_empty: bool) -> None:
            printer.run_out(3_600) if is_empty else setattr(printer, "_empty_until_s", 0.0)

        await story(printer, empty)

    clock.run(told())


def real(folder: Path, story: Story) -> None:
    """Over a real terminal."""
    with PaperRoll(folder) as roll:

        def empty(is_empty: bool) -> None:
            roll.paper = PAPER_OUT if is_empty else WELL

        printer = EscPosPrinter(PrinterConfig(port=roll.port, width_mm=58))
        asyncio.run(asyncio.wait_for(story(printer, empty), 20))


@pytest.fixture(params=[modelled, real])
def play(request: pytest.FixtureRequest) -> Callable[[Path, Story], None]:
    play: Callable[[Path, Story], None] = request.param
    return play


def test_without_paper_nothing_is_printed_and_with_it_again(
    play: Callable[[Path, Story], None], tmp_path: Path
) -> None:
    """Somebody puts a new roll in, and nobody starts anything anew."""

    async def story(printer: Printer, empty: Empty) -> None:
        await printer.look()
        empty(True)
        for asked in (printer.look(), printer.print(SLIP)):
            with pytest.raises(PrinterError, match="paper is out") as caught:
                await asked
            assert caught.value.code == "paper-out"
        empty(False)
        await printer.look()
        await printer.print(SLIP)
        printer.close()
        printer.close()

    play(tmp_path, story)
