"""A command that staff take back: before the kiosk has said anything of it, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from cloud.fleet.orders import AGAIN_S
from tests.cloud.conftest import KIOSKS, Office
from tests.cloud.fleet.afar import CITY, ELSEWHERE, READER, WANG, City, condition
from tests.cloud.fleet.test_fleet import refusal


@pytest.fixture
def city(office: Office) -> City:
    """Two kiosks in two districts, neither there."""
    return City(office)


def test_what_never_left_never_leaves(city: City) -> None:
    """The kiosk comes and gets nothing; the same can be asked anew; the log has it once."""
    given = city.close()
    taken = city.fleet.withdraw(WANG, KIOSKS[0], given)
    assert (taken.state, taken.code, taken.sends) == ("expired", "withdrawn", 0)
    assert city.fleet.withdraw(CITY, KIOSKS[0], given) == taken
    assert city.greets() == []
    assert city.due() == []
    assert city.fleet.sight.one(WANG, KIOSKS[0]).open_commands == 0
    assert city.close() != given
    noted = "SELECT actor, detail FROM audit WHERE action = 'command-withdrawn'"
    assert city.office.rows(noted) == [("staff:wang", f"{KIOSKS[0]} close-bay {given}")]


def test_what_left_is_sent_no_more_and_its_answer_counts(city: City) -> None:
    """It may have arrived: then what the kiosk says of it is what became of it."""
    city.greets()
    city.says(condition(), "condition")
    given = city.close()
    assert city.due() == [given]
    assert city.fleet.withdraw(WANG, KIOSKS[0], given).sends == 1
    city.office.now_s += AGAIN_S
    assert city.due() == []
    city.answers(given, "waiting")
    assert city.state_of(given) == "expired"
    city.answers(given)
    assert city.state_of(given) == "done"


def test_what_the_kiosk_has_is_not_taken_back(city: City) -> None:
    """Nor what is over, another kiosk's or nobody's; who may not is in the log."""
    city.greets()
    given = city.close()
    city.answers(given, "waiting")
    withdraw = city.fleet.withdraw
    assert refusal(lambda: withdraw(WANG, KIOSKS[0], given)) == "under-way"
    city.answers(given)
    assert refusal(lambda: withdraw(WANG, KIOSKS[0], given)) == "over"
    assert refusal(lambda: withdraw(CITY, KIOSKS[1], given)) == "unknown-command"
    for absurd in ("ff" * 8, "", "\ud800", "' OR 1=1 --"):
        assert refusal(lambda absurd=absurd: withdraw(WANG, KIOSKS[0], absurd)) == "unknown-command"
    assert refusal(lambda: withdraw(READER, KIOSKS[0], given)) == "role"
    assert refusal(lambda: withdraw(ELSEWHERE, KIOSKS[0], given)) == "other-district"
    denied = city.office.rows("SELECT actor FROM audit WHERE action = 'denied' ORDER BY id")
    assert denied == [("staff:li",), ("staff:zhao",)]


def test_sending_and_taking_back_at_once(city: City) -> None:
    """Whoever is first: it was sent and then taken back, or never sent; and nothing is lost."""
    city.greets()
    for _ in range(4):
        given = city.close()
        with ThreadPoolExecutor(2) as both:
            sending = both.submit(city.due, city.worker())
            taking = both.submit(city.fleet.withdraw, WANG, KIOSKS[0], given)
        taken = taking.result()
        assert taken.state == "expired"
        assert sending.result() == [given] * taken.sends
        assert city.due() == []
