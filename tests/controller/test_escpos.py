"""A receipt printer at a real terminal: what it gets, what it says, and what it does not take."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contract.receipt import decode
from controller.adapters.escpos.aside import aside
from controller.adapters.escpos.device import Device
from controller.adapters.escpos.encode import (
    BIG,
    CENTRE,
    CHINESE,
    COLUMN_DOTS,
    CUT,
    DOTS,
    FEED,
    INITIALISE,
    LEFT,
    PLAIN,
    encoded,
)
from controller.adapters.escpos.printer import EscPosPrinter
from controller.core.printer_config import PrinterConfig
from controller.core.slip import Code, Line, Slip
from controller.ports import PrinterError
from controller.screens.paper import slip_of
from controller.screens.service.call import TIMEOUT_S
from controller.screens.sums import ROWS
from controller.screens.words import Words
from tests.controller.paper_roll import COVER_OPEN, STOPPED, WELL, PaperRoll, pictures, read
from tests.screens.views import CREDITED, MANY, RECEIPT, VIEWS

ANY = st.text(st.characters(), max_size=120)


def printer(roll: PaperRoll, limit_s: float = 5.0) -> EscPosPrinter:
    """The real adapter on this terminal."""
    return EscPosPrinter(PrinterConfig(port=roll.port, width_mm=58), limit_s, answer_s=0.2)


def trouble(one: EscPosPrinter, slip: Slip) -> str:
    """By which code the slip is refused; empty where it comes out."""

    async def printed() -> str:
        try:
            await one.print(slip)
        except PrinterError as error:
            return error.code
        return ""

    return asyncio.run(printed())


@pytest.mark.parametrize("width_mm", [58, 80])
def test_a_phone_reads_the_signed_record_off_the_paper(width_mm: int) -> None:
    """Each deposit's own, half a millimetre a module at least, and not wider than the paper."""
    data = encoded(slip_of(CREDITED, Words("zh")), width_mm, cuts=True)
    assert [decode(one).decode() for one in read(data)] == [one.record for one in RECEIPT]
    for one in pictures(data):
        assert one.shape[1] - 80 <= DOTS[width_mm]
    assert data.endswith(FEED + CUT)
    assert len(data) < 12_000


def test_the_slip_says_what_the_screen_says_and_of_whom_nothing() -> None:
    """Items, grams, points and sums; earlier loads as a number; once printed, not again."""
    text = encoded(slip_of(CREDITED, Words("zh")), 80, cuts=False).decode("gbk", "ignore")
    for said in ("绿色账户回收站", "hz-xihu-0001", "1,246 克", "+75", "79 分", "合 0.79 元"):
        assert said in text
    assert "3,758 克" in text
    english = slip_of(VIEWS["farewell-many"], Words("en"))
    assert sum(isinstance(one, Code) for one in english) == ROWS
    assert Line(f"and {len(MANY) - ROWS} earlier") in english
    later = slip_of(VIEWS["credited-many"], Words("en"))
    assert sum(isinstance(one, Code) for one in later) == len(MANY) - 9


def strange(data: bytes) -> bytes:
    """What a printer obeys, but for the ends of lines."""
    return bytes(one for one in data if one < 0x20 and one != 0x0A)


@example("x" * 70, "8" * 70, False, 58)
@given(text=ANY, right=ANY, big=st.booleans(), width_mm=st.sampled_from([58, 80]))
def test_no_text_is_wider_than_the_paper_or_tells_the_printer_anything(
    text: str, right: str, big: bool, width_mm: int
) -> None:
    """Of a name nothing is obeyed: every byte below a blank is one of ours."""
    data = encoded((Line(text, right, big=big),), width_mm, cuts=False)
    ours = encoded((Line("", big=big),), width_mm, cuts=False)
    assert strange(data) == strange(ours)
    columns = DOTS[width_mm] // COLUMN_DOTS // (2 if big else 1)
    for command in (INITIALISE, CHINESE, CENTRE, BIG, PLAIN, LEFT, FEED):
        data = data.replace(command, b"")
    assert max(map(len, data.split(b"\n"))) <= columns


def test_letters_that_its_font_lacks_are_said_plainly() -> None:
    """A lowered 2 is a 2; what has no plainer letter is a question mark."""
    data = encoded((Line("CO₂ 🙂 中\x1b@文"),), 58, cuts=False)
    assert "CO2 ? 中@文".encode("gbk") in data


def test_it_says_why_it_prints_nothing(tmp_path: Path) -> None:
    """Cover before paper; a device that is not there is lost; what it took nothing of is blank."""
    with PaperRoll(tmp_path, offline=COVER_OPEN, paper=0x72) as roll:
        assert trouble(printer(roll), (Line("x"),)) == "cover-open"
        roll.offline = STOPPED
        roll.paper = WELL
        assert trouble(printer(roll), (Line("x"),)) == "paper-out"
        roll.offline = WELL | 0x40
        assert trouble(printer(roll), (Line("x"),)) == "failing"
        roll.offline = WELL
        assert trouble(printer(roll), (Code("x" * 5_000),)) == "failing"
        assert roll.printed == b""
    gone = EscPosPrinter(PrinterConfig(port=str(tmp_path / "lp0"), width_mm=58))
    assert trouble(gone, (Line("x"),)) == "lost"


