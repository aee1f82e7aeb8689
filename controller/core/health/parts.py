"""The parts of a bay that can fail by themselves, and what staff do about each."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """Something that is mended or replaced as one; the value is the word for logs and screens."""

    LEAF = "hatch-leaf"
    RAILS = "hatch-rails"
    COUPLING = "hatch-coupling"
    LOCK = "hatch-lock"
    MOTOR = "hatch-motor"
    BRIDGE = "hatch-bridge"
    CURRENT_SENSOR = "motor-current-sensor"
    CLOSED_LIMIT = "closed-limit"
    OPEN_LIMIT = "open-limit"
    OPENING = "hatch-opening"
    EDGE = "soft-edge"
    CURTAIN = "light-curtain"
    THERMAL = "thermal-array"
    DISTANCE = "distance-sensor"
    LEAVES = "gate-leaves"
    GATE_SWITCH = "gate-switch"
    DIVERTER = "diverter"
    CELL = "load-cell"
    CONVERTER = "converter"
    PAN = "pan"
    SUPPLY = "supply"
    COUNTERS = "counter-memory"
    NODE = "node"
    CABLE = "node-cable"
    LEVEL = "level-sensor"
    CAMERA = "camera"
    LENS = "camera-lens"
    LAMP = "chamber-lamp"


DO = {
    Part.LEAF: "the hatch's leaf does not move: free it, then clear the fault",
    Part.RAILS: "the leaf runs harder than it used to: clean and grease its rails",
    Part.COUPLING: "the leaf lags behind its motor: tighten belt or coupling",
    Part.LOCK: "the locked hatch was moved: look for damage, check lock and bolt",
    Part.MOTOR: "the driven motor moves nothing and draws nothing: check its cable and plugs",
    Part.BRIDGE: "the motor has current with its bridge off: replace the bridge",
    Part.CURRENT_SENSOR: "the motor's current reads what cannot be: check its sensor and cable",
    Part.CLOSED_LIMIT: "the closed limit does not tell where the leaf is: check switch and cable",
    Part.OPEN_LIMIT: "the open limit does not tell where the leaf is: check switch and cable",
    Part.OPENING: "something stands in the hatch's way: take it out, then clear the fault",
    Part.EDGE: "the soft edge tells of what is not there: check its cable, replace it",
    Part.CURTAIN: "the light curtain is blocked or blind: clean both sides, check its cable",
    Part.THERMAL: "the thermal array gives no sense: check its cable, replace it",
    Part.DISTANCE: "the distance sensor gives no sense: check its cable, replace it",
    Part.LEAVES: "the gate's leaves do not go where they should: free them",
    Part.GATE_SWITCH: "a switch of the gate does not tell where its leaves are: check it",
    Part.DIVERTER: "the diverter does not reach the bin: free it, then clear the fault",
    Part.CELL: "the load cell reads what no load is: check its four wires and its shield",
    Part.CONVERTER: "the HX711 gives no sense: check its cable, cycle its power, replace it",
    Part.PAN: "the pan does not stand free: see what touches or shakes it",
    Part.SUPPLY: "the supply gives too little: check mains, battery and cable",
    Part.COUNTERS: "FRAM does not keep the counters: check its cable, replace it",
    Part.NODE: "the node does not run steadily: look at its log, replace it",
    Part.CABLE: "the node is not heard: check its USB cable, plugs and power",
    Part.LEVEL: "a bin's level sensor gives no sense: clean its cover, check its cable, replace it",
    Part.CAMERA: "the camera gives no picture, or not one of now: check its cable, replace it",
    Part.LENS: "the camera sees badly: clean its lens, see that it sits and focuses as before",
    Part.LAMP: "the chamber stays dark: check its lamp and cable",
}
"""What staff do about each part."""
