"""Commands from afar in a run: who gives them, and what the kiosk has to do them with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from cloud.fleet.orders import OPEN
from cloud.staff.desk import WHOLE_CITY, Staff

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cloud.fleet.fleet import Fleet
    from cloud.fleet.orders import Order
    from sim.broker import Broker

OPERATOR = Staff("operator", "fleet", WHOLE_CITY)

EVERY_S = 1.0
"""So often the platform looks for commands to send, as its real shell does."""

BUNDLE = b"PK\x05\x06" + bytes(18)
"""An empty zip: what is in a bundle is no part of a run."""


class Dispatch:
    """The platform's side: gives commands, and sends what is due for as long as any is open.

    Args:
        fleet: The platform's real fleet.
        broker: Brings them down.
    """

    def __init__(self, fleet: Fleet, broker: Broker) -> None:
        self._fleet = fleet
        self._broker = broker
        self._kiosks: set[str] = set()
        self._sends = False

    def command(self, kiosk: str, verb: str, arguments: Mapping[str, str], ttl_s: int) -> None:
        """Give a kiosk a command.

        Raises:
            FleetError: It is none that the platform gives.
        """
        self._fleet.command(OPERATOR, kiosk, verb, arguments, ttl_s)
        self._kiosks.add(kiosk)
        if not self._sends:
            self._sends = True
            self._send()

    def became(self, kiosk: str) -> list[str]:
        """Verb and end of each command of a kiosk, and the code where there is one, as given."""
        return [f"{one.verb} {one.state} {one.code}".strip() for one in self._orders(kiosk)]

    def _orders(self, kiosk: str) -> list[Order]:
        return self._fleet.orders_of(OPERATOR, kiosk)[::-1] if kiosk in self._kiosks else []

    @property
    def is_over(self) -> bool:
        """Whether every command has come to its end."""
        return not self._sends

    def _send(self) -> None:
        for topic, payload in self._fleet.due():
            self._broker.send_down(topic, payload)
        self._sends = any(one.state in OPEN for each in self._kiosks for one in self._orders(each))
        if self._sends:
            asyncio.get_running_loop().call_later(EVERY_S, self._send)


class SimUpkeep:
    """Looks after a simulated kiosk's software (ports.Upkeep).

    Args:
        version: Gives the catalogue's version.
        restart: Ends the controller; another one starts.
    """

    def __init__(self, version: Callable[[], str], restart: Callable[[], None]) -> None:
        self._version = version
        self._restart = restart

    async def reload_catalogue(self) -> str:
        """The version in force: no other comes in a run."""
        return self._version()

    async def diagnostics(self) -> bytes:
        """A bundle with nothing in it."""
        return BUNDLE

    def restart(self) -> None:
        """End the controller as a power cut would."""
        self._restart()


class RowsOnDisk:
    """A few rows that outlive a controller (ports.RowKeeper)."""

    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []

    async def kept(self) -> list[tuple[Any, ...]]:
        """The rows that were kept last."""
        return list(self._rows)

    async def keep(self, rows: Sequence[tuple[str | int, ...]]) -> None:
        """Keep these in place of those before."""
        self._rows = [tuple(row) for row in rows]
