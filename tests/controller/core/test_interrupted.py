"""An intent is open when the power comes back: what is believed, and what becomes of the load."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core import commands, events
from controller.core.flow.examine import NOT_CLEARED
from controller.core.trigger import Glance
from tests.controller.core.interruption import LOAD_G, promised_body, restarted
from tests.controller.core.story import ACCOUNT, CONFIG, Story, sight


@pytest.fixture
def body() -> dict[str, Any]:
    return promised_body()


def test_a_drop_that_was_cut_off_is_credited_to_whom_it_was_promised(body: dict[str, Any]) -> None:
    """Pan, counters and camera agree; the screen says so and offers another load."""
    later = restarted(body, 0, gate=1)
    later.watched(Glance.EMPTY)
    (deposit,) = later.committed("deposit")
    assert (deposit.closes, deposit.body["account"]) == (1, ACCOUNT)
    assert deposit.body["empty_check"] == "pan+camera"
    assert deposit.body["deposit_id"] == body["deposit_id"]
    assert (later.state, later.message) == ("CREDITED", "recovered")
    assert later.view.points == body["points"] > 0


def test_a_blind_camera_leaves_it_to_pan_and_counters(body: dict[str, Any]) -> None:
    """An answer that never comes is waited for, and asked for again, for three seconds."""
    later = restarted(body, 0, gate=1)
    later.rest(8)
    assert later.commanded(commands.Watch) == 3
    assert later.committed("deposit")[0].body["empty_check"] == "pan+counters"


def test_an_unpowered_hatch_vouches_for_nothing(body: dict[str, Any]) -> None:
    """The load hung, the plug was pulled, the hatch pushed up by hand: held, and not credited."""
    later = restarted(body, 0, gate=1, up_s=20.0)
    later.watched(Glance.EMPTY)
    assert not later.committed("deposit")
    assert later.committed("uncertain")[0].closes == 1
    assert (later.state, later.message) == ("FAREWELL", "uncertain")


def test_a_watchdog_leaves_nobody_the_time_to_reach_in(body: dict[str, Any]) -> None:
    """The node restarted after the drop, but was never without power."""
    later = restarted(body, 0, gate=1, up_s=20.0, cause="watchdog")
    later.watched(Glance.EMPTY)
    assert later.committed("deposit")


def test_a_restart_that_was_asked_for_vouches_for_nothing(body: dict[str, Any]) -> None:
    """The lock was off for a moment that whoever asked could choose."""
    later = restarted(body, 0, gate=1, up_s=20.0, cause="asked")
    later.watched(Glance.EMPTY)
    assert later.committed("uncertain") and not later.committed("deposit")


def test_without_a_clock_nobody_knows_whether_the_hatch_was_free(body: dict[str, Any]) -> None:
    """The promise's age is unknown, and the node's last start was with the power."""
    later = restarted(body, 0, gate=1, age_s=None)
    later.watched(Glance.EMPTY)
    assert later.committed("uncertain") and not later.committed("deposit")


def test_power_that_failed_before_the_gate_moved_costs_nothing(body: dict[str, Any]) -> None:
    """It weighs as promised and is seen: it falls now, and from here on its node watches it."""
    later = restarted(body, LOAD_G, up_s=20.0)
    later.watched(Glance.READY)
    assert later.commanded(commands.DropLoad) == 1
    later.drop()
    later.watched(Glance.EMPTY)
    assert len(later.committed("deposit")) == 1


def test_what_weighs_otherwise_behind_a_free_hatch_is_not_dropped(body: dict[str, Any]) -> None:
    """It may be another load: held, and cleared away before the next resident."""
    later = restarted(body, LOAD_G + 60, up_s=20.0)
    later.watched(Glance.READY)
    assert later.commanded(commands.DropLoad) == 0
    assert later.committed("uncertain")
    assert later.bays["a"].unfinished


def test_new_counters_are_no_counters(body: dict[str, Any]) -> None:
    """The node got another FRAM: a gate that seems never to have moved proves nothing."""
    later = restarted(body, 0, gate=-1)
    later.watched(Glance.EMPTY)
    assert later.committed("uncertain") and not later.committed("deposit")


def test_a_damaged_fram_is_no_counter_either(body: dict[str, Any]) -> None:
    """The node says that it lost its counters, whatever they read by now."""
    later = restarted(body, 0, gate=1)
    later.happens(events.NodeFault("a", "counters-lost", True))
    later.watched(Glance.EMPTY)
    assert later.committed("uncertain") and not later.committed("deposit")


def test_a_lost_word_of_the_gate_costs_nothing(body: dict[str, Any]) -> None:
    """The event never comes, the report that counts it does: the load is credited."""
    later = restarted(body, LOAD_G)
    later.watched(Glance.READY)
    later.pan_g, later.gate_cycles = 0, later.gate_cycles + 1
    later.happens(later.report())
    later.rest(3)
    later.watched(Glance.EMPTY)
    assert [one.kind for one in later.written] == ["deposit"]


def test_what_is_seen_and_weighs_nothing_is_dropped_again_and_then_credited_over(
    body: dict[str, Any],
) -> None:
    """A stain, as in a visit that nothing interrupts."""
    later = restarted(body, 0, gate=1)
    for _ in range(CONFIG.session.drop_attempts):
        later.watched(Glance.READY)
        later.drop()
    later.watched(Glance.READY)
    assert later.commanded(commands.DropLoad) == CONFIG.session.drop_attempts
    assert later.committed("deposit")[0].body["empty_check"] == "pan+counters"
    assert later.bays["a"].usable


def test_a_load_that_will_not_fall_is_left_to_staff(body: dict[str, Any]) -> None:
    """After three drops nobody knows, and the bay is closed."""
    later = restarted(body, LOAD_G)
    for _ in range(CONFIG.session.drop_attempts):
        later.watched(Glance.READY)
        later.gate_cycles += 1
        later.happens(events.GateCycled("a", 0, later.gate_cycles))
        later.rest(2)
    later.watched(Glance.READY)
    assert later.commanded(commands.DropLoad) == CONFIG.session.drop_attempts
    assert later.committed("uncertain") and not later.bays["a"].usable


@pytest.mark.parametrize(
    ("opens", "mass_g", "usable"), [(1, 0, True), (0, 0, False), (1, 60, False)]
)
def test_a_bay_that_waited_for_staff_serves_again(
    body: dict[str, Any], opens: int, mass_g: int, usable: bool
) -> None:
    """Once they had the hatch open, and the pan behind the shut hatch is empty."""
    later = restarted(body, LOAD_G)
    later.wait(CONFIG.session.motion_s + CONFIG.session.farewell_s)
    assert later.view.bays[0].why_not == NOT_CLEARED
    later.pan_g = mass_g
    later.hatch_openings += opens
    later.happens(later.report())
    later.rest(3)
    assert later.bays["a"].usable is usable


def test_a_node_that_dies_with_each_drop_is_not_asked_for_ever(body: dict[str, Any]) -> None:
    """A supply that the gate's motor breaks down: three tries in all, then staff must look."""
    later = restarted(body, LOAD_G, cause="watchdog")
    for boot_id in range(2, 6):
        later.watched(Glance.READY)
        later.happens(events.NodeLost("a", "node silent"))
        counters = later.gate_cycles, later.hatch_openings
        later.happens(events.NodeUp("a", boot_id, "watchdog", *counters), later.report())
        later.rest(2)
    assert later.commanded(commands.DropLoad) == CONFIG.session.drop_attempts
    assert later.committed("uncertain") and not later.bays["a"].usable


