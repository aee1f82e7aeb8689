"""The mains goes and comes back: a kiosk on its battery begins nothing that it may not finish.

A visit under way goes on: a deposit takes some twenty seconds, and a kiosk's UPS lasts minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import commands

if TYPE_CHECKING:
    from controller.core import events
    from controller.core.session import Session


def mains_seen(s: Session, event: events.MainsSeen, now_s: float) -> None:
    """Close every bay for new loads while the battery is all there is."""
    lost = not event.on
    if lost and not all(bay.on_battery for bay in s.bays.values()):
        s.ask(commands.Note("mains-lost", "", "the UPS's battery feeds the kiosk"))
    for bay in s.bays.values():
        bay.on_battery = lost
