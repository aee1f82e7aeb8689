"""Commands that staff take back before the kiosk has said anything of them.

A command that was withdrawn is `expired` with the code `withdrawn`: it is sent no more. One that
left before may have arrived all the same, and then what the kiosk says of it counts. What a kiosk
has said to have is not taken back: it does it as soon as nobody is served there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from cloud.errors import FleetError
from cloud.fleet import orders
from cloud.store.schema_fleet import commands

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cloud.fleet.orders import Order

WITHDRAWN = "withdrawn"
"""The code of a command that was taken back."""


_ID = re.compile(r"[0-9a-f]{16}")


def check_id(kiosk: str, command_id: str) -> None:
    """Go on where it can be a command's id.

    Raises:
        FleetError: `unknown-command`.
    """
    if not _ID.fullmatch(command_id):
        raise _unknown(kiosk, command_id)


def withdraw(connection: Connection, kiosk: str, command_id: str, now_s: int) -> tuple[Order, bool]:
    """Take a command back at `now_s` (Unix seconds); how it stands, and whether that was new.

    Raises:
        FleetError: `unknown-command`: the kiosk was given none such. `under-way`: the kiosk has it.
            `over`: it was done, refused or not answered in its time.
    """
    # Its row is locked: another worker may be sending it this moment.
    mine = commands.c.command_id == command_id
    locked = select(commands.c.kiosk).where(mine).with_for_update()
    if connection.execute(locked).scalar() != kiosk:
        raise _unknown(kiosk, command_id)
    order = orders.order(connection, command_id)
    assert order is not None  # its row is there
    if (order.state, order.code) == ("expired", WITHDRAWN):
        return order, False
    if order.state == "waiting":
        raise FleetError(
            "under-way", f"{kiosk} has {command_id} and will do it: give the opposite command"
        )
    if order.state not in orders.OPEN:
        raise FleetError("over", f"{command_id} is {order.state}: nothing is left to take back")
    values = {"state": "expired", "code": WITHDRAWN, "ended_at": now_s}
    connection.execute(update(commands).where(mine).values(**values))
    taken = orders.order(connection, command_id)
    assert taken is not None  # its row is locked
    return taken, True


def _unknown(kiosk: str, command_id: str) -> FleetError:
    said = f"{kiosk[:32]} was given no command {command_id[:16]!r}: list them"
    return FleetError("unknown-command", said)
