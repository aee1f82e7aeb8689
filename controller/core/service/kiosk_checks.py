"""Checks of what a kiosk has once: journal, uplink, clock, catalogue, code reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.service.do import Do
from controller.core.service.finding import Finding, within

if TYPE_CHECKING:
    from controller.core.service.finding import Seen

CODE_S = 120.0
"""A code that was read so shortly before shows that the reader reads."""

OLD_S = 86_400
"""A record that has waited for a day waits for more than a network that comes and goes."""

DAYS = 30
DAY_S = 86_400
"""A certificate is renewed at two thirds of its life: with less than that left, it was not."""


def code_reader(seen: Seen) -> Finding:
    """Some code was read just now, whatever it was."""
    at_s, limit = seen.code_seen_s, f"≤ {CODE_S:g} s"
    if at_s is None or seen.now_s - at_s > CODE_S:
        return Finding("unknown", "", limit, Do.SHOW_A_CODE)
    return Finding("good", f"{seen.now_s - at_s:.0f} s", limit)


def journal(seen: Seen) -> Finding:
    """The journal can take another record."""
    given = seen.given
    if given.room_bytes is None:
        return Finding("unknown", "", "", Do.JOURNAL_SILENT, given.room_reason)
    figure = f"{given.room_bytes / 1e6:.0f} MB"
    do, detail = Do.JOURNAL_FULL, given.room_reason
    return within(is_good=not detail, figure=figure, limit="", do=do, detail=detail)


def outbox(seen: Seen) -> Finding:
    """Nothing waits for long, and nothing was set aside."""
    given = seen.given
    if given.waiting is None:
        return Finding("unknown", "", "", Do.JOURNAL_SILENT)
    oldest_s, aside = given.oldest_s or 0, given.aside or 0
    figure = f"{given.waiting}, {oldest_s / 3600:.1f} h, {aside} aside"
    do = Do.RECORDS_ASIDE if aside else Do.OUTBOX_OLD
    is_good = oldest_s <= OLD_S and not aside
    return within(is_good=is_good, figure=figure, limit=f"≤ {OLD_S // 3600} h, 0", do=do)


def uplink(seen: Seen) -> Finding:
    """The platform is reached. Offline changes nothing for residents; staff should know."""
    is_good = seen.given.online
    figure = "online" if is_good else "offline"
    return within(is_good=is_good, figure=figure, limit="online", do=Do.OFFLINE)


def certificate(seen: Seen) -> Finding:
    """The certificate that the broker asks for holds for weeks."""
    given, limit = seen.given, f"≥ {DAYS} d"
    if not given.tls:
        return Finding("unknown", "", limit, Do.NO_TLS)
    if given.certificate_s is None:
        return Finding("bad", "", limit, Do.CERTIFICATE_UNREADABLE)
    days = given.certificate_s / DAY_S
    return within(is_good=days >= DAYS, figure=f"{days:.0f} d", limit=limit, do=Do.CERTIFICATE_ENDS)


def clock(seen: Seen) -> Finding:
    """Somebody vouches for the clock."""
    quality = seen.given.clock_quality
    is_good = quality == "synchronised"
    return within(is_good=is_good, figure=quality, limit="synchronised", do=Do.CLOCK_UNKNOWN)


def catalogue(seen: Seen) -> Finding:
    """A catalogue is in force, and has begun."""
    version, begins = seen.catalogue.version, seen.catalogue.valid_from
    is_good = not seen.given.today or begins <= seen.given.today
    return within(is_good=is_good, figure=version, limit=begins, do=Do.CATALOGUE_EARLY)
