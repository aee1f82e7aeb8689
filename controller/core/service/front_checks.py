"""Checks of the kiosk's front: what only a person sees, hears or feels, and the key and the UPS.

The kiosk lights, sounds or blows, and asks; whoever stands there answers. Nobody answers for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.service.do import Do
from controller.core.service.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.core.service.finding import Seen

SEEN_S = 600.0
"""A key that was turned, or a plug that was pulled, so shortly before was so for this check."""


def asked(part: str, do: Do) -> Callable[[Seen], Finding]:
    """A check that believes whoever answers; `do` is for where they say no."""

    def judge(seen: Seen) -> Finding:
        if part not in seen.given.wired:
            return Finding("unknown", "", "", Do.NOT_WIRED)
        if seen.answer is None:
            return Finding("unknown", "", "", Do.NOBODY_ANSWERED)
        return Finding("good", "", "") if seen.answer else Finding("bad", "", "", do)

    return judge


_DO_OF_PRINTER = {
    "paper-out": Do.NO_PAPER,
    "cover-open": Do.COVER_OPEN,
    "lost": Do.PRINTER_LOST,
}
"""What the printer says of itself (`ports.PrinterError`) → what is done about it."""


def printer(seen: Seen) -> Finding:
    """What the printer says of itself; where it says nothing, whoever looked for the line does."""
    trouble = seen.given.troubles.get("printer")
    if trouble is not None and "printer" in seen.given.wired:
        do = _DO_OF_PRINTER.get(trouble, Do.PRINTER_FAILS)
        return Finding("bad", "", "", do)
    return asked("printer", Do.PRINTER_BLANK)(seen)


def key(seen: Seen) -> Finding:
    """The service key was turned, and the kiosk heard it."""
    if "key" not in seen.given.wired:
        return Finding("unknown", "", "", Do.NOT_WIRED)
    return _just_now(seen, seen.key_seen_s, Do.TURN_KEY)


def mains(seen: Seen) -> Finding:
    """The UPS's line said that the mains went, and that it came back."""
    if "mains" not in seen.given.wired:
        return Finding("unknown", "", "", Do.NOT_WIRED)
    if seen.on_battery:
        return Finding("bad", "battery", "mains", Do.MAINS_OUT)
    return _just_now(seen, seen.mains_back_s, Do.PULL_MAINS)


def _just_now(seen: Seen, at_s: float | None, do: Do) -> Finding:
    limit = f"≤ {SEEN_S / 60:.0f} min"
    if at_s is None or seen.now_s - at_s > SEEN_S:
        return Finding("unknown", "", limit, do)
    return Finding("good", f"{(seen.now_s - at_s) / 60:.1f} min", limit)
