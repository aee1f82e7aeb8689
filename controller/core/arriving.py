"""Price lists that arrive in parts: put together in memory, which holds no more than a few."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contract.canonical import sha256_hex
from contract.errors import PayloadError

if TYPE_CHECKING:
    from contract.catalogue_part import CataloguePart

AT_ONCE_MOST = 2
"""Lists that are put together at a time: the platform sends one after the other, and two of its
workers may each send one. Of what was begun before the rest is dropped, and comes again."""


@dataclass(slots=True)
class _Begun:
    """A list of which parts came: its size in bytes, and the parts by number."""

    size_bytes: int
    parts: dict[int, bytes] = field(default_factory=dict)

    @property
    def whole(self) -> bytes:
        return b"".join(data for _, data in sorted(self.parts.items()))


class Arriving:
    """The lists that are under way to one kiosk, half a megabyte each at most."""

    def __init__(self) -> None:
        self._begun: dict[str, _Begun] = {}

    def take(self, part: CataloguePart, data: bytes) -> bytes | None:
        """Take a part, with the bytes in it; the list, once all of it is here.

        The same part again changes nothing.

        Raises:
            PayloadError: `catalogue-part`: it says another size than the parts before it;
                `catalogue-hash`: all parts together are not what they say. What came of the list is
                dropped, and it begins anew.
        """
        begun = self._begun.pop(part.sha256, None) or _Begun(part.size_bytes)
        if begun.size_bytes != part.size_bytes:
            raise PayloadError(
                "catalogue-part",
                f"list {part.sha256[:16]} has {begun.size_bytes} bytes, or {part.size_bytes}",
            )
        begun.parts[part.part] = data
        if len(begun.parts) < part.parts:
            self._begun[part.sha256] = begun  # at the end: the latest that was heard of
            if len(self._begun) > AT_ONCE_MOST:
                del self._begun[next(iter(self._begun))]
            return None
        if sha256_hex(begun.whole) != part.sha256:
            raise PayloadError(
                "catalogue-hash", f"what came as list {part.sha256[:16]} has another hash"
            )
        return begun.whole
