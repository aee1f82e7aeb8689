"""Messages are lost, doubled and late, the clock jumps, the disk is full: nothing is lost by it."""

from __future__ import annotations

import resource
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.crash.relay import Relay
from tests.crash.stage import YEAR_S, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.crash.nursery import Child

LOADS = 60
SERVED_S = 0.5
SOME = 5
ROUNDS = 10


def test_messages_that_are_lost_doubled_and_late_change_no_balance(
    tmp_path: Path, ports: tuple[int, int, int], seed: int, tell: Callable[..., None]
) -> None:
    """A relay between kiosk and broker does all three to every third message, either way."""
    with (
        Relay(ports[1], ports[0], seed) as relay,
        Stage(tmp_path, ports[0], seed, uplink_port=ports[1]) as stage,
    ):
        # A quick kiosk needs few messages for its loads: it goes on until enough befell them.
        for _ in range(ROUNDS):
            stage.bring(LOADS)
            if relay.done.total() >= SOME:
                break
        stage.settle()
        found = stage.audit()
    tell(found=found, done=dict(relay.done))
    assert (found.wrong, found.conflicts) == ([], 0)
    assert found.deposits == stage.world.fallen
    assert relay.done.total() >= SOME


def test_a_clock_that_jumps_by_a_year_changes_no_balance(
    tmp_path: Path, free_port: int, seed: int
) -> None:
    """A year ahead or behind, or 1970, vouched for or not; where believed, codes have expired."""
    with Stage(tmp_path, free_port, seed) as stage:
        for ahead_s in (YEAR_S, -YEAR_S, -int(time.time()), 0):
            for quality in ("unknown", "synchronised"):
                fallen = stage.world.fallen
                stage.world.ahead_s, stage.world.clock_quality = ahead_s, quality
                stage.kill("controller")
                stage.start("controller")
                if ahead_s == YEAR_S and quality == "synchronised":
                    stage.world.come(1)
                    time.sleep(SERVED_S)
                    stage.world.come(-1)
                    assert stage.world.fallen == fallen
                elif quality == "unknown" or not ahead_s:
                    stage.bring(5)
                    assert stage.world.fallen > fallen
        stage.settle()
        found = stage.audit()
    assert (found.wrong, found.conflicts) == ([], 0)
    assert found.deposits == stage.world.fallen


def test_a_disk_that_is_full_for_a_while_takes_nothing_and_loses_nothing(
    tmp_path: Path, free_port: int, seed: int
) -> None:
    """No byte more can be written, in the middle of visits; then there is room, and a restart."""
    with Stage(tmp_path, free_port, seed) as stage:
        for _ in range(2):
            stage.world.come(10)
            stage.wait_for_a_load()
            with _no_file_longer(stage.controller, 1):
                fallen = stage.world.fallen
                time.sleep(2 * SERVED_S)
                assert stage.world.fallen <= fallen + 1  # one may have been promised before
            stage.kill("controller")
            stage.start("controller")
            stage.bring(0)
        stage.settle()
        found = stage.audit()
    assert (found.wrong, found.conflicts) == ([], 0)
    assert found.deposits == stage.world.fallen


def test_a_ledger_whose_disk_is_full_acks_nothing_and_goes_on_when_there_is_room(
    tmp_path: Path, free_port: int, seed: int
) -> None:
    """The resident notices nothing, the kiosk keeps all, and nobody starts the ledger again."""
    with Stage(tmp_path, free_port, seed) as stage:
        stage.bring(SOME)
        stage.deliver()
        fallen = stage.world.fallen
        with _no_file_longer(stage.ledger, _longest(tmp_path)):
            stage.bring(LOADS)
            stage.wait_for("ledger failed, the message will come again")
            stage.bring(SOME)
            assert stage.waiting() == (stage.world.fallen - fallen, 0)
        stage.wait_until_delivered()
        stage.settle()
        found = stage.audit()
    assert stage.kills["ledger"] == 1  # at the end
    assert (found.wrong, found.conflicts) == ([], 0)
    assert found.deposits == stage.world.fallen > LOADS


@contextmanager
def _no_file_longer(child: Child | None, most_bytes: int) -> Iterator[None]:
    """As on a full disk: what would make a file longer than that is refused to the process."""
    assert child is not None
    resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
    yield
    no_limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(child.pid, resource.RLIMIT_FSIZE, no_limit)


def _longest(folder: Path) -> int:
    """How long the ledger's longest file is: the log, which tells what it does, stays shorter."""
    return max(one.stat().st_size for one in folder.glob("ledger.sqlite*"))
