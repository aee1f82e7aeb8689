"""A bay whose waits are two or three scans long, and what of its state nothing depends on.

A scan takes half a second here. The patience that `senses.py` has by itself (20 ms to 1 s) is then
one scan or two, so that all its ages are soon at their end and every order of events is within
reach. Speeds are such that the leaf's place, by estimate and in truth, is one of five.
"""

from __future__ import annotations

from typing import Any

SCAN_MS = 500

FIGURES = {
    # Half the travel a scan when it opens or closes, a quarter when it creeps or reopens slowly.
    "travel_mm": 2,
    "full_speed_mm_s": 2,
    "open_permille": 1000,
    "close_permille": -1000,
    "creep_permille": -500,
    "slow_permille": 500,
    "creep_from_mm": 1,
    "early_mm": 1,
    "unlock_ms": 500,
    "warn_ms": 1000,
    "hold_ms": 500,
    "pinches": 2,
    "open_limit_ms": 1500,
    "close_limit_ms": 3000,
    "slow_limit_ms": 3000,
    "dead_ms": 1000,
    "rest_limit_ms": 1500,
    "inrush_ms": 1000,
    "jam_ms": 1000,
    "ajar_ms": 500,
    "silent_ms": 1000,
    "lets_go_ms": 1000,
    # A hatch that never has learned enough; `BayMachine(learned=True)` makes one that has.
    "learn_runs": 1 << 60,
    "bins": 2,
    "turn_limit_ms": 1500,
    "leaves_limit_ms": 1000,
    "dwell_ms": 500,
    "inside_ms": 1000,
    "curtain_test_ms": 1000,
    "never_free_ms": 1500,
    "repeats_ms": 1000,
    "cell_silent_ms": 1000,
    # One scan after the one in which it is asked for.
    "restart_ms": 500,
}

THERMAL, DISTANCE = 5_632, 350
LONGEST_DRIVE_MS = FIGURES["slow_limit_ms"]
STRAY_SCANS = 2 * FIGURES["rest_limit_ms"] // SCAN_MS + 1
"""A pinch begins its patience with current that is already there anew; one more sees the fault."""

LIGHT, HEAVY, SATURATED = 1_000, 2_000_000, 8_388_607
RUN_MA, HARD_MA, STALL_MA, STRAY_MA = 600, 900, 1_500, 300
"""What the motor draws: in free run, where only a learned limit tells, held, and without drive."""

_FIGURE = "a figure; it never changes"
_WRITTEN = "written in each scan before anything reads it"
_TOLD = "only told, counted or stored; nothing is moved or refused by it"

HATCH_LEFT_OUT = {
    "_config": _FIGURE,
    "_limits_ms": _FIGURE,
    "motor._config": _FIGURE,
    "profile.*": "with `learn_runs` out of reach, or reached before, no limit changes any more",
    "found": _TOLD,
    "opens": _WRITTEN,
    "brakes": _WRITTEN,
    "_open_wanted": _TOLD,
    "_shut": _TOLD,
    "motor.limit_ma": _WRITTEN,
    "motor.early": _WRITTEN,
}
GATE_LEFT_OUT = {"_config": _FIGURE, "_limits_ms": _FIGURE, "forbidden": _WRITTEN}
BAY_LEFT_OUT = {
    "senses._config": _FIGURE,
    "senses.*._on_ms": _FIGURE,
    "senses.*._off_ms": _FIGURE,
    "senses.*._limit_ms": _FIGURE,
    "senses.[a-z]*": _WRITTEN,
    "curtain._config": _FIGURE,
    "curtain.hand": _WRITTEN,
    "curtain.never_free": _WRITTEN,
    "cell.*limit_*": _FIGURE,
    "cell.silent": _WRITTEN,
    "cell.stuck": _WRITTEN,
    "cell.unknown": _WRITTEN,
    "cell.overload": _WRITTEN,
    "cell.fast": _TOLD,
    "cell._number": _TOLD,
    "cell._node_ms": _TOLD,
    "cell._unsent": _TOLD,
    "cell._since_sent_ms": _TOLD,
    "counters.*": _TOLD,
    "faults._causes": _WRITTEN,
    "faults._told": _TOLD,
    "orders.*": _TOLD,
    "said": _TOLD,
    "lease": _WRITTEN,
    "light_on": _TOLD,
    "is_open": _WRITTEN,
    "is_shut": _WRITTEN,
    "store_failed": _WRITTEN,
    "restart._wait_ms": _FIGURE,
    "restart.due": _WRITTEN,
    "burning": _WRITTEN,
    "not_lockable": _WRITTEN,
    "_inside._o*_ms": _FIGURE,
    "_limits": "only told, until it is a fault that latched, which is no part of these",
}


