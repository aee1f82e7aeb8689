"""Nodes that a story started end with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.firmware import twin


@pytest.fixture(autouse=True)
def _nodes_end() -> Iterator[None]:
    yield
    twin.close_all()
