"""An open intent and a controller that starts anew over it, so that tests can tell what follows."""

from __future__ import annotations

from typing import Any

from controller.core import events
from tests.controller.core.story import Story, sight

LOAD_G = 500
UP_S = 3600.0
"""A node that was up so long saw everything."""


def promised_body() -> dict[str, Any]:
    """A load of 500 g is promised and nothing has fallen yet: the body of its intent."""
    story = Story()
    story.identify()
    story.load(LOAD_G)
    story.look(sight("paper", 0.998))
    return story.committed("intent")[0].body


def restarted(
    body: dict[str, Any],
    pan_g: int,
    *,
    age_s: float | None = 40.0,
    up_s: float = UP_S,
    cause: str = "power",
    gate: int = 0,
    hatch: int = 0,
) -> Story:
    """A new controller before the open intent; the pan lies still and the camera is asked.

    `gate` and `hatch` are how often they moved since the promise.
    """
    later = Story(pan_g=pan_g, seq=1, now_s=10_000.0, ids="t")
    later.gate_cycles = body["gate_cycles"] + gate
    later.hatch_openings = body["hatch_openings"] + hatch
    later.happens(events.OpenIntent(1, body, age_s))
    later.happens(events.NodeUp("a", 1, cause, later.gate_cycles, later.hatch_openings))
    later.up_since_s = later.now_s - up_s
    later.happens(later.report())
    later.rest(2)
    return later
