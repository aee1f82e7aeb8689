"""The machine's clock: the time, and an honest word on who vouches for it."""

from __future__ import annotations

import time

import pytest

from controller.adapters.system_clock import SystemClock, kernel_is_synchronised


def test_it_tells_the_time() -> None:
    """Whole seconds since 1970, UTC."""
    assert abs(SystemClock().utc_s() - time.time()) < 2


@pytest.mark.parametrize(("vouched", "word"), [(True, "synchronised"), (False, "unknown")])
def test_the_quality_is_whether_somebody_vouches(vouched: bool, word: str) -> None:
    """The two words that a record may hold."""
    assert SystemClock(lambda: vouched).quality() == word


def test_the_kernel_is_asked_and_answers_the_same_twice() -> None:
    """Without rights, without changing anything."""
    before = time.time()
    assert kernel_is_synchronised() == kernel_is_synchronised()
    assert time.time() - before < 5
