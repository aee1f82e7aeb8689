"""Full bins: a load whose bin is full comes back, and everybody is told what is full."""

from __future__ import annotations

import pytest

from contract.payloads import BinState
from controller.core import commands, events
from controller.core.bay import ALL_FULL
from controller.core.config import KioskConfig
from controller.core.flow.credit import MORE
from controller.core.levels.telling import bins_of
from controller.core.touches import Answered
from controller.core.view import LevelRow
from tests.controller.core.levels.readings import at, sound
from tests.controller.core.story import CONFIG, Story, sight

TWO_OF_PLASTIC = KioskConfig.model_validate(
    CONFIG.model_dump()
    | {
        "bays": [
            {
                "name": "a",
                "bins": [{"index": 1, "stream": "plastic"}, {"index": 2, "stream": "plastic"}],
            }
        ]
    }
)


def levels(story: Story, *permille: float | None, times: int = 24) -> None:
    """So many readings of each bin at such a level; None where a sensor is silent."""
    rows = [
        [None] * times if one is None else list(sound(at(one), times, seed=n))
        for n, one in enumerate(permille)
    ]
    for mm in zip(*rows, strict=True):
        story.now_s += 0.05  # quicker than in life, for the pan would be missed in two minutes
        story.happens(events.LevelsRead("a", int(story.now_s * 1000), tuple(mm)))


def test_a_load_whose_bin_is_full_comes_back_and_nothing_is_lost() -> None:
    """The hatch opens over it; nothing is promised, dropped or credited."""
    story = Story()
    story.node_up()
    levels(story, 100, 970, 100)
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    assert (story.state, story.message) == ("RETURNING", "returned-full")
    assert story.commanded(commands.DropLoad) == 0
    assert [(one.kind, one.body["reason"]) for one in story.written] == [
        ("returned", "returned-full")
    ]


def test_the_other_streams_are_taken_on() -> None:
    """A full bin of bottles is no affair of cans."""
    story = Story()
    story.node_up()
    levels(story, 100, 970, 100)
    story.identify()
    story.load(14)
    story.look(sight("metal"))
    assert story.state in ("DROPPING", "ASKING")


def test_a_bin_that_fills_up_behind_a_question_is_heeded() -> None:
    """The resident answers what it is, and by then there is no room for it any more."""
    story = Story()
    story.node_up()
    story.identify()
    judge, seen = story.session.judge, sight("plastic")
    bottle = next(one for one in judge.catalogue.items if one.stream == "plastic")
    levels(story, 100, 970, 100)
    verdict = story.session.judge.answered(seen, 24, (bottle,), bottle.code)
    assert getattr(verdict, "reason", "") == "returned-full"


def test_the_second_bin_of_a_stream_takes_what_the_first_cannot() -> None:
    """The drop goes there, and the record says so."""
    story = Story(config=TWO_OF_PLASTIC)
    story.node_up()
    levels(story, 0, 970, 100)
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    assert story.state == "DROPPING"
    drops = [one for one in story.asked if isinstance(one, commands.DropLoad)]
    assert [one.bin_index for one in drops] == [2]


def test_the_screen_knows_each_stream() -> None:
    """Full or not, about how full, whether that is measured, and since when."""
    story = Story()
    story.node_up()
    levels(story, 450, 970, None)
    (bay,) = story.view.bays
    assert bay.levels == (
        LevelRow("paper", 40, full=False),
        LevelRow("plastic", 90, full=True),
        LevelRow("metal", 0, full=False, estimated=True),
    )


def test_what_is_dropped_is_counted_where_the_sensor_is_silent() -> None:
    """Lots that were kept over a restart are heard of, and go on counting."""
    story = Story()
    story.node_up()
    story.happens(events.LotsFound((("a", 1, "lot", 1_795_000_000, 40, 2_760, 0, 0, "d"),), ()))
    levels(story, 100, None, 100)
    plastic = story.view.bays[0].levels[1]
    assert plastic == LevelRow("plastic", 50, False, estimated=True, emptied_s=1_795_000_000)


def test_a_failing_sensor_is_a_fault_that_closes_nothing() -> None:
    """Its record names the part, the bin and what to do; the bay is used on."""
    story = Story()
    story.node_up()
    levels(story, 100, None, 100)
    story.happens(story.report())
    (fault,) = (one.body for one in story.faults)
    assert fault["fault"] == "failing-level-sensor"
    assert fault["detail"].startswith("bin 1 silent: ")
    assert story.bays["a"].usable


def test_levels_of_an_open_gate_are_not_taken() -> None:
    """What falls past a sensor is no heap, whatever the node says."""
    story = Story()
    story.node_up()
    story.bays["a"].gate = "OPEN"
    levels(story, 970, 970, 970)
    assert story.bays["a"].levels.full == frozenset()


def test_the_platform_is_told_in_steps() -> None:
    """Noise is no news, and a bin that fills is."""
    story = Story()
    story.node_up()
    levels(story, 470, 970, 100)
    told = bins_of(story.session.levels)
    assert told[1] == BinState(
        bay="a", bin_index=1, stream="plastic", permille=950, due=True, full=True, by="sensor"
    )
    levels(story, 470, 970, 100)
    assert bins_of(story.session.levels) == told


@pytest.mark.parametrize("wrong", [{"full_mm": 1_100}, {"full_mm": 60}, {"empty_mm": 1_300}])
def test_a_bin_without_a_depth_is_refused(wrong: dict[str, int]) -> None:
    """The sensor reaches from 30 to 1200 mm, and the chute ends 100 mm below it."""
    bin_ = {"index": 0, "stream": "paper"} | wrong
    with pytest.raises(ValueError, match=r"full_mm|empty_mm"):
        KioskConfig.model_validate(CONFIG.model_dump() | {"bays": [{"name": "a", "bins": [bin_]}]})


def test_a_bay_that_can_take_nothing_at_all_rests() -> None:
    """Nobody is let in to be given everything back; the first bin with room opens it again."""
    story = Story()
    story.node_up()
    levels(story, 970, 970, 970)
    assert [(one.usable, one.why_not) for one in story.view.bays] == [(False, ALL_FULL)]
    story.identify()
    assert (story.state, story.message) == ("FAREWELL", "out-of-service")
    assert story.commanded(commands.OpenHatch) == 0
    levels(story, 970, 970, 100)
    assert story.bays["a"].usable


def test_a_full_bay_is_no_fault() -> None:
    """Staff are told by the levels; a technician can do nothing about it."""
    story = Story()
    story.node_up()
    levels(story, 970, 970, 970)
    story.happens(story.report())
    assert story.faults == []


def test_bins_that_fill_up_hurt_no_visit() -> None:
    """What has been laid in is given back, and the hatch stays open for the hand."""
    story = Story()
    story.node_up()
    story.identify()
    levels(story, 970, 970, 970)
    assert story.state == "LOADING"
    story.load(24)
    story.look(sight("plastic"))
    assert (story.state, story.message) == ("RETURNING", "returned-full")


def test_what_is_promised_is_kept_where_it_fills_the_last_bin() -> None:
    """It is credited; nothing more is asked for."""
    story = Story()
    story.node_up()
    story.identify()
    story.load(24)
    story.look(sight("plastic"))
    levels(story, 970, 970, 970)
    story.drop()
    story.empty()
    assert (story.state, len(story.committed("deposit"))) == ("CREDITED", 1)
    story.happens(Answered(MORE))
    assert (story.state, story.message) == ("FAREWELL", "farewell")
