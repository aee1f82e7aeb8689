"""What the kiosk says under `up/event`: what became of commands, and the bundles they asked for.

It may be lost, and says nothing that the platform does not ask for again: whoever gave a command
repeats it until it has heard what became of it. So nothing here is kept over a restart, and a
bundle of which something is missing by then is made anew (`core.remote.orders.Orders.is_lost`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.bundle import part_of
from contract.parts import PART_BYTES
from contract.payloads import encode
from controller.ports import UplinkRefusedError

if TYPE_CHECKING:
    from contract.command import CommandResult
    from contract.topics import Topics
    from controller.ports import UplinkConnection

_log = logging.getLogger(__name__)

RESULTS_MOST = 64


@dataclass(slots=True)
class _Bundle:
    """A bundle on its way: the broker took `sent` of its parts; `answered` once that was told."""

    command_id: str
    data: bytes
    sent: int = 0
    answered: bool = False

    @property
    def is_whole(self) -> bool:
        return self.sent * PART_BYTES >= len(self.data)


class Answering:
    """One kiosk's answers to commands, over one connection after the other.

    A bundle goes before the results that follow it, part by part between other messages, and goes
    on after a lost connection where it was. The last one is kept, to be sent again when asked for.

    Args:
        topics: The kiosk's.
    """

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._results: dict[str, CommandResult] = {}
        self._bundle: _Bundle | None = None

    def result(self, result: CommandResult) -> None:
        """Tell this soon, in place of what was to be told of the same command."""
        self._results.pop(result.id, None)
        self._results[result.id] = result
        if len(self._results) > RESULTS_MOST:
            del self._results[next(iter(self._results))]
        bundle = self._bundle
        if bundle is None or bundle.command_id != result.id:
            return
        if bundle.answered and bundle.is_whole:
            bundle.sent = 0  # they ask again: something of it was lost
        bundle.answered = True

    def bundle(self, command_id: str, data: bytes) -> None:
        """Send this bundle (1 byte to 2 MiB), in place of one of before."""
        self._bundle = _Bundle(command_id, data)

    async def tell_next(self, connection: UplinkConnection) -> bool:
        """Send one message; False where there is none.

        Raises:
            UplinkLostError: The connection ended; the message is sent again on the next one.
        """
        bundle = self._bundle
        if bundle is not None and not bundle.is_whole:
            part = part_of(bundle.data, self._topics.kiosk, bundle.command_id, bundle.sent)
            await self._publish(connection, encode(part))
            bundle.sent += 1
            return True
        if not self._results:
            return False
        command_id, result = next(iter(self._results.items()))
        await self._publish(connection, encode(result))
        if self._results.get(command_id) is result:
            del self._results[command_id]
        return True

    async def _publish(self, connection: UplinkConnection, payload: bytes) -> None:
        try:
            await connection.publish(self._topics.event, payload)
        except UplinkRefusedError as error:
            # Nobody listens, or may: it is asked for again.
            _log.warning("event=answer-refused reason=%s", error)
