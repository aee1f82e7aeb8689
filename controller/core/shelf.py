"""The kiosk's catalogues: which came, which were refused and why, which holds today.

A later one is told by its day of effect, then by its version. What cannot be used changes
nothing: the one before stays.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.canonical import sha256_hex
from contract.catalogue import load_signed
from contract.errors import CatalogueError
from controller.core.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from contract.catalogue import Catalogue
    from controller.core.session import Session


@dataclass(frozen=True, slots=True)
class Offer:
    """What became of a catalogue that came: `code` is empty where it was taken.

    `version` is empty where it could not be read, `valid_from` its day of effect else; `sha256` is
    the hash of the signed bytes. `in_force` where the kiosk prices by it from now on.
    """

    version: str
    sha256: str
    code: str = ""
    reason: str = ""
    valid_from: str = ""
    in_force: bool = False

    @property
    def taken(self) -> bool:
        """Whether it lies on the shelf now."""
        return not self.code

    @property
    def body(self) -> dict[str, Any]:
        """The body of the record that says so, of kind `catalogue`."""
        reason = self.reason if self.taken else f"{self.code}: {self.reason}"
        about = {"version": self.version, "sha256": self.sha256, "accepted": self.taken}
        day = {"valid_from": self.valid_from} if self.valid_from else {}
        force = {"in_force": True} if self.in_force else {}
        return about | day | force | {"reason": reason[:300]}


@dataclass(frozen=True, slots=True)
class _Kept:
    catalogue: Catalogue
    sha256: str
    data: bytes


class Shelf:
    """The catalogues of one kiosk, as far as they may still be needed here.

    Args:
        operator: Public key (32 bytes) of whoever signs catalogues.
        city: The kiosk's city; another city's catalogue is refused.
        kiosk: The kiosk's id, which says whose district's prices hold.
    """

    def __init__(self, operator: bytes, city: str, kiosk: str) -> None:
        self._operator = operator
        self._city = city
        self._kiosk = kiosk
        self._kept: dict[str, _Kept] = {}
        self._seen: set[str] = set()
        self._day = ""
        self.refused: Counter[str] = Counter()

    def offer(self, signed: Iterable[bytes], day: str) -> list[Offer]:
        """Take signed catalogues that came together, or refuse each with a code.

        The earlier ones go first, whatever order they were found in, but of two with one version
        the first that was found counts; what was seen before is passed over. `day` is today (ISO
        8601). Codes: as `load_signed`, `another-city`, `version-reused` (another catalogue had
        this version), `older` (a later one holds already).
        """
        fresh = {sha256_hex(data): data for data in signed}
        fresh = {sha256: data for sha256, data in fresh.items() if sha256 not in self._seen}
        self._seen |= fresh.keys()
        refused: list[Offer] = []
        read: list[_Kept] = []
        for sha256, data in fresh.items():
            try:
                read.append(_Kept(load_signed(data, self._operator), sha256, data))
            except CatalogueError as error:
                refused.append(Offer("", sha256, error.code, error.message))
        read, reused = self._by_version(read)
        placed = [self._place(one, day) for one in sorted(read, key=_order)]
        offers = [*refused, *placed, *(self._place(one, day) for one in reused)]
        self.refused.update(one.code for one in offers if not one.taken)
        return offers

    def in_force(self, day: str) -> Catalogue | None:
        """What holds on `day`, with the prices of this kiosk's district; None on an empty shelf.

        Days do not run backwards here: a clock that is set back brings no old prices back. Where
        nothing holds yet, the clock is not to be believed, and the first that will hold serves.
        """
        held = self._held(day)
        return None if held is None else held.catalogue.for_kiosk(self._kiosk)

    def force(self, day: str) -> Offer | None:
        """What the journal says once the kiosk prices by what holds on `day`; as `in_force`."""
        held = self._held(day)
        if held is None:
            return None
        one = held.catalogue
        why = f"prices this kiosk, {self._kiosk}, from now on"
        return Offer(one.version, held.sha256, "", why, one.valid_from, in_force=True)

    def needed(self, day: str) -> dict[str, bytes]:
        """Hash → signed bytes of what holds on `day` and of what will hold later."""
        held = self._held(day)
        if held is None:
            return {}
        kept = self._kept.values()
        return {one.sha256: one.data for one in kept if _order(one) >= _order(held)}

    def _held(self, day: str) -> _Kept | None:
        self._day = max(self._day, day)
        kept = sorted(self._kept.values(), key=_order)
        holding = [one for one in kept if one.catalogue.valid_from <= self._day]
        if holding:
            return holding[-1]
        return kept[0] if kept else None

    def _by_version(self, read: list[_Kept]) -> tuple[list[_Kept], list[_Kept]]:
        """The first of each version, and those that come under the version of one of these.

        Another city's versions are its own.
        """
        first: dict[tuple[str, str], _Kept] = {}
        for one in read:
            first.setdefault((one.catalogue.city, one.catalogue.version), one)
        return list(first.values()), [one for one in read if one not in first.values()]

    def _place(self, one: _Kept, day: str) -> Offer:
        version, valid_from = one.catalogue.version, one.catalogue.valid_from
        if refusal := self._why_not(one.catalogue, day):
            return Offer(version, one.sha256, *refusal, valid_from)
        self._kept[version] = one
        return Offer(version, one.sha256, "", f"holds from {valid_from}", valid_from)

    def _why_not(self, new: Catalogue, day: str) -> tuple[str, str] | None:
        if new.city != self._city:
            return "another-city", f"catalogue is {new.city}'s, this kiosk is {self._city}'s"
        if new.version in self._kept:
            why = f"another catalogue had version {new.version}: give a new one a new version"
            return "version-reused", why
        held = self._held(day)
        if held is None or held.catalogue.valid_from > self._day or new.order > _order(held):
            return None
        later = held.catalogue
        return "older", (
            f"{new.version} holds from {new.valid_from}, but {later.version} of "
            f"{later.valid_from} holds already: sign it with a later day"
        )


def _order(one: _Kept) -> tuple[str, str]:
    return one.catalogue.order


def change_catalogue(session: Session, catalogue: Catalogue) -> bool:
    """Price by `catalogue` from now on; False, and nothing changes, while the kiosk is in use.

    A resident gets the prices that they saw when they came.
    """
    if session.state is not State.IDLE:
        return False
    session.catalogue = catalogue
    return True
