"""What may happen in a scenario besides people: each verb with its arguments."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.verbs.bay import HappensToBay
from sim.verbs.bins import HappensToBins
from sim.verbs.camera import HappensToCamera
from sim.verbs.computer import HappensToComputer
from sim.verbs.panel import HappensToPanel
from sim.verbs.people import HappensToPeople
from sim.verbs.sensor import HappensToSensor
from sim.verbs.uplink import HappensToUplink
from sim.verbs.wire import HappensToWire

Verb = Annotated[
    HappensToUplink
    | HappensToComputer
    | HappensToWire
    | HappensToBay
    | HappensToSensor
    | HappensToCamera
    | HappensToBins
    | HappensToPanel
    | HappensToPeople,
    Field(discriminator="verb"),
]
