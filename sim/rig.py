"""A kiosk's bays, ready to be plugged into a controller: worlds, nodes, links, cameras.

Takes its time from the running loop alone, so a live demo uses it as it is.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from controller.adapters.node_link import WireNodeLink
from sim.bay import SimBay
from sim.camera import SimCamera
from sim.clock import now_us
from sim.watched_link import WatchedLink
from sim.world import BayWorld

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.core.config import KioskConfig
    from sim.bay import Note
    from sim.camera import Photos
    from sim.identity import Identity
    from sim.world import BayFigures


class Rig:
    """All bays of a kiosk by name: `bays`, `links` and `cameras`. `run` it, and `close` it.

    Args:
        config: The kiosk's configuration.
        figures: What its bays are made of.
        seed: The run's seed.
        identity: Gives the links' nonces.
        node: What runs the firmware, one of `sim.hosts.NODES`.
        photos: Photos of items; without them they are drawn.
        note: Told every byte between boards, nodes and controller.

    Raises:
        NodeProcessError: A node does not start.
    """

    def __init__(
        self,
        config: KioskConfig,
        figures: BayFigures,
        *,
        seed: int,
        identity: Identity,
        node: str = "cpython",
        photos: Photos | None = None,
        note: Note = lambda _at_us, _channel, _data: None,
    ) -> None:
        start_us = now_us(asyncio.get_running_loop())
        self.bays: dict[str, SimBay] = {}
        self.links: dict[str, WatchedLink] = {}
        self.cameras: dict[str, SimCamera] = {}
        for name in (bay.name for bay in config.bays):
            world = BayWorld(seed, name, figures, start_us)
            bay = SimBay(name, world, seed, node, note)
            self.bays[name] = bay
            self.cameras[name] = SimCamera(bay, seed, photos)
        self._nonces = {name: identity.nonces(name) for name in self.bays}
        self.plug_in()

    def plug_in(self) -> None:
        """A controller starts (again): fresh `links` on the same lines."""
        for name, bay in self.bays.items():
            link = WatchedLink(WireNodeLink(name, bay.wire.host, self._nonces[name]))
            if name in self.links:
                link.faults |= self.links[name].faults
                link.states |= self.links[name].states
                bay.wire.mend()
            self.links[name] = link

    def pull_out(self) -> None:
        """The controller is dead: its ends of the lines hear and say nothing."""
        for bay in self.bays.values():
            bay.wire.cut()

    async def run(self) -> None:
        """Let all bays live until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for name, bay in self.bays.items():
                tasks.create_task(bay.run(), name=f"bay {name}")

    def close(self) -> None:
        """End the nodes; idempotent."""
        for bay in self.bays.values():
            bay.close()

    def faults(self) -> list[str]:
        """The names of all faults that a node has raised so far."""
        return sorted(set().union(*(link.faults for link in self.links.values())))

    def node_states(self) -> set[str]:
        """The states of hatch and gate that a node has reported so far."""
        return set().union(*(link.states for link in self.links.values()))

    def dangers(self) -> Sequence[str]:
        """What the worlds have seen that no node may allow."""
        found = []
        for name, bay in self.bays.items():
            if bay.world.both_open:
                found.append(f"hatch and gate of bay {name} were open together")
            if bay.world.shut_in:
                found.append(f"hatch of bay {name} was locked on somebody inside")
            if bay.world.dropped_on:
                found.append(f"gate of bay {name} opened under somebody")
            if bay.world.worst_pinch_n > PINCH_N:
                worst_n = bay.world.worst_pinch_n
                found.append(f"hatch of bay {name} pinched with {worst_n:.0f} N")
        return found


PINCH_N = 150.0
"""Own limit for hands; ISO/TS 15066 gives 140 N at rest and 280 N for a moment."""
