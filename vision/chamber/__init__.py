"""The chamber as the bay's camera sees it: empty, loaded, reached into, or not seen at all.

Everything is compared with an `EmptyReference`, after the lamp was evened out and the camera's
small movements were taken back.
"""

from vision.chamber.opening import Opening
from vision.chamber.reaching import reaching
from vision.chamber.reference import Compared, EmptyReference
from vision.chamber.segment import Segment, cut_out, segment
from vision.chamber.spoiled import spoiled_by
from vision.chamber.stillness import is_still

__all__ = [
    "Compared",
    "EmptyReference",
    "Opening",
    "Segment",
    "cut_out",
    "is_still",
    "reaching",
    "segment",
    "spoiled_by",
]
