"""The simulated bay, drawn live from the side: the world's state as classes and CSS variables.

The drawing is sent once; afterwards only its classes and variables change.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nicegui import ui

from sim.stage.items import THINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.core.config import BayConfig
    from sim.world import BayWorld, Part

LEAF_DEG = 74
"""How far a leaf hangs down when the gate is open."""

BIN_X = (236, 366, 496, 626)
"""Middles of the four bins in the drawing."""

CHUTE_X, CHUTE_HIGH = 310, 108
FULL_PARTS = 16
"""So many things fill a bin on the drawing."""

FALL_S = 1.2
"""So long a thing is seen falling."""

BIN = """
<g class="bin bin-{index} {stream}"><path class="wall" d="M{left} 478h108l-7 124h-94z"/>
<path class="fill" d="M{fill} 600h98v-116h-98z"/><path class="rim" d="M{rim} 478h124"/>
<text x="{x}" y="560">{name}</text></g>
"""
THING = (
    '<image class="thing thing-{kind}" href="/demo/things/{kind}.png" '
    'x="260" y="208" width="96" height="96"/>'
)
DRAWING = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="-40 0 760 640" stroke-linejoin="round"
 stroke-linecap="round" role="img" aria-label="{label}">
<rect class="cabinet" x="150" y="14" width="556" height="612" rx="22"/>
<path class="room" d="M152 150h318v152H152z"/><path class="cone" d="M310 176L196 300h228z"/>
<path class="line" d="M150 150h320v152"/>
<rect class="dark" x="288" y="152" width="44" height="20" rx="6"/>
<circle class="eye" cx="310" cy="174" r="8"/>
<path class="chute" d="M282 362h56v{high}h-56z"/>
{bins}{things}
<path class="leaf left" d="M194 306h110"/><path class="leaf right" d="M316 306h110"/>
<circle class="hinge" cx="194" cy="306" r="7"/><circle class="hinge" cx="426" cy="306" r="7"/>
<path class="pillar" d="M150 150V40M150 304v300"/>
<g class="hatch"><rect x="138" y="150" width="24" height="154" rx="6"/>
<path d="M150 200v54"/></g>
<g class="hand"><path class="skin" d="M8 226c34-5 60 0 88 11l38 17c15 8 10 25-7 22l-33-6
c-13 15-43 22-86 21z"/><path class="sleeve" d="M-96 214h96a10 10 0 0 1 10 10v66a10 10 0 0 1-10
10h-96z"/></g>
</svg>
"""


class StageMachine:
    """One page's picture of a bay.

    Args:
        bay: The bay's configuration: which bin takes what.
        names: Stream (or `refuse`) → its name on the bin.
        label: What the picture is, for the blind.
    """

    def __init__(self, bay: BayConfig, names: dict[str, str], label: str) -> None:
        drawing = DRAWING.format(
            label=label,
            high=CHUTE_HIGH,
            bins="".join(_bins(bay, names)),
            things="".join(THING.format(kind=one.kind) for one in THINGS),
        )
        self._picture = ui.html(drawing, sanitize=False).classes("machine")
        self._shown: object = None
        self._fell: dict[str, tuple[int, float]] = {}
        self._in_bins = [0] * len(BIN_X)

    def update(self, world: BayWorld) -> None:
        """Show the world as it is now."""
        self._see_falling(world)
        shown = (self._classes(world), _variables(world))
        if shown == self._shown:
            return
        self._shown = shown
        self._picture.classes(replace=shown[0]).style(replace=shown[1])

    def _see_falling(self, world: BayWorld) -> None:
        now_s = world.now_us / 1e6
        for index, parts in enumerate(world.bins):
            for part in parts[self._in_bins[index] :]:
                self._fell[part.item.kind] = (index, now_s)
            self._in_bins[index] = len(parts)
        self._fell = {
            kind: (index, at_s)
            for kind, (index, at_s) in self._fell.items()
            if now_s - at_s < FALL_S
        }

    def _classes(self, world: BayWorld) -> str:
        names = ["machine"]
        names += ["lit"] if world.light_on else []
        names += ["hand-in"] if world.hand_inside else []
        names += [f"pan-{part.item.kind}" for part in world.on_pan]
        names += [f"fall-{kind} to-{index}" for kind, (index, _) in self._fell.items()]
        return " ".join(names)


def level(parts: Sequence[Part]) -> float:
    """How full a bin looks, 0 to 1."""
    return min(1.0, len(parts) / FULL_PARTS)


def _variables(world: BayWorld) -> str:
    chute_x = BIN_X[0] + (BIN_X[1] - BIN_X[0]) * world.gate.diverter
    chute_deg = math.degrees(math.atan2(chute_x - CHUTE_X, CHUTE_HIGH))
    open_part = world.hatch.x_mm / world.figures.hatch.travel_mm
    variables = {
        "--open": f"{open_part:.3f}",
        "--leaf": f"{LEAF_DEG * world.gate.leaves:.0f}deg",
        "--chute": f"{chute_deg:.1f}deg",
    }
    variables |= {f"--bin-{n}": f"{level(parts):.2f}" for n, parts in enumerate(world.bins)}
    return "; ".join(f"{name}: {value}" for name, value in variables.items())


def _bins(bay: BayConfig, names: dict[str, str]) -> list[str]:
    streams = {one.index: one.stream for one in bay.bins}
    if bay.refuse_bin is not None:
        streams[bay.refuse_bin] = "refuse"
    return [
        BIN.format(
            index=index,
            stream=stream,
            x=BIN_X[index],
            left=BIN_X[index] - 54,
            fill=BIN_X[index] - 49,
            rim=BIN_X[index] - 62,
            name=names[stream],
        )
        for index, stream in sorted(streams.items())
    ]
