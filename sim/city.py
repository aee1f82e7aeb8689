"""What all kiosks of a run share: broker, platform, catalogue, and the phones of residents."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from contract.catalogue import example
from contract.topics import Topics, parse
from sim.afar import Dispatch
from sim.broker import Broker
from sim.clock import SimClock, now_us
from sim.identity import Identity
from sim.platform import SimPlatform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.broker import BrokerUplink
    from sim.stories import Story
    from sim.trace import Trace


class City:
    """One broker with one platform behind it. Make it on the loop that it runs on; `close` it.

    Args:
        keys: By id of each kiosk that the platform knows, its public key (32 bytes).
        seed: The run's.
        starts_at: Unix seconds at the loop's present time.
        trace: Gets every message that arrives.
        commands: Whether the platform has a key, by which kiosks may be commanded.

    Attributes:
        codes: By account the code that somebody showed last, at whichever kiosk.
    """

    def __init__(
        self,
        keys: Mapping[str, bytes],
        seed: int,
        starts_at: int,
        trace: Trace,
        *,
        commands: bool = False,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._trace = trace
        self._is_one = len(keys) == 1
        self.catalogue = example()
        # Its clock is another one than the kiosks': verbs make theirs wrong, never this.
        clock = SimClock(self._loop, starts_at)
        self.platform = SimPlatform(keys, Identity(seed), self.catalogue, clock, commands=commands)
        self.broker = Broker(self.platform.ingest, self._note_message)
        self.dispatch = Dispatch(self.platform.fleet, self.broker)
        self.codes: dict[str, str] = {}

    def uplink(self, story: Story) -> tuple[Topics, BrokerUplink]:
        """A kiosk's topics and its way to the broker."""
        config = story.scenario.kiosk
        topics = Topics(config.city, config.district, config.kiosk)
        return topics, self.broker.uplink(topics.down_all, story.certificate)

    def close(self) -> None:
        """Let the platform go."""
        self.platform.close()

    def _note_message(self, way: str, topic: str, payload: bytes) -> None:
        whose = "" if self._is_one else parse(topic).kiosk
        data = topic.encode() + b" " + payload
        self._trace.passed(now_us(self._loop), f"uplink.{way}", data, whose)
