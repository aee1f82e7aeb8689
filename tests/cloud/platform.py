"""The platform as a process, and a kiosk that delivers to it over a real broker."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import urllib.request
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiomqtt

from contract.payloads import Ack, Payload, decode, encode
from contract.topics import Topics
from tests.cloud.conftest import KIOSKS, batch
from tests.contract.samples import ALICE, BOB, SampleKiosk

TOPICS = Topics("hangzhou", "xihu", KIOSKS[0])
CODE_TTL_S = 20
CAROL = "ca20100000000003"
PATIENCE_S = 60.0


class PlatformProcess:
    """`kiosk cloud serve`, to which this machine may sign in as Alice, Bob or Carol."""

    def __init__(self, database: Path, keys: Path, broker_port: int, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.database = database
        self.folder = keys
        self._broker_port = broker_port
        self._kiosk = SampleKiosk(KIOSKS[0])
        arguments = ["serve", "--database", database, "--keys", keys, "--port", port]
        arguments += ["--broker", f"127.0.0.1:{broker_port}", "--demo-account", ALICE]
        arguments += ["--demo-account", BOB, "--demo-account", CAROL]
        arguments += ["--code-ttl", CODE_TTL_S]
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from cloud.cli import app; app()", *map(str, arguments)],
            stderr=subprocess.PIPE,
            text=True,
        )
        waited_for = {"platform ready", "broker connected"}
        while waited_for:
            line = self._error_line()
            waited_for = {words for words in waited_for if words not in line}
        # A pipe that nobody reads is full some day, and whoever writes to it waits.
        self._reading = threading.Thread(target=deque, args=(self._process.stderr, 0), daemon=True)
        self._reading.start()

    def get(self, path: str, token: str = "") -> Any:
        """What the API says, to whoever has `token`."""
        asked = urllib.request.Request(self.address + path)
        if token:
            asked.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())

    def sign_in(self, account: str = ALICE) -> str:
        """The token of one of the demo's accounts."""
        asked = urllib.request.Request(
            self.address + "/api/sign-in/demo",
            json.dumps({"account": account}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
            return str(json.loads(answer.read())["token"])

    def account(self, account: str, language: str = "zh") -> str:
        """The address that signs in to one of the demo's accounts, and shows it."""
        return f"{self.address}/sign-in/demo?account={account}&lang={language}"

    def deliver(self, kind: str = "deposit", **changes: Any) -> Ack:
        """One more record of the kiosk, delivered and acked."""
        sealed = getattr(self._kiosk, kind)(**changes)
        # A browser that is driven from this thread has an event loop of its own here.
        with ThreadPoolExecutor(1) as elsewhere:
            return elsewhere.submit(
                lambda: asyncio.run(self._deliver(encode(batch(sealed))))
            ).result()

    def hears(self, *said: tuple[str, Payload]) -> None:
        """Messages by topic, retained; the last is the first kiosk's greeting, which is acked."""

        async def send() -> None:
            async with (
                asyncio.timeout(PATIENCE_S),
                aiomqtt.Client("127.0.0.1", self._broker_port) as hers,
            ):
                await hers.subscribe(TOPICS.ack, 1)
                for topic, payload in said:
                    await hers.publish(topic, encode(payload), qos=1, retain=True)
                await anext(aiter(hers.messages))

        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(lambda: asyncio.run(send())).result()

    def stop(self) -> None:
        """End it as systemd would."""
        self._process.terminate()
        self._process.wait(timeout=PATIENCE_S)
        self._reading.join(PATIENCE_S)
        assert self._process.stderr is not None
        self._process.stderr.close()

    async def _deliver(self, payload: bytes) -> Ack:
        async with (
            asyncio.timeout(PATIENCE_S),
            aiomqtt.Client("127.0.0.1", self._broker_port) as client,
        ):
            await client.subscribe(TOPICS.ack, 1)
            await client.publish(TOPICS.deposit, payload, qos=1)
            message = await anext(aiter(client.messages))
            return decode(Ack, bytes(message.payload))

    def _error_line(self) -> str:
        assert self._process.stderr is not None
        line = self._process.stderr.readline()
        assert line, f"the platform ended with {self._process.wait()}"
        return line
