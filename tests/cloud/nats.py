"""Three real NATS nodes of the test's own, on loopback, that speak MQTT and can be killed."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from sim.stage.processes import LOOPBACK, free_port

NODES = 3
START_S = 60.0

CONFIG = """
server_name: node-{number}
listen: "127.0.0.1:{client}"
http: "127.0.0.1:{monitor}"
jetstream {{ store_dir: "{folder}", max_memory_store: 64MB, max_file_store: 256MB }}
cluster {{ name: kiosks, listen: "127.0.0.1:{route}", routes: [{routes}] }}
mqtt {{ listen: "127.0.0.1:{mqtt}", stream_replicas: 3, consumer_replicas: 3 }}
"""


def nats_server() -> str:
    """Where the program is; a test without it is skipped."""
    program = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")
    if program is None:
        pytest.skip("NATS is not installed: apt-get install nats-server")
    return program


class Node:
    """One of them, with MQTT on `port`; its folder outlives its process."""

    def __init__(self, program: str, folder: Path, number: int) -> None:
        self.client, self.monitor, self.route, self.port = (free_port() for _ in range(4))
        self._program, self._folder, self._number = program, folder / f"node-{number}", number
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """As the others call it."""
        return f"node-{self._number}"

    def start(self, routes: list[int]) -> None:
        """Start it, or start it again."""
        self._folder.mkdir(exist_ok=True)
        config = self._folder / "node.conf"
        config.write_text(
            CONFIG.format(
                number=self._number,
                client=self.client,
                monitor=self.monitor,
                route=self.route,
                mqtt=self.port,
                folder=self._folder,
                routes=", ".join(f'"nats://127.0.0.1:{one}"' for one in routes),
            )
        )
        with (self._folder / "log").open("ab") as log:
            command = [self._program, "-c", str(config)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    def kill(self) -> None:
        """End it without a farewell."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def is_whole(self) -> bool:
        """Whether it has caught up with the others."""
        try:
            return self.told("/healthz").get("status") == "ok"
        except OSError:
            return False

    def told(self, path: str) -> dict[str, Any]:
        """What it says of itself."""
        with urllib.request.urlopen(f"http://{LOOPBACK}:{self.monitor}{path}", timeout=5) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found


class Cluster:
    """All of them, with a leader; use it in `with`."""

    def __init__(self, folder: Path) -> None:
        program = nats_server()
        self.nodes = [Node(program, folder, number) for number in range(NODES)]

    def __enter__(self) -> Cluster:
        for node in self.nodes:
            self.start(node)
        self.await_leader()
        return self

    def __exit__(self, *_: object) -> None:
        for node in self.nodes:
            node.kill()

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where the platform connects to."""
        return [(LOOPBACK, node.client) for node in self.nodes]

    def start(self, node: Node) -> None:
        """Start one node, or start it again."""
        node.start([one.route for one in self.nodes])

    def await_leader(self) -> None:
        """Return once all nodes are up and agree on who leads."""
        end_s = time.monotonic() + START_S
        while True:
            try:
                leaders = {one.told("/jsz")["meta_cluster"].get("leader") for one in self.nodes}
            except (OSError, KeyError):
                leaders = set()
            if len(leaders) == 1 and None not in leaders:
                return
            assert time.monotonic() < end_s, "the nodes found no leader"
            time.sleep(0.05)

    def leader_of(self, stream: str) -> Node | None:
        """The node that leads a stream; None while nobody does, or there is no such stream."""
        for node in self.nodes:
            try:
                told = node.told("/jsz?streams=true")
            except OSError:
                continue
            for account in told.get("account_details", []):
                for one in account.get("stream_detail", []):
                    if one["name"] == stream and (name := one["cluster"].get("leader")):
                        return next(found for found in self.nodes if found.name == name)
        return None
