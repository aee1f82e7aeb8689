"""What the kiosk says of itself under `up/state`: that it is here, or gone, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.payloads import KioskState, encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.topics import Topics

MAX_FAULT = 300
"""Characters of a fault that are told; the contract allows no more."""


class Presence:
    """The kiosk's word about itself.

    Args:
        topics: The kiosk's topics.
        boot: Names this start of the software.
        software: Its version.
    """

    def __init__(self, topics: Topics, boot: str, software: str) -> None:
        self._kiosk = topics.kiosk
        self._boot = boot
        self._software = software
        self.topic = topics.state

    def here(
        self, epoch: str, depth: int, aside: Mapping[str, int], refused: Mapping[str, int]
    ) -> bytes:
        """Connected; `depth` records wait. `aside` and `refused` count by code, and may be empty.

        What is empty is left out, so that a platform of before understands the rest.
        """
        return encode(
            KioskState(
                kiosk=self._kiosk,
                epoch=epoch,
                online=True,
                boot=self._boot,
                outbox_depth=depth,
                software=self._software,
                aside=dict(aside) or None,
                refused=dict(refused) or None,
            )
        )

    def gone(self, epoch: str, fault: str = "") -> bytes:
        """Not connected: the broker's last will, or a goodbye that says for what fault."""
        return encode(
            KioskState(
                kiosk=self._kiosk,
                epoch=epoch,
                online=False,
                boot=self._boot,
                outbox_depth=0,
                software=self._software,
                fault=fault[:MAX_FAULT] or None,
            )
        )
