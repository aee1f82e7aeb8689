"""After an interruption the visit goes on, for whoever was interrupted and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core import commands, touches
from controller.core.flow.resume import GONE_AFTER_S
from controller.core.trigger import Glance
from tests.controller.core.interruption import LOAD_G, promised_body, restarted
from tests.controller.core.story import ACCOUNT, Story, sight


@pytest.fixture
def body() -> dict[str, Any]:
    return promised_body()


def test_a_load_behind_a_hatch_that_opened_is_given_back_and_judged_anew(
    body: dict[str, Any],
) -> None:
    """The gate never moved, so nothing fell: the promise is void and the hatch opens for it."""
    later = restarted(body, LOAD_G, hatch=1)
    later.watched(Glance.READY)
    assert later.committed("void")[0].closes == 1
    assert (later.state, later.message) == ("RETURNING", "take-back")
    assert later.asked[-1] == commands.OpenHatch("a")
    later.opened()
    later.pan_g = 0
    later.rest(4)
    later.load(LOAD_G)
    later.look(sight("paper", 0.998))
    later.drop()
    later.empty()
    (deposit,) = later.committed("deposit")
    assert deposit.body["account"] == ACCOUNT


def test_a_load_that_is_gone_behind_a_hatch_that_opened_is_held(body: dict[str, Any]) -> None:
    """It was taken back, or it slipped through leaves that were half open: staff must say."""
    later = restarted(body, 0, hatch=1)
    later.watched(Glance.EMPTY)
    assert later.committed("uncertain")[0].closes == 1
    assert (later.state, later.message) == ("FAREWELL", "uncertain")


def test_after_a_load_of_next_to_nothing_whoever_brought_it_may_bring_another(
    body: dict[str, Any],
) -> None:
    """No scan is needed: the hatch opens for the same account."""
    later = restarted(body | {"mass_g": 6}, 4, hatch=1)
    later.watched(Glance.READY)
    assert later.committed("void")
    later.rest(2)
    assert later.state == "OPENING"
    assert later.session.guest.account == ACCOUNT


def next_intent(later: Story) -> dict[str, Any]:
    """Whoever was interrupted brings a bottle: the body of its intent."""
    later.happens(touches.Answered("more"))
    later.rest(2)
    later.opened()
    later.load(24)
    later.look(sight("plastic"))
    return later.committed("intent")[-1].body


@pytest.mark.parametrize("known", [{}, {"seen_before": True}, {"by": "phone", "sealed": "x"}])
def test_what_was_known_of_the_resident_is_known_afterwards(
    body: dict[str, Any], known: dict[str, object]
) -> None:
    """Their next record says it too, though it is the restarted controller's."""
    later = restarted(body | known, 0, gate=1)
    later.watched(Glance.EMPTY)
    assert known.items() <= next_intent(later).items()


def test_a_record_of_an_older_software_knows_less_and_is_gone_on_from(body: dict[str, Any]) -> None:
    """It does not say whether the code was seen before."""
    del body["seen_before"]
    later = restarted(body, 0, gate=1)
    later.watched(Glance.EMPTY)
    assert next_intent(later)["seen_before"] is False


def test_what_a_card_brought_before_the_interruption_counts_for_its_day(
    body: dict[str, Any],
) -> None:
    """A deposit of more than a card may bring: the card is spent, and no hatch opens for it."""
    later = restarted(body | {"by": "card", "points": 2_000}, 0, gate=1)
    later.watched(Glance.EMPTY)
    later.happens(touches.Answered("more"))
    assert (later.state, later.message) == ("FAREWELL", "card-spent")


def test_a_session_that_goes_on_gives_no_deposit_id_twice(body: dict[str, Any]) -> None:
    """The load after the interruption is another deposit, also in the ledger's eyes."""
    later = restarted(body, 0, gate=1)
    later.watched(Glance.EMPTY)
    later.happens(touches.Answered("more"))
    later.rest(2)
    later.opened()
    later.load(24)
    later.look(sight("plastic"))
    ids = {one.body["deposit_id"] for one in later.asked if isinstance(one, commands.Commit)}
    assert len(ids) == 2


def test_hours_later_nobody_is_greeted_by_anothers_account(body: dict[str, Any]) -> None:
    """The deposit is theirs all the same."""
    later = restarted(body, 0, gate=1, age_s=GONE_AFTER_S + 1)
    later.watched(Glance.EMPTY)
    assert later.committed("deposit")
    assert (later.state, later.session.resident) == ("IDLE", None)
    assert commands.Light("a", False) in later.asked


def test_where_no_clock_tells_nobody_is_greeted_by_anothers_account(body: dict[str, Any]) -> None:
    """Whoever stands there now may be anybody: the void ends it, and no hatch opens for them."""
    later = restarted(body, LOAD_G, hatch=1, age_s=None)
    later.watched(Glance.READY)
    assert later.committed("void")
    assert (later.state, later.session.resident) == ("IDLE", None)
    assert later.commanded(commands.OpenHatch) == 0