def under(part: str, paths: dict[str, Any]) -> dict[str, Any]:
    """The same paths, seen from what `part` belongs to."""
    return {f"{part}.{path}": value for path, value in paths.items()}


def hatch_at_most(config: Any) -> dict[str, int]:
    """Beyond these the hatch's ages are all alike: each grows by a scan before it is compared."""
    longest = {
        "_age_ms": max(config.unlock_ms, config.warn_ms, config.rest_limit_ms, config.hold_ms),
        "_ajar_ms": config.ajar_ms,
        "motor._rest_ms": max(config.dead_ms, 500),  # 500: UNWATCHED_MS
        "motor._drive_ms": LONGEST_DRIVE_MS,
        "motor._pace_ms": config.inrush_ms,
        "motor._over_ms": config.jam_ms,
        "motor._silent_ms": config.silent_ms,
        "motor._stray_ms": config.rest_limit_ms,
        "motor._at_closed_ms": config.lets_go_ms,
    }
    at_most = {path: limit_ms - SCAN_MS for path, limit_ms in longest.items()}
    return at_most | {"_pinches": config.pinches, "motor._over_scans": config.pinch_scans}


def gate_at_most(config: Any) -> dict[str, int]:
    """Likewise the gate's, which is compared before it grows."""
    return {"_age_ms": max(config.turn_limit_ms, config.leaves_limit_ms, config.dwell_ms)}


def settle_hatch(hatch: Any, table: Any) -> None:
    """Where nothing waits, nothing drives or nothing is known, the figures of it are none.

    Of a drive's age and its limit only the rest counts, so all drives get the longest limit.
    """
    motor = hatch.motor
    if hatch.state not in (table.UNLOCK, table.CLOSE_WARN, table.PINCH, table.HOLD, table.FIRE):
        hatch._age_ms = 0
    if motor.permille == 0:  # all of it is set anew when a drive begins
        motor._drive_ms = motor._limit_ms = motor._pace_ms = 0
        motor._over_ms = motor._over_scans = motor._silent_ms = motor._at_closed_ms = 0
    else:
        motor._drive_ms += LONGEST_DRIVE_MS - motor._limit_ms
        motor._limit_ms = LONGEST_DRIVE_MS
        motor._rest_ms = motor._stray_ms = 0  # a driven motor rests for no moment of the scan
    if hatch.state != table.PINCH:
        hatch._presses = False  # only a pinch asks, and is told when it begins
    if not motor._is_known:
        motor._position_um = 0  # a limit says both; until then the place is asked for nothing


def settle_bay(bay: Any, core: Any) -> None:
    """Likewise the bay: faults with the same consequence are one, a test has an age while it runs.

    A sensor's next reading is the last one or another: which one it was makes no difference.
    """
    settle_hatch(bay.hatch, core["hatch_table"])
    curtain, faults = core["curtain"], bay.faults
    if bay.curtain.phase not in (curtain.DARK, curtain.LIT):
        bay.curtain._age_ms = 0
    faults.bits = alike(faults.bits & core["known_faults"].LATCHING, core)
    bay.senses._thermal._last, bay.senses._tof._last = THERMAL, DISTANCE
    bay.said = []


def alike(bits: int, core: Any) -> int:
    """Of latched faults that bar the same (gate, closing, both, everything) the first one."""
    gate, closing = core["bay"].GATE_BREAKS, core["bay"].CLOSE_BREAKS
    kept, seen = 0, set()
    for code in range(bits.bit_length()):
        bars = (code in gate, code in closing, code == 2)  # 2: fire
        if bits >> code & 1 and any(bars) and bars not in seen:
            seen.add(bars)
            kept |= 1 << code
    return kept
