"""Checks of a bay's node, drives, sensors and camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.health.signs import REMEMBERED_S, STALLS_MA
from controller.core.metrology.class_iii import SPAN_C
from controller.core.service.do import Do
from controller.core.service.finding import Finding, Seen, within
from controller.core.service.given import FrameCount

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

LINK_S = 3600.0
"""So far back a lost node counts."""

MOST_BAD_SHARE = 0.001
"""Of the frames from a node. The lease outlives one lost heartbeat of 100 ms and not two: where a
thousandth is lost each way, two in a row are about once in a day."""

OPEN_S, CLOSE_S = 3.0, 6.0
"""From command to arrival. A sound leaf takes 2.2 s, unlocking among it, and 4.5 s, of which one is
the warning (DESIGN 2; the simulated one agrees). A third more is a leaf that runs hard."""

CYCLE_S = 5.0
"""Diverter and two leaves, there and back: 2.1 s where the diverter rests, 3.6 s where it has the
longest way."""

COLDEST_C, WARMEST_C = -10.0, SPAN_C - 10.0
"""Where a scale of class III is right unless something else is said (OIML R 76-1, 3.9.2.1)."""

EDGE = frozenset({"edge-broken"})
CURTAIN = frozenset({"curtain-stuck"})
PRESENCE = frozenset({"thermal-sensor", "distance-sensor", "person-inside", "inner-release"})
SUPPLY = frozenset({"undervoltage"})
ON_PURPOSE = frozenset({"soft-reset", "asked"})
"""Causes of a node's restart that say nothing against it."""


def link(seen: Seen) -> Finding:
    """The node is heard, was not lost within the hour, has not restarted, and its words arrive."""
    bay = seen.here
    if bay.lost:
        return Finding("bad", bay.lost, "0", Do.NODE_LOST)
    lost = sum(seen.now_s - at_s <= LINK_S for at_s in seen.lost)
    restarts = bay.signs.restarts(seen.now_s, lambda cause: cause not in ON_PURPOSE)
    heard = seen.given.heard.get(bay.name, FrameCount())
    figure = (
        f"{lost} lost/h, {restarts} restarts/{REMEMBERED_S / 60:.0f} min, "
        f"{heard.bad} + {heard.bad_at_node} bad of {heard.whole} frames"
    )
    is_good = lost + restarts == 0 and heard.bad_share <= MOST_BAD_SHARE
    limit = f"0, 0, {MOST_BAD_SHARE:.1%}"
    return within(is_good=is_good, figure=figure, limit=limit, do=Do.NODE_UNSTEADY)


def supply(seen: Seen) -> Finding:
    """The node measures its supply and complains below 20 V; it tells no figure."""
    return _of_faults(seen, SUPPLY, "≥ 20 V", Do.SUPPLY_LOW)


def temperature(seen: Seen) -> Finding:
    """The cell's temperature, where a scale may be used."""
    dc = seen.here.temperature_dc
    limit = f"{COLDEST_C:g} … {WARMEST_C:g} °C"
    if dc is None:
        return Finding("unknown", "", limit, Do.THERMOMETER_SILENT)
    is_good = COLDEST_C <= dc / 10 <= WARMEST_C
    return within(is_good=is_good, figure=f"{dc / 10:.1f} °C", limit=limit, do=Do.TEMPERATURE_OFF)


def edge(seen: Seen) -> Finding:
    """The soft edge's line is whole; that it is not pressed, the next closing tells."""
    return _of_faults(seen, EDGE, "8.2 kΩ", Do.EDGE_BROKEN)


def curtain(seen: Seen) -> Finding:
    """The light curtain passes the node's test and is free."""
    if seen.here.hand:
        return Finding("bad", "hand", "free", Do.CURTAIN_BLOCKED)
    return _of_faults(seen, CURTAIN, "free", Do.CURTAIN_STUCK)


