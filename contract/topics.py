"""MQTT topics between a kiosk and the platform.

    gr/v1/{city}/{district}/{kiosk}/up/deposit|event|telemetry|state|condition
    gr/v1/{city}/{district}/{kiosk}/down/ack|cmd|config

City and district only route: the ledger goes by the kiosk's own registration, not by them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from contract.errors import PayloadError

PREFIX = "gr/v1"
UP = ("deposit", "event", "telemetry", "state", "condition")
DOWN = ("ack", "cmd", "config")

_NAME = re.compile(r"[a-z0-9-]{1,32}")


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one kiosk.

    Raises:
        PayloadError: `topic-id`: an id is no 1 to 32 characters of a-z, 0-9 and `-`.
    """

    city: str
    district: str
    kiosk: str

    def __post_init__(self) -> None:
        for name in ("city", "district", "kiosk"):
            value = getattr(self, name)
            if not _NAME.fullmatch(value):
                raise PayloadError(
                    "topic-id",
                    f"{name} {value[:64]!r} cannot stand in a topic: "
                    "use 1 to 32 characters of a-z, 0-9 and -",
                )

    @property
    def deposit(self) -> str:
        """Batches of records, kiosk to ledger; QoS 1."""
        return self._up("deposit")

    @property
    def event(self) -> str:
        """What became of commands, and the bundles that they asked for; QoS 1."""
        return self._up("event")

    @property
    def condition(self) -> str:
        """How the kiosk is: bays, faults, versions; QoS 1, retained."""
        return self._up("condition")

    @property
    def telemetry(self) -> str:
        """Figures of which the latest counts: how full the bins are; QoS 1, retained."""
        return self._up("telemetry")

    @property
    def state(self) -> str:
        """The kiosk's state; QoS 1, retained, and the last will."""
        return self._up("state")

    @property
    def ack(self) -> str:
        """What the ledger has; cumulative, so a lost or doubled one changes nothing."""
        return self._down("ack")

    @property
    def cmd(self) -> str:
        """Commands to the kiosk, each signed by the platform."""
        return self._down("cmd")

    @property
    def config(self) -> str:
        """Price lists, in parts; QoS 0: sent until the kiosk's condition names them."""
        return self._down("config")

    @property
    def down_all(self) -> str:
        """The filter that a kiosk subscribes to."""
        return self._down("#")

    def _up(self, leaf: str) -> str:
        return f"{PREFIX}/{self.city}/{self.district}/{self.kiosk}/up/{leaf}"

    def _down(self, leaf: str) -> str:
        return f"{PREFIX}/{self.city}/{self.district}/{self.kiosk}/down/{leaf}"


@dataclass(frozen=True, slots=True)
class ParsedTopic:
    """A topic taken apart."""

    city: str
    district: str
    kiosk: str
    direction: Literal["up", "down"]
    leaf: str

    @property
    def topics(self) -> Topics:
        """All topics of the same kiosk."""
        return Topics(self.city, self.district, self.kiosk)


def parse(topic: str) -> ParsedTopic:
    """Take a topic apart.

    Raises:
        PayloadError: `topic` (not of the scheme above) or `topic-id`.
    """
    parts = topic.split("/")
    if len(parts) == 7 and "/".join(parts[:2]) == PREFIX:
        city, district, kiosk, direction, leaf = parts[2:]
        Topics(city, district, kiosk)  # refuses ids that cannot be
        if direction == "up" and leaf in UP:
            return ParsedTopic(city, district, kiosk, "up", leaf)
        if direction == "down" and leaf in DOWN:
            return ParsedTopic(city, district, kiosk, "down", leaf)
    raise PayloadError(
        "topic",
        f"topic {topic[:128]!r} is none of ours: "
        f"{PREFIX}/city/district/kiosk/up|down/leaf with a known leaf",
    )


def from_all_kiosks(leaf: str) -> str:
    """The filter by which the platform hears `up/{leaf}` of every kiosk."""
    return f"{PREFIX}/+/+/+/up/{leaf}"
