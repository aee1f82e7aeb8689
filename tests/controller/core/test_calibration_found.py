"""At start the journal's calibrations come to the bays; the newest good one weighs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contract.bodies import ScaleReading
from controller.core import commands, events
from controller.core.bay import Bay
from controller.core.health import sightings
from controller.core.load import scale_reading
from tests.contract.samples import calibration_body
from tests.controller.core.story import NOW_UTC_S, Story


def found(story: Story, **changes: Any) -> list[commands.Command]:
    """The journal gives back a calibration of bay a."""
    return story.happens(events.CalibrationFound("a", calibration_body(**changes)))


def bay_of(story: Story) -> Bay:
    return story.session.bays["a"]


def refusals(wishes: list[commands.Command]) -> list[str]:
    """What is to be said in the log."""
    return [wish.reason for wish in wishes if isinstance(wish, commands.Note)]


def in_force(story: Story) -> str:
    return bay_of(story).scale.calibration.calibration_id


def test_the_newest_calibration_that_passed_is_in_force() -> None:
    """One that failed is in the journal too, and changes nothing."""
    story = Story()
    assert in_force(story) == "factory"
    found(story, calibration_id="a-1")
    found(story, calibration_id="a-2", zero_raw=1500)
    found(story, calibration_id="a-3", passed=False)
    assert in_force(story) == "a-2"
    assert bay_of(story).scale.zero_raw == 1500
    assert bay_of(story).usable is False  # its node has not answered yet
    story.node_up()
    assert bay_of(story).usable


def test_what_is_weighed_then_is_weighed_by_it_and_says_so() -> None:
    """Counts, Max, Min, e, zero, tare, id and day: all that a record must carry."""
    story = Story()
    found(story, calibration_id="a-2")
    scale = bay_of(story).scale
    raw = scale.calibration.counts(500, scale.zero_raw)
    for n in range(400):
        story.now_s += 1 / 80
        story.happens(events.Samples("a", int(story.now_s * 1000), (raw + 9 * (n % 5 - 2),)))
    weighing = scale.weigh()
    reading = scale_reading(weighing, bay_of(story))
    assert weighing.mass_g == 500
    assert reading == {
        "e_g": 2,
        "max_g": 15_000,
        "min_g": 40,
        "raw": pytest.approx(raw, abs=5),
        "zero_raw": 1200,
        "tare_g": 0,
        "calibration_id": "a-2",
        "calibrated_on": "2026-11-01",
    }
    ScaleReading.model_validate(reading)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"points": [{"raw": 1_000, "mass_g": 10_000}]}, "swap the cell's two signal wires"),
        ({"points": [{"raw": 1_300, "mass_g": 10_000}]}, "5 are needed"),
        ({"max_g": 30_000}, "for another scale"),
        ({"points": "none"}, "record is no calibration: field points"),
    ],
)
def test_an_absurd_one_is_refused_by_name_and_the_good_one_stays(
    change: dict[str, Any], why: str
) -> None:
    """The log says why, the bay keeps the reason, and the next good one clears it."""
    story = Story()
    found(story, calibration_id="a-1")
    (reason,) = refusals(found(story, calibration_id="a-2", **change))
    assert why in reason
    assert bay_of(story).calibration_refused == reason
    assert in_force(story) == "a-1"
    found(story, calibration_id="a-3")
    assert in_force(story) == "a-3"
    assert not bay_of(story).calibration_refused


def test_a_calibration_of_a_bay_that_is_not_there_is_refused() -> None:
    """A journal that moved with its card into another cabinet."""
    story = Story()
    body = calibration_body(bay="z")
    (reason,) = refusals(story.happens(events.CalibrationFound("z", body)))
    assert reason == "no such bay here, only a"
    assert in_force(story) == "factory"


def test_a_bay_whose_scale_failed_a_later_check_is_closed_until_it_is_calibrated() -> None:
    """Also after a restart: the record of the failed check is in the journal."""
    story = Story()
    found(story, calibration_id="a-1")
    found(story, calibration_id="a-1", limits="in-service", passed=False)
    story.node_up()
    assert bay_of(story).why_not == "the scale failed its verification"
    found(story, calibration_id="a-2")
    assert bay_of(story).usable


def test_a_bay_that_is_closed_for_another_reason_stays_closed() -> None:
    """A calibration takes no load off the pan."""
    story = Story()
    story.node_up()
    bay_of(story).closed_because = "a load was left behind"
    found(story, calibration_id="a-1")
    assert bay_of(story).why_not == "a load was left behind"


def test_the_node_hears_its_load_limit_in_the_new_counts() -> None:
    """At once where it is there; else with its first word."""
    story = Story()
    assert not [one for one in found(story) if isinstance(one, commands.SetLoadLimit)]
    story.node_up()
    (limit,) = [
        one
        for one in found(story, calibration_id="a-2", zero_raw=2_000)
        if isinstance(one, commands.SetLoadLimit)
    ]
    assert limit.raw == bay_of(story).scale.counts(8_000)


def test_it_is_heard_in_the_middle_of_a_session() -> None:
    """No state refuses it, and the session goes on."""
    story = Story()
    story.identify()
    state = story.state
    found(story, calibration_id="a-2")
    assert in_force(story) == "a-2"
    assert (story.state, sum(story.session.refused.values())) == (state, 0)


def warm(story: Story, temperature_dc: int) -> None:
    """The bay's node says how warm it is."""
    story.happens(replace(story.report(), temperature_dc=temperature_dc))


