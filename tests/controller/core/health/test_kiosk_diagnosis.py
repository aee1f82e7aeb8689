"""From what a kiosk shows besides its bays to the part that fails."""

from __future__ import annotations

import pytest

from controller.core import events
from controller.core.health.chinese import DO_ZH
from controller.core.health.kiosk_diagnosis import failing_at
from controller.core.health.kiosk_parts import DO_AT_KIOSK, KioskPart
from controller.core.health.kiosk_signs import KioskSigns
from controller.core.health.parts import DO, Part
from controller.core.health.sightings import (
    ClockSeen,
    DiskSeen,
    ReaderSeen,
    StartFound,
    UplinkSeen,
)

ONLINE = UplinkSeen(True)
UTC_S = 1_795_000_000


class Story:
    """A kiosk that is looked at every ten seconds."""

    def __init__(self) -> None:
        self.signs = KioskSigns()
        self.now_s = 50.0

    def sees(self, event: object, minutes: float = 0) -> Story:
        """The same thing again and again, for so long; at least once."""
        for _ in range(max(1, round(minutes * 6))):
            self.now_s += 10
            self.signs.hear(event, self.now_s)
        return self

    def tells_time(self, ahead_s: int = 0, quality: str = "synchronised") -> Story:
        """The wall clock, so far ahead of what it should say."""
        self.now_s += 10
        seen = ClockSeen(UTC_S + round(self.now_s) + ahead_s, quality, self.now_s)
        self.signs.hear(seen, self.now_s)
        return self

    @property
    def named(self) -> set[KioskPart]:
        """What fails."""
        return set(failing_at(self.signs, self.now_s))


def _offline(code: str) -> UplinkSeen:
    return UplinkSeen(False, code, f"it said {code}")


def test_a_kiosk_that_is_well_has_nothing_failing() -> None:
    """Neither before it has seen anything, nor once it has."""
    story = Story()
    assert story.named == set()
    for seen in (ONLINE, DiskSeen(), ReaderSeen(""), events.MainsSeen(True)):
        story.sees(seen, minutes=2)
    story.sees(StartFound(0, "one"))
    assert story.tells_time().tells_time().named == set()


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("no-network", KioskPart.NETWORK),
        ("lost", KioskPart.BROKER),
        ("not-authorised", KioskPart.BROKER),
        ("refused", KioskPart.BROKER),
        ("certificate-expired", KioskPart.CERTIFICATE),
        ("broker-not-believed", KioskPart.CERTIFICATE),
    ],
)
def test_what_ended_the_attempts_says_what_keeps_a_kiosk_offline(
    code: str, part: KioskPart
) -> None:
    """Once it has lasted: a modem that dials again is no failing part."""
    story = Story().sees(_offline(code), minutes=4)
    assert story.named == set()
    story.sees(_offline(code), minutes=2)
    assert story.named == {part}
    assert f"it said {code}" in failing_at(story.signs, story.now_s)[part]
    assert story.sees(ONLINE).named == set()


def test_a_network_that_comes_back_without_its_broker_begins_anew() -> None:
    """Two troubles, each too short to be named."""
    story = Story().sees(_offline("no-network"), minutes=4).sees(_offline("lost"), minutes=4)
    assert story.named == set()


def test_a_network_that_fails_in_turns_is_named() -> None:
    """A weak cell: now nobody knows the broker's name, now its answer does not come."""
    story = Story()
    for _ in range(6):
        story.sees(_offline("no-network"), minutes=1).sees(_offline("lost"), minutes=0.5)
    assert story.sees(_offline("no-network")).named == {KioskPart.NETWORK}
    story.sees(ONLINE)
    assert story.sees(_offline("no-network"), minutes=4).named == set()


def test_a_ledger_that_says_nothing_is_told_from_one_that_is_slow() -> None:
    """Whoever acks now and then is slow; whoever has nothing to ack is well."""
    story = Story()
    for acks in range(30):
        story.sees(UplinkSeen(True, waiting=5, acks=acks), minutes=1)
    assert story.sees(UplinkSeen(True, acks=29), minutes=30).named == set()
    story.sees(UplinkSeen(True, waiting=1, acks=29), minutes=6)
    assert story.named == {KioskPart.LEDGER}
    assert story.sees(UplinkSeen(True, waiting=1, acks=30)).named == set()


