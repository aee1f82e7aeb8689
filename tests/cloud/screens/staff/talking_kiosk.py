"""A kiosk that talks to the platform over a real broker, from a thread of its own."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

import aiomqtt

from contract.bundle import part_of
from contract.catalogue_part import open_part
from contract.command import SEND_DIAGNOSTICS, Command, CommandResult, open_command
from contract.condition import KeptList
from contract.keys import key_id_of, load_public
from contract.payloads import KioskState, Payload, encode
from contract.topics import Topics
from tests.cloud.fleet.afar import condition, levels
from tests.contract.samples import EPOCH

if TYPE_CHECKING:
    from pathlib import Path

KIOSK = "hz-xihu-0001"
TOPICS = Topics("hangzhou", "xihu", KIOSK)


class TalkingKiosk:
    """Greets, tells how it is, and does what the platform signed; `done` are the verbs.

    It has no price list, takes each that comes in one part, and says so.

    Args:
        port: The broker's.
        ledger: File of the platform's public key.
        bundle: What it sends as diagnostics.
    """

    def __init__(self, port: int, ledger: Path, bundle: bytes) -> None:
        self._port = port
        public = load_public(ledger)
        self._keys = {key_id_of(public): public}
        self._bundle = bundle
        self.done: list[str] = []
        self._faults = ("scale-signal",)
        self._closed_by: str | None = None
        self._lists: dict[str, KeptList] = {}
        self._there = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._there.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(60)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.ensure_future(self._talk())
        with suppress(asyncio.CancelledError):
            await self._task

    async def _talk(self) -> None:
        async with aiomqtt.Client("127.0.0.1", self._port) as client:
            await client.subscribe(TOPICS.down_all, 1)
            await self._say(client, TOPICS.telemetry, levels(640))
            await self._tell(client)
            greeting = KioskState(
                kiosk=KIOSK,
                epoch=EPOCH,
                online=True,
                boot="b1",
                outbox_depth=3,
                software="recycling-kiosk 0.1.0",
                refused={"code:expired": 2},
            )
            await self._say(client, TOPICS.state, greeting)
            self._there.set()
            async for message in client.messages:
                payload = bytes(message.payload)
                if str(message.topic) == TOPICS.cmd:
                    await self._do(client, open_command(payload, KIOSK, self._keys))
                elif str(message.topic) == TOPICS.config:
                    self._take(payload)
                    await self._tell(client)

    def _take(self, payload: bytes) -> None:
        part, signed = open_part(payload)
        about = json.loads(signed)["catalogue"]
        kept = {name: about[name] for name in ("version", "valid_from")}
        self._lists[part.sha256] = KeptList(sha256=part.sha256, **kept)

    async def _do(self, client: aiomqtt.Client, command: Command) -> None:
        self.done.append(command.verb)
        if command.verb == SEND_DIAGNOSTICS:
            await self._say(client, TOPICS.event, part_of(self._bundle, KIOSK, command.id, 0))
        self._closed_by = command.id if command.verb == "close-bay" else None
        result = CommandResult(
            kiosk=KIOSK, id=command.id, outcome="done", code="", detail="", at=command.issued_at
        )
        await self._say(client, TOPICS.event, result)
        await self._tell(client)

    async def _tell(self, client: aiomqtt.Client) -> None:
        said = condition(KIOSK, *self._faults, lists=list(self._lists.values()))
        closing = {"usable": self._closed_by is None, "closed_by": self._closed_by}
        about = {"why_not": "closed from afar", "firmware": "7"}
        bay = said.bays[0].model_copy(update=closing | about)
        await self._say(client, TOPICS.condition, said.model_copy(update={"bays": [bay]}))

    async def _say(self, client: aiomqtt.Client, topic: str, said: Payload) -> None:
        await client.publish(topic, encode(said), qos=1)