def presence(seen: Seen) -> Finding:
    """Thermal array and distance sensor are well and feel nobody."""
    if seen.here.presence:
        return Finding("bad", "presence", "nobody", Do.PRESENCE_FELT)
    return _of_faults(seen, PRESENCE, "nobody", Do.PRESENCE_BROKEN)


def hatch(seen: Seen) -> Finding:
    """It opened and closed in time, and did not push."""
    limit = f"≤ {OPEN_S:g} s, ≤ {CLOSE_S:g} s, < {STALLS_MA} mA"
    if seen.refused:
        return _refused(seen, limit, Do.HATCH_REFUSED)
    opening, closing = seen.took
    peak_ma = max(opening.peak_ma, closing.peak_ma)
    figure = f"{opening.seconds:.1f} s, {closing.seconds:.1f} s, {peak_ma} mA"
    in_time = opening.seconds <= OPEN_S and closing.seconds <= CLOSE_S
    is_good = in_time and peak_ma < STALLS_MA
    return within(is_good=is_good, figure=figure, limit=limit, do=Do.HATCH_HARD)


def gate(seen: Seen) -> Finding:
    """It opened over an empty pan and closed again in time."""
    return _cycles(seen, Do.GATE_SLOW)


def diverter(seen: Seen) -> Finding:
    """It reached every bin."""
    return _cycles(seen, Do.DIVERTER_SLOW)


def jog(seen: Seen) -> Finding:
    """A single motion arrived."""
    if seen.refused:
        return _refused(seen, "", Do.MOTION_REFUSED)
    (took,) = seen.took
    return Finding("good", f"{took.seconds:.1f} s, {took.peak_ma} mA")


def camera(seen: Seen) -> Finding:
    """A picture of the lit chamber is sharp and bright enough."""
    picture = seen.given.picture
    if picture is None:
        return Finding("bad", "", "", Do.CAMERA_LOST, seen.given.camera_reason)
    figure = f"sharpness {picture.sharpness:.1f}, light {picture.bright_level:.0f}"
    do = Do(f"camera-{picture.problems[0]}") if picture.problems else None
    detail = ", ".join(picture.problems)
    return within(is_good=not detail, figure=figure, limit="≥ 1.0, ≥ 50", do=do, detail=detail)


def empty_reference(seen: Seen) -> Finding:
    """The chamber, which staff see to be empty, looks as the reference picture has it."""
    picture = seen.given.picture
    if picture is None:
        return Finding("bad", "", "", Do.CAMERA_LOST, seen.given.camera_reason)
    if not (seen.here.config.empty_picture or seen.here.name in seen.given.referenced):
        return Finding("unknown", "", "", Do.NO_REFERENCE)
    if picture.empty is None:
        return Finding("unknown", "", "", Do.CANNOT_TELL_EMPTY)
    return within(is_good=picture.empty, figure="", limit="", do=Do.REFERENCE_DIFFERS)


def _of_faults(seen: Seen, names: AbstractSet[str], limit: str, do: Do) -> Finding:
    if seen.here.lost:
        return Finding("unknown", "", limit, Do.NODE_LOST)
    found = ", ".join(sorted(seen.here.faults & names))
    return within(is_good=not found, figure=found, limit=limit, do=do)


def _cycles(seen: Seen, do: Do) -> Finding:
    limit = f"≤ {CYCLE_S:g} s"
    if seen.refused:
        return _refused(seen, limit, Do.GATE_REFUSED)
    slowest_s = max(one.seconds for one in seen.took)
    figure = f"{len(seen.took)} × ≤ {slowest_s:.1f} s"
    return within(is_good=slowest_s <= CYCLE_S, figure=figure, limit=limit, do=do)


def _refused(seen: Seen, limit: str, do: Do) -> Finding:
    """The node said no, or it did not arrive; its word says what stands in the way."""
    return Finding("bad", "", limit, do, seen.refused)
