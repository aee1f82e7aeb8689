"""What a closing hatch may meet, and how to see that a bay stands still."""

from __future__ import annotations

from tests.firmware.stand_in import Rig


def still(rig: Rig, ms: int) -> bool:
    """Whether nothing moved for `ms`."""
    before = rig.bay.moved_ms
    rig.run(ms)
    return rig.bay.moved_ms == before


def drives(rig: Rig, permille: int, at_most_ms: int = 1_000) -> int:
    """Milliseconds until the hatch is driven like that."""
    for ms in range(at_most_ms):
        if rig.bay.driven == permille:
            return ms
        rig.run(1)
    raise AssertionError(f"still driven with {rig.bay.driven} after {at_most_ms} ms")


def meets_edge(rig: Rig) -> None:
    rig.bay.obstacle_mm = rig.bay.hatch_mm - 5


def meets_without_edge(rig: Rig) -> None:
    rig.bay.edge_works = False
    rig.bay.obstacle_mm = rig.bay.hatch_mm - 5


def meets_hand(rig: Rig) -> None:
    rig.bay.hand = True


def meets_broken_edge(rig: Rig) -> None:
    rig.bay.inputs.edge_ohm = 99_999


def meets_warm_body(rig: Rig) -> None:
    rig.bay.inputs.warm_dc = 330


def clear(rig: Rig) -> None:
    """The way is free again."""
    rig.bay.obstacle_mm = 0
    rig.bay.hand = False
    rig.bay.inputs.edge_ohm = 8200
    rig.bay.inputs.warm_dc = 220
