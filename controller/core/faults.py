"""Which faults stand, and when each is worth a record: as it begins, and once it stays away.

A fault that flickers is one fault until it has been away for `AWAY_S`; the record of its end says
how often it was seen to come, and for how long in all. So a loose plug writes two records in ten
minutes at most, whatever it does in between.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from controller.core.health.diagnosis import failing
from controller.core.health.kiosk_diagnosis import failing_at
from controller.core.health.parts import DO, Part
from controller.core.symptoms.table import Symptom
from wire import faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from controller.core.bay import Bay
    from controller.core.health.kiosk_signs import KioskSigns

AWAY_S = 600.0
"""Longer than a resident's visit or a restart, shorter than a technician's way: what was away for
so long is over, and 27 faults that flicker all day leave fewer records than the deposits do."""

FAILING = "failing-"
"""Before the name of a part that was diagnosed (`controller.core.health`)."""

THE_KIOSK = "the-kiosk"
"""In place of a bay's name, for what is none of any bay."""

NODE_LOST = "node-lost"
BAY_CLOSED = "bay-closed"
CAMERA_LOST = "camera-lost"
JOURNAL_FULL = "journal-full"
INTENT_UNREADABLE = "intent-unreadable"
CALIBRATION_REFUSED = "calibration-refused"
CALIBRATION_LAPSED = "calibration-lapsed"
SCALE_SIGNAL = "scale-signal"
"""Faults that no node names; `docs/records.md` says what each is."""

DETAIL_MAX = 300

KNOWN_WHILE_LOST = frozenset({Part.CABLE, Part.NODE, Part.SUPPLY})
"""A node's silence itself tells of these."""

_DO = {name: do for name, _, _, do in faults.TABLE.values()}
_SYMPTOMS = frozenset(one.value for one in Symptom)


def faults_of(bay: Bay, now_s: float) -> dict[str, str]:
    """What is wrong with a bay at `now_s`: code → sentence, the parts that fail among it.

    While the node is lost only that is known of the bay, and what it says of node and cable.
    """
    parts = failing(bay.look(now_s))
    if bay.lost:
        known = {FAILING + part: DO[part] for part in parts if part in KNOWN_WHILE_LOST}
        return {NODE_LOST: bay.lost} | known
    stand = {name for name in bay.faults if not bay.signs.only_follows(name, now_s)}
    found = {name: _DO.get(name, "") for name in stand | bay.signs.still_worn(now_s)}
    found |= {FAILING + part: DO[part] for part in parts}
    if Part.LEVEL in parts:
        found[FAILING + Part.LEVEL] = f"{bay.levels.trouble}: {DO[Part.LEVEL]}"
    if scale := bay.scale.fault:
        named = scale.partition(":")[0]
        found[named if named in _SYMPTOMS else SCALE_SIGNAL] = scale
    # Ten times a second of each bay, and nearly always nothing: no table is built for that.
    if closed := bay.closed:
        found[BAY_CLOSED] = closed
    if bay.camera_lost:
        found[CAMERA_LOST] = bay.camera_lost
    if bay.cannot_record:
        found[JOURNAL_FULL] = bay.cannot_record
    if bay.unreadable:
        found[INTENT_UNREADABLE] = " ".join(f"record {seq}" for seq in sorted(bay.unreadable))
    if bay.calibration_refused:
        found[CALIBRATION_REFUSED] = bay.calibration_refused
    if lapsed := bay.lapsed:
        found[CALIBRATION_LAPSED] = lapsed
    return found


def faults_of_kiosk(signs: KioskSigns, now_s: float) -> dict[str, str]:
    """What is wrong with the kiosk besides its bays at `now_s`: code → sentence."""
    return {FAILING + part: do for part, do in failing_at(signs, now_s).items()}


@dataclass(slots=True)
class Standing:
    """A fault that has begun and not ended.

    `began_s` is None where it began before this start of the controller. It was there last at
    `seen_s`, and came `times`. `is_recorded` once its beginning is in the journal.
    """

    began_s: float | None
    seen_s: float
    times: int = 1
    is_there: bool = True
    is_recorded: bool = False


