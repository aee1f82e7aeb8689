"""The demo's other processes: a broker and the platform, each ended by its own id."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import sys
from typing import TYPE_CHECKING, Self

import httpx

from sim.errors import SimError
from sim.stage.ports import LOOPBACK
from sim.stage.tied import tied

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Sequence
    from pathlib import Path

_log = logging.getLogger(__name__)

START_S = 60.0
END_S = 5.0
LOOK_EVERY_S = 0.05


class ChildError(SimError):
    """A process of the demo did not start, or ended by itself; the message says what it wrote."""


class Child:
    """A process that lives as long as it is wanted, and no longer than this one.

    Args:
        name: What it is called in messages.
        command: Program and arguments.
        log: File that gets everything it writes.
    """

    patience_s = START_S
    """So long it may take until it is of use."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self._command = command
        self._log = log
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    async def start(self) -> None:
        """Start it and wait until it is of use.

        Raises:
            ChildError: It ended, or was of no use in time.
        """
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *tied(os.getpid(), *self._command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A terminal's Ctrl-C ends whoever started it, and that one ends all in order.
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(self.patience_s):
                while not await self._is_ready():
                    if self.pid is None:
                        raise ChildError(f"{self.name} ended at its start: {self._words()}")
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            await self.stop()
            raise ChildError(
                f"{self.name} was not ready within {self.patience_s:.0f} s: {self._words()}"
            ) from None
        except BaseException:
            await self.stop()  # nobody else knows of it yet
            raise
        _log.info("event=started what=%s pid=%s", self.name, self.pid)

    async def stop(self) -> None:
        """End it: politely, then at once; idempotent."""
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(END_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def watch(self) -> None:
        """Wait while it runs. A process that was stopped is waited for until it runs again.

        Raises:
            ChildError: It ended by itself.
        """
        while True:
            await asyncio.sleep(LOOK_EVERY_S * 10)
            code = self._process.returncode if self._process else None
            if code is not None and code > 0:
                raise ChildError(f"{self.name} ended with {code}: {self._words()}")

    async def _is_ready(self) -> bool:
        raise NotImplementedError

    def _words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return " / ".join(lines[-5:]) or "it said nothing"


class Broker(Child):
    """An MQTT broker on a loopback port.

    Args:
        folder: Gets its configuration and log.
        port: Where it listens.
        mosquitto: The program; None takes amqtt, which needs no installation.
    """

    def __init__(self, folder: Path, port: int, mosquitto: str | None) -> None:
        self.port = port
        if mosquitto is not None:
            self.kind = "mosquitto"
            config = folder / "mosquitto.conf"
            # Started by root it would become another user, and whoever does is not tied any more.
            config.write_text(
                f"listener {port} {LOOPBACK}\nallow_anonymous true\npersistence false\n"
                f"set_tcp_nodelay true\n{'user root' if os.getuid() == 0 else ''}\n",
                encoding="utf-8",
            )
            command = [mosquitto, "-c", str(config)]
        else:
            self.kind = "amqtt"
            command = [sys.executable, "-m", "sim.stage.amqtt_broker", str(port)]
        super().__init__(f"broker {self.kind}", command, folder / "broker.log")

    async def _is_ready(self) -> bool:
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, self.port)
        except OSError:
            return False
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return True


class Platform(Child):
    """`kiosk cloud serve` as its own process; `address` is where its pages are.

    Whoever is on this machine can sign in to `accounts`, the first of which has a link.
    """

    def __init__(
        self, folder: Path, ledger: Path, broker: Broker, port: int, accounts: Sequence[str]
    ) -> None:
        self.address = f"http://{LOOPBACK}:{port}"
        command = [sys.executable, "-m", "kiosk_cli", "cloud", "serve"]
        command += ["--database", str(ledger), "--keys", str(folder)]
        command += ["--broker", f"{LOOPBACK}:{broker.port}", "--port", str(port)]
        for account in accounts:
            command += ["--demo-account", account]
        super().__init__("platform", command, folder / "platform.log")

    async def _is_ready(self) -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                answer = await client.get(f"{self.address}/api/ledger")
        except httpx.TransportError:
            return False
        return answer.is_success


def find_mosquitto() -> str | None:
    """The `mosquitto` program, on PATH or where Debian keeps it; None where there is none."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
