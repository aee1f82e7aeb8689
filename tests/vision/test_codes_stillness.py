"""A camera that looks at nobody: what need not be read again, and what must be."""

from __future__ import annotations

import numpy as np
import pytest

from vision.codes.stillness import EVERY, SETTLES, Stillness
from vision.images import Image

HALL = np.linspace(60, 190, 640)[None, :, None] * np.ones((480, 640, 3))


def seen(rng: np.random.Generator, scene: np.ndarray, light: float = 1.0) -> Image:
    """What a cheap sensor makes of a scene: five grey levels of noise."""
    noisy = scene * light + rng.normal(0, 5, scene.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def with_phone(scene: np.ndarray, side_px: int) -> np.ndarray:
    """Somebody holds a bright, patterned square up, so many pixels wide."""
    shown = scene.copy()
    pattern = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((side_px // 8, side_px // 8)))
    shown[200 : 200 + len(pattern), 300 : 300 + len(pattern)] = 40 + 200 * pattern[..., None]
    return shown


def read(pictures: list[Image]) -> list[bool]:
    """Which of the pictures are read."""
    stillness, told = Stillness(), []
    for picture in pictures:
        stillness, is_worth_it = stillness.look(picture)
        told.append(is_worth_it)
    return told


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261127)


def test_an_empty_hall_is_read_now_and_then(rng: np.random.Generator) -> None:
    """The noise of the sensor stirs nothing."""
    told = read([seen(rng, HALL) for _ in range(SETTLES + 3 * EVERY + 1)])
    assert all(told[: SETTLES + 1])
    assert sum(told[SETTLES + 1 :]) == 3


def test_light_that_flickers_or_fades_stirs_nothing(rng: np.random.Generator) -> None:
    """Mains-driven lamps and clouds change everything alike."""
    lights = [1 + 0.03 * (-1) ** n for n in range(SETTLES + EVERY + 1)]
    assert sum(read([seen(rng, HALL, light) for light in lights])) <= SETTLES + 2


@pytest.mark.parametrize("side_px", [64, 120, 240])
def test_a_phone_is_read_at_once_and_until_the_focus_has_found_it(
    rng: np.random.Generator, side_px: int
) -> None:
    """However small it is, from the first picture that it is in."""
    hall = [seen(rng, HALL) for _ in range(SETTLES + 5)]
    held = [seen(rng, with_phone(HALL, side_px)) for _ in range(SETTLES)]
    told = read([*hall, *held])
    assert not told[SETTLES + 4]
    assert all(told[len(hall) :])


def test_a_phone_that_moves_is_always_read(rng: np.random.Generator) -> None:
    """A hand is never quite still."""
    shown = with_phone(HALL, 120)
    moving = [seen(rng, np.roll(shown, 6 * (n % 2), axis=1)) for n in range(SETTLES + EVERY + 5)]
    assert all(read(moving))
