"""The camera's word before the hatch closes, and before the load behind it is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import events
from controller.core.flow import give_back, weigh
from controller.core.states import State
from controller.core.trigger import Glance

if TYPE_CHECKING:
    from controller.core.session import Session

IN_THE_WAY = {Glance.HAND: "hand-inside", Glance.STRING: "returned-string"}
"""What is said of what reaches in, for as long as it does."""


def watched(s: Session, event: events.Watched, now_s: float) -> None:
    """Say what is in the way; the pan's next samples close the hatch or ask again."""
    if not s.trigger.hear(event.number, event.glance):
        return
    if event.glance in IN_THE_WAY:
        s.say(IN_THE_WAY[event.glance])
    elif s.message in IN_THE_WAY.values():
        s.say("idle-warning" if s.warned else s.sill.says(s.here.hand_left_s) or "put-in")


def looked(s: Session, event: events.Looked, now_s: float) -> None:
    """Judge the load, unless it was seen moving or reaches out through the closed hatch."""
    if event.number != s.looks:
        return
    problems = event.sight.problems if event.sight is not None else ()
    if Glance.STRING.value in problems:
        give_back.give_back(s, "returned-string", now_s)
    elif Glance.HAND.value in problems:
        give_back.give_back(s, "returned-at-hatch", now_s)
    elif Glance.MOVING.value not in problems:
        weigh.decide(s, event, now_s)
    elif s.pending.weighed < weigh.WEIGHED_AT_MOST:
        s.enter(State.MEASURING, now_s)
    else:
        give_back.give_back(s, "returned-unsteady", now_s)
