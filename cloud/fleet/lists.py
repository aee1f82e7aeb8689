"""Price lists on their way to kiosks: which are wanted where, and what is to be sent now.

A kiosk says in its condition which lists it keeps. What it lacks of the list in force and of those
to come is sent to it, and again until it says that it has it, or why it does not take it. So
nothing hangs on what a broker retains, and a kiosk that was away gets what it missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloud.fleet import list_rows
from cloud.fleet.list_rows import Judged
from contract.canonical import sha256_hex
from contract.catalogue import canonical_form, in_force
from contract.catalogue_part import parts_of
from contract.condition import LISTS_MOST
from contract.hours import day_of
from contract.payloads import encode
from contract.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from contract.catalogue import Catalogue
    from contract.condition import KioskCondition

LOOK_S = 60
"""So often all kiosks get a row for what is wanted, and a file that was missing is looked for."""

EARLY_S = 3_600
"""A kiosk's midnight comes so much before the platform's at most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list that kiosks should have: the file's hash, and the messages that bring it."""

    version: str
    order: tuple[str, str]
    sha256: str
    messages: tuple[bytes, ...]


class Lists:
    """What kiosks should have of the city's lists; one for each worker.

    Args:
        catalogues: Version → catalogue.
        signed: Gives the file of a version, as its operator signed it; None where there is none.
    """

    def __init__(
        self, catalogues: Mapping[str, Catalogue], signed: Callable[[str], bytes | None]
    ) -> None:
        self._catalogues = catalogues
        self._signed = signed
        self._files: dict[str, Wanted] = {}
        self._missing: dict[str, int] = {}
        self._entered: list[str] = []
        self._entered_s = 0

    def wanted(self, now_s: int) -> list[Wanted]:
        """The list in force and those to come, as far as their files are here, the first first.

        As many as a kiosk tells of: further ones wait until a day of these has come.
        """
        held = in_force(self._catalogues, day_of(now_s))
        coming = [
            one
            for one in list(self._catalogues.values())
            if held is None or one.order >= held.order
        ]
        next_ones = sorted(coming, key=lambda one: one.order)[:LISTS_MOST]
        found = [self._file(one, now_s) for one in next_ones]
        self._files = {one.version: one for one in found if one is not None}
        return list(self._files.values())

    def hear(
        self, connection: Connection, kiosk: str, condition: KioskCondition, now_s: int
    ) -> list[tuple[str, bytes]]:
        """Take what a kiosk says of its lists; what to send it for that. Call it in its turn.

        A kiosk that says nothing of them takes none over the wire, or no more.
        """
        if condition.lists is None:
            list_rows.forget_kiosk(connection, kiosk)
            return []
        wanted = self.wanted(now_s)
        running = self._catalogues.get(condition.catalogue)
        if running is not None and running.valid_from > day_of(now_s + EARLY_S):
            running = None  # it has none that holds yet, and takes the right one
        found = [judged(one, condition, running) for one in wanted]
        list_rows.hear(connection, kiosk, found, now_s)
        return self._messages(connection, wanted, now_s, kiosk)

    def is_due(self, connection: Connection, now_s: int) -> bool:
        """Whether there is anything to send or to enter: most seconds there is not."""
        versions = [one.version for one in self.wanted(now_s)]
        return self._must_enter(versions, now_s) or list_rows.any_due(connection, versions, now_s)

    def due(self, connection: Connection, now_s: int) -> list[tuple[str, bytes]]:
        """What is to be sent now, marked as sent."""
        wanted = self.wanted(now_s)
        if self._must_enter([one.version for one in wanted], now_s):
            self._enter(connection, wanted, now_s)
        return self._messages(connection, wanted, now_s)

    def _must_enter(self, versions: list[str], now_s: int) -> bool:
        # Every now and then as well: the transaction in which it was done may have failed.
        is_old = not 0 <= now_s - self._entered_s < LOOK_S
        return bool(versions) and (is_old or versions != self._entered)

    def _enter(self, connection: Connection, wanted: Sequence[Wanted], now_s: int) -> None:
        """See to it that each list that is wanted has its rows, and one of before has none."""
        for one in wanted:
            list_rows.add_to_all(connection, one.version, one.sha256)
        held = in_force(self._catalogues, day_of(now_s))
        if held is not None:
            known = list(self._catalogues.values())
            list_rows.forget(connection, [o.version for o in known if o.order < held.order])
        self._entered, self._entered_s = [one.version for one in wanted], now_s

    def _messages(
        self,
        connection: Connection,
        wanted: Sequence[Wanted],
        now_s: int,
        kiosk: str | None = None,
    ) -> list[tuple[str, bytes]]:
        by_version = {one.version: one.messages for one in wanted}
        return [
            (Topics(city, route, one).config, payload)
            for city, route, one, version in list_rows.due(connection, by_version, now_s, kiosk)
            for payload in by_version[version]
        ]

    def _file(self, catalogue: Catalogue, now_s: int) -> Wanted | None:
        """What is sent of a list; read once, for a version never changes."""
        version = catalogue.version
        if (known := self._files.get(version)) is not None:
            return known
        if 0 <= now_s - self._missing.get(version, -LOOK_S) < LOOK_S:
            return None
        data = self._signed(version)
        if data is None:
            self._missing[version] = now_s
            return None
        data = canonical_form(data)  # whoever put the file there may have broken its lines
        messages = tuple(encode(part) for part in parts_of(data))
        return Wanted(version, catalogue.order, sha256_hex(data), messages)


def judged(one: Wanted, condition: KioskCondition, running: Catalogue | None) -> Judged:
    """What a kiosk's condition says of a list.

    `running` is what it prices by; None where that is not known, or holds nowhere yet.
    """
    lists = condition.lists or ()
    refused = {each.sha256: each.code for each in condition.refused_lists or ()}
    if any(each.sha256 == one.sha256 for each in lists):
        return Judged(one.version, one.sha256, "has")
    if running is not None and running.order > one.order:
        return Judged(one.version, one.sha256, "passed")
    if one.sha256 in refused:
        return Judged(one.version, one.sha256, "refused", refused[one.sha256])
    if any(each.version == one.version for each in lists):
        return Judged(one.version, one.sha256, "refused", "version-reused")
    return Judged(one.version, one.sha256, "lacks")
