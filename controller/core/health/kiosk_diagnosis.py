"""From what a kiosk has shown besides its bays to the parts that fail: one rule a part.

What is over soon by itself is no failing part: a modem that dials again, a stick that is changed, a
clock that waits for its time service. So each rule has its patience.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from controller.core.health.kiosk_parts import DO_AT_KIOSK, KioskPart
from controller.core.health.kiosk_signs import lasted_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.core.health.kiosk_signs import KioskSigns, Trouble

OFFLINE_S = 300.0
"""A modem that lost its cell is back long before, and residents notice nothing meanwhile."""

UNACKED_S = 300.0
"""The ledger answers within a second; by then the outbox has sent everything anew (60 s)."""

READER_S = 30.0
PRINTER_S = 120.0
"""A roll is changed, and the cover shut again, in less."""

MIRROR_S = 600.0
"""Sticks are changed in less."""

BATTERY_S = 60.0
"""Mains that is back so soon was a switch-over."""

UNVOUCHED_S = 3_600.0
"""A time service needs minutes after a start, and longer where the network comes late."""

REMEMBERED_S = 600.0
SLOW_WRITES = 3
STARTS, STARTS_S = 3, 600.0
"""An update restarts the controller once, and a technician twice."""

BOOTS, BOOTS_S = 3, 3_600.0

_BY_UPLINK = {
    "no-network": KioskPart.NETWORK,
    "lost": KioskPart.BROKER,
    "refused": KioskPart.BROKER,
    "not-authorised": KioskPart.BROKER,
}
"""What is not here is about certificates (`ports.UplinkBarredError`)."""


def failing_at(signs: KioskSigns, now_s: float) -> dict[KioskPart, str]:
    """The parts of a kiosk besides its bays that fail, each with what staff do; empty if none."""
    named = {}
    for rule in _RULES:
        found = rule(signs, now_s)
        if found is not None:
            part, reason = found
            named[part] = f"{DO_AT_KIOSK[part]} ({reason})" if reason else DO_AT_KIOSK[part]
    return named


Found = tuple[KioskPart, str] | None
"""A part that fails, and what was told of it."""


def _uplink(signs: KioskSigns, now_s: float) -> Found:
    trouble = signs.uplink
    if trouble is None or now_s - trouble.since_s < OFFLINE_S:
        return None
    return _BY_UPLINK.get(trouble.code, KioskPart.CERTIFICATE), trouble.reason


def _ledger(signs: KioskSigns, now_s: float) -> Found:
    return _if(lasted_s(signs.unacked_s, now_s) >= UNACKED_S, KioskPart.LEDGER)


def _disk(signs: KioskSigns, now_s: float) -> Found:
    """What it says; where it says nothing, how long it takes."""
    if signs.disk is not None:
        part = KioskPart.ROOM if signs.disk.code == "full" else KioskPart.DISK
        return part, signs.disk.reason
    slow = sum(now_s - at_s <= REMEMBERED_S for at_s in signs.slow)
    return _if(slow >= SLOW_WRITES, KioskPart.DISK)


def _mirror(signs: KioskSigns, now_s: float) -> Found:
    return _lasting(signs.mirror, MIRROR_S, KioskPart.MIRROR, now_s)


def _clock(signs: KioskSigns, now_s: float) -> Found:
    jumped = any(now_s - at_s <= REMEMBERED_S for at_s in signs.jumps)
    return _if(jumped or lasted_s(signs.unvouched_s, now_s) >= UNVOUCHED_S, KioskPart.CLOCK)


def _reader(signs: KioskSigns, now_s: float) -> Found:
    return _lasting(signs.reader, READER_S, KioskPart.READER, now_s)


def _printer(signs: KioskSigns, now_s: float) -> Found:
    return _lasting(signs.printer, PRINTER_S, KioskPart.PRINTER, now_s)


def _controller(signs: KioskSigns, now_s: float) -> Found:
    """On one and the same computer that runs on: it is the program."""
    recent = Counter(boot for at_s, boot in signs.starts if now_s - at_s <= STARTS_S)
    return _if(any(count >= STARTS for count in recent.values()), KioskPart.CONTROLLER)


def _computer(signs: KioskSigns, now_s: float) -> Found:
    boots = {boot for at_s, boot in signs.starts if now_s - at_s <= BOOTS_S}
    return _if(len(boots) >= BOOTS, KioskPart.COMPUTER)


def _mains(signs: KioskSigns, now_s: float) -> Found:
    return _if(lasted_s(signs.battery_s, now_s) >= BATTERY_S, KioskPart.MAINS)


def _lasting(trouble: Trouble | None, patience_s: float, part: KioskPart, now_s: float) -> Found:
    if trouble is None or now_s - trouble.since_s < patience_s:
        return None
    return part, trouble.reason


def _if(so: bool, part: KioskPart) -> Found:
    return (part, "") if so else None


_RULES: tuple[Callable[[KioskSigns, float], Found], ...] = (
    _uplink,
    _ledger,
    _disk,
    _mirror,
    _clock,
    _reader,
    _printer,
    _controller,
    _computer,
    _mains,
)
