"""Calling a node that is not there yet: hello until it answers, and what is there instead.

A port may hold nothing, a modem, a printer that echoes, another kiosk's controller, the node of
another bay, or one of another release. Each has a name, so that staff know what to do.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wire import messages

if TYPE_CHECKING:
    from collections.abc import Callable

HELLO_S = 0.2
REFUSED_HELLO_S = 1.0
"""How often a node that was refused is asked again: it may be flashed or swapped meanwhile."""

SILENT_S = 0.5
PATIENCE_S = 0.3
"""Whoever is heard for longer than this has had a hello and did not answer it as a node does."""

COMMANDS = range(0x10, 0x20)
OURS = frozenset((messages.KINDS["hello"], messages.KINDS["heartbeat"], *COMMANDS))
"""What only controllers say."""

SILENT = "node silent: check the node's power and its cable"
GARBLED = "the node's words are garbled, or something else took its place: check its cable"
DEAF = "the node does not hear the controller: check its cable"


class NodeCall:
    """What is known of a port on which no session runs.

    Args:
        bay: The bay's name; a node of another bay is refused.
        nonce: Gives a fresh 32-bit number each call.
        now_s: The time at which calling begins.
    """

    def __init__(self, bay: str, nonce: Callable[[], int], now_s: float) -> None:
        self._bay = bay
        self._new_nonce = nonce
        self._echoed_s = -math.inf
        self.begin(now_s)

    @property
    def silent_s(self) -> float:
        """When whoever has not answered counts as silent."""
        return self._since_s + SILENT_S

    def begin(self, now_s: float) -> None:
        """Call from `now_s` on, under a fresh nonce: no older answer counts."""
        self._nonce = self._new_nonce()
        self._since_s = self.next_hello_s = now_s
        self._noise_s = self._ours_s = self._node_s = math.inf  # since when it is heard

    def hello(self, now_s: float) -> dict[str, int]:
        """The fields of a hello that goes out now."""
        self.next_hello_s = now_s + HELLO_S
        return {
            "version": messages.VERSION,
            "table_hash": messages.TABLE_HASH,
            "nonce": self._nonce,
        }

    def hears_noise(self, now_s: float) -> None:
        """Bytes came that are nothing a node says."""
        self._noise_s = min(self._noise_s, now_s)

    def hears_ours(self, now_s: float) -> None:
        """A frame came that only a controller says: our own, or another's."""
        self._ours_s = min(self._ours_s, now_s)
        self._echoed_s = now_s

    def hears_node(self, now_s: float) -> None:
        """A node speaks, but not to us."""
        self._node_s = min(self._node_s, now_s)

    def is_echoing(self, now_s: float) -> bool:
        """Whether what we say came back just now: then nobody else's answer can be trusted."""
        return now_s - self._echoed_s < 2 * HELLO_S

    def silence(self, now_s: float) -> str:
        """Why nobody has answered, by what was heard instead."""
        heard_s = now_s - PATIENCE_S
        if self._ours_s <= heard_s:
            return self.echo()
        if self._node_s <= heard_s:
            return DEAF
        return self.foreign() if self._noise_s <= heard_s else SILENT

    def foreign(self) -> str:
        """What to do about a device that is no node."""
        return (
            "what is on this port does not speak the node's protocol: check the `port` key of "
            f"bay {self._bay!r}"
        )

    def echo(self) -> str:
        """What to do about a port that gives back a controller's own words."""
        return (
            "what is on this port echoes, or is another controller: check the `port` key of bay "
            f"{self._bay!r} and that its cable leads to the node"
        )

    def refusal(self, body: bytes) -> str:
        """Why the node that says this welcome is not ours; "" where it is.

        Raises:
            WireError: It is no welcome of any version.
        """
        version, table_hash = messages.peer(body)
        if (version, table_hash) != (messages.VERSION, messages.TABLE_HASH):
            return (
                f"node speaks protocol {version}/{table_hash:08x}, this controller "
                f"{messages.VERSION}/{messages.TABLE_HASH:08x}: flash the node with the "
                "firmware of this release"
            )
        _, _, tail = messages.unpack(messages.KINDS["welcome"], body)
        name = tail.decode(errors="replace")
        if name != self._bay:
            return (
                f"the node on this port is bay {name!r}, not {self._bay!r}: plug the cables as "
                "the bays' `port` keys say, or give the node its bay's name"
            )
        return ""

    def answered(self, fields: dict[str, int]) -> bool:
        """Whether a welcome answers a hello of ours, and not one of whoever called before."""
        return fields["nonce"] == self._nonce
