"""While somebody is in service: their time without a touch, their records, and their motions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands
from controller.core.flow import journal
from controller.core.scale import SOMETHING_G
from controller.core.service.duty import KEY, Answer, Done

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.core.bay import Bay
    from controller.core.service.acts import Act
    from controller.core.service.measured import Motion
    from controller.core.session import Session


def record(s: Session, what: str, result: str, now_s: float) -> None:
    """Every act is a record: who, what, and what came of it."""
    by = who(s)
    s.service.acts.append(Done(now_s, by, what, result))
    s.ask(commands.Commit("service", {"what": f"{what}: {result}"[:300], "by": by}))


def who(s: Session) -> str:
    """Who does what is done now, as records name them."""
    return KEY if s.service.duty is None else s.service.duty.by


def move(s: Session, motion: Motion) -> None:
    """Ask the node; what comes onto the pan while a hatch is open is no zero."""
    bay, duty = s.bays[motion.bay], s.service.duty
    if isinstance(motion, commands.OpenHatch) and not bay.unfinished:
        journal.remember(s, bay, unfinished=True)
    if duty is not None:
        duty.moved.add(bay.name)
    s.ask(bay.load_limit, motion)


def may_not_move(bay: Bay, motions: Sequence[Motion]) -> str:
    """Why the controller itself asks for no motion; what is unsafe, the node refuses anyway."""
    if bay.interrupted:
        return "a load of a resident waits there: leave service, and the kiosk sees to it"
    gross_g = bay.scale.gross_g
    drops = any(isinstance(one, commands.DropLoad) for one in motions)
    if drops and gross_g is not None and gross_g >= SOMETHING_G:
        return f"{gross_g:.0f} g lie on the pan: take them out, nothing falls uncredited"
    return ""


def allowed(s: Session, act: Act, now_s: float) -> bool:
    """Whether whoever is in service may do this; says so where not."""
    touch(s, now_s)
    duty = s.service.duty
    if duty is not None and duty.may(act):
        return True
    s.refused[f"service:{act.value}"] += 1
    s.service.refuse("forbidden", f"this badge is not for {act.value}: see docs/service.md")
    return False


def touch(s: Session, now_s: float) -> None:
    """Somebody is there: the time without a touch begins anew, and their badge speaks for them."""
    duty = s.service.duty
    if duty is not None:
        duty.touched_s = now_s
        s.staff = duty.spoken_for(now_s)
    s.service.answer = Answer()
    rearm(s, now_s)


def rearm(s: Session, now_s: float) -> None:
    """Wait for whichever comes first: a motion that is late, or too long without a touch."""
    duty, running = s.service.duty, s.service.running
    if duty is None or duty.leaves:
        return
    ends_s = duty.touched_s + s.config.session.service_s
    if running is not None:
        ends_s = min(ends_s, running.deadline_s)
    s.wait(max(0.0, ends_s - now_s), now_s)
