"""A scenario by the wall clock: each node behind a serial device, the eyes on a thread.

The same kiosk, people and verbs as in virtual time. Between controller and nodes stand what a
cabinet has there: the controller's own serial port, a terminal of the kernel, and `main.py` in a
process. No trace of it is like another, for the machine takes its time; what comes of it must be
what comes of it in virtual time, unless the machine is too busy to renew a lease in time.
"""

from __future__ import annotations

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from controller.adapters.node_link import WireNodeLink
from controller.adapters.onnx_classifier import OnnxClassifier
from controller.adapters.serial_port import SerialPort
from sim.fleet.fleet import Fleet
from sim.judging import seen_of
from sim.play import Play
from sim.run import audited, outcome_of
from sim.serial_line import SerialLine
from sim.trace import Trace
from sim.watched_link import WatchedLink
from vision.classify import Classifier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from sim.parts import Parts
    from sim.run import Outcome
    from sim.scenario import Scenario

T = TypeVar("T")


def run_by_wall(scenario: Scenario, seed: int | None = None, node: str = "micropython") -> Outcome:
    """Run `scenario` to its end in real time; its verbs may not unplug or restart the controller.

    Raises:
        SimError: A node does not start, or no device can be made.
    """
    seed = scenario.seed if seed is None else seed
    with asyncio.Runner(loop_factory=WallLoop) as runner:
        return runner.run(_play(scenario, seed, node))


class WallLoop(asyncio.SelectorEventLoop):
    """The real clock, counted from when the loop was made: a scenario's times begin with 0."""

    def __init__(self) -> None:
        self._began_s = 0.0
        super().__init__()
        self._began_s = super().time()

    def time(self) -> float:
        """Seconds since the loop was made."""
        return super().time() - self._began_s


async def _play(scenario: Scenario, seed: int, node: str) -> Outcome:
    trace = Trace()
    with ExitStack() as resources:
        eyes = resources.enter_context(ThreadPoolExecutor(1, thread_name_prefix="eyes"))
        classifier = OnnxClassifier(Classifier.shipped(), run=_on(eyes))
        fleet = Fleet(scenario, seed, classifier=classifier, trace=trace, node=node, photos=None)
        resources.callback(fleet.close)
        folder = resources.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-tty-"))
        lines = [line for parts in fleet.parts for line in _plugged(parts, Path(folder), resources)]
        play = Play(fleet, trace)
        carrying = [asyncio.create_task(line.run(), name=f"line {line.path}") for line in lines]
        try:
            await play.run(lambda _now_s: None)
        finally:
            for task in carrying:
                task.cancel()
            await asyncio.gather(*carrying, return_exceptions=True)
            fleet.city.broker.down()  # what is still under way must not reach a closed ledger
        seen = [seen_of(parts, audited(parts)) for parts in fleet.parts]
        return outcome_of(fleet, play, seen, seed, play.virtual_s)


def _plugged(parts: Parts, folder: Path, resources: ExitStack) -> Iterator[SerialLine]:
    """Each node behind a device of its own, which the controller opens as it would a real one."""
    for name, bay in parts.bays.items():
        path = folder / f"{parts.story.kiosk}-{name}"
        line = SerialLine(bay.wire, path)
        port = SerialPort(str(path))
        resources.callback(port.close)
        link = WireNodeLink(name, port, parts.identity.nonces(name))
        parts.rig.links[name] = WatchedLink(link)
        yield line


def _on(eyes: ThreadPoolExecutor) -> Callable[[Callable[[], T]], Awaitable[T]]:
    """Seeing on a thread, as a kiosk does it: the loop must go on sending heartbeats."""

    def run(work: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(eyes, work)

    return run
