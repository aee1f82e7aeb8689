"""The demo kiosk's front panel: the real adapter on mock pins, which a visitor sees and touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpiozero.pins.mock import MockFactory

from controller.adapters.gpio_panel import GpioPanel
from controller.core.panel_config import PanelConfig

if TYPE_CHECKING:
    from controller.ports import Panel

LAMPS = {"green": 5, "yellow": 6, "red": 13}
"""Name of a lamp → its pin."""

KEY, MAINS = 16, 20


class FrontPanel:
    """Pins that a kiosk drives and a visitor looks at; the mains is on at first."""

    def __init__(self) -> None:
        self._pins = MockFactory()
        self.panel: Panel = GpioPanel(
            PanelConfig.model_validate(LAMPS | {"key": KEY, "mains": MAINS}), self._pins
        )
        self.switch_mains(on=True)

    @property
    def lamp(self) -> str:
        """The lamp that is lit; empty where none is."""
        return next((name for name, pin in LAMPS.items() if self._pins.pin(pin).state), "")

    @property
    def has_mains(self) -> bool:
        """Whether the UPS says that it is fed."""
        return bool(self._pins.pin(MAINS).state)

    def switch_mains(self, *, on: bool) -> None:
        """Let the mains go, or come back."""
        self._drive(MAINS, on=on)

    @property
    def in_service(self) -> bool:
        """Whether the service key is turned."""
        return bool(self._pins.pin(KEY).state)

    def turn_key(self, *, on: bool) -> None:
        """Turn the service key, or turn it back."""
        self._drive(KEY, on=on)

    def _drive(self, number: int, *, on: bool) -> None:
        pin = self._pins.pin(number)
        (pin.drive_high if on else pin.drive_low)()
