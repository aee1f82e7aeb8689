"""What all tests share: seeds that are printed, and the outside things that some tests need."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from sim.stage.ports import free_port as a_free_port

SEED = int(os.environ.get("KIOSK_SEED", "20261101"))
"""Seed of every test that draws numbers; another one can be given to look further."""

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """A real board can be tried by the suite that every node link passes."""
    parser.addoption(
        "--node", metavar="PORT", help="a board of bay a that is plugged in, as /dev/ttyACM0"
    )


def pytest_report_header() -> str:
    """Say how this run can be had again."""
    profile = os.environ.get("HYPOTHESIS_PROFILE", "fixed")
    training = "tested" if find_spec("onnx") else "not tested, the extra `train` is not installed"
    return f"seed: KIOSK_SEED={SEED} HYPOTHESIS_PROFILE={profile}\ntraining: {training}"


@pytest.fixture
def seed() -> int:
    """The seed that the header printed."""
    return SEED


@pytest.fixture
def tell(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Callable[..., None]:
    """Prints what a test measured, with its seed, and keeps it with the result."""

    def told(**figures: object) -> None:
        for name, figure in figures.items():
            record_property(name, str(figure))  # it may cross to another process, or into XML
        sys.stdout.write(f"\n{request.node.name}: seed {SEED}, {figures}\n")

    return told


@pytest.fixture(scope="session")
def kiosk_data() -> Path:
    """The folder of pictures that are no part of the repository."""
    folder = os.environ.get("KIOSK_DATA")
    if not folder:
        pytest.skip("KIOSK_DATA names no folder of test data")
    return Path(folder)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Debian's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    if find_library("atomic") is None:
        pytest.skip("what drives chromium needs libatomic: apt-get install libatomic1")
    return path


@pytest.fixture
def free_port() -> int:
    """A TCP port on loopback that nobody listens on."""
    return a_free_port()
