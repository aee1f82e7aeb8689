"""From a load that lies in its bin to points: record, show, and another load or farewell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.flow import arrive, depart, journal
from controller.core.flow.drop import give_up
from controller.core.load import deposit_body
from controller.core.states import State
from controller.core.view import ReceiptRow

if TYPE_CHECKING:
    from controller.core.session import Session
    from controller.core.touches import Answered

MORE = "more"
"""The answer that opens the hatch for another load."""


def write_deposit(s: Session, empty_check: str, now_s: float) -> None:
    """The load is in the bin: write the deposit, which closes the intent."""
    load = s.pending
    assert load.promise is not None and load.intent is not None
    body = deposit_body(load.promise, load.intent, empty_check, s.here)
    s.deposit = commands.Commit("deposit", body, closes=load.intent)
    s.ask(s.deposit)
    s.enter(State.CREDITING, now_s)


def retry_deposit(s: Session, event: object, now_s: float) -> None:
    """The disk failed after the drop: the intent stands, so try until it works."""
    assert s.deposit is not None, "only what was written waits for the disk"
    s.ask(s.deposit)
    s.enter(State.CREDITING, now_s, "record-late")


def wait_for_disk(s: Session, event: events.CommitFailed, now_s: float) -> None:
    """Say that the record is late; the state's timeout writes it again, where that can help."""
    if event.wish is not s.deposit:
        journal.keep(s, event, now_s)
    elif event.lasting:
        give_up(s, journal.REFUSED, now_s)
        journal.refused_for_good(s, event, s.here, now_s)
    else:
        s.say("record-late")


def credited(s: Session, event: events.Committed, now_s: float) -> None:
    """Show the points; another load, or farewell. What the drop left on the pan may be zeroed."""
    load = s.pending
    if event.closes != load.intent:
        return
    assert load.accepted is not None
    s.here.scale.release_zero()
    journal.remember(s, s.here, unfinished=False)
    if s.guest.by == "card":
        s.doorkeeper.cards.bring(s.guest.jti, load.accepted.priced.points)
    item, priced = load.accepted.item, load.accepted.priced
    s.receipt.append(
        ReceiptRow(
            deposit_id=f"{s.guest.session}-{load.number}",
            names={"zh": item.names.zh, "en": item.names.en},
            mass_g=load.weighing.mass_g,
            pieces=load.accepted.pieces,
            priced_by=priced.priced_by,
            points=priced.points,
            carbon_g=priced.carbon_g,
            record=event.line,
        )
    )
    s.load = None
    light = load.weighing.mass_g < s.here.config.scale.min_g
    taken = "given" if s.guest.gives else "accepted"
    message = "below-min" if light and priced.priced_by == "none" else taken
    s.enter(State.CREDITED, now_s, message, points=priced.points)


def go_on(s: Session, event: Answered, now_s: float) -> None:
    """Another load, if the bay is still fit for one."""
    if event.answer != MORE or not s.here.usable:
        depart.farewell(s, event, now_s)
    else:
        arrive.prepare(s, event, now_s)
