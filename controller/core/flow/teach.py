"""Staff teach the eyes in service: what the empty chamber looks like, and what items look like.

Pictures are taken outside the core; here it is said whether now is a time for one, and recorded
what came of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands
from controller.core.flow import on_duty
from controller.core.scale import SOMETHING_G
from controller.core.service.acts import Act

if TYPE_CHECKING:
    from controller.core import touches
    from controller.core.bay import Bay
    from controller.core.session import Session


def picture_asked(s: Session, event: touches.PictureAsked, now_s: float) -> None:
    """A picture is to be taken: the light goes on, if the pan bears what it should."""
    bay, duty = s.bays.get(event.bay), s.service.duty
    if not on_duty.allowed(s, Act.TEACH, now_s) or duty is None:
        return
    if bay is None:
        s.service.refuse("no-such-bay", f"no bay {event.bay!r} here: {', '.join(s.bays)}")
    elif bay.lost:  # what it said last of pan and hatch is old
        s.service.refuse("node-lost", f"bay {bay.name} is not heard: {bay.lost}")
    elif s.service.running is not None or _verifies(s):
        s.service.refuse("busy", "a check or a verification is on its way: finish that first")
    elif why := _why_not(bay, event):
        s.service.refuse(*why)
    else:
        duty.lit.add(bay.name)
        s.ask(commands.Light(bay.name, True))


def eyes_taught(s: Session, event: touches.EyesTaught, now_s: float) -> None:
    """What was done to the eyes, or was refused, is on record."""
    if on_duty.allowed(s, Act.TEACH, now_s):
        on_duty.record(s, event.what, event.result, now_s)


def _why_not(bay: Bay, event: touches.PictureAsked) -> tuple[str, str] | None:
    """Why this is no time for a picture, as a code and a sentence."""
    if event.of == "focus":
        return None
    gross_g = bay.scale.gross_g
    if gross_g is None:
        return "not-now", f"bay {bay.name} does not say what lies on its pan: see its checks"
    if bay.hatch != "CLOSED":
        return "hatch-open", f"close the hatch of bay {bay.name}: pictures are of the shut chamber"
    is_empty = abs(gross_g) < SOMETHING_G
    if event.of == "empty" and not is_empty:
        return "pan-loaded", f"{gross_g:.0f} g lie on the pan: take them out"
    if event.of == "item" and is_empty:
        return "pan-empty", "nothing lies on the pan: lay the item there"
    return None


def _verifies(s: Session) -> bool:
    return s.service.procedure is not None and s.service.procedure.step is not None
