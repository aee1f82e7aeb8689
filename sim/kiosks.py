"""Which kiosks a scenario has: each says only what differs from `[kiosk]`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from controller.core.config import KioskConfig
from sim.errors import ContradictionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KIOSKS_MOST = 50
"""More than that belongs into processes of their own: a run has one thread."""

PAPERS = ("key_of", "certificate_of")
"""What of a kiosk is no part of its configuration."""

_NUMBER = re.compile(r"\d+$")


class KioskOfFleet(BaseModel):
    """One of several kiosks.

    Somebody may have mistaken its papers: it signs with the key of kiosk `key_of`, and shows the
    broker the certificate of `certificate_of`. Both are its own where nothing is said.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    config: KioskConfig
    key_of: str | None = None
    certificate_of: str | None = None

    @property
    def name(self) -> str:
        """The kiosk's id."""
        return self.config.kiosk


def completed(data: dict[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario's tables, with its kiosks completed from the `usual` one.

    `kiosks` may be a number: so many alike, whose ids count up from that of `[kiosk]`.

    Raises:
        ContradictionError: There is nothing to count up in that id.
    """
    base = data.get("kiosk", {})
    if not isinstance(base, dict):
        return data  # an object already, or a mistake that is told by its type
    base = dict(usual) | base
    rows = data.get("kiosks")
    if isinstance(rows, int) and not isinstance(rows, bool):
        rows = [{"kiosk": name} for name in counted(str(base["kiosk"]), rows)]
    if isinstance(rows, list):
        return data | {"kiosk": base, "kiosks": [_row(base, row) for row in rows]}
    return data | {"kiosk": base}


def _row(base: Mapping[str, Any], row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    papers = {key: row[key] for key in PAPERS if key in row}
    return papers | {"config": {**base, **{k: row[k] for k in row if k not in PAPERS}}}


def counted(first: str, count: int) -> Iterator[str]:
    """So many ids, counting up from `first`.

    Raises:
        ContradictionError: That cannot be done.
    """
    number = _NUMBER.search(first)
    if not 1 <= count <= KIOSKS_MOST:
        raise ContradictionError(
            f"{count} is no number of kiosks: give 1 to {KIOSKS_MOST}", ("kiosks",)
        )
    if number is None:
        why = f"no number at the end of {first!r} to count up from: name each in [[kiosks]]"
        raise ContradictionError(why, ("kiosks",))
    digits = number[0]
    for place in range(count):
        yield first[: number.start()] + str(int(digits) + place).zfill(len(digits))
