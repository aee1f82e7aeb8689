"""What adds up whole tables is worked out now and then, however often somebody asks."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cloud.api.seldom import CHEAP_S, RESTS, Seldom
from cloud.errors import LedgerError


class Table:
    """It takes `takes_s` to add up, by its own clock; each time one more."""

    def __init__(self, takes_s: float) -> None:
        self.now_s, self.takes_s, self.asked = 0.0, takes_s, 0
        self.fails = False

    def add_up(self) -> int:
        self.now_s += self.takes_s
        self.asked += 1
        if self.fails:
            raise LedgerError("the statement took too long")
        return self.asked


def test_what_is_cheap_is_always_of_now() -> None:
    """Each who asks sees what was posted before."""
    table = Table(CHEAP_S / 2)
    ask = Seldom(table.add_up, lambda: table.now_s)
    assert [ask(), ask(), ask()] == [1, 2, 3]


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_dear_serves_for_twenty_times_as_long(fails: bool) -> None:
    """An error that it took a minute to find does too."""
    table = Table(CHEAP_S)
    table.fails = fails
    ask = Seldom(table.add_up, lambda: table.now_s)

    def tried() -> int:
        if not fails:
            return ask()
        with pytest.raises(LedgerError, match="took too long"):
            ask()
        return table.asked

    assert [tried() for _ in range(50)] == [1] * 50
    table.now_s += RESTS * CHEAP_S
    assert tried() == 2


def test_whoever_asks_meanwhile_has_the_answer_before() -> None:
    """One works it out; nobody takes up a thread to wait for it."""
    begun, goes_on = threading.Event(), threading.Event()
    answers = iter(("old", "new"))

    def work() -> str:
        said = next(answers)
        if said == "new":
            begun.set()
            assert goes_on.wait(60)
        return said

    ask = Seldom(work, lambda: 0.0)
    assert ask() == "old"
    with ThreadPoolExecutor(1) as other:
        working = other.submit(ask)
        assert begun.wait(60)
        assert [ask() for _ in range(5)] == ["old"] * 5
        goes_on.set()
        assert working.result(60) == "new"
