"""A market for each test, on either database."""

from __future__ import annotations

import pytest

from tests.cloud.conftest import Office
from tests.cloud.shop.market import Market


@pytest.fixture
def market(office: Office) -> Market:
    """A partner with three pieces of soap."""
    return Market(office)
