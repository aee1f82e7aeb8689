"""Residents before a ledger, on either database."""

from __future__ import annotations

import pytest

from tests.cloud.conftest import Office
from tests.cloud.residents.lodge import Lodge


@pytest.fixture
def lodge(office: Office) -> Lodge:
    """With texts that arrive, and Alice as its demo."""
    return Lodge(office)
