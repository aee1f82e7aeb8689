"""Messages are lost, doubled and late, the clock jumps, the disk is full: nothing is lost by it."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

from tests.crash.relay import Relay
from tests.crash.stage import YEAR_S, Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
    """Ahead, back and behind, vouched for or not; where it is believed codes have expired."""
    with Stage(tmp_path, free_port, seed) as stage:
        for ahead_s in (YEAR_S, -YEAR_S, 0):
            for quality in ("unknown", "synchronised"):
                fallen = stage.world.fallen
                stage.world.ahead_s, stage.world.clock_quality = ahead_s, quality
                stage.kill("controller")
                stage.start("controller")
                if ahead_s == YEAR_S and quality == "synchronised":
                    stage.world.left += 1
                    time.sleep(SERVED_S)
                    stage.world.left -= 1
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
            stage.world.left += 10
            stage.wait_for_a_load()
            controller = stage.controller
            assert controller is not None
            resource.prlimit(controller.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
            time.sleep(SERVED_S)
            fallen = stage.world.fallen
            time.sleep(SERVED_S)
            assert stage.world.fallen == fallen
            no_limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(controller.pid, resource.RLIMIT_FSIZE, no_limit)
            stage.kill("controller")
            stage.start("controller")
            stage.bring(0)
        stage.settle()
        found = stage.audit()
    assert (found.wrong, found.conflicts) == ([], 0)
    assert found.deposits == stage.world.fallen
