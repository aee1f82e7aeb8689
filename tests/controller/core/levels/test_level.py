"""A bin's level: measured where the masses agree or where it lasts, else reckoned by masses."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from controller.core.config import BinConfig
from controller.core.levels.level import By, Level
from tests.controller.core.levels.readings import NOTHING_MM, at, sound

PLASTIC = BinConfig(index=1, stream="plastic")
FULL_G = 240 * 23
"""What of bottles fills a bin, by their bulk density."""


def level_of(permille: float = 100, grams: int = 0) -> Level:
    """A bin that was measured for two minutes, with so much in it since its lot began."""
    level = Level(PLASTIC)
    level.weigh(grams)
    return told(level, sound(at(permille), 24))


def told(level: Level, readings: Iterable[int | None]) -> Level:
    """The same bin, some readings later."""
    for mm in readings:
        level.read(mm)
    return level


@pytest.mark.parametrize("permille", [0, 150, 500, 950])
def test_what_is_measured_first_is_the_level(permille: int) -> None:
    """A kiosk that starts over a half-full bin knows that within half a minute."""
    level = level_of(permille)
    assert abs(level.permille - permille) < 30
    assert level.by is By.SENSOR


def test_a_bin_that_fills_is_due_and_then_full() -> None:
    """Load after load, by the lines of the design; and no load too late."""
    level = level_of(0)
    lines = []
    for permille in range(50, 1_000, 50):
        level.weigh(FULL_G * permille // 1000)
        told(level, sound(at(permille), 12, seed=permille))
        lines.append((permille, level.due, level.full))
    assert next(one for one, due, _ in lines if due) in (600, 650)
    assert next(one for one, _, full in lines if full) in (900, 950)
    assert level.by is By.SENSOR


def test_a_line_is_not_drawn_twice_for_noise() -> None:
    """A bin that is just full stays full, and just due, due, until something is gone from it."""
    level = level_of(940)
    told(level, sound(at(860), 60))
    assert level.full
    told(level, sound(at(720), 60))
    assert (level.full, level.due) == (False, True)


@pytest.mark.parametrize("readings", [2, 6, 12])
def test_a_bag_before_the_sensor_closes_no_stream(readings: int) -> None:
    """It hangs at the chute for seconds, for half a minute, for a minute; then it has fallen."""
    level = level_of(300)
    told(level, sound(at(990), readings, dark=0.0))
    assert not level.full
    told(level, sound(at(300), 12))
    assert abs(level.permille - 300) < 30


def test_a_heap_that_no_load_explains_is_believed_after_a_minute() -> None:
    """Somebody heaped it up by hand: better refused than stuck on the leaves; and said so."""
    level = told(level_of(300), sound(at(990), 20, dark=0.0))
    assert (level.full, level.by) == (True, By.SENSOR_ALONE)


def test_a_truck_that_says_nothing_is_seen() -> None:
    """Staff without a badge emptied it: a minute later everything is taken again."""
    level = level_of(950, grams=FULL_G)
    assert level.full
    told(level, sound(at(0), 24))
    assert (level.full, level.due, level.by) == (False, False, By.SENSOR)
    assert level.permille < 40


def test_a_truck_that_says_nothing_is_no_failing_sensor() -> None:
    """The sensor has seen the bin fill: that it now sees an empty one speaks for a truck."""
    level = level_of(0)
    for tenth in range(1, 10):
        level.weigh(FULL_G * tenth // 10)
        told(level, sound(at(100 * tenth), 12, seed=tenth))
    told(level, sound(at(0), 24))
    assert (level.trouble, level.full, level.by) == ("", False, By.SENSOR)


def test_a_recorded_collection_is_believed_at_once() -> None:
    """Without waiting for the sensor, and the sensor has the next word."""
    level = level_of(950, grams=FULL_G)
    level.weigh(0)
    assert (level.permille, level.full) == (0, False)
    told(level, sound(at(40), 6))
    assert (level.by, abs(level.permille - 40) < 30) == (By.SENSOR, True)


@pytest.mark.parametrize(
    "readings",
    [[None] * 40, [NOTHING_MM] * 40, [470] * 40, [45, 41, 48, 44] * 10],
    ids=["dead", "finds nothing", "frozen", "dirty cover"],
)
def test_without_its_sensor_the_masses_go_on(readings: list[int | None]) -> None:
    """From what was measured last; said to be an estimate; and full by what was dropped."""
    level = told(level_of(300), readings)
    assert level.trouble
    assert not level.full
    assert level.by is By.MASSES
    before = level.permille
    level.weigh(FULL_G // 4)
    assert abs(level.permille - before - 250) < 5
    level.weigh(FULL_G * 7 // 10)
    assert level.full


def test_a_sensor_that_never_spoke_leaves_the_lots_masses() -> None:
    """Since its collection so much fell in: that is all there is."""
    level = Level(PLASTIC)
    level.weigh(FULL_G // 2)
    told(level, [None] * 10)
    assert (level.permille, level.by, level.trouble) == (500, By.MASSES, "silent")


def test_a_sensor_that_sees_nothing_grow_is_named() -> None:
    """It looks at a strut, or past the heap: half a bin fell in, and it saw none of it."""
    level = level_of(100)
    for tenth in range(1, 8):
        level.weigh(FULL_G * tenth // 10)
        told(level, sound(at(100), 12, seed=tenth))
    assert level.trouble == "unmoved"
    assert level.by is By.MASSES
    assert level.permille > 600


def test_things_twice_as_dense_as_thought_are_no_failing_sensor() -> None:
    """Crushed bottles take half the room of whole ones: the sensor is right."""
    level = level_of(0)
    for tenth in range(1, 15):
        level.weigh(FULL_G * tenth // 10)
        told(level, sound(at(50 * tenth), 12, seed=tenth))
    assert (level.trouble, level.by) == ("", By.SENSOR)
    assert abs(level.permille - 700) < 40


def test_a_mended_sensor_takes_over_again() -> None:
    """At once where it agrees with what was reckoned, after a minute where it does not."""
    level = told(level_of(300), [None] * 10)
    level.weigh(FULL_G // 10)
    told(level, sound(at(390), 6, dark=0.0))
    assert level.by is By.SENSOR
    level = told(level_of(300), [None] * 10)
    told(level, sound(at(800), 8, dark=0.0))
    assert level.by is By.MASSES
    told(level, sound(at(800), 16, dark=0.0))
    assert level.by is not By.MASSES and abs(level.permille - 800) < 30


def test_a_new_lot_is_a_new_bin_whatever_lay_in_it() -> None:
    """What was poured in by hand has no mass; a silent sensor's estimate ends with its record."""
    level = told(level_of(970), [None] * 10)
    assert (level.full, level.by) == (True, By.MASSES)
    level.weigh(0, emptied_s=1_795_000_000, lot="next")
    assert (level.permille, level.full) == (0, False)


