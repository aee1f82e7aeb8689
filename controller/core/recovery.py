"""What became of a load whose intent is open: one table, from counters, pan and camera.

The node counts gate cycles and hatch openings in FRAM; the intent holds both as they were before
the gate was told to move. Nothing is credited twice and nothing is lost silently: where these
facts cannot tell, the answer is `UNCERTAIN`, which the ledger holds for staff. What each fact is
worth:

- **The gate's counter** counts leaves that stand fully open. One that stands still does not prove
  that nothing fell: leaves that lost their power half-way let a load slip and go back uncounted.
- **The hatch's counter** counts whenever the leaf leaves its place, whatever moves it, but only
  with power. Without power the lock is released, and a leaf that was pushed up by hand and down
  again is not counted. So a node that was without power since the promise vouches for no shut
  hatch: it was `FREE`.
- **The pan** weighs against the intent's own zero. What weighs as promised behind a hatch that was
  `FREE` is believed to be the load: to lay something else of the same mass there would take a cut
  at the right second and a second scale. Behind one that was `OPENED` it is not.
- **The camera** alone decides nothing; it is asked whether it agrees.

A gate that cycled, a hatch that was `FREE` and an empty pan are what an honest power cut just
after the drop leaves, and what somebody leaves who pulls the plug on a load that hangs and takes it
out by hand. Nothing tells them apart, the camera neither, so it is held and not credited.
"""

from __future__ import annotations

from enum import Enum


class Outcome(Enum):
    """How an open intent ends, or goes on."""

    DEPOSIT = "deposit"
    AGAIN = "drop-again"
    VOID = "void"
    UNCERTAIN = "uncertain"


class Gate(Enum):
    """What the gate's counter says since the promise."""

    STILL = "still"
    CYCLED = "cycled"


class Hatch(Enum):
    """What is known of the hatch since the promise."""

    SHUT = "shut"
    FREE = "free"
    OPENED = "opened"


class Pan(Enum):
    """What the pan bears: nothing, as much as was promised, or something else."""

    EMPTY = "empty"
    PROMISED = "promised"
    OTHER = "other"


class Camera(Enum):
    """What the chamber's camera sees."""

    EMPTY = "empty"
    SOMETHING = "something"
    BLIND = "blind"


LOST = None
"""In the place of gate and hatch: a counter ran backwards, so both are of another FRAM."""

Doors = tuple[Gate, Hatch] | None

_SEEN = (Camera.EMPTY, Camera.SOMETHING, Camera.BLIND)
_DEPOSIT, _AGAIN, _VOID, _HELD = Outcome.DEPOSIT, Outcome.AGAIN, Outcome.VOID, Outcome.UNCERTAIN
_STILL, _CYCLED = Gate.STILL, Gate.CYCLED

# what the counters say, and the pan: what follows where the camera sees nothing, something, no word
_ROWS: dict[tuple[Doors, Pan], tuple[Outcome, Outcome, Outcome]] = {
    # it fell, and nobody could reach it; what is still seen hangs without weight, or is a stain
    ((_CYCLED, Hatch.SHUT), Pan.EMPTY): (_DEPOSIT, _AGAIN, _DEPOSIT),
    ((_CYCLED, Hatch.SHUT), Pan.PROMISED): (_AGAIN, _AGAIN, _AGAIN),  # it hangs
    ((_CYCLED, Hatch.SHUT), Pan.OTHER): (_AGAIN, _AGAIN, _AGAIN),  # a part of it does
    # it fell, or it hung and was taken out by hand
    ((_CYCLED, Hatch.FREE), Pan.EMPTY): (_HELD, _HELD, _HELD),
    ((_CYCLED, Hatch.FREE), Pan.PROMISED): (_HELD, _AGAIN, _AGAIN),  # it hung, and still does
    ((_CYCLED, Hatch.FREE), Pan.OTHER): (_HELD, _HELD, _HELD),  # a part of it, or another thing
    # it fell, or it was taken after a failed drop; what lies there may be another load
    ((_CYCLED, Hatch.OPENED), Pan.EMPTY): (_HELD, _HELD, _HELD),
    ((_CYCLED, Hatch.OPENED), Pan.PROMISED): (_HELD, _HELD, _HELD),
    ((_CYCLED, Hatch.OPENED), Pan.OTHER): (_HELD, _HELD, _HELD),
    # it vanished behind two shut doors: leaves that a dying node let go half-way
    ((_STILL, Hatch.SHUT), Pan.EMPTY): (_HELD, _HELD, _HELD),
    ((_STILL, Hatch.SHUT), Pan.PROMISED): (_AGAIN, _AGAIN, _AGAIN),  # the gate never moved
    ((_STILL, Hatch.SHUT), Pan.OTHER): (_AGAIN, _AGAIN, _AGAIN),  # a part slipped half-way
    # it slipped half-way, or it was taken out by hand
    ((_STILL, Hatch.FREE), Pan.EMPTY): (_HELD, _HELD, _HELD),
    ((_STILL, Hatch.FREE), Pan.PROMISED): (_HELD, _AGAIN, _AGAIN),  # the power failed before it
    ((_STILL, Hatch.FREE), Pan.OTHER): (_HELD, _HELD, _HELD),  # a part of it, or another thing
    # it slipped half-way, or the hatch was opened and it was taken back
    ((_STILL, Hatch.OPENED), Pan.EMPTY): (_HELD, _HELD, _HELD),
    # it did not fall, and may have been changed for another: offered back and judged anew
    ((_STILL, Hatch.OPENED), Pan.PROMISED): (_HELD, _VOID, _VOID),
    ((_STILL, Hatch.OPENED), Pan.OTHER): (_HELD, _HELD, _HELD),
    # no counter to go by: what weighs as promised has not fallen, of all else nobody knows
    (LOST, Pan.EMPTY): (_HELD, _HELD, _HELD),
    (LOST, Pan.PROMISED): (_HELD, _VOID, _VOID),
    (LOST, Pan.OTHER): (_HELD, _HELD, _HELD),
}


def decide(doors: Doors, pan: Pan, camera: Camera) -> Outcome:
    """Say how an intent ends, from what counters, pan and camera show after it.

    Args:
        doors: What became of gate and hatch since the promise; None where a counter ran backwards.
        pan: What it bears now, at rest, by the intent's zero.
        camera: What is seen there now.
    """
    return _ROWS[doors, pan][_SEEN.index(camera)]
