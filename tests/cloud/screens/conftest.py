"""What all tests in front of the platform's pages share."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

PATIENCE_MS = 20_000
"""A machine that is busy with other tests draws a page slowly."""


@pytest.fixture(autouse=True)
def _patience() -> None:
    """Playwright's own is for a machine that has nothing else to do."""
    expect.set_options(timeout=PATIENCE_MS)