@pytest.mark.parametrize(
    ("code", "part"),
    [("full", KioskPart.ROOM), ("read-only", KioskPart.DISK), ("failing", KioskPart.DISK)],
)
def test_a_disk_that_refuses_is_named_at_once(code: str, part: KioskPart) -> None:
    """The kiosk takes nothing meanwhile, so there is no patience with it."""
    story = Story().sees(DiskSeen(code, "it said so"))
    assert story.named == {part}
    assert story.sees(DiskSeen()).named == set()


def test_a_disk_that_is_slow_again_and_again_is_named() -> None:
    """One slow record is a card that cleans up; three in ten minutes are not."""
    story = Story().sees(DiskSeen(slowest_s=3.0)).sees(DiskSeen(slowest_s=0.4), minutes=2)
    assert story.sees(DiskSeen(slowest_s=2.5)).named == set()
    assert story.sees(DiskSeen(slowest_s=9.0)).named == {KioskPart.DISK}
    assert story.sees(DiskSeen(), minutes=11).named == set()


def test_a_stick_may_be_changed() -> None:
    """A copy that stays behind is named."""
    story = Story().sees(DiskSeen(mirror="no such file"), minutes=9)
    assert story.named == set()
    assert story.sees(DiskSeen(mirror="no such file"), minutes=2).named == {KioskPart.MIRROR}


@pytest.mark.parametrize("ahead_s", [-3_600, 31_536_000])
def test_a_clock_that_jumps_is_named(ahead_s: int) -> None:
    """Whether its service vouches for it or not; ten minutes later it is as it is."""
    for quality in ("synchronised", "unknown"):
        story = Story().tells_time().tells_time(ahead_s, quality)
        assert story.named == {KioskPart.CLOCK}
        story.now_s += 700
        assert story.named == set()


def test_a_look_that_is_heard_late_is_no_jump() -> None:
    """Three records that a slow disk took nine seconds for lay before it."""
    story = Story().tells_time()
    seen = ClockSeen(UTC_S + round(story.now_s) + 10, "synchronised", story.now_s + 10)
    story.now_s += 19
    story.signs.hear(seen, story.now_s)
    assert story.tells_time().named == set()


def test_a_clock_that_is_put_right_has_not_jumped() -> None:
    """A Pi has no battery: it starts in the past, and its time service tells it."""
    story = Story().tells_time(-86_400, "unknown").tells_time(-86_400, "unknown").tells_time()
    assert story.named == set()


def test_a_clock_that_nobody_ever_vouches_for_is_named() -> None:
    """After an hour without a time service."""
    story = Story()
    for _ in range(355):
        story.tells_time(quality="unknown")
    assert story.named == set()
    for _ in range(10):
        story.tells_time(quality="unknown")
    assert story.named == {KioskPart.CLOCK}


def test_a_reader_without_pictures_is_named() -> None:
    """After half a minute."""
    story = Story().sees(ReaderSeen("no such device")).sees(ReaderSeen("no such device"))
    assert story.named == set()
    assert story.sees(ReaderSeen("no such device"), minutes=1).named == {KioskPart.READER}
    assert story.sees(ReaderSeen("")).named == set()


def test_a_controller_that_starts_again_and_again_is_named() -> None:
    """Three times in ten minutes on a computer that runs on; two are a technician."""
    story = Story().sees(StartFound(500, "one")).sees(StartFound(0, "one"))
    assert story.named == set()
    assert story.sees(StartFound(0, "one")).named == {KioskPart.CONTROLLER}
    story.now_s += 700
    assert story.named == set()


def test_a_computer_that_starts_again_and_again_is_named() -> None:
    """The controller starts with it, and is not to blame."""
    story = Story().sees(StartFound(3_000, "one")).sees(StartFound(900, "two"))
    assert story.named == set()
    assert story.sees(StartFound(0, "three")).named == {KioskPart.COMPUTER}


def test_mains_that_stays_away_is_named() -> None:
    """A switch-over of a second is not."""
    story = Story().sees(events.MainsSeen(False))
    assert story.named == set()
    assert story.sees(events.MainsSeen(False), minutes=2).named == {KioskPart.MAINS}
    assert story.sees(events.MainsSeen(True)).named == set()


def test_every_part_has_words_for_staff_in_both_languages() -> None:
    """And no two parts of bay and kiosk have one name."""
    assert set(DO_AT_KIOSK) == set(KioskPart)
    assert set(DO_ZH) >= set(DO) | set(DO_AT_KIOSK)
    names = [*Part, *KioskPart]
    assert len(set(map(str, names))) == len(names)
