"""What a board senses through a whole deposit, as bytes: to be played to any node host."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from controller.core.commands import CloseHatch, DropLoad, OpenHatch
from controller.core.events import GateCycled, HatchClosed, HatchObstructed, HatchOpened
from sim import exchange
from sim.solo import Solo
from sim.world import Item

if TYPE_CHECKING:
    from firmware.hal.board import Inputs, Outputs

BOTTLES = Item("bottles", "pet-bottle", 300)


def sensed_in_a_deposit(seed: int) -> list[bytes]:
    """Open, load, close on a hand, close, drop: the packed inputs of every scan, in order."""
    sensed: list[bytes] = []

    def note(inputs: Inputs, _: Outputs) -> None:
        sensed.append(exchange.pack_inputs(inputs))

    with closing(Solo(seed, settle=False)) as bay:
        bay.watch = note
        bay.come_up()
        bay.submit(OpenHatch(bay.name))
        bay.until(HatchOpened)
        bay.world.put(BOTTLES)
        bay.run_ms(500)
        bay.submit(CloseHatch(bay.name))
        bay.run_ms(2_000)
        bay.world.hand(True)
        bay.until(HatchObstructed)
        bay.world.hand(False)
        bay.run_ms(6_000)
        bay.submit(CloseHatch(bay.name))
        bay.until(HatchClosed)
        bay.run_ms(1_000)
        bay.submit(DropLoad(bay.name, 1))
        bay.until(GateCycled)
    return sensed
