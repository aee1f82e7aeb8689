"""A command that keeps processes: none of them outlives it, however it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sim.stage.processes import Child
from tests.sim.fleet.keeper import BROKER, ENDED
from tests.sim.fleet.processes import PATIENCE_S, lives, until


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, ENDED),
        (signal.SIGTERM, ENDED),
        (signal.SIGHUP, ENDED),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_nothing_outlives_whoever_keeps_it(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    """Ctrl-C and what ends services ends all; after a kill without warning the kernel does.

    A terminal's Ctrl-C does not reach the broker itself: kiosks would miss it while they end.
    """
    keeper = subprocess.Popen([sys.executable, "-m", "tests.sim.fleet.keeper", str(tmp_path)])
    broker = 0
    try:
        until((tmp_path / BROKER).exists, "the broker does not start")
        broker = int((tmp_path / BROKER).read_text())
        assert lives(broker)
        assert os.getpgid(broker) != os.getpgid(keeper.pid)
        keeper.send_signal(number)
        assert keeper.wait(PATIENCE_S) == code
        until(lambda: not lives(broker), "the broker lives on")
    finally:
        keeper.kill()
        keeper.wait()


class Unreadable(Child):
    """A process of which cannot be seen whether it is of use."""

    async def _is_ready(self) -> bool:
        raise PermissionError("nobody may look")


def test_a_process_that_cannot_be_looked_at_is_not_left_behind(tmp_path: Path) -> None:
    """Whoever started it does not get to know it, so nobody else would end it."""
    sleeper = Unreadable("sleeper", ["sleep", "600"], tmp_path / "log")
    with pytest.raises(PermissionError):
        asyncio.run(sleeper.start())
    assert sleeper.pid is None
