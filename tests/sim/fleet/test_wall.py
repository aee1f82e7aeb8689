"""A fleet by the wall clock: real processes, mosquitto, the platform, and nothing left behind."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.audit import fallen
from sim.fleet.order import TOLD, Told, lying
from sim.stage.processes import find_mosquitto
from sim.world import Item, Part

FLEET = [sys.executable, "-m", "kiosk_cli", "sim", "fleet"]
PATIENCE_S = 150.0

needs_mosquitto = pytest.mark.skipif(find_mosquitto() is None, reason="mosquitto is not installed")


def fleet(*options: str, within_s: float) -> dict[str, Any]:
    """What `kiosk sim fleet` reports; it must have gone well."""
    done = subprocess.run(
        [*FLEET, "--json", *options], capture_output=True, text=True, timeout=within_s, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def children_of(pid: int) -> list[int]:
    """Process ids whose parent is `pid`."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            if re.search(rf"^PPid:\t{pid}$", status.read_text(), re.MULTILINE):
                found.append(int(status.parent.name))
    return found


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait for what other processes do."""
    end_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end_s, what
        time.sleep(0.1)  # a process is awaited, not time


@needs_mosquitto
@pytest.mark.timeout(500)
def test_two_kiosks_and_a_broker_that_goes_away() -> None:
    """Every deposit of both is credited once, and each kiosk has one at least."""
    report = fleet("--kiosks", "2", "--minutes", "0.05", "--broker-outage", "5", within_s=480)
    assert report["failures"] == []
    assert (report["lost"], report["doubled"], report["outage_s"]) == (0, 0, 5)
    kiosks = report["kiosks"]
    assert [one["kiosk"] for one in kiosks] == ["hz-xihu-0001", "hz-xihu-0002"]
    assert all(one["accepted"] >= 1 and one["credited"] == one["points"] > 0 for one in kiosks)
    assert report["credited"] == sum(one["credited"] for one in kiosks)


@needs_mosquitto
@pytest.mark.timeout(500)
@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.campaign)]
)
def test_nothing_outlives_whoever_started_it(number: signal.Signals, tmp_path: Path) -> None:
    """Kiosk, broker and platform end on Ctrl-C, and after a kill without warning as well."""
    process = subprocess.Popen(
        [*FLEET, "--kiosks", "1", "--minutes", "9", "--folder", str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until((tmp_path / "hz-xihu-0001" / TOLD).exists, "the kiosk does not start")
        children = children_of(process.pid)
        assert len(children) == 3
        process.send_signal(number)
        process.wait(PATIENCE_S)
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), "one lives on")
    finally:
        process.kill()
        process.wait()


@needs_mosquitto
@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_a_fleet_of_many_minutes(tell: Callable[..., None]) -> None:
    """Six kiosks, ten minutes, one of them without a broker."""
    report = fleet("--kiosks", "6", "--minutes", "10", "--broker-outage", "60", within_s=1700)
    assert report["failures"] == []
    tell(**{key: report[key] for key in ("visits", "accepted", "credited", "lost", "doubled")})
    assert report["accepted"] >= 6 * 8


def test_what_a_kiosk_tells_is_what_lies_in_its_bins(tmp_path: Path) -> None:
    """Loads and their parts, whole or in two bins; before anything was told there is nothing."""
    assert Told.read(tmp_path) is None
    bag = Item("b-1", "can", 90, load="bag")
    bins = [[Part(Item("n", "newspaper", 900), 900), Part(bag, 20)], [Part(bag, 70)], []]
    Told(visits=2, gave_up=["in a hurry"], bins={"a": lying(bins)}, done=True).write(tmp_path)
    told = Told.read(tmp_path)
    assert told is not None
    assert (told.visits, told.gave_up, told.done) == (2, ["in a hurry"], True)
    assert fallen(told.parts["a"]) == fallen(bins) == [1, 1, 0]
