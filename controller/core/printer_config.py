"""The receipt printer's part of the configuration."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from controller.core.config_table import ConfigTable


class PrinterConfig(ConfigTable):
    """The receipt printer, where one is fitted.

    `port` is its character device: `/dev/usb/lp0`, or a serial one, which runs at `baud` bits per
    second; USB has no such rate. `width_mm` is its paper's. `cuts` where it has a knife.
    """

    port: Annotated[str, Field(pattern=r"^/\S+$", max_length=200)]
    width_mm: Literal[58, 80]
    baud: Literal[9_600, 19_200, 38_400, 57_600, 115_200] = 9_600
    cuts: bool = False