def test_somebody_at_the_hatch_uses_up_no_drop(body: dict[str, Any]) -> None:
    """The node refuses while it feels presence; the load falls once they have stepped back."""
    later = restarted(body, LOAD_G)
    for _ in range(CONFIG.session.drop_attempts + 1):
        later.watched(Glance.READY)
        later.happens(events.CommandRefused("a", "DropLoad", "presence"))
        later.rest()
    later.watched(Glance.READY)
    later.drop()
    later.watched(Glance.EMPTY)
    assert later.committed("deposit")


def test_a_full_disk_is_waited_for_and_the_load_is_closed_once(body: dict[str, Any]) -> None:
    """Nobody is served meanwhile; then the deposit is written."""
    later = restarted(body, 0, gate=1)
    later.disk_full = True
    for _ in range(4):
        later.watched(Glance.EMPTY)
        later.rest(2)
    assert later.state == "RECOVERING"
    later.disk_full = False
    later.watched(Glance.EMPTY)
    assert [one.kind for one in later.written] == ["deposit"]


def test_an_uncertain_end_is_written_once_however_often_the_disk_fails(
    body: dict[str, Any],
) -> None:
    """It is examined again, and not kept for later as well."""
    later = restarted(body, 0, gate=1, up_s=20.0)
    later.disk_full = True
    for _ in range(3):
        later.watched(Glance.EMPTY)
        later.rest(2)
    later.disk_full = False
    later.watched(Glance.EMPTY)
    later.happens(events.RoomSeen(True))
    assert [one.kind for one in later.written] == ["uncertain"]


