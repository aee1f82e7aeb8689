"""Suites that a real board can be tried by, where one is plugged in."""

from __future__ import annotations

import pytest

from tests.contracts.staged_bay import BOARD


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave a board's stories out where none is named: `--node /dev/ttyACM0`, set up as bay a."""
    if config.getoption("--node"):
        return
    of_a_board = [item for item in items if _is_of_a_board(item)]
    if of_a_board:
        config.hook.pytest_deselected(items=of_a_board)
        items[:] = [item for item in items if not _is_of_a_board(item)]


def _is_of_a_board(item: pytest.Item) -> bool:
    params = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return any(isinstance(one, str) and one == BOARD for one in params)
