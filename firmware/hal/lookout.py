"""What wakes a sleeping node besides its deadline, its pins and the line.

The node may sleep for a second and more while its bay and its controller rest. The board does
not: it goes on reading, and lets the node see whatever reads clearly otherwise than it was told.
"""

LOOK_MS = 50
"""So often it looks: as often as a node scans that does not sleep."""

WARMER_DC = 20
"""Two degrees; an AMG8833's noise is a tenth of one, and a hand is four above a warm cabinet."""

NEARER_MM = 40
"""An eighth of an empty chamber; a VL53L0X is steady within a third of that."""

WEAKER_MV = 1000
HEAVIER_RAW = 90000
"""Half a kilogram on a 20 kg cell of 2 mV/V: far beyond noise, and far below a child."""

EDGE_OHM = 4000
"""Half of the soft edge's resistor: its line is open, or it is pressed."""

STRAY_MA = 100
"""More current than a motor at rest may show, and eighty steps of the converter."""

_SWITCHES = ("gate_closed", "gate_open", "inner_release", "smoke", "tamper", "diverter_at")


def stirs(told, seen):
    """Whether `seen`, `Inputs` without the guards' and the cells', differs clearly from `told`."""
    for name in _SWITCHES:
        if getattr(told, name) != getattr(seen, name):
            return True
    return (
        abs(told.warm_dc - seen.warm_dc) >= WARMER_DC
        or abs(told.tof_mm - seen.tof_mm) >= NEARER_MM
        or abs(told.supply_mv - seen.supply_mv) >= WEAKER_MV
        or abs(told.temperature_dc - seen.temperature_dc) >= WARMER_DC
        or abs(told.edge_ohm - seen.edge_ohm) >= EDGE_OHM
        or abs(told.motor_ma - seen.motor_ma) >= STRAY_MA
    )


def loaded(told_raw, raw):
    """Whether the pan feels clearly otherwise than the node was told."""
    return abs(raw - told_raw) >= HEAVIER_RAW
