"""Every cell of the table that ends an open intent."""

from __future__ import annotations

import itertools

import pytest

from controller.core.recovery import LOST, Camera, Doors, Gate, Hatch, Outcome, Pan, decide

DOORS: list[Doors] = [*itertools.product(Gate, Hatch), LOST]

CELLS = """
    cycled shut   empty     deposit   drop-again deposit
    cycled shut   promised  drop-again drop-again drop-again
    cycled shut   other     drop-again drop-again drop-again
    cycled free   empty     uncertain uncertain uncertain
    cycled free   promised  uncertain drop-again drop-again
    cycled free   other     uncertain uncertain uncertain
    cycled opened empty     uncertain uncertain uncertain
    cycled opened promised  uncertain uncertain uncertain
    cycled opened other     uncertain uncertain uncertain
    still  shut   empty     uncertain uncertain uncertain
    still  shut   promised  drop-again drop-again drop-again
    still  shut   other     drop-again drop-again drop-again
    still  free   empty     uncertain uncertain uncertain
    still  free   promised  uncertain drop-again drop-again
    still  free   other     uncertain uncertain uncertain
    still  opened empty     uncertain uncertain uncertain
    still  opened promised  uncertain void      void
    still  opened other     uncertain uncertain uncertain
    lost   lost   empty     uncertain uncertain uncertain
    lost   lost   promised  uncertain void      void
    lost   lost   other     uncertain uncertain uncertain
"""
"""Gate, hatch, pan, and what follows where the camera sees nothing, something, no word."""


def cells() -> list[tuple[Doors, Pan, Camera, Outcome]]:
    """All of `CELLS`."""
    found: list[tuple[Doors, Pan, Camera, Outcome]] = []
    for gate, hatch, pan, *outcomes in (line.split() for line in CELLS.strip().splitlines()):
        doors = LOST if gate == "lost" else (Gate(gate), Hatch(hatch))
        found += [
            (doors, Pan(pan), camera, Outcome(outcome))
            for camera, outcome in zip(Camera, outcomes, strict=True)
        ]
    return found


@pytest.mark.parametrize(("doors", "pan", "camera", "outcome"), cells())
def test_counters_pan_and_camera_decide(
    doors: Doors, pan: Pan, camera: Camera, outcome: Outcome
) -> None:
    """Cell by cell."""
    assert decide(doors, pan, camera) is outcome


def test_there_is_no_other_cell() -> None:
    """Whatever is known of the doors, the pan and the camera, something follows."""
    wanted = set(itertools.product(DOORS, Pan, Camera))
    assert {(doors, pan, camera) for doors, pan, camera, _ in cells()} == wanted


def test_only_what_nobody_could_have_reached_is_credited() -> None:
    """A deposit needs a gate that cycled, a hatch that stayed shut under power, an empty pan."""
    for doors, pan, camera in itertools.product(DOORS, Pan, Camera):
        if decide(doors, pan, camera) is Outcome.DEPOSIT:
            assert (doors, pan) == ((Gate.CYCLED, Hatch.SHUT), Pan.EMPTY)
            assert camera is not Camera.SOMETHING


def test_nothing_drops_that_could_be_another_load() -> None:
    """After the hatch was opened, or nobody knows, the gate stays shut."""
    for doors, pan, camera in itertools.product(DOORS, Pan, Camera):
        if decide(doors, pan, camera) is Outcome.AGAIN:
            assert doors is not None and doors[1] is not Hatch.OPENED
            assert doors[1] is Hatch.SHUT or pan is Pan.PROMISED
