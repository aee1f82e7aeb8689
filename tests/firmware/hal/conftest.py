"""A bench with a healthy board on it, and its program."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.hal import settings
from tests.firmware.hal.fake_machine import Bench
from tests.firmware.hal.rig import Start


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bench:
    """The board of bay `a` with one load cell, its program not started yet."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / settings.PATH).write_text("a\n")
    return Bench()


@pytest.fixture
def start(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Start the program's board."""
    return lambda: bench.start(monkeypatch).Rp2Board()
