"""The kiosk's catalogues: which came, which were refused and why, which holds today.

A later one is told by its day of effect, then by its version. What cannot be used changes
nothing: the one before stays.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from contract.canonical import sha256_hex
from contract.catalogue import canonical_form, load_signed
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


@dataclass(frozen=True)
class _Kept:
    catalogue: Catalogue
    sha256: str
    data: bytes

    @cached_property
    def known_by(self) -> str:
        """The hash of its canonical form."""
        return sha256_hex(canonical_form(self.data))

    @property
    def as_known(self) -> Offer:
        """What the platform is told of it."""
        one = self.catalogue
        return Offer(one.version, self.known_by, "", f"holds from {one.valid_from}", one.valid_from)


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

    def bring(self, data: bytes, day: str) -> Offer:
        """Take one signed catalogue, or refuse it with a code of `offer`; `day` as there.

        One that lies here is taken again and again. Besides the codes of `offer` there is
        `not-canonical`: it is spelled otherwise than its operator spells
        (`contract.catalogue.canonical_form`). One that nobody vouches for leaves nothing behind but
        its count: whoever holds the wire may send as many as they like.
        """
        sha256 = sha256_hex(data)
        known = next((one for one in self._kept.values() if one.known_by == sha256), None)
        if known is not None:
            return known.as_known
        try:
            offer = self._place(_Kept(self._opened(data), sha256, data), day)
            self._seen.add(sha256)
        except CatalogueError as error:
            offer = Offer("", sha256, error.code, error.message)
        if not offer.taken:
            self.refused[offer.code] += 1
        return offer

    def drop(self, offer: Offer) -> None:
        """Forget a catalogue that was taken just now: it could not be kept, and may come again."""
        self._seen.discard(offer.sha256)
        if (kept := self._kept.get(offer.version)) is not None and kept.sha256 == offer.sha256:
            del self._kept[offer.version]

    def lying(self, day: str) -> tuple[Offer, ...]:
        """What holds on `day` and what will hold later, in the order of their days.

        Each with the hash of its canonical form, by which the platform knows it: whoever carried a
        file here may have broken its lines.
        """
        held = self._held(day)
        kept = sorted(self._kept.values(), key=_order)
        return tuple(one.as_known for one in kept if held and _order(one) >= _order(held))

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

    def _opened(self, data: bytes) -> Catalogue:
        catalogue = load_signed(data, self._operator)
        if canonical_form(data) != data:
            why = (
                f"{catalogue.version} is spelled otherwise than its operator spells: fetch it anew"
            )
            raise CatalogueError("not-canonical", why)
        return catalogue

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
