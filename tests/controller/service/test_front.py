"""The kiosk's front is tried: it lights, sounds and blows, and a person says whether it did."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from contract.badge import Role
from controller.adapters.gpio_panel import GpioPanel
from controller.core import events, touches
from controller.core.panel import PARTS, Lamp, Tone
from controller.core.panel_config import PanelConfig
from controller.core.service.checks import CHECKS
from controller.core.service.do import Do
from controller.core.service.running import ANSWERED_S
from controller.screens.service.front import FAN_S, LAMP_S, TEST_SLIP, Front
from sim import clock
from sim import printer as sim_printer
from sim.panel import SimPanel
from sim.printer import SimPrinter
from tests.controller.core.story import Story
from tests.controller.service.desk import Counter, at_desk
from tests.controller.service.staffed import acts, badge, result, run, serve, verdict

WIRED = Front(panel=None).wired | PARTS | {"printer"}
ASK = [name for name, check in CHECKS.items() if check.asks]
NO = {
    "lamp": Do.LAMP_DARK,
    "buzzer": Do.BUZZER_SILENT,
    "speaker": Do.SPEAKER_SILENT,
    "touch": Do.SCREEN_DEAF,
    "fan": Do.FAN_STILL,
    "printer": Do.PRINTER_BLANK,
}


def answer(story: Story, *, yes: bool) -> str:
    """What the person says; the code of the answer."""
    story.happens(touches.CheckAnswered(yes))
    return story.session.service.answer.code


@pytest.mark.parametrize("name", ASK)
def test_a_person_says_whether_it_works(name: str) -> None:
    """Good by a yes, bad by a no, with what to do; each is on record."""
    story = serve(Role.SERVICE)
    for yes in (True, False):
        assert run(story, name, "", wired=WIRED) == ""
        assert answer(story, yes=yes) == ""
        found = result(story, name, "").finding
        assert (found.verdict, found.do) == (("good", None) if yes else ("bad", NO[name]))
    assert acts(story)[-2:] == [f"check {name}: good", f"check {name}: bad"]


@pytest.mark.parametrize("name", ASK)
def test_nobody_answers_for_a_person_who_has_gone(name: str) -> None:
    """It is unknown then; and where there is no such part, at once."""
    story = serve(Role.SERVICE)
    run(story, name, "", wired=WIRED)
    story.wait(ANSWERED_S + 1)
    assert result(story, name, "").finding.do == Do.NOBODY_ANSWERED
    assert verdict(story, name, "") == "unknown"
    run(story, name, "")
    assert result(story, name, "").finding.do == Do.NOT_WIRED


def test_an_answer_to_nothing_is_refused() -> None:
    """And one that is asked keeps the next check waiting."""
    story = serve(Role.SERVICE)
    assert answer(story, yes=True) == "not-now"
    run(story, "lamp", "", wired=WIRED)
    assert run(story, "supply") == "busy"
    assert answer(story, yes=True) == ""
    assert run(story, "supply") == ""


def test_the_key_and_the_mains_line_were_tried_or_nobody_knows() -> None:
    """A line that never said that the mains went has proved nothing."""
    story = serve(Role.SERVICE)
    story.happens(events.MainsSeen(True))
    for name, do in (("key", Do.TURN_KEY), ("mains", Do.PULL_MAINS)):
        run(story, name, "", wired=WIRED)
        assert result(story, name, "").finding.do == do
    story.happens(events.MainsSeen(False))
    run(story, "mains", "", wired=WIRED)
    assert (verdict(story, "mains", ""), result(story, "mains", "").finding.do) == (
        "bad",
        Do.MAINS_OUT,
    )
    story.happens(events.MainsSeen(True), events.KeyTurned(True))
    for name in ("key", "mains"):
        run(story, name, "", wired=WIRED)
        assert verdict(story, name, "") == "good"
        run(story, name, "")
        assert result(story, name, "").finding.do == Do.NOT_WIRED
    story.now_s += 601
    story.session.service.duty.touched_s = story.now_s  # type: ignore[union-attr]
    run(story, "key", "", wired=WIRED)
    assert verdict(story, "key", "") == "unknown"


def test_each_lamp_is_lit_and_then_the_right_one_again() -> None:
    """As it was before, whatever happens meanwhile."""

    async def tried() -> None:
        panel = SimPanel()
        front = Front(panel, now_lit=lambda: Lamp.YELLOW)
        assert front.wired == WIRED - {"printer"}
        lit = asyncio.create_task(front.attempt("lamp"))
        seen = []
        for _ in range(3):
            await asyncio.sleep(LAMP_S / 2)
            seen.append(panel.lamp)
            await asyncio.sleep(LAMP_S / 2)
        await lit
        assert seen == list(Lamp)
        assert panel.lamp is Lamp.YELLOW
        await front.attempt("buzzer")
        await front.attempt("fan")
        assert (panel.tones, panel.blown_s) == ([Tone.REFUSED], FAN_S)
        given_up = asyncio.create_task(front.attempt("lamp"))
        await asyncio.sleep(LAMP_S / 2)
        given_up.cancel()
        await asyncio.wait({given_up})
        assert panel.lamp is Lamp.YELLOW

    clock.run(tried())


def test_a_fan_blows_for_as_long_as_it_was_asked_to(tmp_path: Path) -> None:
    """A cool computer's fan stands still before and after."""
    (tmp_path / "cool").write_text("40000")
    pins = MockFactory()
    panel = GpioPanel(PanelConfig(fan=26), pins, tmp_path / "cool")
    front = Front(panel)
    assert front.wired == {"fan", "speaker", "touch"}

    async def felt() -> list[bool]:
        running = asyncio.create_task(panel.run())
        seen = []
        for wait_s in (1, 1, FAN_S + 10):
            await asyncio.sleep(wait_s)
            seen.append(bool(pins.pin(26).state))
            if len(seen) == 1:
                await front.attempt("fan")
        running.cancel()
        await asyncio.wait({running})
        return seen

    assert clock.run(felt()) == [False, True, False]
    pins.reset()


