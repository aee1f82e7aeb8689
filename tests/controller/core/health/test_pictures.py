"""From a camera's pictures to what is wrong with camera, lens or lamp."""

from __future__ import annotations

import pytest

from controller.core import events
from controller.core.health.parts import Part
from controller.core.health.pictures import PictureSigns
from controller.core.health.sightings import PicturesSeen
from tests.controller.core.story import Story


def _named_after(*takes: str) -> Part | None:
    signs = PictureSigns()
    for problems in takes:
        signs.see(PicturesSeen("a", tuple(problems.split())))
    return signs.failing()


@pytest.mark.parametrize(
    ("takes", "part"),
    [
        (["", ""], None),
        (["dark covered blurred"], None),
        (["dark covered blurred"] * 2, Part.LAMP),
        (["dark", ""], None),
        (["dirty"] * 2, None),
        (["dirty", "covered", "blurred"], Part.LENS),
        (["dirty", "", "dirty"], None),
        (["frozen"], None),
        (["dark", "frozen dark"], None),
        (["dark", "frozen dark", "frozen dark"], Part.CAMERA),
        (["moved"] * 3, Part.LENS),
        (["moved", "covered", "moved"], Part.LENS),
        (["unreadable"] * 3, Part.CAMERA),
        (["hand"] * 3, None),
    ],
)
def test_what_pictures_show_running_names_the_part(takes: list[str], part: Part | None) -> None:
    """One bad picture is whatever lay there; the same again and again is not."""
    assert _named_after(*takes) is part


def test_a_spot_that_only_an_empty_chamber_shows_is_named() -> None:
    """Over a load it is not seen, and says nothing of the lens."""
    signs = PictureSigns()
    for of_empty in (False, True, False, True):
        assert signs.failing() is None
        signs.see(PicturesSeen("a", ("dirty",) if of_empty else (), of_empty))
    assert signs.failing() is Part.LENS
    signs.see(PicturesSeen("a", (), of_empty=True))
    assert signs.failing() is None


def test_a_lens_that_was_cleaned_is_well_with_the_next_picture() -> None:
    """Nothing stays named that is mended."""
    assert _named_after("dirty", "dirty", "dirty", "") is None


def test_a_spoiled_lens_leaves_one_record_that_says_what_to_do() -> None:
    """However many pictures show it."""
    story = Story()
    story.node_up()
    story.happens(*(PicturesSeen("a", ("dirty",)) for _ in range(9)))
    (record,) = story.faults
    assert record.body["fault"] == "failing-camera-lens"
    assert "clean its lens" in record.body["detail"]


def test_pictures_of_a_bay_that_is_none_change_nothing() -> None:
    """As any event that names no bay of this kiosk."""
    story = Story()
    story.node_up()
    story.happens(*(PicturesSeen("elsewhere", ("dark",)) for _ in range(5)))
    story.happens(events.RoomSeen(True))
    assert story.faults == []
