"""What can happen to a kiosk because of commands from afar, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract.command import Command
    from controller.core.remote.kept import OrderRow


@dataclass(frozen=True, slots=True)
class CommandCame:
    """A command came that the platform has signed; wall time, and who vouches for it."""

    command: Command
    utc_s: int
    clock_quality: str


@dataclass(frozen=True, slots=True)
class OrdersFound:
    """At start: what was kept of the commands before."""

    rows: tuple[OrderRow, ...]


@dataclass(frozen=True, slots=True)
class UpkeepDone:
    """In answer to `DoUpkeep`: what became of it; `code` is empty where it was done."""

    id: str
    code: str = ""
    detail: str = ""
