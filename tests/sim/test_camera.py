"""The simulated cameras show what is there: dark, empty, the item, or a phone with a code."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from sim import clock
from sim.camera import Photos, SimCamera
from sim.chance import rng
from sim.code_camera import CodeCamera
from sim.errors import PictureError
from sim.world import BayFigures, BayWorld, Item, Part

BOTTLE = Item("bottle-1", "pet-bottle", 25)


class Bay:
    """A bay that stands still."""

    name = "a"

    def __init__(self, *items: Item, light: bool = True) -> None:
        self.world = BayWorld(1, "a", BayFigures())
        self.world.light_on = light
        self.world.on_pan = [Part(item, item.mass_g) for item in items]

    def now(self) -> BayWorld:
        """Nothing moves."""
        return self.world


def look(bay: Bay, seed: int = 1, photos: Photos | None = None) -> np.ndarray:
    """The first of three frames."""
    frames = clock.run(SimCamera(bay, seed, photos).frames(3))
    assert len(frames) == 3
    return np.asarray(frames[0]).astype(int)


def test_an_unlit_chamber_is_dark() -> None:
    """Without light there is nothing but sensor noise, whatever lies there."""
    assert look(Bay(BOTTLE, light=False)).max() < 10


def test_an_item_changes_the_picture_and_repeats_with_its_seed() -> None:
    """Empty, a bottle, and another bottle are three pictures; the same seed gives the same."""
    empty, bottle = look(Bay()), look(Bay(BOTTLE))
    other = look(Bay(Item("bottle-2", "pet-bottle", 25)))
    assert np.abs(empty - bottle).mean() > 2
    assert np.abs(other - bottle).mean() > 2
    assert (look(Bay(BOTTLE)) == bottle).all()
    assert np.abs(look(Bay()) - empty).mean() < 3


def write_photo(file: Path, grey: int) -> None:
    """A photo of nothing but grey."""
    file.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(file), np.full((32, 32, 3), grey, dtype=np.uint8))


def test_a_folder_of_photos_stands_for_the_items(tmp_path: Path) -> None:
    """The photo comes from the folder of the item's class."""
    write_photo(tmp_path / "plastic" / "one.png", 77)
    write_photo(tmp_path / "metal" / "two.png", 200)
    assert (look(Bay(BOTTLE), photos=Photos(tmp_path)) == 77).all()
    assert look(Bay(), photos=Photos(tmp_path)).shape == (480, 640, 3)


def test_what_the_kiosk_does_not_know_comes_from_the_other_folders(tmp_path: Path) -> None:
    """Without a folder `unknown`, whatever is no class of the kiosk stands for foreign things."""
    write_photo(tmp_path / "plastic" / "one.png", 77)
    write_photo(tmp_path / "textile_trash" / "two.png", 88)
    write_photo(tmp_path / "vegetation" / "three.png", 99)
    banana = Item("banana-1", "banana", 120)
    assert (Photos(tmp_path).photo(1, banana) == 99).all()
    write_photo(tmp_path / "unknown" / "four.png", 44)
    assert (Photos(tmp_path).photo(1, banana) == 44).all()


def test_a_broken_photo_is_named(tmp_path: Path) -> None:
    """A file that is no picture ends the run with its name."""
    broken = tmp_path / "plastic" / "broken.jpg"
    broken.parent.mkdir()
    broken.write_bytes(b"not a picture")
    with pytest.raises(PictureError, match=r"broken\.jpg is broken"):
        Photos(tmp_path)


def test_a_folder_without_the_class_or_any_picture_is_refused(tmp_path: Path) -> None:
    """What is missing is said, and what there is."""
    with pytest.raises(PictureError, match="no folder"):
        Photos(tmp_path / "none")
    with pytest.raises(PictureError, match="no pictures"):
        Photos(tmp_path)
    write_photo(tmp_path / "glass" / "one.png", 1)
    with pytest.raises(PictureError, match="'plastic': put some in; there are glass"):
        Photos(tmp_path).photo(1, BOTTLE)


def test_a_phone_is_read_while_it_is_shown() -> None:
    """The code reads as its text however the phone is held, and is gone when put away."""
    for seed in range(5):
        camera = CodeCamera(lambda account: f"GR1:{account:>160}", rng(seed, "phone"))
        camera.show("A11CE")
        [frame] = clock.run(camera.frames(1))
        [code] = zxingcpp.read_barcodes(np.asarray(frame))
        assert code.text.endswith("A11CE")
        camera.away()
        [frame] = clock.run(camera.frames(1))
        assert zxingcpp.read_barcodes(np.asarray(frame)) == []
