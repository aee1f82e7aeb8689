"""Faults and symptoms that need no reasoning: each names one part, whatever else is seen."""

from __future__ import annotations

from controller.core.health.parts import Part
from controller.core.symptoms.table import Symptom

BY_FAULT = {
    "hatch-friction": Part.RAILS,
    "hatch-slipping": Part.COUPLING,
    "edge-broken": Part.EDGE,
    "curtain-stuck": Part.CURTAIN,
    "thermal-sensor": Part.THERMAL,
    "distance-sensor": Part.DISTANCE,
    "diverter-stuck": Part.DIVERTER,
    "undervoltage": Part.SUPPLY,
    "counters-lost": Part.COUNTERS,
    "counters-unstored": Part.COUNTERS,
    "load-cell-silent": Part.CONVERTER,
}
"""Faults whose name is the diagnosis."""

BY_SYMPTOM = {
    Symptom.SILENT: Part.CONVERTER,
    Symptom.STUCK: Part.CONVERTER,
    Symptom.WRAPPED: Part.CONVERTER,
    Symptom.OUT_OF_STEP: Part.CONVERTER,
    Symptom.SATURATED: Part.CELL,
    Symptom.ROUGH: Part.CELL,
    Symptom.REVERSED: Part.CELL,
    Symptom.DRIFTING: Part.CELL,
    Symptom.SHAKEN: Part.PAN,
    Symptom.LEANED_ON: Part.PAN,
}
"""What the scale's signal shows, and the part behind it."""
