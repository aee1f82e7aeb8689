"""Kiosks that go on sending while workers and nodes are killed, and the count at the end."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt

from contract.payloads import MAX_RECORDS, Ack, KioskState, decode, encode
from contract.topics import Topics
from tests.cloud.conftest import Office, batch
from tests.contract.samples import EPOCH, SampleKiosk

PIECE = 4
"""Points of each load."""

PACE_S = 0.05
"""Between two loads of one kiosk."""

PATIENCE_S = 2.0
"""After that a kiosk sends again what the ledger has not acknowledged, as `controller` does."""

REFUSED = 0x80
"""From here on a SUBACK says no, which aiomqtt passes on as it came (MQTT 3.1.1, 3.9.3)."""

WAIT_S = 200.0
"""For what must happen; a cluster on a busy machine may take 40 s to agree on a leader."""


NOTHING_WRONG = dict.fromkeys(("lost", "doubled", "sum", "held", "rejected"), 0)
"""What an audit comes to, beside the loads."""


class Worker:
    """`kiosk cloud ingest` as a process of its own; what it says goes to a file in `folder`."""

    def __init__(
        self, database: str, keys: Path, name: str, broker: Sequence[str], folder: Path
    ) -> None:
        arguments = ["ingest", "--database", database, "--keys", str(keys), "--worker", name]
        self._command = [sys.executable, "-c", "from cloud.cli import app; app()", *arguments]
        self._command += broker
        self._log = folder / f"worker-{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it; return once it listens."""
        self._begin()
        await until(lambda: "broker connected" in self._log.read_text())

    def _begin(self) -> None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command, stderr=log)

    def kill(self) -> None:
        """End it in the middle of whatever it does: `kill -9`."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@dataclass
class Sender:
    """A kiosk with an outbox, which only the ledger's own ack empties."""

    kiosk: SampleKiosk
    ports: list[int]
    acked: int = 0
    _ports: itertools.cycle[int] = field(init=False)

    def __post_init__(self) -> None:
        self._ports = itertools.cycle(self.ports)

    @property
    def topics(self) -> Topics:
        """Its own."""
        return Topics("hangzhou", "xihu", self.kiosk.name)

    @property
    def waiting(self) -> list[bytes]:
        """Lines that the ledger has not acknowledged, the oldest first."""
        return [one.line for one in self.kiosk.sent[self.acked :]]

    async def load(self, stop: asyncio.Event) -> None:
        """Residents come one after the other, until `stop`."""
        while not stop.is_set():
            self.kiosk.deposit()
            await asyncio.sleep(PACE_S)

    async def deliver(self, stop: asyncio.Event) -> None:
        """Send until everything is acknowledged after `stop`, by whichever node is there."""
        while not stop.is_set() or self.waiting:
            try:
                await self._deliver(stop)
            except aiomqtt.MqttError:
                await asyncio.sleep(0.2)

    async def _deliver(self, stop: asyncio.Event) -> None:
        async with aiomqtt.Client(
            "127.0.0.1",
            next(self._ports),
            identifier=self.kiosk.name,
            protocol=aiomqtt.ProtocolVersion.V311,
        ) as client:
            granted = await client.subscribe(self.topics.ack, 1)
            if any(getattr(one, "value", one) >= REFUSED for one in granted):
                raise aiomqtt.MqttError("not subscribed")  # by a node that has no leader just then
            await client.publish(self.topics.state, self._greeting(), qos=1, retain=True)
            while not stop.is_set() or self.waiting:
                if not self.waiting:
                    await asyncio.sleep(PACE_S)
                    continue
                sent = batch(*self.waiting[:MAX_RECORDS], kiosk=self.kiosk.name)
                await client.publish(self.topics.deposit, encode(sent), qos=1)
                with suppress(TimeoutError):
                    await self._acked(client)

    async def _acked(self, client: aiomqtt.Client) -> None:
        """Return once the ledger has something more; with `TimeoutError` it is sent again."""
        before = self.acked
        async with asyncio.timeout(PATIENCE_S):
            while self.acked == before:
                message = await anext(aiter(client.messages))
                self._take(decode(Ack, bytes(message.payload)))

    def _greeting(self) -> bytes:
        return encode(
            KioskState(
                kiosk=self.kiosk.name,
                epoch=EPOCH,
                online=True,
                boot="b",
                outbox_depth=0,
                software="0",
            )
        )

    def _take(self, ack: Ack) -> None:
        assert ack.rejected == []
        lines = self.kiosk.sent[self.acked :]
        done = [at for at, one in enumerate(lines, 1) if one.sha256 == ack.sha256]
        if done:
            self.acked += done[0]


@asynccontextmanager
async def under_load(senders: Sequence[Sender]) -> AsyncIterator[None]:
    """Meanwhile they send; afterwards everything that they have is acknowledged."""
    stop = asyncio.Event()
    async with asyncio.timeout(None) as end, asyncio.TaskGroup() as group:
        for one in senders:
            group.create_task(one.load(stop))
            group.create_task(one.deliver(stop))
        yield
        stop.set()
        end.reschedule(asyncio.get_running_loop().time() + WAIT_S)


async def more_acked(senders: Sequence[Sender], count: int) -> None:
    """Return once the ledger has acknowledged so many loads more."""
    least = sum(one.acked for one in senders) + count
    await until(lambda: sum(one.acked for one in senders) >= least)


async def until(is_so: Callable[[], bool]) -> None:
    """Return once it is so."""
    async with asyncio.timeout(WAIT_S):
        while not is_so():  # noqa: ASYNC110 - another process tells nobody
            await asyncio.sleep(0.05)


def audit(office: Office, senders: Sequence[Sender]) -> dict[str, int]:
    """Compare the kiosks' journals with the ledger: what is missing there, and what is too much."""
    mine = {(one.kiosk.name, sealed.sha256) for one in senders for sealed in one.kiosk.sent}
    there = [
        (str(kiosk), str(sha256))
        for kiosk, sha256 in office.rows("SELECT kiosk, sha256 FROM records")
    ]
    totals = office.ledger.totals()
    return {
        "loads": len(mine),
        "lost": len(mine - set(there)),
        "doubled": len(there) - len(set(there)) + totals.credited_points // PIECE - len(mine),
        "sum": totals.postings_sum,
        "held": totals.held,
        "rejected": totals.rejected,
    }
