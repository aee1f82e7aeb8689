"""The 24 V supply: what it gives without load, and how it sags: V = V0 - I Rs."""

from __future__ import annotations

from dataclasses import dataclass

from sim.errors import WorldError

MOST_MV = 30_000


@dataclass(slots=True)
class Supply:
    """Source of `full_mv` behind `mohm`; a brown-out lowers it for a while."""

    full_mv: int
    mohm: int
    low_mv: int = 0
    low_until_us: int = 0

    def brownout(self, mv: int, now_us: int, ms: float) -> None:
        """From now on and for `ms` it gives only `mv`.

        Raises:
            WorldError: No supply does that.
        """
        if not 0 <= mv <= MOST_MV:
            raise WorldError(f"brownout: mv {mv} is not 0 to {MOST_MV}")
        if ms <= 0:
            raise WorldError(f"brownout: ms {ms:g} is not above 0")
        self.low_mv, self.low_until_us = mv, now_us + round(ms * 1000)

    def mv(self, now_us: int, load_ma: int) -> int:
        """What arrives at the board under that load."""
        arrives_mv = self.low_mv if now_us < self.low_until_us else self.full_mv
        if load_ma:
            arrives_mv -= load_ma * self.mohm // 1000
        return max(0, arrives_mv)
