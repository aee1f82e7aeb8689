"""Residents before a ledger, on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cloud.conftest import Office
from tests.cloud.residents.lodge import Lodge


@pytest.fixture
def lodge(office: Office) -> Lodge:
    """With texts that arrive, and Alice as its demo."""
    return Lodge(office)


@pytest.fixture
def light() -> Iterator[Lodge]:
    """The same in memory alone, for what has nothing to do with the database."""
    office = Office(":memory:")
    yield Lodge(office)
    office.database.dispose()