def test_a_calibration_holds_near_the_temperature_it_was_verified_at() -> None:
    """In a heat nobody has verified for the bay rests; a verification there opens it again."""
    story = Story()
    story.node_up()
    found(story, verified_dc=200)
    warm(story, 210)
    assert bay_of(story).usable
    warm(story, 420)
    assert bay_of(story).why_not.startswith("temperature outside what the calibration")
    found(story, verified_dc=420, verified_on="2026-11-02", limits="in-service")
    assert bay_of(story).usable
    warm(story, 300)
    assert bay_of(story).usable


def test_a_verification_lapses_by_a_trusted_clock() -> None:
    """After its time the bay takes nothing until staff have verified again."""
    story = Story()
    story.node_up()
    found(story, verified_dc=200, verified_on="2025-01-01", calibrated_on="2025-01-01")
    warm(story, 200)
    assert bay_of(story).usable
    story.show(story.code())
    assert (story.state, story.message) == ("FAREWELL", "out-of-service")
    assert "verify again" in bay_of(story).why_not


def test_a_clock_that_had_jumped_ahead_and_was_put_right_lets_no_verification_lapse() -> None:
    """Staff who verified again would have found the bay closed all the same."""
    story = Story()
    story.node_up()
    found(story, verified_dc=200)
    warm(story, 200)
    for ahead_s, usable in ((365 * 86_400, False), (0, True)):
        seen = sightings.ClockSeen(NOW_UTC_S + ahead_s, "synchronised", story.now_s)
        story.happens(seen, replace(seen, utc_s=NOW_UTC_S + 10**9, quality="unknown"))
        assert bay_of(story).usable == usable


def test_another_calibration_begins_with_its_own_verification() -> None:
    """What was verified of the one before says nothing of this one."""
    story = Story()
    story.node_up()
    found(story, calibration_id="a-1", verified_dc=100)
    found(story, calibration_id="a-2", verified_dc=300)
    warm(story, 100)
    assert not bay_of(story).usable
    warm(story, 300)
    assert bay_of(story).usable


def test_a_verification_that_does_not_say_how_warm_it_was_is_refused() -> None:
    """It would hold for ever and everywhere; the calibration before it stays in force."""
    story = Story()
    body = calibration_body(calibration_id="a-2")
    del body["verified_dc"]
    (note,) = refusals(story.happens(events.CalibrationFound("a", body)))
    assert note.endswith("verify again with a working thermometer")
    assert in_force(story) == "factory"


def test_a_record_that_says_passed_over_rows_that_did_not_is_none() -> None:
    """The rows are the evidence."""
    story = Story()
    body = calibration_body(calibration_id="a-2")
    body["rows"] = [body["rows"][0] | {"passed": False}]
    story.happens(events.CalibrationFound("a", body))
    assert in_force(story) == "factory"


def test_a_later_check_that_leaves_no_room_closes_the_bay() -> None:
    """Within the limits in service, but nothing is left for temperature and time."""
    story = Story()
    story.node_up()
    found(story)
    assert bay_of(story).usable
    row = calibration_body()["rows"][0] | {"error_mg": 9_600, "limit_mg": 10_000}
    notes = refusals(found(story, limits="in-service", rows=[row]))
    assert "calibrate again" in notes[0]
    assert bay_of(story).why_not == "the scale failed its verification"


def test_a_bay_whose_thermometer_is_dead_says_so() -> None:
    """Not that it is cold: the verification's range means nothing then."""
    story = Story(temperature_dc=None)
    story.node_up()
    found(story)
    assert bay_of(story).why_not == "temperature unknown: check the node's thermometer"
