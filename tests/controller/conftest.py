"""The two media of a kiosk's journal."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """The journal on the card."""
    (tmp_path / "card").mkdir()
    return tmp_path / "card" / "journal.sqlite"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Its copy on the stick."""
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick" / "mirror.sqlite"
