"""What a resident lives through, told to the session's table."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.catalogue import example
from contract.hours import Hours
from contract.keys import SeedSigner
from controller.core import commands, events, touches
from controller.core.bay import INTERRUPTED
from controller.core.states import State
from controller.core.table import TABLE
from controller.core.trigger import Glance
from tests.controller.core.story import ACCOUNT, CONFIG, NOW_UTC_S, Story, sight


@pytest.fixture
def story() -> Story:
    return Story()


def with_refuse_bin() -> Story:
    """A bay whose diverter has a place for what nobody takes back."""
    bay = CONFIG.bays[0].model_copy(update={"refuse_bin": 3})
    return Story(CONFIG.model_copy(update={"bays": (bay,)}))


def promised(story: Story) -> dict[str, Any]:
    """A load of 500 g is promised and nothing has fallen yet: the body of its open intent."""
    story.identify()
    story.load(500)
    story.look(sight("paper", 0.998))
    return story.committed("intent")[0].body


def test_a_bottle_becomes_points(story: Story) -> None:
    """A named resident puts a bottle in, it drops, and the deposit is recorded for them."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    assert story.state == "DROPPING"
    story.drop()
    story.empty()
    assert (story.state, story.message) == ("CREDITED", "accepted")
    (deposit,) = story.committed("deposit")
    assert deposit.body["account"] == ACCOUNT
    assert deposit.body["item_code"] == "pet-bottle"
    assert deposit.body["mass_g"] == 24
    assert deposit.body["priced_by"] == "piece"
    assert deposit.body["points"] == story.view.points > 0
    assert deposit.closes == deposit.body["intent"] == 1


def test_the_intent_is_durable_before_the_gate_moves(story: Story) -> None:
    """The order of promises: intent, then gate."""
    story.identify()
    story.load(24)
    wishes = story.look(sight("plastic"))
    kinds = [type(one) for one in wishes]
    assert kinds.index(commands.Commit) < kinds.index(commands.DropLoad)


def test_what_cannot_be_named_comes_back(story: Story) -> None:
    """An unknown thing is recorded as returned and the hatch opens for it."""
    story.identify()
    story.load(300)
    wishes = story.look(sight("plastic", unknown=True, unknown_score=4.0))
    assert (story.state, story.message) == ("RETURNING", "returned-unknown")
    assert commands.OpenHatch("a") in wishes
    assert story.committed("returned")[0].body["reason"] == "returned-unknown"
    story.opened()
    story.pan_g = 0
    story.rest(4)
    assert story.state == "LOADING"
    assert not story.committed("deposit")


@pytest.mark.parametrize(
    ("seen", "mass_g", "reason"),
    [
        (None, 24, "returned-dark"),
        (sight(problems=("dark",)), 24, "returned-dark"),
        (sight("glass"), 300, "returned-not-here"),
        (sight("metal"), 5000, "returned-too-heavy-for-kind"),
        (sight(unknown=True, unknown_score=4.0), 24, "returned-unknown"),
    ],
)
def test_every_return_says_why(story: Story, seen: object, mass_g: int, reason: str) -> None:
    """Blind eyes, a stream that is not collected here, an impossible mass, a strange thing."""
    story.identify()
    story.load(mass_g)
    story.look(seen)  # type: ignore[arg-type]
    assert (story.state, story.message) == ("RETURNING", reason)


def test_in_doubt_one_question_is_asked_and_the_answer_counts(story: Story) -> None:
    """Between bottle and mixed plastic the resident decides; the record names their choice."""
    story.identify()
    story.load(110)
    story.look(sight("plastic"))
    assert story.state == "ASKING"
    offered = {choice.answer for choice in story.view.choices}
    assert offered == {"pet-bottle", "plastic-mixed"}
    story.happens(touches.Answered("plastic-mixed"))
    story.drop()
    story.empty()
    assert story.committed("deposit")[0].body["item_code"] == "plastic-mixed"


