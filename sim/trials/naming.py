"""What came of trials in which something fails and parts are named: which of them are right."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Naming(ABC):
    """What came of one trial."""

    __slots__ = ()

    @property
    @abstractmethod
    def named(self) -> Sequence[str]:
        """Every part that was named."""

    @property
    @abstractmethod
    def parts(self) -> frozenset[str]:
        """Those that it is right to name; none where nothing failed."""

    @property
    def right(self) -> bool:
        """Whether the part was named, or nothing was where nothing failed."""
        return bool(self.parts & set(self.named)) if self.parts else not self.named

    @property
    def wrong(self) -> int:
        """How many parts were named that had not failed."""
        return len(set(self.named) - self.parts)
