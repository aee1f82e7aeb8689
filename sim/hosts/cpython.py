"""A node on CPython, in this process: the quick host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.core.config import Config
from firmware.core.node import Node
from sim import exchange

if TYPE_CHECKING:
    from firmware.hal.board import Inputs, Outputs
    from sim.hosts import NodeSpec, Observer


class CPythonHost:
    """Steps a `Node` object; every exchange goes through the same bytes as a real board's.

    Args:
        spec: Who the node is.
        observe: Called with the bytes of every exchange, inputs then outputs.
    """

    def __init__(self, spec: NodeSpec, observe: Observer | None = None) -> None:
        self.spec = spec
        self.fram = spec.stored
        self.learned = spec.learned
        self._observe = observe
        self._node = self._start()

    def exchange(self, inputs: Inputs) -> Outputs:
        """Give the node one scan and return what it drives."""
        sensed = exchange.pack_inputs(inputs)
        driven = exchange.pack_outputs(self._node.step(exchange.unpack_inputs(sensed)))
        if self._observe is not None:
            self._observe(sensed, driven)
        outputs = exchange.unpack_outputs(driven)
        self.fram = outputs.fram or self.fram
        self.learned = outputs.learned or self.learned
        return outputs

    def reset(self, boot_id: int, reset_cause: int) -> None:
        """Start the firmware anew, with both blocks as FRAM has them."""
        self.spec = self.spec.restarted(boot_id, reset_cause, self.fram, self.learned)
        self._node = self._start()

    def close(self) -> None:
        """Nothing to let go of."""

    def _start(self) -> Node:
        packed = self.spec.packed()
        bay, boot_id, cause, stored, learned, figures = exchange.unpack_start(packed)
        return Node((bay, boot_id, cause), stored, learned, Config().change(figures))