@pytest.mark.parametrize(
    ("opens", "closes", "quality", "state"),
    [
        ("00:00", "24:00", "synchronised", "PREPARING"),
        ("00:00", "00:01", "synchronised", "IDLE"),
        ("00:00", "00:01", "unknown", "PREPARING"),
    ],
)
def test_a_kiosk_serves_in_its_opening_hours(
    opens: str, closes: str, quality: str, state: str
) -> None:
    """Outside it says so, and where the hours stand; a clock nobody vouches for closes nothing."""
    week = Hours(days=(1, 2, 3, 4, 5, 6, 7), opens=opens, closes=closes)
    story = Story(catalogue=example().model_copy(update={"hours": (week,)}))
    story.node_up()
    story.happens(events.CodeShown(story.code(), NOW_UTC_S, quality))
    assert story.state == state
    assert (story.message == "closed-hours") == (state == "IDLE")
    story.wait(10)
    assert state != "IDLE" or story.message == "idle"


def test_an_unanswered_question_gives_the_load_back(story: Story) -> None:
    """Silence is no consent."""
    story.identify()
    story.load(110)
    story.look(sight("plastic"))
    story.wait(CONFIG.session.answer_s)
    assert (story.state, story.message) == ("RETURNING", "returned-unknown")


def test_a_load_that_hangs_is_dropped_three_times_and_then_nobody_knows(story: Story) -> None:
    """Partly dropped: again, twice; then it is uncertain, held, and the bay waits for staff."""
    story.identify()
    story.load(500)
    story.look(sight("paper", 0.998))
    for _ in range(CONFIG.session.drop_attempts):
        story.gate_cycles += 1
        story.happens(events.GateCycled("a", 1, story.gate_cycles))
        story.rest(2)
    assert (story.state, story.message) == ("FAREWELL", "uncertain")
    assert story.commanded(commands.DropLoad) == CONFIG.session.drop_attempts
    assert story.committed("uncertain")[0].closes == 1
    assert not story.committed("deposit")
    assert not story.bays["a"].usable


def test_a_blind_camera_leaves_it_to_pan_and_counters_and_says_so(story: Story) -> None:
    """The record tells how emptiness was known."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.drop()
    story.empty(None)
    assert story.committed("deposit")[0].body["empty_check"] == "pan+counters"


def test_a_camera_that_never_answers_is_a_blind_one(story: Story) -> None:
    """Its driver hangs for ten seconds: pan and counters have no doubt."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.drop()
    story.wait(CONFIG.session.settle_s)
    assert story.committed("deposit")[0].body["empty_check"] == "pan+counters"
    assert story.bays["a"].usable


def test_a_camera_that_saw_something_and_fell_silent_is_no_blind_one(story: Story) -> None:
    """What it saw may be tied to the load."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    for _ in range(CONFIG.session.drop_attempts):
        story.drop()
        story.empty(False)
    story.rest(4)
    story.wait(CONFIG.session.settle_s)
    assert story.committed("uncertain")
    assert not story.committed("deposit")


@pytest.mark.parametrize("seen", [True, None])
def test_a_load_that_is_gone_but_not_by_the_gate_is_not_credited(
    story: Story, *, seen: bool | None
) -> None:
    """Both doors stayed shut by their counters: whatever the camera says, staff must look."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.pan_g = 0
    story.wait(CONFIG.session.motion_s)  # no word of the gate
    story.rest(2)
    story.empty(seen)
    assert (story.state, story.message) == ("FAREWELL", "uncertain")
    assert not story.committed("deposit")


@pytest.mark.parametrize(
    ("cycled", "left_g", "ends"),
    [
        (False, 0, "uncertain"),  # taken out, or it slipped through leaves that were half open
        (True, 0, "uncertain"),  # it fell, or it hung and was taken out
        (False, 500, "void"),  # it may be another load of that mass: judged anew
        (False, 320, "uncertain"),
        (True, 500, "uncertain"),
    ],
)
def test_a_load_that_somebody_could_reach_after_its_promise_is_not_credited(
    story: Story, *, cycled: bool, left_g: int, ends: str
) -> None:
    """An emergency stop frees the hatch, also just as the gate opens: a hand may be in and out."""
    story.identify()
    story.load(500)
    story.look(sight("paper", 0.998))
    story.pan_g, story.hatch_openings = left_g, story.hatch_openings + 1
    story.gate_cycles += cycled
    story.happens(story.report())
    story.wait(CONFIG.session.motion_s)  # the drop was broken off: nothing is said of it
    story.rest(2)
    story.empty(left_g == 0)
    assert story.committed(ends)[0].closes == 1
    assert story.state == {"void": "RETURNING", "uncertain": "FAREWELL"}[ends]
    assert not story.committed("deposit")


