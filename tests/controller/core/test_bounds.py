"""A card's day and a badge's tries."""

from hypothesis import given
from hypothesis import strategies as st

from controller.core.bounds import Attempts, CardDay


def test_a_card_is_spent_by_deposits_or_by_points_until_the_next_day() -> None:
    """Whichever comes first; another card is not touched."""
    day = CardDay(most_deposits=2, most_points=100)
    day.begin("2026-11-27")
    day.bring("many", 1)
    day.bring("rich", 100)
    assert (day.is_spent("many"), day.is_spent("rich"), day.is_spent("new")) == (False, True, False)
    day.bring("many", 1)
    assert day.is_spent("many")
    day.begin("2026-11-28")
    assert not day.is_spent("many")


def test_a_clock_that_is_set_back_begins_no_new_day() -> None:
    """Nor does one for which nobody vouches, of which no day is told."""
    day = CardDay(most_deposits=1)
    day.begin("2026-11-27")
    day.bring("aa", 1)
    day.begin("2025-11-27")
    assert day.is_spent("aa")
    day.bring("bb", 1)
    assert day.is_spent("bb")


def test_a_clock_that_jumped_ahead_and_was_put_right_bars_no_card_for_a_year() -> None:
    """What was counted on the wrong day counts today, and is over tomorrow."""
    day = CardDay(most_deposits=1)
    day.begin("2026-11-27")
    day.begin("2027-11-27")
    day.bring("aa", 1)
    day.begin("2026-11-27")
    assert day.is_spent("aa")
    day.begin("2026-11-28")
    assert not day.is_spent("aa")


@given(st.lists(st.tuples(st.sampled_from(["aa", "bb"]), st.integers(1, 5), st.integers(0, 90))))
def test_after_a_restart_the_journals_rows_say_the_same(rows: list[tuple[str, int, int]]) -> None:
    """Told with their days, in the order of the journal, they leave what was there before."""
    running, restarted = CardDay(3, 120), CardDay(3, 120)
    rows.sort(key=lambda row: row[1])
    for card, date, points in rows:
        running.begin(f"2026-11-{date:02}")
        running.bring(card, points)
        restarted.bring(card, points, f"2026-11-{date:02}")
    for card in ("aa", "bb"):
        assert running.is_spent(card) == restarted.is_spent(card)


def test_wrong_tries_in_a_row_are_not_heard_for_a_while() -> None:
    """Three within a minute close for five; slow ones never do."""
    tries = Attempts(most=3, within_s=60, closed_s=300)
    for now_s in (0, 50, 100, 150, 200):
        tries.wrong(now_s)
        assert tries.is_heard(now_s)
    tries.wrong(201)
    assert not tries.is_heard(202)
    assert not tries.is_heard(500)
    assert tries.is_heard(501)
