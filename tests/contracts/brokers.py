"""Real brokers as processes of their own, and a relay before one that can be cut."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

STARTS_S = 60.0

MOSQUITTO = """
listener {port} 127.0.0.1
persistence false
log_type none
"""

ANYBODY = "allow_anonymous true\n"

AMQTT = """
import asyncio, logging
from amqtt.broker import Broker

async def serve():
    anybody = {{"amqtt.plugins.authentication.AnonymousAuthPlugin": {{"allow_anonymous": True}}}}
    listener = {{"type": "tcp", "bind": "127.0.0.1:{port}"}}
    await Broker({{"listeners": {{"default": listener}}, "plugins": anybody}}).start()
    await asyncio.Event().wait()

logging.disable()
asyncio.run(serve())
"""


class BrokerProcess:
    """One broker on a loopback port; `command` starts it in the foreground."""

    def __init__(self, command: list[str], port: int) -> None:
        self.port = port
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + STARTS_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                gone = self._process.poll()
                assert gone is None, f"{self._command[0]} ended with {gone}"
                assert time.monotonic() < deadline, f"{self._command[0]} does not listen"
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """End it without any warning (kill -9); idempotent."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def reload(self) -> None:
        """Let it read its rules again, as `systemctl reload` does."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGHUP)

    def freeze(self) -> None:
        """Let it neither answer nor close anything, as a link does that is dead."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)


def mosquitto_path() -> str:
    """Where mosquitto is installed; Debian keeps it where only root's PATH looks."""
    path = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if path is None:
        pytest.skip("mosquitto is not installed: apt-get install mosquitto")
    return path


def mosquitto(folder: Path, port: int, rules: str = "") -> BrokerProcess:
    """A mosquitto that keeps nothing on disk; `rules` are lines of its access control file."""
    path = mosquitto_path()
    config = folder / "mosquitto.conf"
    text = MOSQUITTO.format(port=port) + ANYBODY
    if rules:
        (folder / "acl").write_text(rules)
        text += f"acl_file {folder / 'acl'}\n"
    config.write_text(text)
    if os.geteuid() == 0:
        # Started by root it turns into its own user, who must find its files.
        for one in (folder, *folder.iterdir()):
            one.chmod(0o755)
        config.write_text(text + "user root\n")
    return BrokerProcess([path, "-c", str(config)], port)


def amqtt(port: int) -> BrokerProcess:
    """The broker that comes from a Python package; MQTT 3.1.1 alone."""
    pytest.importorskip("amqtt", reason="the package amqtt is not installed")
    return BrokerProcess([sys.executable, "-c", AMQTT.format(port=port)], port)


class Relay:
    """Passes bytes between clients and a broker until it is cut; an async context manager."""

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self._ends: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        await asyncio.gather(*self._tasks)

    def cut(self) -> None:
        """Break every connection on both sides, without any goodbye."""
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.append(writer)
        try:
            there = await asyncio.open_connection("127.0.0.1", self._broker_port)
        except OSError:
            writer.close()
            return
        self._ends.append(there[1])
        for way in ((reader, there[1]), (there[0], writer)):
            task = asyncio.create_task(_pass(*way))
            self._tasks.add(task)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