def test_what_fell_while_a_sensor_was_silent_does_not_speak_against_it() -> None:
    """The crew that emptied the bin put its plug in again, and showed no badge."""
    level = told(level_of(100), [None] * 10)
    for tenth in range(1, 8):
        level.weigh(FULL_G * tenth // 10)
        told(level, [None] * 12)
    told(level, sound(at(0), 30))
    assert (level.trouble, level.by, level.full) == ("", By.SENSOR, False)
    assert level.permille < 40


def test_a_load_that_takes_less_room_than_thought_is_explained() -> None:
    """Tins are denser than cans: the sensor sees less than the masses say, and not more."""
    level = level_of(100)
    level.weigh(FULL_G * 4 // 10)
    told(level, sound(at(220), 30))
    assert abs(level.permille - 220) < 40
    assert level.by is By.SENSOR


def test_a_large_load_is_no_failing_sensor_before_it_is_seen() -> None:
    """The middle of five readings follows within half a minute; until then nobody is at fault."""
    level = level_of(100)
    level.weigh(FULL_G * 7 // 10)
    troubles = {level.trouble}
    for mm in sound(at(780), 24):
        level.read(mm)
        troubles.add(level.trouble)
    assert troubles == {""}
    assert abs(level.permille - 780) < 40


@pytest.mark.parametrize("readings", [4, 12])
def test_what_was_seen_before_things_that_are_not_found_is_no_confirmation(readings: int) -> None:
    """A bag hung there for a moment, and then dark cloth lies below: nobody has seen it full."""
    level = level_of(300)
    told(level, [*sound(at(990), readings, dark=0.0), *[NOTHING_MM] * 30])
    assert not level.full
    told(level, sound(at(300), 12))
    assert abs(level.permille - 300) < 30


def test_what_falls_while_the_sensor_finds_nothing_counts() -> None:
    """It need not have failed for that: dark cloth is not found, and takes room."""
    level = told(level_of(800), [NOTHING_MM] * 8)
    level.weigh(FULL_G // 8)
    assert (level.full, level.by, level.trouble) == (True, By.MASSES, "")