class FaultBook:
    """The faults of one kiosk's bays. Times are seconds of loop time.

    `missed` counts records that the journal could not take and no record has told of yet.
    """

    def __init__(self) -> None:
        self._standing: dict[str, dict[str, Standing]] = {}
        self._asked: deque[dict[str, Any]] = deque()
        self.missed = 0

    @property
    def recorded(self) -> tuple[tuple[str, str], ...]:
        """Bay and code of every fault whose beginning is in the journal, and its end is not."""
        return tuple(
            (bay, code)
            for bay, rows in sorted(self._standing.items())
            for code, one in sorted(rows.items())
            if one.is_recorded
        )

    @property
    def places(self) -> frozenset[str]:
        """Whatever faults were seen of: bays, also such as are here no more, and the kiosk."""
        return frozenset(self._standing)

    def since(self, bay: str) -> dict[str, float | None]:
        """Since when each fault of a bay stands that is there now; None: from before this start."""
        rows = self._standing.get(bay, {})
        return {code: one.began_s for code, one in rows.items() if one.is_there}

    def found(self, bay: str, code: str, now_s: float) -> None:
        """The journal has the beginning of this fault from before this start, and no end."""
        rows = self._standing.setdefault(bay, {})
        rows[code] = Standing(None, now_s, is_there=False, is_recorded=True)

    def look(
        self, bay: str, present: Mapping[str, str], now_s: float, *, room: bool = True
    ) -> list[dict[str, Any]]:
        """Take what is wrong with a bay now; return the bodies of the records to write.

        A fault that stands and is not in `present` is away. What the journal did not take is
        asked for again by `again`, not here; while there is no `room`, what is recorded does not
        end.
        """
        rows = self._standing.get(bay, {})
        if not present and not rows:
            return []
        bodies = []
        for code, detail in present.items():
            one = rows.get(code)
            if one is None:
                self._standing.setdefault(bay, rows)[code] = Standing(now_s, now_s)
                bodies.append(_body(bay, code, detail, active=True))
                continue
            one.times += not one.is_there
            one.is_there, one.seen_s = True, now_s
        for code in [code for code in rows if code not in present]:
            rows[code].is_there = False
            if now_s - rows[code].seen_s >= AWAY_S and (room or not rows[code].is_recorded):
                bodies.append(_end(bay, code, rows.pop(code)))
        return bodies

    def look_lost(
        self, bay: str, present: Mapping[str, str], now_s: float, *, room: bool = True
    ) -> list[dict[str, Any]]:
        """The bay's node is lost: `present` says so, and of all else nobody knows more."""
        rows = self._standing.get(bay, {})
        for one in rows.values():
            if one.is_there:
                one.seen_s = now_s
        held = {code: "" for code, one in rows.items() if one.is_there}
        return self.look(bay, held | dict(present), now_s, room=room)

    def again(self, bay: str, present: Mapping[str, str]) -> list[dict[str, Any]]:
        """Bodies of beginnings that stand unrecorded: there is room again."""
        rows = self._standing.get(bay, {})
        return [
            _body(bay, code, detail, active=True)
            for code, detail in present.items()
            if code in rows and not rows[code].is_recorded
        ]

    def asked(self, body: dict[str, Any]) -> dict[str, Any]:
        """The journal is asked for this record: the body, with what was missed before it."""
        if self.missed:
            body = body | {"missed": self.missed}
        self.missed = 0
        self._asked.append(body)
        return body

    def written(self) -> None:
        """The oldest record that was asked for is durable."""
        self._settle(self._asked.popleft())

    def refused(self, body: dict[str, Any], *, lasting: bool) -> None:
        """The record that was asked for is dropped; if `lasting` it is never asked for again."""
        self._asked.remove(body)
        self.drop(body)
        if lasting:
            self._settle(body)

    def drop(self, body: Mapping[str, Any]) -> None:
        """The record is not written; how many that befell, the next one tells."""
        self.missed += 1 + body.get("missed", 0)

    def _settle(self, body: Mapping[str, Any]) -> None:
        one = self._standing.get(body["bay"], {}).get(body["fault"])
        if one is not None:
            one.is_recorded = True


def _end(bay: str, code: str, one: Standing) -> dict[str, Any]:
    body = _body(bay, code, "", active=False) | {"times": one.times}
    if one.began_s is not None:
        body["lasted_s"] = round(one.seen_s - one.began_s)
    return body


def _body(bay: str, code: str, detail: str, *, active: bool) -> dict[str, Any]:
    return {"bay": bay, "fault": code, "active": active, "detail": detail[:DETAIL_MAX]}
