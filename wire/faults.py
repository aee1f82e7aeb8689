"""What can be wrong with a bay, as its node names it.

A latching fault stays until staff have looked and clear it; any other goes when its cause goes.
`danger` means that people may be at risk, `stop` that the bay takes nothing meanwhile, `soon`
that it works on and staff should look before it stops.
The order of the codes is their place in a report's fault bits.
"""

EMERGENCY_STOP = 1
FIRE = 2
BOTH_LIMITS = 3
HATCH_STUCK = 4
HATCH_BLOCKED = 5
HATCH_FORCED = 6
MOTOR_CURRENT = 7
EDGE_BROKEN = 8
INNER_RELEASE = 9
PERSON_INSIDE = 10
THERMAL_SENSOR = 11
GATE_STUCK = 12
GATE_NOT_CLOSED = 13
DIVERTER_STUCK = 14
LOAD_CELL_SILENT = 15
UNDERVOLTAGE = 16
TAMPER = 17
COUNTERS_LOST = 18
DISTANCE_SENSOR = 19
CURTAIN_STUCK = 20
LOAD_CELL_STUCK = 21
HATCH_LIMIT = 22
LIMIT_BOUNCING = 23
HATCH_FRICTION = 24
HATCH_SLIPPING = 25
MOTOR_SILENT = 26
COUNTERS_UNSTORED = 27

MENDED_BY_A_START = (THERMAL_SENSOR, DISTANCE_SENSOR, LOAD_CELL_SILENT, LOAD_CELL_STUCK)
"""Senses that have gone: a reader hangs, or a converter waits for nobody. None of them latches, so
none is forgotten by a start of the node, which proves each anew before anything moves."""

TABLE = {
    EMERGENCY_STOP: (
        "emergency-stop",
        "danger",
        False,
        "see that nobody is caught, then release the red button",
    ),
    FIRE: (
        "fire",
        "danger",
        True,
        "call the fire brigade; when it is out, empty the bins and clear the fault in service",
    ),
    BOTH_LIMITS: (
        "both-limits",
        "danger",
        True,
        "both hatch limits report at once: check their wiring, then clear the fault in service",
    ),
    HATCH_STUCK: (
        "hatch-stuck",
        "stop",
        True,
        "the hatch did not arrive in time: free it, check motor and limits, clear the fault",
    ),
    HATCH_BLOCKED: (
        "hatch-blocked",
        "stop",
        True,
        "three closings met something: clear the opening, look at the edge, clear the fault",
    ),
    HATCH_FORCED: (
        "hatch-forced",
        "stop",
        True,
        "the locked hatch was moved: look for damage, check lock and limit, clear the fault",
    ),
    MOTOR_CURRENT: (
        "motor-current",
        "danger",
        True,
        "current flows with the bridge off: replace the hatch's bridge, clear the fault",
    ),
    EDGE_BROKEN: (
        "edge-broken",
        "danger",
        False,
        "the soft edge's line is open: check its cable and its 8.2 kilohm resistor",
    ),
    INNER_RELEASE: (
        "inner-release",
        "danger",
        False,
        "somebody pulled the handle inside: look into the chamber, then push the handle back",
    ),
    PERSON_INSIDE: (
        "person-inside",
        "danger",
        False,
        "something warm is behind the closed hatch: the hatch opens; look into the chamber",
    ),
    THERMAL_SENSOR: (
        "thermal-sensor",
        "danger",
        False,
        "the thermal array gives no sense or repeats itself: check its cable, replace it",
    ),
    GATE_STUCK: (
        "gate-stuck",
        "stop",
        True,
        "the gate did not open: look for what holds its leaves, clear the fault",
    ),
    GATE_NOT_CLOSED: (
        "gate-not-closed",
        "stop",
        False,
        "the gate's leaves are not home: take out what holds them",
    ),
    DIVERTER_STUCK: (
        "diverter-stuck",
        "stop",
        True,
        "the diverter did not reach the bin: free it, clear the fault",
    ),
    LOAD_CELL_SILENT: (
        "load-cell-silent",
        "stop",
        False,
        "no conversions come from the load cell: check the HX711 and its cable",
    ),
    UNDERVOLTAGE: (
        "undervoltage",
        "stop",
        False,
        "less than 20 V: check power supply, battery and cable",
    ),
    TAMPER: (
        "tamper",
        "stop",
        False,
        "the cabinet is open: close it, or find out who opened it",
    ),
    COUNTERS_LOST: (
        "counters-lost",
        "stop",
        True,
        "the counters in FRAM are damaged and begin at 0: replace the FRAM if it comes again",
    ),
    DISTANCE_SENSOR: (
        "distance-sensor",
        "danger",
        False,
        "the distance sensor gives no sense or repeats itself: check its cable, replace it",
    ),
    CURTAIN_STUCK: (
        "curtain-stuck",
        "danger",
        True,
        "the light curtain fails its test or is never free: clean it, clear the fault",
    ),
    LOAD_CELL_STUCK: (
        "load-cell-stuck",
        "stop",
        False,
        "the load cell repeats one value: check the HX711 and its cable",
    ),
    HATCH_LIMIT: (
        "hatch-limit",
        "stop",
        True,
        "a hatch limit reports what cannot be: check its switch, clear the fault",
    ),
    LIMIT_BOUNCING: (
        "limit-bouncing",
        "soon",
        True,
        "a hatch limit chatters: tighten or replace its switch, clear the fault",
    ),
    HATCH_FRICTION: (
        "hatch-friction",
        "soon",
        True,
        "the hatch runs harder than it used to: clean and grease its rails, let it learn anew",
    ),
    HATCH_SLIPPING: (
        "hatch-slipping",
        "soon",
        True,
        "the hatch arrives late without effort: tighten its belt or coupling, let it learn anew",
    ),
    MOTOR_SILENT: (
        "motor-silent",
        "stop",
        True,
        "the driven motor draws nothing: check its cable and sensor, clear the fault",
    ),
    COUNTERS_UNSTORED: (
        "counters-unstored",
        "stop",
        False,
        "FRAM does not take the counters: check its cable, replace it",
    ),
}
"""Code: (name, severity, latching, what to do)."""
