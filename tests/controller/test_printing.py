"""The printer beside the pump: each slip is answered once, and its trouble is told."""

from __future__ import annotations

import asyncio

import pytest

from controller.core import commands, events
from controller.core.health.sightings import PrinterSeen
from controller.core.slip import Line
from controller.printing import EVERY_S, Printing
from sim import clock
from sim.printer import SLIP_S, SimPrinter

FIRST, SECOND = (Line("first"),), (Line("second"),)


def test_one_slip_at_a_time_is_printed_and_each_is_answered() -> None:
    """Whoever touches while another's slip is printed is told at once, and nothing queues."""

    async def story() -> None:
        printer, posted = SimPrinter(), list[object]()
        printing = Printing(printer, posted.append)
        printing.begin(commands.Print(1, FIRST))
        printing.begin(commands.Print(2, SECOND))
        assert posted == [events.Printed(2, "busy")]
        await asyncio.sleep(SLIP_S + 1)
        assert posted[1:] == [PrinterSeen(), events.Printed(1)]
        printer.run_out(SLIP_S)
        printing.begin(commands.Print(3, SECOND))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert posted[-1] == events.Printed(3, "paper-out")
        assert printer.slips == [FIRST]

    clock.run(story())


def test_staff_hear_of_a_roll_that_is_out_before_a_resident_does() -> None:
    """It is asked every minute; a kiosk without a printer asks nothing, and prints nothing."""

    async def story() -> None:
        printer, posted = SimPrinter(), list[object]()
        running = asyncio.create_task(Printing(printer, posted.append).run())
        await asyncio.sleep(EVERY_S / 2)
        printer.run_out(EVERY_S)
        await asyncio.sleep(2 * EVERY_S)
        running.cancel()
        codes = [one.code for one in posted if isinstance(one, PrinterSeen)]
        assert codes == ["", "paper-out", ""]
        none = Printing(None, posted.append)
        await none.run()
        none.begin(commands.Print(4, FIRST))
        assert posted[-1] == events.Printed(4, "busy")

    clock.run(story())


def test_a_printer_that_breaks_in_an_unknown_way_ends_no_kiosk() -> None:
    """Its slip is answered, and the next one is printed."""

    class Broken(SimPrinter):
        async def print(self, slip: object) -> None:
            raise RuntimeError("of no known kind")

    async def story() -> None:
        posted = list[object]()
        printing = Printing(Broken(), posted.append)
        for number in (1, 2):
            printing.begin(commands.Print(number, FIRST))
            await asyncio.sleep(1)
        assert posted == [events.Printed(1, "failing"), events.Printed(2, "failing")]

    clock.run(story())


def test_nor_does_one_that_breaks_when_it_is_asked_how_it_is() -> None:
    """It is asked again a minute later."""

    class Broken(SimPrinter):
        async def look(self) -> None:
            self.asked = getattr(self, "asked", 0) + 1
            raise RuntimeError("of no known kind")

    async def story() -> None:
        broken, posted = Broken(), list[object]()
        running = asyncio.create_task(Printing(broken, posted.append).run())
        await asyncio.sleep(2.5 * EVERY_S)
        assert not running.done()
        running.cancel()
        assert (broken.asked, posted) == (3, [])

    clock.run(story())


def test_trouble_that_goes_on_is_said_in_the_log_once(caplog: pytest.LogCaptureFixture) -> None:
    """And again where it comes anew; the diagnosis hears it every minute."""

    async def story() -> None:
        printer, posted = SimPrinter(), list[object]()
        running = asyncio.create_task(Printing(printer, posted.append).run())
        for _ in range(2):
            printer.run_out(2.5 * EVERY_S)
            await asyncio.sleep(5 * EVERY_S)
        running.cancel()

    clock.run(story())
    assert caplog.text.count("event=printer-trouble code=paper-out") == 2
