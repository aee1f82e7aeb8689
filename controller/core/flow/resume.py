"""After an interruption the session goes on, without a new scan, for whoever was interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.errors import CatalogueError
from controller.core import commands
from controller.core.flow import arrive, depart
from controller.core.load import Resident
from controller.core.scale import SOMETHING_G
from controller.core.states import State
from controller.core.view import ReceiptRow

if TYPE_CHECKING:
    from controller.core import events
    from controller.core.session import Session
    from controller.core.unclosed import Unclosed

GONE_AFTER_S = 300.0
"""So long somebody is thought to wait in front of a dead screen; an estimate. Later nobody is
greeted by another's account, though what was promised is credited all the same."""


def go_on(s: Session, closed: Unclosed, event: events.Committed, now_s: float) -> None:
    """Show what became of the load, and let its resident bring the next one."""
    bay = s.bays[closed.bay]
    if s.resident is None:
        s.resident, s.bay = _resident(s, closed, now_s), bay
    if s.resident is None:
        depart.rest_bay(s)
        depart.forget(s, event, now_s)
    elif bay is not s.bay:  # another's load, that had waited for its node
        depart.farewell(s, event, now_s)
    elif event.kind == "deposit":
        row = receipt_row(s, closed, event.line)
        s.receipt.append(row)
        s.enter(State.CREDITED, now_s, "recovered", points=row.points)
    elif event.kind == "void":
        _offer(s, event, now_s)
    else:
        depart.farewell(s, event, now_s)
        s.say("uncertain-given" if s.resident.gives else "uncertain")


def receipt_row(s: Session, closed: Unclosed, line: str) -> ReceiptRow:
    """What the receipt says of a deposit, from its intent and its record's line."""
    body = closed.body
    try:
        names = s.catalogue.item(body["item_code"]).names
        named = {"zh": names.zh, "en": names.en}
    except CatalogueError:  # another catalogue has come into force meanwhile
        named = dict.fromkeys(("zh", "en"), body["item_code"])
    return ReceiptRow(
        deposit_id=body["deposit_id"],
        names=named,
        mass_g=body["mass_g"],
        pieces=body["pieces"],
        priced_by=body["priced_by"],
        points=body["points"],
        carbon_g=body["carbon_g"],
        record=line,
    )


def _resident(s: Session, closed: Unclosed, now_s: float) -> Resident | None:
    """Whose load it was, if they may still be there; where no clock tells, nobody is greeted.

    Their session gets a new id: how many loads the old one had is not known any more, and no
    two deposits may share theirs.
    """
    if closed.promised_s is None or now_s - closed.promised_s > GONE_AFTER_S:
        return None
    body = closed.body
    return Resident(
        s.new_id(),
        body["account"],
        body["by"],
        body["jti"],
        body["clock_quality"],
        seen_before=body.get("seen_before", False),
        sealed=body.get("sealed") or "",
    )


def _offer(s: Session, event: object, now_s: float) -> None:
    """The promise is withdrawn: what still lies there goes back, else the next load may come."""
    gross_g = s.here.scale.gross_g
    if gross_g is not None and gross_g >= SOMETHING_G:
        s.ask(commands.OpenHatch(s.here.name))
        s.enter(State.RETURNING, now_s, "take-back")
    elif s.here.usable:
        arrive.prepare(s, event, now_s)
    else:
        depart.farewell(s, event, now_s)
