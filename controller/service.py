"""What staff write into the journal of a stopped kiosk: the end of an intent nobody can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.badge import Badge, Role
from contract.errors import KioskError
from contract.instant import instant_of
from controller.core.records import Draft

if TYPE_CHECKING:
    from contract.journal import Journal
    from controller.core.identity import Doorkeeper
    from controller.ports import Clock, Store

MAY = frozenset({Role.SERVICE, Role.CALIBRATION})
"""Who may give up a promise: those who look into a bay, and no driver."""

REASON_MAX = 200


class ServiceError(KioskError):
    """Staff may not do this, or not like this; the message says why."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of the wish to end an intent: `record` ended it, now (`written`) or before.

    `record` is 0 where it cannot be ended so, and `reason` says why.
    """

    seq: int
    record: int
    written: bool = False
    reason: str = ""


def staff_of(text: str, door: Doorkeeper, clock: Clock) -> Badge:
    """Who shows this badge (a `GR1:` text), if they may end an intent.

    Raises:
        TokenError: It is no badge that holds here and now.
        ServiceError: It is something else, or of another role.
    """
    clock_known = clock.quality() == "synchronised"
    shown = door.read(text.strip(), clock.utc_s(), 0.0, clock_known=clock_known)
    if not isinstance(shown, Badge):
        raise ServiceError("this is a resident's code or card: show a staff badge")
    if not shown.roles & MAY:
        held = ", ".join(sorted(role.name.lower() for role in shown.roles))
        raise ServiceError(f"this badge is for {held}: it takes one for service or calibration")
    return shown


async def end_intent(
    store: Store, journal: Journal, staff: Badge, seq: int, reason: str, clock: Clock
) -> Ended:
    """Give up the promise `seq`, if nobody can read it any more; doing so again changes nothing.

    Args:
        store: The open journal.
        journal: The same file, as a verifier reads it.
        staff: Who does it.
        seq: The intent's.
        reason: Why, in a sentence.
        clock: The record's time.

    Raises:
        ServiceError: The reason is none, or too long.
        StoreError: It could not be written.
    """
    if not 0 < len(reason) <= REASON_MAX:
        raise ServiceError(f"give a reason of 1 to {REASON_MAX} characters, not {len(reason)}")
    if seq not in {one.seq for one in await store.unreadable_intents()}:
        return await _why_not(store, journal, seq)
    what = f"intent {seq} given up: {reason}"
    body = {"what": what, "by": staff.staff, "intent": seq}
    at = instant_of(clock.utc_s())
    entry = await store.append(Draft("service", body, at, sent=False, closes=seq))
    return Ended(seq, entry.seq, written=True)


async def _why_not(store: Store, journal: Journal, seq: int) -> Ended:
    if seq in {one.seq for one in await store.open_intents()}:
        return Ended(seq, 0, reason="it can be read: the kiosk sees to it when it starts")
    with journal.open() as reading:
        filed = [row.filed for row in reading.rows() if row.filed]
    for one in filed:
        if one.closes == seq:
            is_ours = one.kind == "service"
            why = "" if is_ours else f"record {one.seq}, a {one.kind}, has ended it"
            return Ended(seq, one.seq if is_ours else 0, reason=why)
    return Ended(seq, 0, reason="there is no such intent that is open")
