"""The port `Panel` on a Raspberry Pi's pins, through gpiozero.

gpiozero calls from a thread of its own; here that only wakes the loop, which then asks the pins.
Pins are numbered as Broadcom does. An output is low after a reset, so everything is dark and
silent then, and lamp and fan are switched by drivers, not by the pin.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpiozero import DigitalInputDevice, DigitalOutputDevice
from gpiozero.exc import GPIOZeroError

from controller.core.config import ConfigError
from controller.core.events import KeyTurned, MainsSeen
from controller.core.fan import Fan
from controller.core.panel import Lamp, Tone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from gpiozero.pins import Factory

    from controller.core.panel_config import PanelConfig

_log = logging.getLogger(__name__)

BOUNCE_S = 0.05
"""A contact that bounces longer is worn; nobody turns a key twice within that."""

COOL_EVERY_S = 10.0

THERMOMETER = Path("/sys/class/thermal/thermal_zone0/temp")
"""Where Linux tells the processor's temperature, in thousandths of a degree C."""


class GpioPanel:
    """Lamps, buzzer, service key, UPS line and fan of one kiosk. Close it after use.

    Args:
        config: Which pin is what; a part without one is not there.
        factory: Where the pins are; None for those of this computer.
        thermometer: The file that tells the processor's temperature.

    Raises:
        ConfigError: A pin is none of this computer, or is used twice.
    """

    def __init__(
        self, config: PanelConfig, factory: Factory | None = None, thermometer: Path = THERMOMETER
    ) -> None:
        self._factory = factory
        self._thermometer = thermometer
        self._blows_until_s = 0.0
        self._devices = ExitStack()
        self._changed = asyncio.Event()
        self._tones: asyncio.Queue[Tone] = asyncio.Queue(1)
        try:
            lamps = {Lamp.GREEN: config.green, Lamp.YELLOW: config.yellow, Lamp.RED: config.red}
            self._lamps = {lamp: self._output(pin) for lamp, pin in lamps.items()}
            self._fan = self._output(config.fan)
            self._buzzer = self._output(config.buzzer)
            self._key = self._input(config.key, on_low=config.key_on_low)
            self._mains = self._input(config.mains, on_low=config.mains_on_low)
        except GPIOZeroError as error:
            self.close()
            raise ConfigError(
                f"[panel] {error}: see docs/panel.md for what a pin may be"
            ) from error

    @property
    def parts(self) -> frozenset[str]:
        """What has a pin."""
        devices = {
            "lamp": next((one for one in self._lamps.values() if one is not None), None),
            "buzzer": self._buzzer,
            "fan": self._fan,
            "key": self._key,
            "mains": self._mains,
        }
        return frozenset(part for part, device in devices.items() if device is not None)

    def show(self, lamp: Lamp) -> None:
        """Light this lamp, and no other."""
        for one, device in self._lamps.items():
            if device is not None:
                device.value = one is lamp

    def sound(self, tone: Tone) -> None:
        """Sound a tone soon; one that comes while another sounds waits, a third one is dropped."""
        if not self._tones.full():
            self._tones.put_nowait(tone)

    def blow(self, seconds: float) -> None:
        """Run the fan for so long, however cool the computer is."""
        if self._fan is not None:
            self._blows_until_s = asyncio.get_running_loop().time() + seconds
            self._fan.value = True

    async def events(self) -> AsyncIterator[KeyTurned | MainsSeen]:
        """The key and the mains as they are, and again whenever one changes."""
        loop = asyncio.get_running_loop()
        told: list[KeyTurned | MainsSeen] = []
        for device in (self._key, self._mains):
            if device is not None:
                device.when_activated = lambda: loop.call_soon_threadsafe(self._changed.set)
                device.when_deactivated = device.when_activated
        while True:
            self._changed.clear()
            now = self._now()
            for event in now:
                if event not in told:
                    yield event
            told = now
            await self._changed.wait()

    async def run(self) -> None:
        """Sound what is to be sounded and keep the computer cool, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._sound_all(), name="buzzer")
            tasks.create_task(self._cool(), name="fan")

    def close(self) -> None:
        """Everything off, and the pins free again; idempotent. What is asked later does nothing."""
        self._lamps, self._fan, self._buzzer = {}, None, None
        self._devices.close()

    def _now(self) -> list[KeyTurned | MainsSeen]:
        seen: list[KeyTurned | MainsSeen] = []
        if self._key is not None:
            seen.append(KeyTurned(bool(self._key.is_active)))
        if self._mains is not None:
            seen.append(MainsSeen(bool(self._mains.is_active)))
        return seen

    async def _sound_all(self) -> None:
        while True:
            tone = await self._tones.get()
            try:
                for index, seconds in enumerate(tone.value):
                    self._buzz(on=index % 2 == 0)
                    await asyncio.sleep(seconds)
            finally:
                self._buzz(on=False)

    def _buzz(self, *, on: bool) -> None:
        if self._buzzer is not None:
            self._buzzer.value = on

    async def _cool(self) -> None:
        fan, loop = Fan(), asyncio.get_running_loop()
        while self._fan is not None:
            is_hot = fan.feel(self._processor_c())
            self._fan.value = is_hot or loop.time() < self._blows_until_s
            await asyncio.sleep(COOL_EVERY_S)

    def _processor_c(self) -> float | None:
        try:
            return int(self._thermometer.read_text()) / 1000
        except (OSError, ValueError) as error:
            _log.debug("event=no-temperature path=%s reason=%s", self._thermometer, error)
            return None

    def _output(self, pin: int | None) -> Any:
        device = self._open(DigitalOutputDevice, pin)
        if device is not None:
            self._devices.callback(device.off)  # a pin that is given back keeps its level
        return device

    def _input(self, pin: int | None, *, on_low: bool) -> Any:
        return self._open(DigitalInputDevice, pin, pull_up=on_low, bounce_time=BOUNCE_S)

    def _open(self, make: Any, pin: int | None, **how: Any) -> Any:
        """The device on this pin; None where there is none. gpiozero has no types."""
        if pin is None:
            return None
        device = make(pin, pin_factory=self._factory, **how)
        self._devices.callback(device.close)
        return device
