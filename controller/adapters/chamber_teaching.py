"""What staff teach a kiosk's eyes in service, in files that outlive a restart (ports.Teaching).

In the folder: `BAY/empty.png` and the one before it, `lesson/CLASS/*.png`, `taught.json` and the
one before it. What lies there goes before what the configuration names; a lesson for another model
is left aside, since a kiosk must start after it was updated.
"""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING

import cv2
import numpy as np

from contract.whole_file import write_whole
from controller.ports import FOREIGN, EyesError, Lesson
from vision.chamber import Opening
from vision.classify import Classifier
from vision.errors import ImageError, ModelError, TeachingError
from vision.evaluate import labelled
from vision.images import load_image
from vision.teaching import lesson
from vision.teaching import teach as teaching

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from controller.adapters.onnx_classifier import OnnxClassifier
    from controller.core.config import BayConfig
    from controller.ports import Image

_log = logging.getLogger(__name__)

MOST_PICTURES = 20
"""Of a class: more teach no more (docs/vision.md)."""


class ChamberTeaching:
    """Teaches one kiosk's eyes.

    Args:
        folder: Where the pictures lie; it is made with the first one.
        eyes: The eyes that learn.
        bays: The kiosk's bays.
        beside: Where the pictures lie that the configuration names.
        configured: The lesson that the configuration names; None for none.
    """

    def __init__(
        self,
        folder: Path,
        eyes: OnnxClassifier,
        bays: Iterable[BayConfig],
        beside: Path,
        configured: Path | None,
    ) -> None:
        self._folder = folder
        self._eyes = eyes
        self._bays = {bay.name: bay for bay in bays}
        self._beside = beside
        self._configured = configured
        self._counts = self._count()

    @property
    def labels(self) -> tuple[str, ...]:
        """What a picture may be called."""
        return (*self._eyes.classes, FOREIGN)

    def recall(self) -> None:
        """At start: see as was taught last.

        Raises:
            VisionError: A picture that the configuration names is none.
        """
        for bay in self._bays:
            self._see_empty(bay)
        self._see_items()

    def has_empty(self, bay: str) -> bool:
        """Whether there is a picture of the empty chamber."""
        return self._empty_of(bay) is not None

    def take_empty(self, bay: str, picture: Image) -> str:
        """See the bay's empty chamber so from now on; the picture's hash, in short."""
        data = _png(picture)
        _replace(self._folder / bay / "empty.png", data)
        self._see_empty(bay)
        return hashlib.sha256(data).hexdigest()[:8]

    def undo_empty(self, bay: str) -> None:
        """See it as before the last picture."""
        _bring_back(self._folder / bay / "empty.png")
        self._see_empty(bay)

    def counts(self) -> Mapping[str, int]:
        """How many pictures there are of each label; the page asks some times a second."""
        return self._counts

    def add(self, label: str, picture: Image) -> int:
        """Keep a picture of this label; how many there are of it now."""
        if label not in self.labels:
            raise EyesError("no-such-item", f"{label!r} is none of {', '.join(self.labels)}")
        folder = self._folder / "lesson" / label
        known = sorted(folder.glob("*.png"))
        if len(known) >= MOST_PICTURES:
            raise EyesError("enough", f"{MOST_PICTURES} pictures of {label} are enough: finish")
        data = _png(picture)
        if any(one.read_bytes() == data for one in self._folder.glob("lesson/*/*.png")):
            raise EyesError("same-picture", "the same picture was taken before: turn the item")
        number = int(known[-1].stem) + 1 if known else 1
        write_whole(folder / f"{number:04}.png", data)
        self._counts = self._count()
        return len(known) + 1

    def take_back(self, label: str) -> None:
        """Throw the picture of this label away that was added last, if there is one."""
        for newest in sorted((self._folder / "lesson" / label).glob("*.png"))[-1:]:
            newest.unlink()
        self._counts = self._count()

    def forget(self) -> int:
        """Throw the pictures of items away; how many there were."""
        pictures = list(self._folder.glob("lesson/*/*.png"))
        try:
            for one in pictures:
                one.unlink()
        finally:
            self._counts = self._count()
        return len(pictures)

    def finish(self, day: str) -> Lesson:
        """Learn from the pictures; takes seconds, and changes nothing where it would not pay."""
        shipped = Classifier.shipped()
        broken: list[ImageError] = []
        try:
            seen = lesson.see(shipped.model, labelled(self._folder / "lesson"), broken.append)
            found = teaching.teach(shipped.card, seen)
        except (ImageError, TeachingError) as error:
            raise EyesError("too-few", str(error)) from error
        if found.taught is not None:
            _replace(self._taught, teaching.document(found, seen, day).encode())
            self._eyes.use(Classifier.shipped(self._taught))
        before, after = found.before["top1"], found.after["top1"]
        return Lesson(found.taught is not None, found.refusal, len(seen), before, after)

    def undo(self) -> None:
        """See items as before the last lesson."""
        _bring_back(self._taught)
        if not self._see_items():
            self._eyes.use(Classifier.shipped(self._configured))

    @property
    def _taught(self) -> Path:
        return self._folder / "taught.json"

    def _count(self) -> dict[str, int]:
        folder = self._folder / "lesson"
        return {one: len(list((folder / one).glob("*.png"))) for one in self.labels}

    def _see_items(self) -> bool:
        """See items as was taught last; False where that is nothing, or of another model."""
        if not self._taught.exists():
            return False
        try:
            self._eyes.use(Classifier.shipped(self._taught))
        except ModelError as error:
            _log.error("event=lesson-left-aside reason=%s", error)
            return False
        return True

    def _named(self, bay: str) -> Path | None:
        """The picture that the configuration names."""
        name = self._bays[bay].empty_picture
        return self._beside / name if name else None

    def _empty_of(self, bay: str) -> Path | None:
        taken = self._folder / bay / "empty.png"
        return taken if taken.exists() else self._named(bay)

    def _see_empty(self, bay: str) -> None:
        picture = self._taken(bay)
        if picture is None and (named := self._named(bay)) is not None:
            picture = load_image(named)
        if picture is None:
            self._eyes.forget_empty(bay)
        else:
            opening = Opening[self._bays[bay].hatch_edge.upper()]
            self._eyes.learn_empty(bay, [picture], opening)

    def _taken(self, bay: str) -> Image | None:
        """The picture that was taken in service; one that a dying card has spoiled is none."""
        path = self._folder / bay / "empty.png"
        if not path.exists():
            return None
        try:
            return load_image(path)
        except ImageError as error:
            _log.error("event=empty-picture-left-aside bay=%s reason=%s", bay, error)
            return None


def _replace(path: Path, data: bytes) -> None:
    """Keep what is there for undoing, and put this in its place.

    Whatever stops it, a full card or a power cut, what is in force is there before and after.
    """
    before, none = _before(path), _none(path)
    if path.exists():
        write_whole(before, path.read_bytes())
        none.unlink(missing_ok=True)
    else:
        write_whole(none, b"")
        before.unlink(missing_ok=True)
    write_whole(path, data)


def _bring_back(path: Path) -> None:
    """What was there before, or nothing where nothing was."""
    before, none = _before(path), _none(path)
    if before.exists():
        before.replace(path)
        none.unlink(missing_ok=True)
    elif none.exists():
        path.unlink(missing_ok=True)
        none.unlink()
    else:
        raise EyesError("nothing-before", "there is nothing from before to go back to")


def _before(path: Path) -> Path:
    return path.with_name(f"before-{path.name}")


def _none(path: Path) -> Path:
    return path.with_name(f"none-before-{path.name}")


def _png(picture: Image) -> bytes:
    _, data = cv2.imencode(".png", np.ascontiguousarray(picture[..., ::-1]))
    return bytes(data)
