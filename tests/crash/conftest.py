"""What the crash tests need besides."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.stage.ports import free_port

HERE = Path(__file__).parent
TIMEOUT_S = 400
"""What goes on by itself may take up to `stage.PATIENCE_S`, and more than once a test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of this folder is stopped once it hangs, and not while a kiosk waits for its turn."""
    for item in items:
        timed = any(item.iter_markers("timeout")) or any(item.iter_markers("campaign"))
        if item.path.is_relative_to(HERE) and not timed:
            item.add_marker(pytest.mark.timeout(TIMEOUT_S))


@pytest.fixture
def ports() -> tuple[int, int, int]:
    """Three TCP ports on loopback that nobody listens on."""
    return free_port(), free_port(), free_port()
