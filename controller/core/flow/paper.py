"""A receipt on paper: asked for by a touch, and told how it went. No visit waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands

if TYPE_CHECKING:
    from controller.core.events import Printed
    from controller.core.session import Session
    from controller.core.touches import ReceiptWanted

SAID_IN = ("CREDITED", "FAREWELL")
"""States in which the resident is told how it went; in any other something else is going on."""


def wanted(s: Session, event: ReceiptWanted, now_s: float) -> None:
    """Print what this visit has brought and is not on paper yet; a second touch prints nothing.

    A page that is late may show another visit's receipt: it is not this resident's to print.
    """
    paper, last = s.paper, s.receipt[-1].deposit_id if s.receipt else ""
    if not s.has_printer or paper.on(len(s.receipt)) != "offered" or event.last != last:
        s.refused[f"{s.state.value}:ReceiptWanted"] += 1
        return
    s.slips += 1
    paper.ask(s.slips, len(s.receipt))
    s.ask(commands.Print(s.slips, event.slip))
    s.say("printing")
    _stay(s, now_s)


def printed(s: Session, event: Printed, now_s: float) -> None:
    """The slip is out, or why not; whoever asked may have gone meanwhile."""
    if event.number != s.paper.asked:
        return
    s.paper.answered(is_printed=not event.trouble)
    if s.state.value not in SAID_IN:
        return
    match event.trouble:
        case "":
            s.say("printed")
        case "paper-out":
            s.say("printer-empty")
        case "cover-open":
            s.say("printer-open")
        case _:
            s.say("not-printed")
    _stay(s, now_s)


def _stay(s: Session, now_s: float) -> None:
    """What was said anew is there for as long as what it stands in place of."""
    timeout = s.table.rows[s.state].timeout
    s.warned = False
    s.wait(getattr(s.config.session, timeout) if timeout else None, now_s)
