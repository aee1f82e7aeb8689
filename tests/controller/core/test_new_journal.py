"""A new journal knows nothing of the pan: the calibrated zero says whether something lies there."""

from __future__ import annotations

import pytest

from contract.badge import Role, issue_badge
from contract.keys import SeedSigner
from controller.core import commands, events
from controller.core.config import KioskConfig, ScaleConfig
from controller.core.flow.give_back import LEFT_BEHIND
from controller.core.identity import Doorkeeper
from controller.core.touches import BayChecked
from tests.contract.samples import calibration_body
from tests.controller.core.story import CITY, CONFIG, NOW_UTC_S, Story, sight
from tests.controller.core.test_left_behind import idle

OFFICE = SeedSigner(b"o" * 32)


def configured(**changes: object) -> KioskConfig:
    """A kiosk whose cell read 0 counts with nothing on its pan."""
    bay = CONFIG.bays[0].model_copy(update={"scale": ScaleConfig(zero_raw=0)} | changes)
    return CONFIG.model_copy(update={"bays": (bay,)})


def first_start(pan_g: int, config: KioskConfig | None = None) -> Story:
    """Journal and memory are new; this much lies on the pan behind the shut hatch."""
    story = Story(config or configured(), pan_g=pan_g)
    story.session.doorkeeper = Doorkeeper(
        {CITY.key_id: CITY.public}, {OFFICE.key_id: OFFICE.public}
    )
    story.happens(events.BayMemoryMissing("a"))
    story.node_up()
    idle(story, 70)
    return story


def come(story: Story) -> None:
    """Somebody comes, and the pan is looked at."""
    story.show(story.code())
    story.rest(2)


@pytest.mark.parametrize("mass_g", [24, 300, 1400])
def test_a_first_start_zeroes_no_load_away(mass_g: int) -> None:
    """Within a tenth of Max it might; staff are asked to look where there is no refuse bin."""
    story = first_start(mass_g)
    come(story)
    assert story.bays["a"].why_not == LEFT_BEHIND
    assert story.commanded(commands.OpenHatch) == 0
    story.pan_g = 0
    idle(story, 20)
    assert story.bays["a"].usable


def test_with_a_refuse_bin_it_goes_there() -> None:
    """And who came is served."""
    story = first_start(300, configured(refuse_bin=3))
    come(story)
    assert commands.DropLoad("a", 3) in story.asked
    story.drop()
    assert story.state == "OPENING"


@pytest.mark.parametrize("drift_g", [-300, -20, 0, 4, 20])
def test_what_temperature_explains_is_zero(drift_g: int) -> None:
    """A cell that was calibrated 50 °C away may read 20 g; a bag weighs what it weighs."""
    story = first_start(drift_g)
    come(story)
    story.opened()
    story.pan_g = drift_g
    story.happens(events.HandMoved("a", True))
    story.pan_g = drift_g + 300
    story.happens(events.HandMoved("a", False))
    story.rest(4)
    story.closed()
    story.rest(2)
    story.look(sight("plastic"))
    assert story.session.load is not None
    assert story.session.load.weighing.mass_g == 300


@pytest.mark.parametrize(("calibrated_dc", "is_drift"), [(215, False), (-100, True)])
def test_a_calibration_that_says_how_warm_it_was_tells_more(
    calibrated_dc: int, is_drift: bool
) -> None:
    """12 g at the temperature of the calibration are no drift, at 31 °C from it they may be."""
    story = Story()
    scale = CONFIG.bays[0].scale
    body = calibration_body() | {
        "zero_raw": scale.zero_raw,
        "points": [{"raw": scale.zero_raw + 15 * scale.counts_per_kg, "mass_g": 15_000}],
        "temperature_dc": calibrated_dc,
    }
    story.happens(events.CalibrationFound("a", body), events.BayMemoryMissing("a"))
    story.node_up()
    assert story.bays["a"].calibration_refused == ""
    assert (story.bays["a"].something_g > 12) is is_drift


def test_staff_who_saw_the_pan_empty_let_its_zero_move() -> None:
    """A pan that was changed for a heavier one, and a new card: one badge, and the bay serves."""
    story = first_start(120)
    come(story)
    story.wait(30)
    assert story.bays["a"].why_not == LEFT_BEHIND
    badge = issue_badge(
        OFFICE, "57aff00000000007", NOW_UTC_S, roles=[Role.SERVICE], badge_id=bytes(8)
    )
    story.show(badge)
    story.happens(BayChecked("a"))
    idle(story, 20)
    assert story.bays["a"].usable
    story.wait(10)
    story.show(story.code(jti=b"another1"))
    story.rest(2)
    assert story.state == "OPENING"


def test_a_zero_that_nobody_measured_tells_nothing() -> None:
    """Cells of one make differ by 100 g: a kiosk without its own zero sets it, and serves."""
    story = first_start(300, CONFIG)
    come(story)
    assert story.state == "OPENING"