@pytest.mark.parametrize(("left_g", "ends"), [(500, "void"), (320, "uncertain")])
def test_a_second_drop_that_is_refused_forgets_no_part_that_fell(
    story: Story, left_g: int, ends: str
) -> None:
    """What hung whole is given back; where a part is in the bin nobody can tell how much."""
    story.identify()
    story.load(500)
    story.look(sight("paper", 0.998))
    story.pan_g, story.gate_cycles = left_g, story.gate_cycles + 1
    story.happens(events.GateCycled("a", 1, story.gate_cycles))
    story.rest(2)
    assert story.commanded(commands.DropLoad) == 2
    story.happens(events.CommandRefused("a", "DropLoad", "presence"))
    assert story.committed(ends)[0].closes == 1
    assert not story.committed("deposit")


def test_a_late_word_about_an_earlier_drop_credits_nothing(story: Story) -> None:
    """The camera's answer to the drop before the last is void."""
    story.identify()
    story.load(500)
    story.look(sight("paper", 0.998))
    story.drop()
    late = story.session.looks
    story.empty(False)
    assert story.state == "DROPPING"
    story.happens(events.GateCycled("a", 1, 9), events.EmptySeen("a", late, True))
    assert story.state == "CHECKING"
    assert not story.committed("deposit")