def test_after_a_credited_load_zero_is_free_again(body: dict[str, Any]) -> None:
    """Its visit is accounted for, also in what the journal remembers."""
    later = restarted(body, 0, gate=1)
    assert later.bays["a"].unfinished
    later.watched(Glance.EMPTY)
    assert later.memory is not None and not later.memory.unfinished


@pytest.mark.parametrize(("up_s", "kind"), [(41.0, "uncertain"), (43.0, "deposit")])
def test_a_second_of_the_clocks_counts_for_the_doubt(
    body: dict[str, Any], up_s: float, kind: str
) -> None:
    """A node must have been up for two seconds more than the promise is old."""
    later = restarted(body, 0, gate=1, up_s=up_s)
    later.watched(Glance.EMPTY)
    assert [one.kind for one in later.written] == [kind]


def test_a_node_whose_ticks_go_on_was_without_power_all_the_same() -> None:
    """The controller lived on and has heard another start of the node."""
    story = Story()
    story.identify()
    story.load(LOAD_G)
    story.look(sight("paper", 0.998))
    story.happens(events.NodeLost("a", "node silent"))
    story.pan_g, story.gate_cycles = 0, story.gate_cycles + 1
    story.wait(2)
    again = events.NodeUp("a", 77, "power", story.gate_cycles, story.hatch_openings)
    story.happens(again, story.report())
    story.rest(2)
    story.watched(Glance.EMPTY)
    assert story.committed("uncertain") and not story.committed("deposit")


def test_a_slow_camera_is_heard(body: dict[str, Any]) -> None:
    """Its answer to the first question comes after it was asked again."""
    later = restarted(body, 0, gate=1)
    first = later.session.looks
    later.rest(2)
    assert later.commanded(commands.Watch) == 2
    later.happens(events.Watched("a", first, Glance.EMPTY))
    later.rest()
    assert later.committed("deposit")[0].body["empty_check"] == "pan+camera"


def test_a_late_picture_decides_nothing(body: dict[str, Any]) -> None:
    """What was seen before the drop is void behind it."""
    later = restarted(body, LOAD_G)
    before = later.session.looks
    later.watched(Glance.READY)
    later.happens(events.Watched("a", before, Glance.EMPTY))
    later.drop()
    later.happens(events.Watched("a", before, Glance.EMPTY))
    later.rest()
    assert later.state == "RECOVERING"
    assert not later.committed("deposit")
