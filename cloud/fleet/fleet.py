"""The fleet: what kiosks say of themselves, what staff ask of them, and what came of it."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from cloud.errors import FleetError, LedgerError, StaffError
from cloud.fleet import bundles, heard, orders
from cloud.fleet.districts import district_of
from cloud.fleet.sight import Sight
from cloud.staff.audit import note
from cloud.store.bulk import take_turns
from cloud.store.database import cause, reading
from cloud.store.schema_fleet import commands
from contract.bundle import BundlePart
from contract.command import SEND_DIAGNOSTICS, TTL_MAX_S, CommandResult, misfit, sign_command
from contract.errors import PayloadError
from contract.fields import first_problem
from contract.payloads import KioskState, encode
from contract.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from cloud.fleet.heard import Said
    from cloud.fleet.orders import Order
    from cloud.staff.desk import Staff
    from contract.catalogue import Catalogue
    from contract.keys import Signer
    from contract.topics import ParsedTopic

Message = tuple[str, bytes]
"""A topic and a payload."""

_log = logging.getLogger(__name__)

TTL_LEAST_S = 60
"""A command must outlive a connection that breaks."""

WAITING_MOST = 16
"""Commands of one kiosk that are not over: it takes no more (docs/fleet-commands.md)."""

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
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        clock: Callable[[], int],
        signer: Signer | None,
        new_id: Callable[[], str],
    ) -> None:
        self._database = database
        self._catalogues = catalogues
        self._clock = clock
        self._signer = signer
        self._new_id = new_id
        self._tidied_s = 0
        self.sight = Sight(database, catalogues, clock)

    @property
    def can_command(self) -> bool:
        """Whether there is a key to sign commands with."""
        return self._signer is not None

    def hear(self, topic: ParsedTopic, said: Said) -> list[Message]:
        """Keep what a kiosk says of itself; what to send it now, where it has just come.

        Raises:
            LedgerError: The database failed.
        """
        now_s = self._clock()
        with _writing(self._database) as connection:
            heard.hear(connection, topic, said, now_s)
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
        with _writing(self._database) as connection:
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
            if not orders.any_open(connection) and now_s < self._tidied_s + TIDY_S:
                return []
        with _writing(self._database) as connection:
            orders.expire(connection, now_s)
            if now_s >= self._tidied_s + TIDY_S:
                bundles.forget(connection, now_s)
                self._tidied_s = now_s
            return _messages(orders.due(connection, now_s))

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
        self._check_right(staff, kiosk, verb)
        now_s, signer = self._clock(), self._checked(verb, arguments, ttl_s)
        try:
            signed = sign_command(
                command_id or self._new_id(),
                kiosk,
                verb,
                arguments,
                issued_at=now_s,
                not_after=now_s + ttl_s,
                by=staff.staff_id,
                signer=signer,
            )
        except ValidationError as error:
            raise FleetError("field", first_problem(error)) from error
        said = json.dumps(dict(signed.arguments), sort_keys=True)
        with _writing(self._database) as connection:
            take_turns(connection, [kiosk])
            before = orders.order(connection, signed.id)
            if before is not None:
                return _same(before, kiosk, verb, arguments)
            self._check_place(connection, kiosk, verb, arguments)
            row = {"command_id": signed.id, "kiosk": kiosk, "verb": verb, "arguments": said}
            row |= {"staff": staff.staff_id, "state": "issued", "code": "", "detail": ""}
            times = {"issued_at": now_s, "not_after": signed.not_after, "sent_at": 0, "sends": 0}
            connection.execute(
                insert(commands).values(**row, **times, line=encode(signed).decode())
            )
            detail = " ".join([kiosk, verb, *signed.arguments.values(), signed.id])
            note(
                connection, now_s, staff.staff_id, "commanded", self._district(kiosk), detail=detail
            )
            found = orders.order(connection, signed.id)
        assert found is not None
        return found

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
        staff.check("fleet-command")
        with _writing(self._database) as connection:
            found = bundles.bundle(connection, command_id)
            if found is None:
                raise FleetError(
                    "unknown-bundle", f"there is no bundle of {command_id[:16]}, or no more"
                )
            district = self._district(found[0])
            if not staff.covers(district):
                raise FleetError("other-district", f"{found[0]} is in {district or 'no district'}")
            detail = f"{found[0]} {command_id}"
            note(connection, self._clock(), staff.staff_id, "bundle-taken", district, detail=detail)
        return found

    def _check_right(self, staff: Staff, kiosk: str, verb: str) -> None:
        """Whoever may not is noted, as with every other act."""
        try:
            staff.check("fleet-command")
            self.sight.check(staff, kiosk)
        except (StaffError, FleetError) as error:
            with _writing(self._database) as connection:
                detail = f"{kiosk[:32]} {verb[:32]}: {error.code}"
                note(
                    connection,
                    self._clock(),
                    staff.staff_id,
                    "denied",
                    self._district(kiosk),
                    detail=detail,
                )
            raise

    def _checked(self, verb: str, arguments: Mapping[str, str], ttl_s: int) -> Signer:
        if code := misfit(verb, arguments):
            raise FleetError(code, f"{verb[:32]!r} with {sorted(arguments)}: see the list of verbs")
        if not TTL_LEAST_S <= ttl_s <= TTL_MAX_S:
            raise FleetError(
                "lifetime", f"{ttl_s} s: a command holds {TTL_LEAST_S} to {TTL_MAX_S} s"
            )
        if self._signer is None:
            raise FleetError("no-key", "no ledger.pem here: make one with `kiosk keys new`")
        return self._signer

    def _check_place(
        self, connection: Connection, kiosk: str, verb: str, arguments: Mapping[str, str]
    ) -> None:
        condition = self.sight.condition(connection, kiosk)
        bays = [bay.bay for bay in condition.bays] if condition is not None else []
        bay = arguments.get("bay")
        if bay is not None and bays and bay not in bays:
            raise FleetError("no-such-bay", f"{kiosk} has no bay {bay[:32]!r}: {', '.join(bays)}")
        waiting = orders.open_orders(connection, kiosk)
        if any((one.verb, one.arguments) == (verb, dict(arguments)) for one in waiting):
            raise FleetError("already", f"{kiosk} has this command already, and has not answered")
        if len(waiting) >= WAITING_MOST:
            raise FleetError("too-many", f"{len(waiting)} commands of {kiosk} are not over: wait")

    def _district(self, kiosk: str) -> str:
        return district_of(self._catalogues, kiosk)


def _same(before: Order, kiosk: str, verb: str, arguments: Mapping[str, str]) -> Order:
    if (before.kiosk, before.verb, before.arguments) != (kiosk, verb, dict(arguments)):
        raise FleetError("id-taken", f"{before.command_id} is another command: choose another id")
    return before


def _messages(found: Sequence[tuple[str, str, str, str]]) -> list[Message]:
    return [(Topics(city, route, kiosk).cmd, line.encode()) for city, route, kiosk, line in found]


@contextmanager
def _writing(database: Engine) -> Iterator[Connection]:
    try:
        with database.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise LedgerError(f"nothing was noted of the fleet: {cause(error)}") from error