def test_a_node_that_dies_after_the_drop_still_credits(story: Story) -> None:
    """Gate cycled, hatch stayed shut, pan empty: the deposit happened."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.happens(events.NodeLost("a", "node silent"))
    assert story.state == "RECOVERING"
    story.pan_g, story.gate_cycles = 0, story.gate_cycles + 1
    story.node_up()
    story.rest(2)
    story.watched(Glance.EMPTY)
    assert story.message == "recovered"
    assert len(story.committed("deposit")) == 1
    assert not story.session.open_intents


def test_after_a_restart_an_open_intent_is_dropped_again_and_credited(story: Story) -> None:
    """Power failed before the gate moved: the load still lies there and falls now."""
    body = promised(story)
    later = Story(pan_g=500, hatch_openings=body["hatch_openings"], seq=1)
    later.happens(events.OpenIntent(1, body, 40.0))
    later.node_up()
    later.rest(2)
    later.watched(Glance.READY)
    assert later.commanded(commands.DropLoad) == 1
    later.drop()
    later.watched(Glance.EMPTY)
    assert len(later.committed("deposit")) == 1
    assert later.state == "CREDITED"


def test_after_a_restart_a_reopened_hatch_and_an_empty_pan_credit_nothing(story: Story) -> None:
    """Cutting the power to take the load back out is no way to be paid."""
    body = promised(story)
    later = Story(hatch_openings=body["hatch_openings"] + 1, seq=1)
    later.happens(events.OpenIntent(1, body, 40.0))
    later.node_up()
    later.rest(2)
    later.watched(Glance.EMPTY)
    assert not later.committed("deposit")
    assert later.committed("uncertain")[0].closes == 1


def test_what_a_power_cut_left_on_the_pan_is_not_taken_for_zero() -> None:
    """The node starts cold under a load whose session it cut off, and nobody is there."""
    story = with_refuse_bin()
    story.identify()
    story.pan_g = 400
    story.rest()
    story.happens(events.NodeUp("a", 77, "power", 7, 10))
    story.wait(20)
    for _ in range(100):
        story.now_s += 1
        raw = story.counts() + story.noise.randint(-50, 50)
        story.happens(events.Samples("a", int(story.now_s * 1000), (raw,)), story.report())
    story.show(story.code())
    story.rest(2)
    assert story.asked[-1] == commands.CloseHatch("a")
    assert story.state == "CLEARING"


def test_a_bay_with_an_open_intent_serves_nobody_until_it_is_closed(story: Story) -> None:
    """Its node comes up while somebody is served elsewhere: no zero is set over its load."""
    body = promised(story)
    other = CONFIG.bays[0].model_copy(update={"name": "b"})
    two = CONFIG.model_copy(update={"bays": (CONFIG.bays[0], other)})
    later = Story(two, pan_g=500, hatch_openings=body["hatch_openings"], seq=1)
    later.happens(events.OpenIntent(1, body, 40.0))
    later.happens(events.NodeUp("b", 2, "watchdog", 0, 0))
    later.show(later.code())
    assert later.session.here.name == "b"
    later.node_up()
    assert later.bays["a"].why_not == INTERRUPTED
    assert later.bays["a"].scale.zero.is_held
    later.happens(events.NodeLost("b", "node silent"))
    later.wait(10)
    later.happens(later.report())
    assert later.state == "RECOVERING"
    later.rest(2)
    later.watched(Glance.READY)
    later.drop()
    later.watched(Glance.EMPTY)
    assert len(later.committed("deposit")) == 1
    assert later.bays["a"].usable
    assert not later.bays["a"].scale.zero.is_held


def test_a_deposit_names_the_barcodes_that_were_read(story: Story) -> None:
    """The ledger looks for one container that is brought twice; a record takes sixteen."""
    story.identify()
    story.load(500)
    read = tuple(f"69{number:011d}" for number in range(20))
    story.look(replace(sight("paper", 0.998), barcodes=read))
    assert story.committed("intent")[0].body["barcodes"] == list(read[:16])
    story.drop()
    story.empty()
    assert story.committed("deposit")[0].body["barcodes"] == list(read[:16])


def test_zero_holds_from_the_promise_to_the_deposit(story: Story) -> None:
    """What the pan reads after the drop is judged by the zero that the load was weighed by."""
    story.identify()
    story.load(500)
    scale = story.bays["a"].scale
    assert not scale.zero.is_held
    story.look(sight("paper", 0.998))
    assert story.state == "DROPPING" and scale.zero.is_held
    story.drop()
    story.empty()
    assert story.state == "CREDITED" and not scale.zero.is_held


def test_what_shakes_the_empty_pan_as_the_camera_answers_costs_no_drop(story: Story) -> None:
    """Somebody leans on the kiosk: what the pan bore at rest counts."""
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    story.drop()
    for way in (1, -1) * 8:
        story.now_s += 1 / 80
        shaken = story.counts() + way * 30_000
        story.happens(events.Samples("a", int(story.now_s * 1000), (shaken,)))
    story.empty()
    assert (story.state, story.commanded(commands.DropLoad)) == ("CREDITED", 1)


def test_a_slow_camera_is_waited_for(story: Story) -> None:
    """It is asked again after a second, and an answer to the first question counts."""
    story.identify()
    story.load(500)
    story.look(sight("paper", 0.998))
    story.pan_g = 0
    story.gate_cycles += 1
    story.happens(events.GateCycled("a", 1, story.gate_cycles))
    story.rest(4)
    asked = [one for one in story.asked if isinstance(one, commands.SeeEmpty)]
    assert len(asked) == 2
    story.happens(events.EmptySeen("a", asked[0].number, True))
    assert story.state == "CREDITED"


def test_what_sways_on_the_pan_when_nobody_is_there_is_not_zeroed_away() -> None:
    """The idle time ends over a load that never came to rest: it goes to the refuse bin."""
    story = with_refuse_bin()
    story.identify()
    for n in range(65 * 80):
        story.now_s += 1 / 80
        raw = round((250 + 20 * math.sin(2 * math.pi * 3 * n / 80)) * 180.355)
        story.happens(events.Samples("a", int(story.now_s * 1000), (raw,)))
        story.wait(0)
    assert story.state == "LEAVING"
    story.closed()
    story.wait(20)
    story.pan_g = 250
    story.rest()
    story.show(story.code())
    story.rest(30)
    assert story.commanded(commands.DropLoad) == 1
    assert story.asked[-1] == commands.DropLoad("a", 3)


@pytest.mark.parametrize(
    ("text", "message", "what"),
    [
        ("not a code at all", "code-foreign", None),
        ("https://example.org/pay", "code-foreign", "a web address"),
        ("GR1:%%%", "code-unreadable", None),
    ],
)
def test_a_code_that_is_not_ours_is_named(
    story: Story, text: str, message: str, what: str | None
) -> None:
    """Whatever is held up, the screen says what it is, and the kiosk stays ready."""
    story.node_up()
    story.show(text)
    assert story.state == "IDLE"
    assert story.message == message
    if what:
        assert story.view.figures["what"] == what


def test_forged_expired_and_unknown_codes_are_told_apart(story: Story) -> None:
    """Three ways a code can be wrong, three sentences; then a good one still works."""
    story.node_up()
    stranger = SeedSigner(b"x" * 32)
    from contract import token

    story.show(token.issue(stranger, ACCOUNT, NOW_UTC_S, jti=b"12345678"))
    assert story.message == "code-unknown-key"
    story.show(story.code(now_s=NOW_UTC_S - 86_400))
    assert story.message == "code-expired"
    story.show(story.code())
    assert story.state == "PREPARING"


def test_a_load_that_changes_before_the_promise_is_weighed_again(story: Story) -> None:
    """What was declared in a moment is confirmed once the load was looked at."""
    story.identify()
    story.load(500)
    story.pan_g = 640
    story.rest()
    story.look(sight("paper", 0.998))
    assert story.state == "MEASURING"
    story.rest()
    assert story.state == "DECIDING"
    story.look(sight("paper", 0.998))
    assert story.committed("intent")[-1].body["mass_g"] == 640


def test_a_load_that_somebody_could_reach_since_it_was_weighed_goes_back(story: Story) -> None:
    """An emergency stop while a question is read frees the hatch; it weighs the same after it."""
    story.identify()
    story.load(110)
    story.look(sight("plastic"))
    assert story.state == "ASKING"
    story.hatch_openings += 1
    story.happens(story.report())
    story.happens(touches.Answered(story.session.choices[0].code))
    assert (story.state, story.message) == ("RETURNING", "returned-gate")
    assert not story.committed("intent")


def test_a_load_that_never_stays_what_it_was_goes_back(story: Story) -> None:
    """After three weighings behind a closed hatch it is not taken."""
    story.identify()
    story.load(500)
    for more_g in (100, 200, 300):
        story.pan_g = 500 + more_g
        story.rest()
        story.look(sight("paper", 0.998))
        story.rest()
    assert (story.state, story.message) == ("RETURNING", "returned-unsteady")
    assert not story.committed("intent")


def test_a_load_that_vanishes_before_the_promise_is_none(story: Story) -> None:
    """Nothing is promised for an empty pan: the hatch opens for another load."""
    story.identify()
    story.load(500)
    story.pan_g = 0
    story.rest()
    story.look(sight("paper", 0.998))
    story.rest()
    assert story.state == "OPENING"
    assert not story.committed("intent")


def test_an_unknown_bay_is_named_and_the_session_goes_on() -> None:
    """A touch that names no bay of this kiosk changes nothing but the sentence."""
    two = CONFIG.model_copy(
        update={"bays": (CONFIG.bays[0], CONFIG.bays[0].model_copy(update={"name": "b"}))}
    )
    story = Story(two)
    story.node_up()
    story.happens(events.NodeUp("b", 2, "watchdog", 0, 0))
    story.show(story.code())
    assert story.state == "IDENTIFIED"
    story.happens(touches.BayPicked("z"))
    assert (story.state, story.message) == ("IDENTIFIED", "bay-unknown")
    assert story.view.figures == {"bay": "z"}
    story.happens(touches.BayPicked("a"))
    assert story.state == "PREPARING"


def test_nobody_there_is_warned_and_then_the_hatch_closes(story: Story) -> None:
    """45 seconds, a warning, 15 more, farewell."""
    story.identify()
    story.wait(CONFIG.session.warning_s)
    assert (story.state, story.message) == ("LOADING", "idle-warning")
    story.wait(CONFIG.session.idle_s - CONFIG.session.warning_s)
    assert story.state == "LEAVING"
    story.closed()
    assert story.message == "farewell-nothing"
    story.wait(CONFIG.session.farewell_s)
    assert story.state == "IDLE"
    assert story.session.resident is None


def test_whoever_reads_their_points_is_warned_before_the_visit_ends(story: Story) -> None:
    """At 45 seconds; a touch goes on, and nobody's silence is a farewell 15 later."""
    story.identify()
    for ends in (False, True):
        story.load(24)
        story.look(sight("plastic"))
        story.drop()
        story.empty()
        assert (story.state, story.message) == ("CREDITED", "accepted")
        story.wait(CONFIG.session.warning_s)
        assert (story.state, story.message) == ("CREDITED", "still-there")
        if not ends:
            story.happens(touches.Answered("more"))
            story.rest()
            story.opened()
    story.wait(CONFIG.session.idle_s - CONFIG.session.warning_s)
    assert (story.state, story.message) == ("FAREWELL", "farewell")


