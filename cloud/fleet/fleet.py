"""The fleet: what kiosks say of themselves, what staff ask of them, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud.fleet import bundles, heard, orders
from cloud.fleet.giving import Giving
from cloud.fleet.lists import Lists
from cloud.fleet.sight import Sight
from cloud.store.bulk import take_turns
from cloud.store.database import reading, writing
from contract.bundle import BundlePart
from contract.command import SEND_DIAGNOSTICS, CommandResult
from contract.condition import KioskCondition
from contract.errors import PayloadError
from contract.payloads import KioskState
from contract.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Engine

    from cloud.fleet.heard import Said
    from cloud.fleet.orders import Order
    from cloud.staff.desk import Staff
    from contract.catalogue import Catalogue
    from contract.keys import Signer
    from contract.topics import ParsedTopic

Message = tuple[str, bytes]
"""A topic and a payload."""

TIDY_S = 3_600
"""So often what is too old is looked for."""


class Fleet:
    """The kiosks of a city and the commands to them.

    Args:
        database: The platform's.
        catalogues: Catalogue version → catalogue, which says which district a kiosk is in.
        clock: Gives Unix seconds.
        signer: The ledger's key; None where there is none, and no kiosk can be commanded.
        new_id: Gives a fresh command id, 16 hex digits.
        signed: Gives the file of a price list by its version, as its operator signed it; None where
            there is none. What kiosks lack of them is sent.
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        clock: Callable[[], int],
        signer: Signer | None,
        new_id: Callable[[], str],
        signed: Callable[[str], bytes | None] = lambda _: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._tidied_s = 0
        self.sight = Sight(database, catalogues)
        self._lists = Lists(catalogues, signed)
        self._giving = Giving(database, catalogues, clock, signer, new_id, self.sight)

    @property
    def can_command(self) -> bool:
        """Whether there is a key to sign commands with."""
        return self._giving.can_command

    def hear(self, topic: ParsedTopic, said: Said) -> list[Message]:
        """Keep what a kiosk says of itself; what to send it now, where it has just come.

        Raises:
            LedgerError: The database failed.
        """
        now_s = self._clock()
        with writing(self._database) as connection:
            heard.hear(connection, topic, said, now_s)
            if isinstance(said, KioskCondition):
                return self._lists.hear(connection, topic.kiosk, said, now_s)
            if not (isinstance(said, KioskState) and said.online):
                return []
            return _messages(orders.due_to(connection, topic.kiosk, now_s))

    def answered(self, topic: ParsedTopic, event: CommandResult | BundlePart) -> None:
        """Take what a kiosk says of a command, or a part of the bundle that one asked for.

        Raises:
            PayloadError: `unknown-command`: it had none such. `bundle-part`.
            LedgerError: The database failed.
        """
        now_s = self._clock()
        with writing(self._database) as connection:
            take_turns(connection, [topic.kiosk])
            order = orders.order(connection, event.id)
            if order is None or order.kiosk != topic.kiosk:
                raise PayloadError("unknown-command", f"{topic.kiosk} was given no {event.id}")
            if isinstance(event, CommandResult):
                lacks = order.verb == SEND_DIAGNOSTICS and event.outcome == "done"
                if not lacks or bundles.is_whole(connection, event.id):
                    orders.hear(connection, event, now_s)
            elif order.verb != SEND_DIAGNOSTICS or order.state in orders.FINAL:
                raise PayloadError("unknown-command", f"nobody waits for a bundle of {event.id}")
            else:
                bundles.take(connection, event, now_s)

    def due(self) -> list[Message]:
        """What is to be sent now; to be asked every second or so, by every worker.

        Raises:
            LedgerError: The database failed.
        """
        now_s = self._clock()
        with reading(self._database) as connection:
            is_due = orders.any_due(connection, now_s) or self._lists.is_due(connection, now_s)
            if not is_due and now_s < self._tidied_s + TIDY_S:
                return []
        with writing(self._database) as connection:
            orders.expire(connection, now_s)
            if now_s >= self._tidied_s + TIDY_S:
                bundles.forget(connection, now_s)
                self._tidied_s = now_s
            return [
                *_messages(orders.due(connection, now_s)),
                *self._lists.due(connection, now_s),
            ]

    def command(
        self,
        staff: Staff,
        kiosk: str,
        verb: str,
        arguments: Mapping[str, str],
        ttl_s: int,
        command_id: str | None = None,
    ) -> Order:
        """Give a kiosk a command that holds for `ttl_s` seconds.

        With a `command_id` of the caller's own the same again is the same command, not another.

        Raises:
            StaffError: `role`.
            FleetError: `unknown-kiosk`, `other-district`, `no-key`, `unknown-verb`, `arguments`,
                `no-such-bay`, `lifetime`, `too-many`, `already`, `id-taken`, `field`.
            LedgerError: The database failed; nothing was given.
        """
        return self._giving.command(staff, kiosk, verb, arguments, ttl_s, command_id)

    def withdraw(self, staff: Staff, kiosk: str, command_id: str) -> Order:
        """Take a command back that the kiosk has said nothing of; once more changes nothing.

        It is sent no more. Where its `sends` are not 0 it may have arrived before.

        Raises:
            StaffError: `role`.
            FleetError: `unknown-kiosk`, `other-district`, `unknown-command`; `under-way`: the
                kiosk has it. `over`: it was done, refused, or not answered in its time.
            LedgerError: The database failed; nothing was taken back.
        """
        return self._giving.withdraw(staff, kiosk, command_id)

    def orders_of(
        self, staff: Staff, kiosk: str, before: int | None = None, limit: int = 50
    ) -> list[Order]:
        """A kiosk's commands, newest first; `before` is the number of the last one seen.

        Raises:
            StaffError, FleetError, LedgerError: As `Sight.one`.
        """
        self.sight.check(staff, kiosk)
        with reading(self._database) as connection:
            return orders.orders_of(connection, kiosk, before, limit)

    def bundles_of(self, staff: Staff, kiosk: str) -> list[bundles.Kept]:
        """A kiosk's bundles, newest first.

        Raises:
            StaffError, FleetError, LedgerError: As `Sight.one`.
        """
        self.sight.check(staff, kiosk)
        with reading(self._database) as connection:
            return bundles.kept_of(connection, kiosk)

    def bundle(self, staff: Staff, command_id: str) -> tuple[str, bytes]:
        """Kiosk and bytes of a bundle; who takes it is in the audit log.

        Raises:
            StaffError: `role`.
            FleetError: `unknown-bundle`, `other-district`.
            LedgerError: The database failed.
        """
        return self._giving.bundle(staff, command_id)


def _messages(found: Sequence[tuple[str, str, str, str]]) -> list[Message]:
    return [(Topics(city, route, kiosk).cmd, line.encode()) for city, route, kiosk, line in found]
