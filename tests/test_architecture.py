"""The import rules of the house: the tree keeps them, and whoever breaks one is told which."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("wire", "firmware", "vision", "controller", "contract", "cloud", "sim", "bench")

FORBIDDEN = [
    ("wire/faults.py", "import contract.errors", "wire imports nothing of ours"),
    ("contract/points.py", "import wire.faults", "contract imports nothing of ours"),
    ("vision/quality.py", "from contract import errors", "vision imports nothing of ours"),
    ("firmware/core/node.py", "import contract.topics", "firmware imports wire alone"),
    ("firmware/core/node.py", "import controller.ports", "firmware and controller never import"),
    ("firmware/core/node.py", "import firmware.hal.rp2", "firmware.core knows the board by its"),
    ("firmware/core/node.py", "import machine", "only firmware.hal.rp2 imports machine"),
    ("firmware/core/node.py", "import time", "wire and firmware.core have no clock"),
    ("cloud/ledger/ledger.py", "import wire.frame", "cloud imports contract alone"),
    ("cloud/ledger/book.py", "import controller.ports", "cloud and controller never import each"),
    ("cloud/ledger/book.py", "import cloud.ingest.mqtt", "cloud is built in layers"),
    (
        "controller/app.py",
        "import cloud.ledger.ledger",
        "controller imports wire, vision and contract",
    ),
    ("controller/app.py", "import sim.clock", "production never imports sim, bench or tests"),
    ("vision/quality.py", "import tests", "production never imports sim, bench or tests"),
    ("sim/clock.py", "import bench.row", "sim never imports bench or tests"),
    ("controller/core/session.py", "import controller.ports", "controller is built in layers"),
    ("controller/ports.py", "import controller.app", "controller is built in layers"),
    (
        "controller/adapters/mqtt_uplink.py",
        "import controller.app",
        "controller is built in layers",
    ),
    ("controller/newcomer.py", "", "controller is built in layers"),
    ("controller/core/session.py", "import wire.frame", "controller.core knows wire.faults and"),
    ("controller/core/session.py", "import asyncio", "controller.core has no clock, no loop"),
    ("controller/core/scale.py", "import time", "controller.core has no clock, no loop"),
    ("controller/core/scale.py", "import sqlite3", "controller.core has no clock, no loop"),
    ("controller/app.py", "import wire.messages", "ports and app know the core alone"),
    ("controller/cli.py", "import controller.adapters", "only controller.build names adapters"),
    ("vision/quality.py", "import onnxruntime", "only vision.runtime imports the model runtime"),
]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Check the import rules of a tree."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and their rules, to be spoiled."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "setup.cfg", tree)
    for package in PACKAGES:
        only_python = shutil.ignore_patterns("__pycache__", "*.onnx", "*.json")
        shutil.copytree(ROOT / package, tree / package, ignore=only_python)
    return tree


def test_the_tree_keeps_every_import_rule(copy: Path) -> None:
    """Nothing is broken as long as nobody breaks it."""
    found = lint(copy)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(("file", "line", "rule"), FORBIDDEN)
def test_a_forbidden_import_is_refused_by_the_rule_it_breaks(
    copy: Path, file: str, line: str, rule: str
) -> None:
    """One line in one file is enough, and the rule is named."""
    path = copy / file
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        found = lint(copy)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before)
    assert found.returncode == 1
    broken = [text for text in found.stdout.splitlines() if " BROKEN" in text]
    assert any(text.startswith(rule) for text in broken), found.stdout
