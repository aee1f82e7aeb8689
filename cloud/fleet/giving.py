"""What staff do to the fleet: commands and bundles; each act is noted, and who may not as well."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlalchemy import insert

from cloud.errors import FleetError, StaffError
from cloud.fleet import bundles, orders
from cloud.fleet.districts import district_of
from cloud.fleet.withdrawn import check_id, withdraw
from cloud.staff.acts import note_by
from cloud.store.bulk import take_turns
from cloud.store.database import reading, writing
from cloud.store.schema_fleet import commands
from contract.command import TTL_MAX_S, misfit, sign_command
from contract.fields import first_problem
from contract.payloads import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, Engine

    from cloud.fleet.orders import Order
    from cloud.fleet.sight import Sight
    from cloud.staff.desk import Staff
    from contract.catalogue import Catalogue
    from contract.command import Command
    from contract.keys import Signer

TTL_LEAST_S = 60
"""A command must outlive a connection that breaks."""

WAITING_MOST = 16
"""Commands of one kiosk that are not over: it takes no more (docs/fleet-commands.md)."""


class Giving:
    """Takes what staff ask of kiosks.

    Args:
        database: The platform's.
        catalogues: Catalogue version → catalogue, which says which district a kiosk is in.
        clock: Gives Unix seconds.
        signer: The ledger's key; None where there is none, and no kiosk can be commanded.
        new_id: Gives a fresh command id, 16 hex digits.
        sight: Knows which kiosks staff may see.
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        clock: Callable[[], int],
        signer: Signer | None,
        new_id: Callable[[], str],
        sight: Sight,
    ) -> None:
        self._database = database
        self._catalogues = catalogues
        self._clock = clock
        self._signer = signer
        self._new_id = new_id
        self._sight = sight

    @property
    def can_command(self) -> bool:
        """Whether there is a key to sign commands with."""
        return self._signer is not None

    def command(
        self,
        staff: Staff,
        kiosk: str,
        verb: str,
        arguments: Mapping[str, str],
        ttl_s: int,
        command_id: str | None = None,
    ) -> Order:
        """Give a kiosk a command; as `Fleet.command`."""
        self._check_right(staff, kiosk, verb)
        signed = self._signed(staff, kiosk, verb, arguments, ttl_s, command_id)
        with writing(self._database) as connection:
            take_turns(connection, [kiosk])
            before = orders.order(connection, signed.id)
            if before is not None:
                return _same(before, kiosk, verb, arguments)
            self._check_place(connection, kiosk, verb, arguments)
            connection.execute(insert(commands).values(**_row(signed)))
            detail = " ".join([kiosk, verb, *signed.arguments.values(), signed.id])
            self._note(connection, staff, "commanded", kiosk, detail)
            found = orders.order(connection, signed.id)
        assert found is not None
        return found

    def withdraw(self, staff: Staff, kiosk: str, command_id: str) -> Order:
        """Take a command back; as `Fleet.withdraw`."""
        check_id(kiosk, command_id)
        self._check_right(staff, kiosk, f"withdraw {command_id}")
        with writing(self._database) as connection:
            take_turns(connection, [kiosk])
            found, is_new = withdraw(connection, kiosk, command_id, self._clock())
            if is_new:
                detail = f"{kiosk} {found.verb} {command_id}"
                self._note(connection, staff, "command-withdrawn", kiosk, detail)
        return found

    def bundle(self, staff: Staff, command_id: str) -> tuple[str, bytes]:
        """Kiosk and bytes of a bundle; as `Fleet.bundle`."""
        with reading(self._database) as connection:
            kiosk = bundles.kiosk_of(connection, command_id)
        if kiosk is not None:
            self._check_right(staff, kiosk, f"bundle {command_id}")
        staff.check("fleet-command")
        with writing(self._database) as connection:
            found = bundles.bundle(connection, command_id)
            if found is None:
                raise FleetError(
                    "unknown-bundle", f"there is no bundle of {command_id[:16]}, or no more"
                )
            self._note(connection, staff, "bundle-taken", found[0], f"{found[0]} {command_id}")
        return found

    def _check_right(self, staff: Staff, kiosk: str, what: str) -> None:
        """Whoever may not is noted, as with every other act."""
        try:
            staff.check("fleet-command")
            self._sight.check(staff, kiosk)
        except (StaffError, FleetError) as error:
            with writing(self._database) as connection:
                detail = f"{kiosk[:32]} {what[:32]}: {error.code}"
                self._note(connection, staff, "denied", kiosk, detail)
            raise

    def _signed(
        self,
        staff: Staff,
        kiosk: str,
        verb: str,
        arguments: Mapping[str, str],
        ttl_s: int,
        command_id: str | None,
    ) -> Command:
        now_s, signer = self._clock(), self._checked(verb, arguments, ttl_s)
        try:
            return sign_command(
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
        condition = self._sight.condition(connection, kiosk)
        bays = [bay.bay for bay in condition.bays] if condition is not None else []
        bay = arguments.get("bay")
        if bay is not None and bays and bay not in bays:
            raise FleetError("no-such-bay", f"{kiosk} has no bay {bay[:32]!r}: {', '.join(bays)}")
        waiting = orders.open_orders(connection, kiosk)
        if any((one.verb, one.arguments) == (verb, dict(arguments)) for one in waiting):
            raise FleetError("already", f"{kiosk} has this command already, and has not answered")
        if len(waiting) >= WAITING_MOST:
            raise FleetError("too-many", f"{len(waiting)} commands of {kiosk} are not over: wait")

    def _note(
        self, connection: Connection, staff: Staff, what: str, kiosk: str, detail: str
    ) -> None:
        district = district_of(self._catalogues, kiosk)
        note_by(connection, self._clock(), staff, what, district, detail=detail)


def _row(signed: Command) -> dict[str, str | int]:
    """A command as it stands in its table when it is given."""
    said = json.dumps(dict(signed.arguments), sort_keys=True)
    row = {"command_id": signed.id, "kiosk": signed.kiosk, "verb": signed.verb, "arguments": said}
    row |= {"staff": signed.by, "state": "issued", "code": "", "detail": ""}
    times = {"issued_at": signed.issued_at, "not_after": signed.not_after}
    return {**row, **times, "sent_at": 0, "sends": 0, "line": encode(signed).decode()}


def _same(before: Order, kiosk: str, verb: str, arguments: Mapping[str, str]) -> Order:
    if (before.kiosk, before.verb, before.arguments) != (kiosk, verb, dict(arguments)):
        raise FleetError("id-taken", f"{before.command_id} is another command: choose another id")
    return before
