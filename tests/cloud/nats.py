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

from sim.stage.ports import LOOPBACK, free_port

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
        config.write_text(self.config(routes))
        with (self._folder / "log").open("ab") as log:
            command = [self._program, "-c", str(config)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    def config(self, routes: list[int]) -> str:
        """What it is told to be."""
        return CONFIG.format(
            number=self._number,
            client=self.client,
            monitor=self.monitor,
            route=self.route,
            mqtt=self.port,
            folder=self._folder,
            routes=", ".join(f'"nats://127.0.0.1:{one}"' for one in routes),
        )

    def kill(self) -> None:
        """End it without a farewell."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def streams(self) -> list[dict[str, Any]]:
        """Its streams, with their consumers; none while it does not answer."""
        try:
            told = self.told("/jsz?streams=true&consumers=true")
        except OSError:
            return []
        accounts = told.get("account_details", [])
        return [one for account in accounts for one in account.get("stream_detail", [])]

    def told(self, path: str) -> dict[str, Any]:
        """What it says of itself."""
        with urllib.request.urlopen(f"http://{LOOPBACK}:{self.monitor}{path}", timeout=5) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found


class Cluster:
    """All of them, with a leader; use it in `with`."""

    def __init__(self, folder: Path, kind: type[Node] = Node) -> None:
        program = nats_server()
        self.nodes = [kind(program, folder, number) for number in range(NODES)]

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
            for one in node.streams():
                if one["name"] == stream and (name := one["cluster"].get("leader")):
                    return next(found for found in self.nodes if found.name == name)
        return None

    def is_whole(self) -> bool:
        """Whether all nodes have all streams, and all consumers of the ledger's.

        By the word of whoever leads each. A node's own `/healthz` counts consumers as well that the
        server makes for itself, and never forgives one that was remade while the node was away.
        """
        whole: dict[str, bool] = {}
        for node in self.nodes:
            for stream in node.streams():
                for one in (stream, *stream.get("consumer_detail", [])):
                    told = one.get("cluster", {})
                    is_ours = one is stream or one["name"].startswith("ledger-")
                    if is_ours and told.get("leader") == node.name:
                        others = told.get("replicas", [])
                        caught_up = [other["name"] for other in others if other.get("current")]
                        whole[one["name"]] = len(caught_up) == NODES - 1
                    elif is_ours:
                        whole.setdefault(one["name"], False)
        return bool(whole) and all(whole.values())
