"""Where kiosks are: the operator's file `places.json` in the platform's folder.

    {"places": [{"kiosk": "hz-xihu-0001",
                 "name": {"zh": "文三路小区东门", "en": "Wensan Road, east gate"},
                 "address": {"zh": "西湖区文三路 1 号", "en": "1 Wensan Road, Xihu"},
                 "latitude_microdeg": 30276000, "longitude_microdeg": 120124000}]}

Coordinates are WGS 84 in millionths of a degree. No kiosk tells where it is, so nothing of this
is signed: a wrong row sends people to a wrong door, and does no more.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from cloud.errors import PlacesError
from contract.fields import Agreed, Name, first_problem

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)

FILE = "places.json"

LONGEST_BYTES = 8_000_000
"""Of a file: 10,000 kiosks take about 3 million."""

Line = Annotated[str, Field(min_length=1, max_length=80)]


class Words(Agreed):
    """A name in both languages."""

    zh: Line
    en: Line


class Place(Agreed):
    """Where one kiosk is."""

    kiosk: Name
    name: Words
    address: Words
    latitude_microdeg: Annotated[int, Field(ge=-90_000_000, le=90_000_000)]
    longitude_microdeg: Annotated[int, Field(ge=-180_000_000, le=180_000_000)]


class Places(Agreed):
    """The file."""

    places: Annotated[tuple[Place, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seen: set[str] = set()
        for one in self.places:
            if one.kiosk in seen:
                raise PydanticCustomError("place-twice", f"kiosk {one.kiosk} stands there twice")
            seen.add(one.kiosk)
        return self


def read_places(data: bytes) -> dict[str, Place]:
    """Kiosk → place, out of a file's bytes.

    Raises:
        PlacesError: It is no such file; the message names row and field.
    """
    if len(data) > LONGEST_BYTES:
        raise PlacesError(f"{FILE} has {len(data)} bytes: at most {LONGEST_BYTES}")
    try:
        read = Places.model_validate_json(data)
    except ValidationError as error:
        raise PlacesError(f"{FILE}: {first_problem(error)}") from error
    return {one.kiosk: one for one in read.places}


class PlacesFile:
    """The places of a platform's folder, read again when the file changes.

    Args:
        path: The file; where there is none, no place is known.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._places: dict[str, Place] = {}

    def __call__(self) -> dict[str, Place]:
        """Kiosk → place; of a file that cannot be used, what it said before."""
        try:
            stat = self._path.stat()
            # Rights that are mended change no byte, but the inode's time.
            seen = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)
            if seen == self._seen:
                return self._places
            self._seen = seen
            self._places = read_places(self._path.read_bytes())
        except FileNotFoundError:
            self._seen, self._places = None, {}
        except (OSError, PlacesError) as error:
            _log.error("event=places-left-out file=%s: %s", self._path, error)
        return self._places
