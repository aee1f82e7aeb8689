"""The line between controller and node: how quick, how sure, how well it keeps time.

Latencies are virtual ms of the simulated bay, line and board, so they are the same everywhere;
the codec's rates are this machine's.
"""

from __future__ import annotations

import os
import subprocess
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from bench import link_codec
from bench.link_bay import Timings, timings
from bench.link_seals import undetected
from bench.row import Row
from sim.hosts import find_micropython
from sim.hosts.micropython import HEAP, ROOT
from sim.trials.many import many

BAYS = 16
LIGHTS, UNLOCKS, STOPS = 200, 6, 13
"""On each bay: together 3,200 light commands, 96 openings, 208 lines that fail while it closes."""

BENT_FRAMES = 400_000

MARGIN_MS = 100.0
"""Klipper schedules a command so far ahead (`MIN_SCHEDULE_TIME`)."""

EFFECT_MS, STANDING_MS, LEASE_MS = 15.0, 300.0, 250.0
LINE_BYTES_PER_S = 11_520.0
RP2040_SLOWER, BUSY = 100.0, 0.25
"""An RP2040 is thought to run MicroPython 50 to 100 times slower than the unix port here, and a
node that streams, reports and hears heartbeats has 60 frames a second: a quarter of the line's."""


def measure(bays: int = BAYS, bent_frames: int = BENT_FRAMES) -> list[Row]:
    """Latencies over `bays` bays, seals over `bent_frames` frames, codec rates, clock error."""
    timed = many(partial(timings, lights=LIGHTS, unlocks=UNLOCKS, stops=STOPS), range(bays))
    return [
        *_effects("light command to lamp", [ms for one in timed for ms in one.light]),
        *_effects("hatch command to unlocked", [ms for one in timed for ms in one.unlock]),
        _stop([ms for one in timed for ms in one.stop]),
        _seals(bent_frames, bays),
        *_codecs(),
        _clock(timed),
    ]


def _effects(what: str, took_ms: list[float]) -> list[Row]:
    figures = (("p50", median(took_ms)), ("p99", quantiles(took_ms, n=100)[-1]))
    return [
        Row(
            f"{what}, {name} of {len(took_ms)}",
            value_ms,
            "ms",
            "Klipper's scheduling margin",
            MARGIN_MS,
            EFFECT_MS,
            at_least=False,
            is_limit=True,
        )
        for name, value_ms in figures
    ]


def _stop(stopped_ms: list[float]) -> Row:
    return Row(
        f"last heartbeat to standing still while closing, worst of {len(stopped_ms)}",
        max(stopped_ms),
        "ms",
        "the lease alone",
        LEASE_MS,
        STANDING_MS,
        at_least=False,
        is_limit=True,
    )


def _seals(frames: int, parts: int) -> Row:
    found = many(partial(undetected, frames=frames // parts), range(parts))
    return Row(
        f"corrupted frames taken for others, of {frames // parts * parts}",
        sum(by_crc for by_crc, _ in found),
        "",
        "XOR-8 as Marlin's",
        sum(by_xor for _, by_xor in found),
        0.0,
        at_least=False,
        is_limit=True,
    )


def _codecs() -> list[Row]:
    rates = {"CPython": link_codec.frames_per_s()}
    program = find_micropython()
    if program is not None:
        rates["MicroPython"] = _on_micropython(program)
    limit_per_s = LINE_BYTES_PER_S / len(link_codec.report_frame())
    return [
        Row(
            f"reports encoded and decoded, {name}",
            per_s,
            "1/s",
            "what 115200 baud carry",
            limit_per_s,
            RP2040_SLOWER * BUSY,
        )
        for name, per_s in rates.items()
    ]


def _on_micropython(program: str) -> float:
    done = subprocess.run(
        [program, "-X", f"heapsize={HEAP}", str(Path(link_codec.__file__))],
        env=os.environ | {"MICROPYPATH": f"{ROOT}:.frozen"},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def _clock(timed: list[Timings]) -> Row:
    errors_ms = [ms for one in timed for ms in one.clock_error]
    return Row(
        f"node's clock, error, p99 of {len(errors_ms)}",
        quantiles(errors_ms, n=100)[-1],
        "ms",
        "half the least round trip",
        median(one.least_rtt for one in timed) / 2,
        1.0,
        at_least=False,
    )
