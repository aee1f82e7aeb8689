"""The front panel on mock pins: every wire does what its name says."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory

from contract.errors import KioskError
from controller.adapters.gpio_panel import COOL_EVERY_S, GpioPanel
from controller.build import Cabinet, open_kiosk
from controller.core.config import ConfigError, KioskConfig
from controller.core.events import KeyTurned, MainsSeen
from controller.core.panel import Lamp, Tone
from controller.core.panel_config import PanelConfig
from sim import clock
from sim.code_camera import CodeCamera
from sim.scenario import KIOSK

WIRED = PanelConfig(green=5, yellow=6, red=13, buzzer=19, fan=26, key=16, mains=20)


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    """A computer with pins of its own."""
    factory = MockFactory()
    yield factory
    factory.reset()


def lit(pins: MockFactory) -> list[bool]:
    """Green, yellow, red."""
    return [bool(pins.pin(pin).state) for pin in (5, 6, 13)]


def test_one_lamp_is_lit_at_a_time(pins: MockFactory) -> None:
    """Dark before the first word, and after the last."""
    panel = GpioPanel(WIRED, pins)
    assert lit(pins) == [False, False, False]
    panel.show(Lamp.RED)
    panel.show(Lamp.YELLOW)
    assert lit(pins) == [False, True, False]
    panel.close()
    panel.show(Lamp.GREEN)  # whoever tried the lamps lights the right one again, however late
    assert lit(pins) == [False, False, False]


def test_tones_sound_one_after_the_other_and_end(pins: MockFactory, tmp_path: Path) -> None:
    """The buzzer is never left on, also where the kiosk stops in the middle of a tone."""
    panel = GpioPanel(WIRED, pins, tmp_path / "none")
    buzzer = pins.pin(19)

    async def listen() -> list[tuple[float, bool]]:
        loop = asyncio.get_running_loop()
        running = asyncio.create_task(panel.run())
        heard: list[tuple[float, bool]] = []
        for tone in (Tone.KNOWN, Tone.COMES_BACK):
            panel.sound(tone)
            start_s = loop.time()
            while loop.time() < start_s + sum(tone.value) + 0.1:
                await asyncio.sleep(0.01)
                if not heard or heard[-1][1] != bool(buzzer.state):
                    heard.append((round(loop.time() - start_s, 2), bool(buzzer.state)))
        panel.sound(Tone.COMES_BACK)
        await asyncio.sleep(0.1)
        assert buzzer.state
        running.cancel()
        await asyncio.wait({running})
        return heard

    heard = clock.run(listen())
    assert [on for _, on in heard] == [True, False, True, False]
    assert heard[1][0] == pytest.approx(sum(Tone.KNOWN.value), abs=0.02)
    assert heard[3][0] == pytest.approx(sum(Tone.COMES_BACK.value), abs=0.02)
    assert not buzzer.state


def test_the_key_and_the_mains_are_told_at_first_and_when_they_change(pins: MockFactory) -> None:
    """By the wall clock, since gpiozero has a thread of its own."""
    panel = GpioPanel(WIRED, pins)
    key, mains = pins.pin(16), pins.pin(20)

    async def story() -> list[Any]:
        told = panel.events()
        seen = [await anext(told), await anext(told)]
        mains.drive_high()
        seen.append(await anext(told))
        key.drive_high()
        seen.append(await anext(told))
        key.drive_low()
        seen.append(await anext(told))
        return seen

    assert asyncio.run(asyncio.wait_for(story(), 60)) == [
        KeyTurned(False),
        MainsSeen(False),
        MainsSeen(True),
        KeyTurned(True),
        KeyTurned(False),
    ]


def test_a_contact_to_ground_is_on_while_it_is_low(pins: MockFactory) -> None:
    """A wire that breaks then reads as off."""
    wired = PanelConfig(key=16, key_on_low=True, mains=20, mains_on_low=True)
    panel = GpioPanel(wired, pins)
    pins.pin(16).drive_low()

    async def first() -> list[Any]:
        told = panel.events()
        return [await anext(told), await anext(told)]

    assert asyncio.run(first()) == [KeyTurned(True), MainsSeen(False)]


def test_the_fan_follows_the_processor(pins: MockFactory, tmp_path: Path) -> None:
    """It runs until a temperature is known, and where none can be read."""
    thermometer = tmp_path / "temp"
    panel, fan = GpioPanel(WIRED, pins, thermometer), pins.pin(26)

    async def feel() -> list[bool]:
        running = asyncio.create_task(panel.run())
        runs: list[bool] = []
        for text in (None, "41000\n", "70123\n", "60000\n", "hot"):
            if text is not None:
                thermometer.write_text(text)
            await asyncio.sleep(COOL_EVERY_S + 0.1)
            runs.append(bool(fan.state))
        running.cancel()
        await asyncio.wait({running})
        return runs

    assert clock.run(feel()) == [True, False, True, True, True]


def test_a_panel_without_parts_is_silent(pins: MockFactory) -> None:
    """Only what is wired is there."""
    panel = GpioPanel(PanelConfig(red=13), pins)
    panel.show(Lamp.GREEN)
    panel.show(Lamp.RED)
    panel.sound(Tone.KNOWN)
    assert pins.pin(13).state


def test_a_computer_without_pins_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what to do about it."""
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "none-such")
    with pytest.raises(ConfigError, match=r"\[panel\] .*docs/panel\.md"):
        GpioPanel(WIRED)


def test_a_pin_that_is_used_twice_frees_the_others(pins: MockFactory) -> None:
    """Two panels cannot share one."""
    first = GpioPanel(PanelConfig(red=13), pins)
    with pytest.raises(ConfigError, match="13"):
        GpioPanel(WIRED, pins)
    first.close()
    GpioPanel(WIRED, pins).show(Lamp.GREEN)
    assert pins.pin(5).state


def test_two_parts_on_one_pin_are_refused_by_name() -> None:
    """Before anything is driven."""
    with pytest.raises(ValueError, match="red and fan are both on pin 13"):
        PanelConfig(red=13, fan=13)


def test_a_kiosk_that_does_not_open_leaves_nothing_lit(pins: MockFactory, tmp_path: Path) -> None:
    """As one that ends: a pin that is given back as it was says that the kiosk is well."""
    panel, front = GpioPanel(WIRED, pins), CodeCamera(str, random.Random(1))

    async def opened() -> None:
        panel.show(Lamp.GREEN)
        async with open_kiosk(
            KioskConfig.model_validate(KIOSK), tmp_path, Cabinet({}, {}, front, panel)
        ):
            pass

    with pytest.raises(KioskError):  # no key lies there
        asyncio.run(opened())
    assert lit(pins) == [False, False, False]
