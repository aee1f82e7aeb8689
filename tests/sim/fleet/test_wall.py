"""A fleet by the wall clock: real processes, mosquitto, the platform, and nothing left behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import kiosk_cli
from contract.catalogue import example
from sim.audit import fallen
from sim.fleet.cli import COLUMNS, print_report
from sim.fleet.order import TOLD, Told, lying
from sim.fleet.wall import FleetReport, KioskFigures
from sim.stage.processes import find_mosquitto
from sim.world import Item, Part
from tests.sim.fleet.processes import PATIENCE_S, children_of, lives, naming, until

SIM = [EntryPoint("sim", "sim.cli:app", "kiosk.commands")]
FLEET = [sys.executable, "-m", "kiosk_cli", "sim", "fleet"]

needs_mosquitto = pytest.mark.skipif(find_mosquitto() is None, reason="mosquitto is not installed")


def fleet(*options: str, within_s: float) -> dict[str, Any]:
    """What `kiosk sim fleet` reports; it must have gone well."""
    done = subprocess.run(
        [*FLEET, "--json", *options], capture_output=True, text=True, timeout=within_s, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@needs_mosquitto
@pytest.mark.timeout(500)
def test_two_kiosks_and_a_broker_that_goes_away(tmp_path: Path) -> None:
    """Every deposit of both is credited once, each kiosk has one at least, and no process stays."""
    options = ["--kiosks", "2", "--minutes", "0.05", "--broker-outage", "5"]
    report = fleet(*options, "--folder", str(tmp_path), within_s=480)
    assert report["failures"] == []
    assert (report["lost"], report["doubled"], report["outage_s"]) == (0, 0, 5)
    kiosks = report["kiosks"]
    assert [one["kiosk"] for one in kiosks] == ["hz-xihu-0001", "hz-xihu-0002"]
    assert all(one["accepted"] >= 1 and one["credited"] == one["points"] > 0 for one in kiosks)
    assert report["credited"] == sum(one["credited"] for one in kiosks)
    (first, second), last = kiosks[0]["lists"], example().version
    assert first == last < second, "the second one came over the wire"
    assert kiosks[1]["lists"] == [first, second]
    assert not (tmp_path / "hz-xihu-0001" / f"catalogue-{second}.json").exists()
    assert naming(tmp_path) == []


@needs_mosquitto
@pytest.mark.campaign
@pytest.mark.timeout(500)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_part_of_a_fleet_outlives_it(number: signal.Signals, tmp_path: Path) -> None:
    """Kiosk, broker and platform, in the middle of a visit."""
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
        until(lambda: not any(map(lives, children)), "one lives on")
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


def test_a_folder_is_one_fleets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is in its journals would be missed in bins that are empty again."""
    (tmp_path / "hz-xihu-0001").mkdir()
    Told(visits=1).write(tmp_path / "hz-xihu-0001")
    with pytest.raises(SystemExit) as ended:
        kiosk_cli.run(SIM, ["sim", "fleet", "--folder", str(tmp_path)])
    assert ended.value.code == 2
    assert "has journals of an earlier fleet: name another one" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["hz-xihu-0001"], "and nothing was made"


def test_the_table_names_every_kiosk_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a terminal of 80 columns too, and what a failure has in brackets is no markup."""
    monkeypatch.setenv("COLUMNS", "80")
    names = [f"hz-xihu-{number:04}" for number in range(1, 4)]
    figures = dict.fromkeys(COLUMNS, 99_999)
    lists = ["2026-11-a", "2026-12-05-a"]
    kiosks = [KioskFigures(kiosk=name, gave_up=[], lists=lists, **figures) for name in names]
    failures = [f"{names[0]}: it ended, see [log]"]
    told = FleetReport(
        **figures, outage_s=0, wall_s=9.0, passed=False, failures=failures, kiosks=kiosks
    )
    print_report(told)
    said = capsys.readouterr().out
    assert [line.split() for line in said.splitlines() if line.startswith("hz-xihu-")] == [
        [name, *["99999"] * len(COLUMNS)] for name in names
    ]
    assert "failed: hz-xihu-0001: it ended, see [log]" in said
    assert "price lists 2026-11-a, 2026-12-05-a: " in said and said.count("price lists") == 1
    assert "…" not in said
    print_report(replace(told, failures=[]))
    assert "failed" not in capsys.readouterr().out
