"""What became of a load whose intent is open: one table, from counters and pan.

The node counts gate cycles and hatch openings in FRAM; the intent holds both as they were
before the gate was told to move. Nothing is credited twice and nothing is lost silently:
where these facts cannot tell, the answer is `UNCERTAIN`.
"""

from __future__ import annotations

from enum import Enum


class Outcome(Enum):
    """How an open intent ends."""

    DEPOSIT = "deposit"
    DROP_AGAIN = "drop-again"
    VOID = "void"
    UNCERTAIN = "uncertain"


# (gate cycled since the intent, hatch opened since, pan empty) -> outcome
_OUTCOMES: dict[tuple[bool, bool, bool], Outcome] = {
    (True, False, True): Outcome.DEPOSIT,  # it fell, and nobody could reach it
    (True, False, False): Outcome.DROP_AGAIN,  # it hangs, or a part of it does
    (True, True, True): Outcome.UNCERTAIN,  # it fell, or it was taken after a failed drop
    (True, True, False): Outcome.UNCERTAIN,  # what lies there may be another load
    (False, False, True): Outcome.UNCERTAIN,  # a load that vanished behind two closed doors
    (False, False, False): Outcome.DROP_AGAIN,  # power failed before the gate moved
    (False, True, True): Outcome.VOID,  # the hatch was opened and the load taken back
    (False, True, False): Outcome.UNCERTAIN,  # what lies there may be another load
}


def decide(*, gate_cycled: bool, hatch_opened: bool, pan_empty: bool) -> Outcome:
    """Say how an intent ends, from what the counters and the pan show after it."""
    return _OUTCOMES[gate_cycled, hatch_opened, pan_empty]
