"""From a hand in the open hatch to a verdict: load, close, weigh, look, decide, ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands, events
from controller.core.flow import depart, drop, give_back
from controller.core.load import Load
from controller.core.scale import SOMETHING_G, ScaleError
from controller.core.sill import Sill
from controller.core.states import State
from controller.core.trigger import PICTURES, REACHES_IN
from controller.core.verdict import Accept, Ask, Return

if TYPE_CHECKING:
    from controller.core.session import Session
    from controller.core.touches import Answered, ResidentLeft
    from controller.core.verdict import Verdict

FRAMES = 3
"""Pictures that vote on one load."""

WEIGHED_AT_MOST = 3
"""A load whose mass changes so often behind a closed hatch does not rest."""


def hand(s: Session, event: events.HandMoved, now_s: float) -> None:
    """Whoever has a hand in the hatch is busy: the idle time starts anew."""
    s.enter(State.LOADING, now_s, s.sill.says(s.here.hand_left_s))


def watch(s: Session, event: events.Samples, now_s: float) -> None:
    """Close once something lies still on the pan and the hand has been out for a while.

    The camera is asked meanwhile, so that its word costs no time.
    """
    gross_g = s.here.scale.gross_g
    if gross_g is None or gross_g < SOMETHING_G or not s.here.scale.at_rest:
        return
    if gross_g > s.here.config.load_limit_g:
        s.say("returned-too-heavy", limit_kg=s.here.config.load_limit_g // 1000)
        return
    if now_s < s.sill.free_from_s(s.here.hand_left_s):
        return
    if s.trigger.wants(now_s) and not s.here.hand:
        number = s.next_look()
        s.ask(commands.Watch(s.here.name, number, PICTURES))
        s.trigger.asked(number, now_s)
    # A refused closing comes back to this state: do not ask again at the rate of the samples.
    quiet_s = min(s.here.hand_out_for_s(now_s), now_s - s.entered_s)
    if quiet_s >= s.config.session.hand_out_s and _is_free(s, now_s):
        s.ask(commands.CloseHatch(s.here.name))
        s.enter(State.CLOSING, now_s)


def _is_free(s: Session, now_s: float) -> bool:
    """Whether the camera lets the hatch close.

    A stubborn camera is overruled, but not where the hatch has just met what the camera sees.
    """
    is_met = s.sill.is_blocked(s.here.hand_left_s) and s.trigger.glance in REACHES_IN
    return s.trigger.allows(now_s) and not is_met


def idle(s: Session, event: events.TimePassed, now_s: float) -> None:
    """Warn once, then close and say farewell."""
    if not s.warned:
        s.say("idle-warning")
        s.warned = True
        s.wait(s.config.session.idle_s - s.config.session.warning_s, now_s)
    else:
        depart.close_and_leave(s, event, now_s)


def leave(s: Session, event: ResidentLeft, now_s: float) -> None:
    """The resident is done; a load still on the pan must be taken or given first."""
    gross_g = s.here.scale.gross_g
    if gross_g is not None and gross_g >= SOMETHING_G:
        s.say("take-back")
    elif (rests_s := s.sill.free_from_s(s.here.hand_left_s) - now_s) > 0:
        s.warned = True  # the closing that would come of idleness comes then
        s.wait(rests_s, now_s)
    else:
        depart.close_and_leave(s, event, now_s)


def closed(s: Session, event: events.HatchClosed, now_s: float) -> None:
    """The hatch is shut and still: weigh from here on."""
    s.here.scale.restart()
    s.sill = Sill()
    s.enter(State.MEASURING, now_s)


def measure(s: Session, event: events.Samples, now_s: float) -> None:
    """Declare the weight once the pan is at rest, and look at what lies there."""
    if not s.here.scale.at_rest:
        return
    try:
        weighing = s.here.scale.weigh()
    except ScaleError:
        give_back.give_back(s, "returned-too-heavy", now_s)
        return
    if weighing.mass_g < SOMETHING_G:
        s.load = None
        s.ask(commands.OpenHatch(s.here.name))
        s.enter(State.OPENING, now_s)
        return
    if s.load is None:
        s.loads += 1
    times = s.load.weighed + 1 if s.load else 1
    s.load = Load(s.loads, weighing, s.here.hatch_openings, weighed=times)
    if weighing.mass_g > s.here.config.load_limit_g:
        give_back.give_back(s, "returned-too-heavy", now_s)
        return
    s.ask(commands.Look(s.here.name, s.next_look(), FRAMES))
    s.enter(State.DECIDING, now_s)


def unsteady(s: Session, event: events.TimePassed, now_s: float) -> None:
    """The pan did not come to rest in time."""
    give_back.give_back(s, "returned-unsteady", now_s)


def decide(s: Session, event: events.Looked, now_s: float) -> None:
    """Judge the load."""
    if event.number != s.looks:
        return
    if event.sight is None:
        give_back.give_back(s, "returned-dark", now_s)
        return
    s.pending.sight = event.sight
    _follow(s, s.judge.judge(event.sight, s.pending.weighing.mass_g), now_s)


def _follow(s: Session, verdict: Verdict, now_s: float) -> None:
    match verdict:
        case Accept() as accepted:
            _accept(s, accepted, now_s)
        case Ask(items):
            s.choices = items
            s.enter(State.ASKING, now_s)
        case Return(reason):
            give_back.give_back(s, reason, now_s)


def blind(s: Session, event: events.TimePassed, now_s: float) -> None:
    """The eyes did not answer in time."""
    give_back.give_back(s, "returned-dark", now_s)


def answer(s: Session, event: Answered, now_s: float) -> None:
    """Weigh the resident's word for which of the offered items it is."""
    load = s.pending
    assert load.sight is not None, "only what was seen is asked about"
    verdict = s.judge.answered(load.sight, load.weighing.mass_g, s.choices, event.answer)
    _follow(s, verdict, now_s)


def no_answer(s: Session, event: object, now_s: float) -> None:
    """Nobody answered: what is not named goes back."""
    give_back.give_back(s, "returned-unknown", now_s)


def _accept(s: Session, accepted: Accept, now_s: float) -> None:
    """Promise what was weighed, if that is what still lies there; else weigh again.

    A level is declared in a quarter of a second. What moves more slowly than that, wind or a
    load that leaves, has shown itself by the time that the load was looked at. What weighs the same
    is another load, for all that anybody knows, where the hatch has opened since.
    """
    if s.here.hatch_openings != s.pending.hatch_openings:
        give_back.give_back(s, "returned-gate", now_s)
    elif s.here.scale.confirms(s.pending.weighing):
        drop.promise(s, accepted, now_s)
    elif s.pending.weighed < WEIGHED_AT_MOST:
        s.enter(State.MEASURING, now_s)
    else:
        give_back.give_back(s, "returned-unsteady", now_s)
