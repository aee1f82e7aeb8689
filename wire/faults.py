"""What can be wrong with a bay, as its node names it.

A latching fault stays until staff have looked and clear it; any other goes when its cause goes.
`danger` means that people may be at risk, `stop` that the bay takes nothing meanwhile.
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
PRESENCE_SENSOR = 11
GATE_STUCK = 12
GATE_NOT_CLOSED = 13
DIVERTER_STUCK = 14
LOAD_CELL_SILENT = 15
UNDERVOLTAGE = 16
TAMPER = 17
COUNTERS_LOST = 18

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
    PRESENCE_SENSOR: (
        "presence-sensor",
        "danger",
        False,
        "thermal array or distance sensor give no sense: check their cable",
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
}
"""Code: (name, severity, latching, what to do)."""
