"""What must not happen now, and why: each rule answers with a refusal's word, "" for none.

Hatch and gate are never open together, and neither closes on anybody. Doubt counts as danger.
"""


def not_safe_to_lock(senses, cell):
    """Why nobody may be shut in: somebody may be inside, or wants out."""
    if senses.presence:
        return "presence"
    if senses.inner_release:
        return "inner-release"
    if cell.unknown:
        return "load-unknown"
    return "overload" if cell.overload else ""


def not_safe_to_close(senses, not_lockable, gate_shut):
    """Why the hatch must not close, nor go on closing; `not_lockable` as `not_safe_to_lock`."""
    if senses.hand:
        return "hand-inside"
    if senses.edge:
        return "edge"
    return not_lockable if gate_shut else "gate-not-closed"


def not_safe_to_drop(senses, hatch_locked):
    """Why the gate must not open, nor stay open."""
    if senses.hand:
        return "hand-inside"
    if senses.edge:
        return "edge"
    if senses.presence:
        return "presence"
    if senses.inner_release:
        return "inner-release"
    return "" if hatch_locked else "hatch-not-closed"


def not_safe_to_restart(senses, cell, hatch_shut):
    """Why the bay must not go unwatched for the second that a start takes.

    Somebody may be there, or is at something. Doubt about who is inside is no reason where the
    hatch stands open: a start closes nothing, and it may be what ends the doubt.
    """
    if senses.hand:
        return "hand-inside"
    if senses.edge:
        return "edge"
    if senses.warm or (hatch_shut and senses.presence):
        return "presence"
    if cell.overload:
        return "overload"
    return "inner-release" if senses.inner_release else ""


def not_fit(senses, fire, broken):
    """Why nothing may be moved for the controller at all; `broken` is a fault that forbids it."""
    if senses.emergency_stop:
        return "emergency-stop"
    if fire:
        return "fire"
    if broken:
        return "fault"
    return "undervoltage" if senses.weak else ""
