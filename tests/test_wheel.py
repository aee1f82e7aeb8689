"""What a wheel holds: the packages and their data, and nothing that belongs to a checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("wire", "firmware", "vision", "controller", "contract", "cloud", "sim")
DATA = {".css", ".html", ".js", ".json", ".onnx", ".svg", ".toml"}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files in a wheel that was built from a copy of this tree."""
    tree = tmp_path_factory.mktemp("tree")
    for name in (*PACKAGES, "bench", "tests"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "kiosk_cli.py"):
        shutil.copy(ROOT / name, tree)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--quiet", "--wheel-dir", "out", "."], cwd=tree, check=True)
    (wheel,) = (tree / "out").glob("recycling_kiosk-*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_a_wheel_holds_every_source_file_of_the_packages(names: set[str]) -> None:
    """Those of the firmware too, which the simulator runs and the board is flashed from."""
    sources = {
        str(file.relative_to(ROOT)) for one in PACKAGES for file in (ROOT / one).rglob("*.py")
    }
    assert sources - names == set()
    assert "kiosk_cli.py" in names


def test_a_wheel_holds_every_data_file_of_the_packages(names: set[str]) -> None:
    """A headless demo in a foreign folder finds models, scenarios, catalogue and page assets."""
    files = {file for one in PACKAGES for file in (ROOT / one).rglob("*.*") if file.is_file()}
    data = {str(file.relative_to(ROOT)) for file in files if file.suffix in DATA}
    assert {Path(name).suffix for name in data} >= {".json", ".onnx", ".toml"}
    assert data - names == set()


def test_a_wheel_holds_no_tests_and_no_bench(names: set[str]) -> None:
    """They run from a checkout."""
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {*PACKAGES, "kiosk_cli.py"}
