"""What staff are told is wrong: of each bay, and of the kiosk itself."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from controller.core.events import MainsSeen, NodeFault
from controller.core.faults import THE_KIOSK
from controller.core.health.chinese import DO_ZH
from controller.core.health.kiosk_parts import DO_AT_KIOSK, KioskPart
from controller.core.health.sightings import DiskSeen
from controller.diag_tables import faults_table
from controller.screens.service.told import standing_faults
from controller.screens.service.words import ServiceWords
from tests.controller.core.story import NOW_UTC_S, Story
from tests.controller.service.staffed import staffed


def test_what_is_none_of_any_bay_is_told_too() -> None:
    """A disk that is full and a bay's edge, each with where it is and what to do about it."""
    story = staffed()
    story.happens(NodeFault("a", "edge-broken", active=True), DiskSeen("full", "12 bytes free"))
    found = {(row["bay"], row["fault"]): row for row in _now(story)}
    assert ("a", "failing-soft-edge") in found
    row = found[THE_KIOSK, "failing-disk-room"]
    assert row["do"] == DO_AT_KIOSK[KioskPart.ROOM]
    assert "12 bytes free" in row["detail"]
    story.happens(DiskSeen())
    assert {row["bay"] for row in _now(story)} == {"a"}


def test_a_part_that_fails_is_told_of_in_the_language_of_the_page() -> None:
    """Of the kiosk, of a bay, and of a node: who reads Chinese needs no English."""
    story = staffed()
    story.happens(MainsSeen(False), NodeFault("a", "edge-broken", active=True))
    story.wait(120)
    english, chinese = ServiceWords("en"), ServiceWords("zh")
    found = {row["fault"]: row for row in _now(story)}
    mains = found["failing-mains"]
    assert english.remedy(mains) == DO_AT_KIOSK[KioskPart.MAINS]
    assert chinese.remedy(mains) == DO_ZH[KioskPart.MAINS]
    assert (english.place(mains["bay"]), chinese.place(mains["bay"])) == ("Kiosk", "整机")
    assert chinese.remedy(found["failing-soft-edge"]).startswith("防夹条")
    edge = found["edge-broken"]
    assert chinese.remedy(edge).startswith("防夹条断线")
    assert english.remedy(edge) == edge["do"]
    assert english.place(edge["bay"]) == "Bay A"


def test_what_was_refused_at_the_front_is_told_by_code() -> None:
    """On the page and over SSH, in the words of either language."""
    story = staffed()
    story.show(story.code(now_s=NOW_UTC_S - 3600))
    story.show("https://example.org")
    told = standing_faults(story.session, story.now_s)
    assert told["refused"] == {"code:expired": 1, "code:foreign": 1}
    for language in ("en", "zh"):
        drawn = Console(width=200, file=StringIO())
        drawn.print(faults_table(told, ServiceWords(language)))
        assert "code:expired" in drawn.file.getvalue()  # type: ignore[attr-defined]


def _now(story: Story) -> list[dict[str, str]]:
    found: list[dict[str, str]] = standing_faults(story.session, story.now_s)["now"]
    return found
