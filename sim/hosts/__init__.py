"""Where a simulated node's firmware runs: CPython in this process, or real MicroPython.

Both take the same bytes and give the same bytes; a differential test holds them to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from sim import exchange
from sim.hosts.cpython import CPythonHost
from sim.hosts.micropython import MicroPythonHost, NodeProcessError, find_micropython

if TYPE_CHECKING:
    from firmware.hal.board import Inputs, Outputs

__all__ = [
    "NODES",
    "CPythonHost",
    "MicroPythonHost",
    "NodeHost",
    "NodeProcessError",
    "NodeSpec",
    "Observer",
    "find_micropython",
    "host_for",
]

Observer = Callable[[bytes, bytes], None]
"""Told the bytes of an exchange: what the board sensed, what the node drives."""


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """Who a node is when it starts.

    `figures` overrides figures of `firmware.core.config.Config` by name; `stored` is the counter
    block in FRAM and `learned` the hatch's profile there; `reset_cause` counts as in
    `wire.messages.RESET_CAUSES`.
    """

    bay: str
    boot_id: int = 1
    reset_cause: int = 1
    stored: bytes = b""
    learned: bytes = b""
    figures: Mapping[str, int] = field(default_factory=dict)

    def packed(self) -> bytes:
        """What the node is told when it starts."""
        bay = self.bay.encode()
        return exchange.pack_start(
            bay, self.boot_id, self.reset_cause, self.stored, self.learned, dict(self.figures)
        )

    def restarted(self, boot_id: int, reset_cause: int, stored: bytes, learned: bytes) -> NodeSpec:
        """The same node at its next start."""
        return replace(
            self, boot_id=boot_id, reset_cause=reset_cause, stored=stored, learned=learned
        )


class NodeHost(Protocol):
    """Runs one node's firmware, one exchange at a time.

    `fram` is the counter block that its FRAM holds, `learned` the profile there; whoever plays a
    FRAM that fails sets them back before the next start.
    """

    spec: NodeSpec
    fram: bytes
    learned: bytes

    def exchange(self, inputs: Inputs) -> Outputs:
        """Give the node one scan and return what it drives."""

    def reset(self, boot_id: int, reset_cause: int) -> None:
        """Start the firmware anew, with both blocks as FRAM has them."""

    def close(self) -> None:
        """End it; idempotent."""


NODES: Mapping[str, Callable[[NodeSpec, Observer | None], NodeHost]] = {
    "cpython": CPythonHost,
    "micropython": MicroPythonHost,
}
"""What `--node` offers."""


def host_for(kind: str, spec: NodeSpec, observe: Observer | None = None) -> NodeHost:
    """Start a node of that kind.

    Raises:
        NodeProcessError: There is no such kind, or its process does not start.
    """
    make = NODES.get(kind)
    if make is None:
        raise NodeProcessError(f"no node host {kind!r}: there are {', '.join(NODES)}")
    return make(spec, observe)
