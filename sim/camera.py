"""The bay's camera in the simulation: what lies on the pan, drawn or from a folder of photos."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from controller.ports import CameraLostError
from sim.chance import rng
from sim.drawn import ITEM_CLASS
from sim.drawn.spoiled import covered, defocused, half_covered, spotted
from sim.drawn_chamber import DrawnChamber
from sim.errors import PictureError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from controller.ports import Image
    from sim.drawn_chamber import Lens
    from sim.world import BayWorld, Item

FRAME_S = 0.033
"""Time a frame takes at 30/s."""

UNKNOWN = "unknown"
"""The class of whatever the kiosk must give back."""

SUFFIXES = (".jpg", ".jpeg", ".png")

SOFT_PX = 6.0
"""Radius of a point through a lens that has turned."""

LENSES: Mapping[str, Lens] = {
    "spotted": spotted,
    "half_covered": half_covered,
    "covered": covered,
    "defocused": lambda picture, chance: defocused(picture, SOFT_PX, chance),
}
"""What spoils a lens."""


class Photos:
    """Photos of items by class: `folder/class/name.jpg`, any number of classes.

    Raises:
        PictureError: The folder is none, has no pictures in folders of classes, or one of the
            files does not begin as a picture does.
    """

    def __init__(self, folder: Path) -> None:
        self._by_class: dict[str, list[Path]] = {}
        if not folder.is_dir():
            raise PictureError(
                f"images folder {folder} is no folder: give DIR with DIR/class/*.jpg"
            )
        for inner in sorted(one for one in folder.iterdir() if one.is_dir()):
            found = sorted(one for one in inner.iterdir() if one.suffix.lower() in SUFFIXES)
            for file in found:
                if not cv2.haveImageReader(str(file)):
                    raise _broken(file)
            if found:
                self._by_class[inner.name] = found
        if not self._by_class:
            raise PictureError(
                f"images folder {folder} has no pictures: put them in DIR/class/*.jpg"
            )

    def photo(self, seed: int, item: Item) -> Image:
        """The photo that stands for `item`: always the same one for a seed.

        Raises:
            PictureError: There is none of its class, or the file is no picture.
        """
        return read_picture(rng(seed, item.name, "photo").choice(self._of(item_class(item.kind))))

    def _of(self, label: str) -> list[Path]:
        """The photos of a class; for what the kiosk does not know, those of all other folders."""
        files = self._by_class.get(label, [])
        if label == UNKNOWN and not files:
            known = tuple(set(ITEM_CLASS.values()))
            foreign = [name for name in self._by_class if not name.startswith(known)]
            files = [file for name in foreign for file in self._by_class[name]]
        if not files:
            there = ", ".join(self._by_class)
            raise PictureError(f"no photos of class {label!r}: put some in; there are {there}")
        return files


def read_picture(file: Path) -> Image:
    """Read a picture file as RGB.

    Raises:
        PictureError: It cannot be read or is no picture.
    """
    try:
        data = np.frombuffer(file.read_bytes(), dtype=np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    except (OSError, cv2.error) as error:
        raise PictureError(f"picture {file} cannot be read: {error}") from error
    if picture is None:
        raise _broken(file)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _broken(file: Path) -> PictureError:
    return PictureError(f"picture {file} is broken: replace it or take it out of the folder")


class LitBay(Protocol):
    """A bay whose chamber can be looked into."""

    name: str

    def now(self) -> BayWorld:
        """Its world at this moment."""


class SimCamera:
    """Looks into a bay's chamber (ports.Camera); `chamber` has the verbs that trouble it.

    Set `lost`, and it gives none.

    Args:
        bay: The bay.
        seed: The run's seed: how each item lies, or which photo stands for it.
        photos: Photos for items; without them they are drawn.
    """

    def __init__(self, bay: LitBay, seed: int, photos: Photos | None = None) -> None:
        self.chamber = DrawnChamber(seed, bay.name)
        self.lost = False
        self._frozen: Image | None = None
        self._bay = bay
        self._seed = seed
        self._photos = photos

    async def frames(self, count: int) -> Sequence[Image]:
        """Take `count` pictures, oldest first.

        Raises:
            CameraLostError: Its cable is out.
        """
        await asyncio.sleep(FRAME_S * count)
        if self.lost:
            raise CameraLostError(f"the camera of bay {self._bay.name} is gone: check its cable")
        if self._frozen is not None:
            return [self._frozen] * count
        return self._taken(self._bay.now(), count)

    def freeze(self, on: bool) -> None:
        """Verb: it gives what it sees now again and again, or lives again."""
        self._frozen = self._taken(self._bay.now(), 1)[0] if on else None

    def soil(self, how: str) -> None:
        """Verb: the lens is spoiled in one of the ways of `LENSES`, or `clean` again."""
        self.chamber.lens = LENSES.get(how)

    def _taken(self, world: BayWorld, count: int) -> Sequence[Image]:
        if self._photos is not None and self.chamber.lit(world) and world.on_pan:
            photo = self._photos.photo(self._seed, world.on_pan[-1].item)
            return [self.chamber.spoiled(photo)] * count
        return self.chamber.photographs(world, count)


def item_class(kind: str, classes: Mapping[str, str] = ITEM_CLASS) -> str:
    """The class a kind of item belongs to.

    Raises:
        PictureError: There is no such kind.
    """
    if kind not in classes:
        raise PictureError(f"no item kind {kind!r}; there are {', '.join(sorted(classes))}")
    return classes[kind]