def test_a_load_above_the_limit_keeps_the_hatch_open(story: Story) -> None:
    """More than 8 kg: the hatch stays free and the screen asks to split it."""
    story.identify()
    story.pan_g = 9000
    story.happens(events.HandMoved("a", True), events.HandMoved("a", False))
    story.rest(4)
    assert (story.state, story.message) == ("LOADING", "returned-too-heavy")
    assert story.commanded(commands.CloseHatch) == 0


def test_a_refused_closing_is_not_repeated_at_the_rate_of_the_samples(story: Story) -> None:
    """The node says no while somebody is inside; the controller asks about once a second."""
    story.identify()
    story.pan_g = 500
    story.happens(events.HandMoved("a", True), events.HandMoved("a", False))
    story.rest(4)
    for _ in range(4):
        story.happens(events.CommandRefused("a", "CloseHatch", "presence"))
        assert story.message == "hand-inside"
        story.rest(1)
    assert story.commanded(commands.CloseHatch) <= 4


def test_what_nobody_takes_back_closes_a_bay_without_a_refuse_bin(story: Story) -> None:
    """Uncredited, behind a closed hatch, and staff are told."""
    story.identify()
    story.load(300)
    story.look(sight("plastic", unknown=True, unknown_score=4.0))
    story.opened()
    story.wait(CONFIG.session.idle_s)
    assert commands.CloseHatch("a") in story.asked
    story.closed()
    assert story.bays["a"].why_not == "a load was left behind"


