"""Virtual time: an asyncio loop whose clock jumps to the next deadline instead of waiting.

Time is held as integer microseconds, so that a run repeats to the bit. One thread, no
executor, no sockets: whatever would let the wall clock in is refused by name. The kiosk's
wall clock (RTC) is a second clock, `SimClock`, that may be wrong while loop time is not.
"""

from __future__ import annotations

import asyncio
import math
import selectors
import threading
import time as wall
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from sim.errors import ClockError, DeadlockError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextvars import Context

T = TypeVar("T")

US_PER_S = 1_000_000
NEVER_US = 1 << 62
FLOAT_SLACK_US = 1e-4
"""Deadlines are floats: one this little past a microsecond belongs to that microsecond."""


class _JumpingSelector(selectors.BaseSelector):
    """A selector that waits by moving the clock; it watches the loop's own pipe only."""

    def __init__(self, start_us: int, speed: float | None) -> None:
        self.now_us = start_us
        self.who_waits: Callable[[], str] = str
        self._speed = speed
        self._start_us = start_us
        self._start_wall_s = wall.monotonic()
        self._keys: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """Take the loop's own wake-up pipe; refuse every other file.

        Raises:
            ClockError: A second file was registered.
        """
        if self._keys:
            raise ClockError(
                f"{fileobj!r} cannot be waited for in virtual time: give the code a model of what "
                "is behind it, or run it on the wall clock"
            )
        key = selectors.SelectorKey(fileobj, fileobj, events, data)
        self._keys[fileobj] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        """Let go of the loop's own pipe."""
        return self._keys.pop(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """What is watched."""
        return self._keys

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Move the clock by `timeout` seconds, up to a whole microsecond; nothing ever arrives.

        Raises:
            DeadlockError: Nothing is scheduled, so nothing can ever happen again.
        """
        if timeout is None:
            raise DeadlockError(self.who_waits())
        if timeout > 0:
            # At least one: a deadline closer than float precision must still be reached.
            self.jump(self.now_us + max(1, math.ceil(timeout * US_PER_S - FLOAT_SLACK_US)))
        return []

    def jump(self, at_us: int) -> None:
        """Move the clock, and wait for the wall's where the speed is bounded."""
        self.now_us = at_us
        self._keep_pace()

    def _keep_pace(self) -> None:
        """Wait until the wall has come as far as virtual time, divided by the speed."""
        if self._speed is None:
            return
        due_s = self._start_wall_s + (self.now_us - self._start_us) / US_PER_S / self._speed
        wall.sleep(max(0.0, due_s - wall.monotonic()))


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on which an hour costs what its events cost.

    Args:
        start_s: What `time()` says at first, in seconds.
        speed: Virtual seconds per second of the wall; None runs as fast as it can.
    """

    def __init__(self, start_s: float = 0.0, speed: float | None = None) -> None:
        self._jumping = _JumpingSelector(round(start_s * US_PER_S), speed)
        self._jumping.who_waits = self._who_waits
        self._home = threading.get_ident()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Virtual time in seconds."""
        return self._jumping.now_us / US_PER_S

    @property
    def free_until_us(self) -> int:
        """Until then nothing happens on this loop unless whoever runs now makes it happen."""
        now_us = self._jumping.now_us
        if self._ready:  # type: ignore[attr-defined]
            return now_us
        scheduled: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        if not scheduled:
            return NEVER_US
        # A deadline is met by the microsecond before it as well, as the loop's resolution has it.
        return max(now_us, math.floor(scheduled[0].when() * US_PER_S) - 1)

    def skip_to(self, at_us: int) -> None:
        """Let time pass for whoever runs now, without a turn of the loop.

        Args:
            at_us: Not later than `free_until_us`.
        """
        self._jumping.jump(at_us)

    def call_soon_threadsafe(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """As `call_soon`, from the loop's own thread.

        Raises:
            ClockError: Another thread called.
        """
        if threading.get_ident() != self._home:
            raise ClockError(
                f"thread {threading.current_thread().name!r} called into virtual time: run "
                "inline there, or use the wall clock"
            )
        return self.call_soon(callback, *args, context=context)

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> NoReturn:  # type: ignore[override]
        """Refuse: a thread's end comes at no virtual time.

        Raises:
            ClockError: Always.
        """
        name = getattr(func, "__qualname__", repr(func))
        raise ClockError(
            f"{name} wants a thread, and virtual time has none: run it inline behind its port"
        )

    def _who_waits(self) -> str:
        tasks = sorted(asyncio.all_tasks(self), key=lambda task: task.get_name())
        lines = [f"  {task.get_name()}: {_where(task)}" for task in tasks]
        return (
            f"deadlock at {self.time():.6f} s: nothing is scheduled and nobody is done; waiting:\n"
            + "\n".join(lines)
        )


def _where(task: asyncio.Task[Any]) -> str:
    """Where in the code `task` waits (innermost frame) and for what."""
    awaited: Any = task.get_coro()
    frame = None
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "ag_frame", None) or frame
        deeper = getattr(awaited, "cr_await", None) or getattr(awaited, "ag_await", None)
        if deeper is None:
            break
        awaited = deeper
    if frame is None:
        return "not started"
    code = frame.f_code
    return f"{code.co_qualname} at {code.co_filename}:{frame.f_lineno}"


def now_us(loop: asyncio.AbstractEventLoop) -> int:
    """The loop's time in whole microseconds; exact on a `VirtualLoop`."""
    return round(loop.time() * US_PER_S)


class SimClock:
    """The kiosk's wall clock (ports.Clock): right at start, and wrong whenever a verb says so.

    Args:
        loop: The loop whose time makes it run; virtual or real.
        utc_at_start: Unix seconds at the loop's present time.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, utc_at_start: int) -> None:
        self._loop = loop
        self._start_s = loop.time()
        self._utc_at_start = utc_at_start
        self._quality = "synchronised"

    def utc_s(self) -> int:
        """Seconds since 1970-01-01 UTC, as this clock believes."""
        return self._utc_at_start + math.floor(self._loop.time() - self._start_s)

    def quality(self) -> str:
        """`synchronised`, or `unknown` after a jump."""
        return self._quality

    def jump(self, seconds: int) -> None:
        """Verb: the RTC is suddenly `seconds` ahead (negative: behind), and nobody vouches."""
        self._utc_at_start += seconds
        self._quality = "unknown"


def run(coro: Coroutine[Any, Any, T], *, start_s: float = 0.0, speed: float | None = None) -> T:
    """Run `coro` to its end on a new `VirtualLoop` and return its result.

    Raises:
        DeadlockError: It can never end.
        ClockError: It asked for a thread, a socket or another file.
    """
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(start_s, speed)) as runner:
        return runner.run(coro)
