"""The front panel's part of the configuration."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from controller.core.config_table import ConfigTable, Pin


class PanelConfig(ConfigTable):
    """Pins of the front panel, numbered as Broadcom does; a part without one is not there.

    `key` is the service key's contact, `mains` the UPS's word that it is fed. Each is on while its
    pin is high, pulled down inside; with `..._on_low` while it is low, pulled up inside.
    """

    green: Pin | None = None
    yellow: Pin | None = None
    red: Pin | None = None
    buzzer: Pin | None = None
    fan: Pin | None = None
    key: Pin | None = None
    key_on_low: bool = False
    mains: Pin | None = None
    mains_on_low: bool = False

    @model_validator(mode="after")
    def _pins_are_distinct(self) -> Self:
        parts = ("green", "yellow", "red", "buzzer", "fan", "key", "mains")
        by_pin: dict[int, str] = {}
        for part in parts:
            pin = getattr(self, part)
            if pin is not None and by_pin.setdefault(pin, part) != part:
                raise ValueError(f"{by_pin[pin]} and {part} are both on pin {pin}")
        return self
