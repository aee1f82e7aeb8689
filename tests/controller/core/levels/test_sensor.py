"""A level sensor is read through what it errs in, and what fails in it is named."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.levels.sensor import FEWEST, LevelSensor, Trouble
from tests.controller.core.levels.readings import FLOOR_MM, NOTHING_MM, sound


def read(readings: Iterable[int | None]) -> LevelSensor:
    """A sensor that has said all of that."""
    sensor = LevelSensor(FLOOR_MM)
    for mm in readings:
        sensor.read(mm)
    return sensor


@given(st.integers(100, FLOOR_MM), st.integers(0, 2**32))
def test_a_sound_one_is_believed_within_its_noise(mm: int, seed: int) -> None:
    """Over bright and dark things, with three readings in ten that find nothing."""
    sensor = read(sound(mm, 60, seed))
    assert sensor.trouble is Trouble.NONE
    assert sensor.mm is not None
    assert abs(sensor.mm - mm) < max(15, 0.04 * mm)


def test_a_handful_of_readings_is_too_few() -> None:
    """Before the third there is no middle that means anything."""
    assert read(sound(700, FEWEST - 1, dark=0.0)).mm is None
    assert read(sound(700, FEWEST, dark=0.0)).mm is not None


@pytest.mark.parametrize("odd", [(85,), (85, 90), (NOTHING_MM,), (30, 30)])
def test_something_before_it_for_a_moment_changes_nothing(odd: tuple[int, ...]) -> None:
    """A bag on its way down, seen once or twice."""
    sensor = read([*sound(900, 20), *odd])
    assert sensor.mm is not None and abs(sensor.mm - 900) < 40


@pytest.mark.parametrize(
    ("readings", "trouble"),
    [
        ([None] * 6, Trouble.SILENT),
        ([NOTHING_MM] * 36, Trouble.BLIND),
        ([640] * 21, Trouble.STUCK),
        ([45, 44, 47, 41] * 3, Trouble.COVERED),
        ([700, 420, 900, 610, 380, 840, 500, 760, 950, 400, 800, 520], Trouble.ROUGH),
    ],
)
def test_what_fails_is_named_and_no_longer_believed(
    readings: list[int | None], trouble: Trouble
) -> None:
    """Each way to fail, after a time in which all was well; and not a reading too early."""
    before = list(sound(640, 20, dark=0.0))
    sensor = read([*before, *readings])
    assert (sensor.trouble, sensor.mm) == (trouble, None)
    assert read([*before, *readings[: len(readings) // 2]]).trouble is Trouble.NONE


def test_one_that_is_mended_is_believed_again() -> None:
    """With readings of now alone: what it said before it failed is forgotten."""
    sensor = read([*sound(300, 20), *[None] * 6, *sound(1_000, 8)])
    assert sensor.trouble is Trouble.NONE
    assert sensor.mm is not None and abs(sensor.mm - 1_000) < 40


@given(st.lists(st.none() | st.integers(0, 65_535), max_size=80))
def test_no_readings_raise_or_give_a_level_outside_the_bin(readings: list[int | None]) -> None:
    """Whatever comes over the wire."""
    mm = read(readings).mm
    assert mm is None or 80 <= mm <= FLOOR_MM * 1.25


def test_one_that_was_stuck_is_not_believed_for_what_it_said_then() -> None:
    """It moves again: the number that it repeated is no reading."""
    sensor = read([*sound(300, 20), *[640] * 30, 1_003])
    assert (sensor.trouble, sensor.mm) == (Trouble.NONE, None)
    for mm in sound(1_000, 8, dark=0.0):
        sensor.read(mm)
    assert sensor.mm is not None and abs(sensor.mm - 1_000) < 40