def test_what_nobody_takes_back_goes_to_the_refuse_bin() -> None:
    """Where there is a refuse bin the pan is cleared and the bay works on."""
    story = with_refuse_bin()
    story.identify()
    story.load(300)
    story.look(sight("plastic", unknown=True, unknown_score=4.0))
    story.opened()
    story.wait(CONFIG.session.idle_s)
    story.closed()
    assert commands.DropLoad("a", 3) in story.asked
    story.drop()
    assert story.state == "FAREWELL"
    assert story.bays["a"].usable
    assert not story.committed("deposit")


def test_every_state_is_left_by_itself_or_by_a_touch() -> None:
    """No state but the idle ones waits for ever: a timeout leads on."""
    waits = {State.IDLE, State.PROMISING}  # PROMISING is answered within the same step
    for state, row in TABLE.rows.items():
        assert state in waits or (row.timeout and row.on_timeout), state


EVENTS = st.one_of(
    st.just(events.TimePassed()),
    st.builds(events.HatchOpened, st.just("a")),
    st.builds(events.HatchClosed, st.just("a")),
    st.builds(events.HatchObstructed, st.just("a")),
    st.builds(events.HandMoved, st.just("a"), st.booleans()),
    st.builds(events.GateCycled, st.just("a"), st.integers(0, 3), st.integers(0, 99)),
    st.builds(
        events.CommandRefused,
        st.just("a"),
        st.sampled_from(["CloseHatch", "DropLoad", "OpenHatch", "Light"]),
        st.sampled_from(["presence", "fault", "expired", "?"]),
    ),
    st.builds(events.NodeLost, st.just("a"), st.just("node silent")),
    st.builds(events.NodeUp, st.just("a"), st.integers(0, 9), st.just("x"), st.just(1), st.just(1)),
    st.builds(events.Samples, st.just("a"), st.just(0), st.just((0,) * 45)),
    st.builds(events.Samples, st.just("a"), st.just(0), st.just((90_000,) * 45)),
    st.builds(events.Looked, st.just("a"), st.integers(0, 5), st.none() | st.just(sight())),
    st.builds(events.Watched, st.just("a"), st.integers(0, 9), st.sampled_from(Glance)),
    st.builds(events.RoomSeen, st.booleans()),
    st.booleans(),  # the disk is full from here on, or is not
    st.builds(events.EmptySeen, st.just("a"), st.integers(0, 5), st.none() | st.booleans()),
    st.builds(events.CodeShown, st.text(max_size=9), st.just(NOW_UTC_S), st.just("unknown")),
    st.builds(touches.BayPicked, st.sampled_from(["a", "z"])),
    st.builds(touches.Answered, st.sampled_from(["more", "pet-bottle", "?"])),
    st.just(touches.ResidentLeft()),
)


