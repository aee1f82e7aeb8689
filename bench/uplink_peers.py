"""What the uplink is measured with: an answering platform, a bare sender, and a real ledger.

Started as `python -m bench.uplink_peers PORT` it is a platform that keeps nothing: it acks every
batch at once with its last record. So what is left of a drain is the kiosk's own and the broker's.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from threading import Semaphore
from typing import TYPE_CHECKING, Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from contract.canonical import sha256_hex
from contract.payloads import Ack, encode
from contract.topics import from_all_kiosks, parse
from controller.core.outbox import WINDOW
from sim.stage.ports import LOOPBACK
from sim.stage.processes import Child

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract.topics import Topics
    from sim.stage.processes import Broker

PATIENCE_S = 60.0


class Spoken(Child):
    """A process that says in its log when it is of use."""

    def __init__(self, name: str, command: Sequence[str], log: Path, word: str) -> None:
        super().__init__(name, [sys.executable, "-m", *command], log)
        self._file = log
        self._word = word

    async def _is_ready(self) -> bool:
        return self._word in self._file.read_text(encoding="utf-8")


def answering(folder: Path, broker: Broker) -> Spoken:
    """The platform that only acks."""
    command = ["bench.uplink_peers", str(broker.port)]
    return Spoken("answering platform", command, folder / "answering.log", "ready")


def real_ledger(folder: Path, broker: Broker) -> Spoken:
    """`kiosk cloud ingest` on a database and keys in `folder`."""
    command = ["kiosk_cli", "cloud", "ingest", "--database", str(folder / "ledger.sqlite")]
    command += ["--keys", str(folder), "--broker", f"{LOOPBACK}:{broker.port}"]
    return Spoken("ledger", command, folder / "ledger.log", "broker connected")


def bare_drain_s(port: int, topics: Topics, payloads: Sequence[bytes]) -> tuple[float, float]:
    """Seconds until the broker has all messages, and until the platform has answered them all.

    Bare paho, ready-made messages, `WINDOW` under way at a time: no journal, no rules.
    """
    client = Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(WINDOW)
    client.max_queued_messages_set(0)
    there, answers = Semaphore(0), Semaphore(0)
    client.on_subscribe = lambda *_: there.release()
    client.on_message = lambda *_: answers.release()
    client.connect(LOOPBACK, port)
    client.subscribe(topics.ack)
    client.loop_start()
    there.acquire(timeout=PATIENCE_S)
    began_s = time.perf_counter()
    for one in [client.publish(topics.deposit, payload, qos=1) for payload in payloads]:
        one.wait_for_publish(PATIENCE_S)
    sent_s = time.perf_counter() - began_s
    for _ in payloads:
        answers.acquire(timeout=PATIENCE_S)
    answered_s = time.perf_counter() - began_s
    client.disconnect()
    client.loop_stop()
    return sent_s, answered_s


def answer(payload: bytes) -> bytes:
    """The ack of a batch by its last record, unproved."""
    batch = json.loads(payload)
    last = batch["records"][-1]
    seq, digest = json.loads(last)["seq"], sha256_hex(last.encode())
    return encode(Ack(epoch=batch["epoch"], upto=seq, sha256=digest, rejected=[]))


def serve(port: int) -> None:
    """Answer until ended."""
    client = Client(CallbackAPIVersion.VERSION2)

    def on_message(_client: Client, _data: Any, message: Any) -> None:
        client.publish(parse(message.topic).topics.ack, answer(message.payload), qos=0)

    client.on_message = on_message
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.connect(LOOPBACK, port)
    client.subscribe(from_all_kiosks("deposit"), 1)
    client.loop_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
