"""What became of a command from afar is kept, and told to the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands
from controller.core.remote.orders import DONE

if TYPE_CHECKING:
    from controller.core.remote.kept import OrderRow
    from controller.core.session import Session


def end(s: Session, row: OrderRow, stage: str, code: str, detail: str, now_s: float) -> None:
    """The command is over, at `now_s` of loop time: `done`, or `refused` with a code."""
    row = s.orders.move(row, stage, now_s, code, detail)
    s.ask(commands.KeepOrders(s.orders.kept))
    tell(s, row)


def tell(s: Session, row: OrderRow) -> None:
    """Say what has become of it so far."""
    outcome: commands.Outcome = "waiting"
    if row.stage in DONE:
        outcome = "done"
    elif row.stage == "refused":
        outcome = "refused"
    s.ask(commands.TellResult(row.id, outcome, row.code, row.detail, row.at))