@given(st.booleans(), st.lists(EVENTS, max_size=60))
def test_no_order_of_events_raises_credits_twice_or_drops_unpromised(
    from_promise: bool, order: list[object]
) -> None:
    """Any events in any order: every deposit closes its own intent, every drop follows one."""
    story = Story()
    if from_promise:
        promised(story)
    else:
        story.identify()
    for event in order:
        story.now_s += 0.7
        if isinstance(event, bool):
            story.disk_full = event
        else:
            story.happens(event)
    closed = [one.closes for one in story.written if one.closes is not None]
    assert len(closed) == len(set(closed))
    promises = sum(one.kind == "intent" for one in story.written)
    assert len(closed) <= promises
    assert not (story.commanded(commands.DropLoad) and not promises)


def test_a_load_left_by_an_interrupted_session_is_never_zeroed_into_the_next(story: Story) -> None:
    """The node restarts over a load: the next resident is not weighed with it, and it is shown."""
    story.identify()
    story.pan_g = 25
    story.happens(events.NodeLost("a", "node silent"))
    assert story.message == "bay-down"
    story.wait(CONFIG.session.farewell_s)
    story.hatch = "CLOSED"
    story.node_up()
    story.show(story.code(jti=b"87654321"))
    story.rest(2)
    assert story.commanded(commands.OpenHatch) == 1
    assert story.bays["a"].why_not == "a load was left behind"


def test_a_leftover_goes_to_the_refuse_bin_and_the_next_resident_is_served() -> None:
    """Where there is a refuse bin nobody has to come for it."""
    story = with_refuse_bin()
    story.identify()
    story.pan_g = 25
    story.happens(events.NodeLost("a", "node silent"))
    story.wait(CONFIG.session.farewell_s)
    story.hatch = "CLOSED"
    story.node_up()
    story.show(story.code(jti=b"87654321"))
    story.rest(2)
    assert (story.state, commands.DropLoad("a", 3) in story.asked) == ("CLEARING", True)
    story.drop()
    assert story.state == "OPENING"
    assert not story.committed("deposit")


def test_an_emergency_stop_ends_the_session_instead_of_asking_for_ever(story: Story) -> None:
    """What will not pass by waiting is not waited for."""
    story.identify()
    story.pan_g = 500
    story.happens(events.HandMoved("a", True), events.HandMoved("a", False))
    story.rest(4)
    story.happens(events.CommandRefused("a", "CloseHatch", "emergency-stop"))
    assert (story.state, story.message) == ("FAREWELL", "bay-down")


def test_what_was_said_of_a_wrong_code_does_not_stay_on_the_idle_screen(story: Story) -> None:
    """The next resident sees the idle screen."""
    story.node_up()
    story.show("https://example.org/")
    story.wait(CONFIG.session.farewell_s)
    assert (story.state, story.message) == ("IDLE", "idle")


def test_a_refused_light_is_no_refused_closing(story: Story) -> None:
    """Only what moves something can stop a session; the rest is counted."""
    story.identify()
    story.pan_g = 24
    story.happens(events.HandMoved("a", True), events.HandMoved("a", False))
    story.rest(4)
    story.happens(events.CommandRefused("a", "Light", "node-lost"))
    assert story.state == "CLOSING"
    assert story.session.refused["CLOSING:Light"] == 1


@pytest.mark.parametrize("reason", ["expired", "no-lease", "not-ready"])
def test_an_opening_that_the_link_spoiled_is_asked_for_again(story: Story, reason: str) -> None:
    """A late heartbeat costs a moment, not the session."""
    story.node_up()
    story.show(story.code())
    story.rest()
    wishes = story.happens(events.CommandRefused("a", "OpenHatch", reason))
    assert (story.state, wishes) == ("OPENING", [commands.OpenHatch("a")])
