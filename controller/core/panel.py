"""The front panel: which lamp says how the kiosk stands, and which tone goes with what happened.

Lamps after IEC 60073: green is normal, yellow abnormal, red that nothing is taken. One is lit at a
time, and none blinks. Tones are for people who do not see the screen well.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from controller.core.viewing import CLOSED

if TYPE_CHECKING:
    from controller.core.view import View


PARTS = frozenset({"lamp", "buzzer", "fan", "key", "mains"})
"""What a front panel may have."""


class Lamp(Enum):
    """A lamp that is seen from afar."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Tone(Enum):
    """What the buzzer says: seconds on, off, on, ..., so that each is told from the others."""

    KNOWN = (0.08,)
    TAKEN = (0.08, 0.08, 0.08)
    COMES_BACK = (0.5,)
    HURRY = (0.2, 0.2, 0.2)
    REFUSED = (0.5, 0.2, 0.5)


_BEGINS = {"IDENTIFIED": Tone.KNOWN, "CREDITED": Tone.TAKEN, "RETURNING": Tone.COMES_BACK}
"""What is heard when the session enters this state."""

_REFUSALS = ("code-", "card-", "closed-", "phone-wrong", "phone-not-here", "badge-refused")
"""How messages begin that turn somebody away who has shown or typed something."""


_HURRIES = ("idle-warning", "still-there")
"""Messages after which the visit ends in a while."""


def lamp_of(view: View) -> Lamp:
    """Green while every bay takes something, yellow while some do, red while none does."""
    if all(bay.usable for bay in view.bays):
        return Lamp.GREEN
    return Lamp.YELLOW if view.takes_something else Lamp.RED


def tone_between(before: View | None, after: View) -> Tone | None:
    """What is heard when the screen changes from one view to the next; None for silence."""
    if before is None:
        return None
    if after.state != before.state and after.state in _BEGINS:
        return _BEGINS[after.state]
    if (after.message, after.told) == (before.message, before.told):
        return None
    if after.message in _HURRIES:
        return Tone.HURRY
    if after.message == CLOSED and after.told == before.told:
        return None  # it has become late, and nobody was turned away
    return Tone.REFUSED if after.message.startswith(_REFUSALS) else None