def test_paper_that_ends_within_a_slip_is_told(tmp_path: Path) -> None:
    """It asks again once all is sent."""
    with PaperRoll(tmp_path, runs_out=10) as roll:
        assert trouble(printer(roll), (Line("a receipt"), Line("of two lines"))) == "paper-out"


def test_a_printer_that_tells_nothing_prints(tmp_path: Path) -> None:
    """Many have one wire only. It is asked before and after, and its silence is no trouble."""
    with PaperRoll(tmp_path, answers=False) as roll:
        assert trouble(printer(roll), (Line("a receipt"),)) == ""
        assert b"a receipt" in roll.printed
        assert roll.questions == 2


def test_a_printer_that_takes_nothing_more_keeps_nobody(tmp_path: Path) -> None:
    """The loop goes on meanwhile, its time is limited, and a second slip does not wait behind."""
    slip = tuple(Line("long " * 20) for _ in range(400))
    with PaperRoll(tmp_path, answers=False) as roll:
        roll.holds.set()
        one = printer(roll, limit_s=0.6)

        async def printed() -> tuple[str, str, int]:
            first = asyncio.create_task(one.print(slip))
            ticks = 0
            await asyncio.sleep(0.05)
            with pytest.raises(PrinterError) as second:
                await one.look()
            while not first.done():
                await asyncio.sleep(0.01)
                ticks += 1
            with pytest.raises(PrinterError) as caught:
                await first
            return caught.value.code, second.value.code, ticks

        code, busy, ticks = asyncio.run(printed())
        assert (code, busy) == ("late", "busy")
        assert ticks > 10
        patient = printer(roll, limit_s=60.0)
        patient.close()
        began_s = time.monotonic()
        assert trouble(patient, slip) == "late"
        assert time.monotonic() - began_s < 30.0


def test_a_printer_that_sips_has_no_more_time_than_another(tmp_path: Path) -> None:
    """Each wait is short, and there is no end of them; whoever closes it waits for none."""
    much, began_s = b"x" * 400_000, time.monotonic()
    with PaperRoll(tmp_path, answers=False, sip=1_024) as roll:
        for given_up, limit_s in ((lambda: False, 0.3), (lambda: True, 60.0)):
            with (
                pytest.raises(PrinterError, match="takes nothing"),
                Device(roll.port, 9_600, given_up, limit_s) as device,
            ):
                device.write(much)
    assert time.monotonic() - began_s < 3.0


def test_a_printer_that_never_stops_talking_prints(tmp_path: Path) -> None:
    """What it says is no answer; nobody listens to the end of it."""
    with PaperRoll(tmp_path, answers=False, talks=b"\x00\xff" * 2_000) as roll:
        assert trouble(printer(roll), (Line("a receipt"),)) == ""
        assert b"a receipt" in roll.printed


def test_what_is_no_device_is_not_written_to(tmp_path: Path) -> None:
    """A wrong `port` may name the journal."""
    journal = tmp_path / "journal.sqlite"
    journal.write_bytes(b"money")
    wrong = EscPosPrinter(PrinterConfig(port=str(journal), width_mm=58))
    assert trouble(wrong, (Line("x"),)) == "lost"
    assert journal.read_bytes() == b"money"


def test_a_slip_waits_for_an_answer_and_not_for_another_slip(tmp_path: Path) -> None:
    """Whoever touches while the printer is asked how it is gets their receipt."""

    async def printed(one: EscPosPrinter) -> None:
        asked = asyncio.create_task(one.look())
        await asyncio.sleep(0.05)
        assert not asked.done()
        await one.print((Line("a receipt"),))
        await asked

    with PaperRoll(tmp_path, answers=False) as roll:
        asyncio.run(printed(printer(roll)))
        assert b"a receipt" in roll.printed


def test_a_driver_that_never_returns_keeps_neither_the_loop_nor_the_process() -> None:
    """What waits in the kernel cannot be ended: it is left where it is."""
    said = """
import asyncio, threading
from controller.adapters.escpos.aside import aside
from controller.ports import PrinterError

async def wait():
    try:
        await aside(threading.Event().wait, 0.05)
    except PrinterError as error:
        print(error.code)

asyncio.run(wait())
"""
    done = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "late\n"


def test_whoever_tries_it_from_a_command_line_hears_the_end_of_it() -> None:
    """And not that nobody answers there."""
    assert EscPosPrinter(PrinterConfig(port="/dev/usb/lp0", width_mm=58)).patience_s < TIMEOUT_S


def test_what_breaks_aside_is_a_printer_that_fails() -> None:
    """Of whatever kind: it is answered, and ends nothing."""

    def broken() -> None:
        raise ValueError("of no known kind")

    with pytest.raises(PrinterError, match="of no known kind") as caught:
        asyncio.run(aside(broken, 5.0))
    assert caught.value.code == "failing"
