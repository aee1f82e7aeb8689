"""Controller, broker and ledger are killed, again and again; every load is credited once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.crash.relay import Relay
from tests.crash.stage import Stage
from tests.crash.syncs import build_shim

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.crash.auditor import Findings

LOADS = 2_100
"""Some of them are taken back, or laid in before a dead screen."""

MOST = 0.75
"""At least so many become deposits: 0.98 on an idle machine, less where a load takes longer."""

CAMPAIGN_LOADS = int(os.environ.get("KIOSK_CRASH_LOADS", "110000"))


def _killed(
    folder: Path, seed: int, loads: int, shim: Path, port: int, relay_port: int | None = None
) -> tuple[Stage, Findings]:
    """One kiosk with its platform, until everybody was served and everything delivered."""
    with ExitStack() as stack:
        if relay_port is not None:
            stack.enter_context(Relay(relay_port, port, seed))
        stage = Stage(folder, port, seed, loads, shim=shim, uplink_port=relay_port)
        stack.enter_context(stage)
        stage.kill_at_random(mean_s=1.5, down_s=0.2)
        stage.settle()
        return stage, stage.audit()


def _two_are_killed(
    folder: Path, ports: tuple[int, int, int], seed: int, loads: int, tell: Callable[..., None]
) -> None:
    """Two kiosks side by side, for there are more processors than one; one behind a relay."""
    shim = build_shim(folder)
    with ThreadPoolExecutor(2) as pool:
        plain = pool.submit(_killed, folder / "a", seed, loads // 2, shim, ports[0])
        relayed = pool.submit(_killed, folder / "b", seed + 1, loads // 2, shim, *ports[1:])
        ended = [plain.result(), relayed.result()]
    for number, (stage, found) in enumerate(ended):
        figures = {"kills": stage.kills, "at_syncs": stage.at_syncs, "refused": stage.refused}
        figures["taken"] = stage.world.taken
        tell(**{f"kiosk_{number}": {**vars(found), **figures}})
    for stage, found in ended:
        world = stage.world
        assert world.fallen + world.taken + stage.refused + (world.pan is not None) == loads // 2
        assert found.wrong == []
        assert (found.lost, found.doubled, found.uncertain, found.conflicts) == (0, 0, 0, 0)
        assert found.deposits == world.fallen
    assert sum(found.deposits for _, found in ended) >= MOST * loads


@pytest.mark.timeout(400)
def test_each_load_is_credited_once_whoever_is_killed(
    tmp_path: Path, ports: tuple[int, int, int], seed: int, tell: Callable[..., None]
) -> None:
    """Kills at any time or at a sync, a clock that jumps, and messages lost, doubled and late."""
    _two_are_killed(tmp_path, ports, seed, LOADS, tell)


@pytest.mark.campaign
def test_crash_campaign(
    tmp_path: Path, ports: tuple[int, int, int], seed: int, tell: Callable[..., None]
) -> None:
    """The same at full size, or as many loads as `KIOSK_CRASH_LOADS` says."""
    _two_are_killed(tmp_path, ports, seed, CAMPAIGN_LOADS, tell)