PRINTER_SAYS = {
    "paper-out": Do.NO_PAPER,
    "cover-open": Do.COVER_OPEN,
    "lost": Do.PRINTER_LOST,
    "late": Do.PRINTER_FAILS,
}


@pytest.mark.parametrize("trouble", PRINTER_SAYS)
def test_what_the_printer_says_of_itself_is_asked_of_nobody(trouble: str) -> None:
    """It is bad at once, with what to do about it."""
    story = serve(Role.SERVICE)
    run(story, "printer", "", wired=WIRED, troubles={"printer": trouble})
    found = result(story, "printer", "").finding
    assert (found.verdict, found.do) == ("bad", PRINTER_SAYS[trouble])
    assert answer(story, yes=True) == "not-now"


def test_the_desk_prints_a_line_and_asks_whether_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is asked about a slip that did not come; and a collector has none printed."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.SERVICE))
        monkeypatch.setattr(sim_printer, "SLIP_S", 0.0)
        printer = SimPrinter()
        counter.desk.around = replace(counter.desk.around, front=Front(printer=printer))
        ran = (await counter.client.post("checks/printer", json={})).json()
        assert ran["running"]
        assert printer.slips == [TEST_SLIP]
        assert await counter.refused("POST", "checks/printer", bay="") == (409, "busy")
        assert (await counter.client.post("answer", json={"yes": True})).status_code == 200
        printer.run_out(3_600)
        ran = (await counter.client.post("checks/printer", json={})).json()
        assert (ran["running"], ran["verdict"], ran["do"]) == (False, "bad", "no-paper")
        await counter.client.delete("session")
        await counter.sign_in(badge(Role.COLLECTION))
        assert await counter.refused("POST", "checks/printer", bay="") == (403, "forbidden")
        assert printer.slips == [TEST_SLIP]

    at_desk(tmp_path, visit)


def test_the_desk_lights_the_lamps_and_takes_the_answer(tmp_path: Path) -> None:
    """Over the API as on the page; a kiosk without a panel says so."""

    async def visit(counter: Counter) -> None:
        await counter.sign_in(badge(Role.SERVICE))
        ran = (await counter.client.post("checks/lamp", json={})).json()
        assert (ran["running"], ran["do"]) == (False, "not-wired")
        panel = SimPanel()
        counter.desk.around = replace(counter.desk.around, front=Front(panel))
        ran = (await counter.client.post("checks/buzzer", json={})).json()
        assert ran["running"]
        assert (await counter.client.get("state")).json()["asks"]
        assert panel.tones == [Tone.REFUSED]
        assert (await counter.client.post("answer", json={"yes": True})).status_code == 200
        rows = (await counter.client.get("checks")).json()
        (row,) = [one for one in rows if one["check"] == "buzzer"]
        assert row["verdict"] == "good"
        assert await counter.refused("POST", "answer", yes=False) == (409, "not-now")

    at_desk(tmp_path, visit)
