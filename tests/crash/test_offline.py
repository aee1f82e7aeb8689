"""Three days without a broker: what waited is delivered once, and as what it is, history."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from contract.payloads import Ack, DepositBatch, decode
from tests.crash.controller import TOPICS
from tests.crash.relay import Relay
from tests.crash.stage import PATIENCE_S, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOUR_S = 3600
OFFLINE_H = 72
STEP_H, LOADS_A_STEP = 6, 10
CAMPAIGN_STEP_H, CAMPAIGN_LOADS_A_STEP = 1, 40
"""At full size a busy kiosk, hour by hour."""

ONLINE = 10
"""Loads before, and after."""

MEANWHILE = 500
"""Loads at full size while it is delivered, and everybody is killed."""


class Tap:
    """Hears what kiosk and ledger say of deposits, and acts at a moment before it goes on."""

    def __init__(self) -> None:
        self.batches: list[DepositBatch] = []
        self._lock = threading.Lock()
        self._is_moment: Callable[[str, bytes], bool] = lambda topic, payload: False
        self._act: Callable[[], None] = lambda: None
        self._acted = threading.Event()

    def hear(self, topic: str, payload: bytes) -> None:
        """One message; called by the relay."""
        with self._lock:
            if topic == TOPICS.deposit:
                self.batches.append(decode(DepositBatch, payload))
            if not self._acted.is_set() and self._is_moment(topic, payload):
                self._act()
                self._acted.set()

    @contextmanager
    def upon(
        self, is_moment: Callable[[str, bytes], bool], act: Callable[[], None]
    ) -> Iterator[None]:
        """`act`, once, at the first such message from now on; goes on when it was done."""
        with self._lock:
            self._is_moment, self._act = is_moment, act
            self._acted.clear()
        yield
        assert self._acted.wait(PATIENCE_S), "no such message was sent"

    def missing_or_live(self, seqs: set[int]) -> tuple[set[int], set[int]]:
        """Which of these records were in no message, and which in one that is no history."""
        sent = [(seq, one.historical) for one in self.batches for seq in _seqs(one)]
        live = {seq for seq, is_history in sent if not is_history}
        return seqs - {seq for seq, _ in sent}, seqs & live


def _a_batch(topic: str, payload: bytes) -> bool:
    return topic == TOPICS.deposit


def _ack_of(seqs: set[int]) -> Callable[[str, bytes], bool]:
    """Whether a message acknowledges one of them."""
    return lambda topic, payload: topic == TOPICS.ack and decode(Ack, payload).upto >= min(seqs)


def _seqs(batch: DepositBatch) -> Iterator[int]:
    return (json.loads(line)["seq"] for line in batch.records)


def _three_days_offline(stage: Stage, step_h: int, loads_a_step: int) -> set[int]:
    """Everybody goes on without a broker, also over a restart; the records that wait then."""
    stage.kill("broker")
    fallen = stage.world.fallen
    for hour in range(0, OFFLINE_H, step_h):
        stage.world.pass_by(step_h * HOUR_S)
        if hour == OFFLINE_H // 2:
            stage.kill("controller")
            stage.start("controller")
        stage.bring(loads_a_step)
    with closing(sqlite3.connect(stage.journal)) as journal:
        seqs = {seq for (seq,) in journal.execute("SELECT seq FROM outbox")}
    assert len(seqs) >= stage.world.fallen - fallen
    return seqs


def _days_on_the_ledger(stage: Stage) -> float:
    """How far the first deposit and the last lie apart, by the records' own times."""
    with closing(sqlite3.connect(stage.database)) as books:
        first_s, last_s = books.execute("SELECT min(at_s), max(at_s) FROM deposits").fetchone()
    days: float = (last_s - first_s) / 86_400
    return days


def _stage(folder: Path, ports: tuple[int, int, int], seed: int) -> Stage:
    """It begins three days ago, for the ledger has this machine's clock."""
    stage = Stage(folder, ports[0], seed, uplink_port=ports[1])
    stage.world.pass_by(-OFFLINE_H * HOUR_S)
    return stage


def test_three_days_offline_are_delivered_once_and_as_history(
    tmp_path: Path, ports: tuple[int, int, int], seed: int
) -> None:
    """Ledger and broker die over the first message, and the kiosk before it hears of the ack."""
    tap = Tap()
    with (
        Relay(ports[1], ports[0], seed, harm=0, hear=tap.hear),
        _stage(tmp_path, ports, seed) as stage,
    ):
        stage.bring(ONLINE)
        stage.wait_until_delivered()
        late = _three_days_offline(stage, STEP_H, LOADS_A_STEP)
        stage.kill("controller")  # it would wait for up to a minute
        stage.start("broker")
        with tap.upon(_a_batch, lambda: stage.kill("ledger")):
            stage.start("controller")
        with tap.upon(_a_batch, lambda: stage.kill("broker")):
            pass  # what was sent is lost with the broker, and sent again
        stage.start("broker")
        with tap.upon(_ack_of(late), lambda: stage.kill("controller")):
            stage.start("ledger")
        assert stage.waiting() == (len(late), 0)
        stage.start("controller")
        stage.wait_until_delivered()
        stage.bring(ONLINE)
        stage.settle()
        found = stage.audit()
    assert tap.missing_or_live(late) == (set(), set())
    assert not all(one.historical for one in tap.batches)
    assert (found.wrong, found.conflicts, found.uncertain) == ([], 0, 0)
    assert found.deposits == stage.world.fallen >= len(late)
    assert _days_on_the_ledger(stage) > 2.8


@pytest.mark.campaign
def test_three_days_offline_at_full_size(
    tmp_path: Path, ports: tuple[int, int, int], seed: int, tell: Callable[..., None]
) -> None:
    """2,880 loads wait; then messages are lost, doubled and late, and everybody is killed."""
    tap = Tap()
    with (
        Relay(ports[1], ports[0], seed, hear=tap.hear) as relay,
        _stage(tmp_path, ports, seed) as stage,
    ):
        stage.bring(ONLINE)
        stage.wait_until_delivered()
        late = _three_days_offline(stage, CAMPAIGN_STEP_H, CAMPAIGN_LOADS_A_STEP)
        stage.start("broker")
        stage.world.come(MEANWHILE)
        stage.kill_at_random(mean_s=0.7, down_s=0.2)
        stage.settle()
        found = stage.audit()
    tell(late=len(late), found=found, kills=stage.kills, done=dict(relay.done))
    assert tap.missing_or_live(late) == (set(), set())
    assert (found.wrong, found.conflicts, found.uncertain) == ([], 0, 0)
    assert found.deposits == stage.world.fallen >= len(late)
    assert _days_on_the_ledger(stage) > 2.8
