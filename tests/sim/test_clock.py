"""Virtual time: jumps, order, and clear words when it cannot go on."""

from __future__ import annotations

import asyncio
import time

import pytest

from sim import clock
from sim.errors import ClockError, DeadlockError


def test_a_day_passes_at_once() -> None:
    """Sleeping a day costs no wall time and ends at exactly the instant asked for."""

    async def sleep_a_day() -> float:
        await asyncio.sleep(86_400)
        return asyncio.get_running_loop().time()

    before_s = time.monotonic()
    assert clock.run(sleep_a_day(), start_s=5.0) == 86_405.0
    assert time.monotonic() - before_s < 60.0  # by the wall clock, on whatever machine


def test_timers_fire_in_order_and_on_whole_microseconds() -> None:
    """Whatever floats are slept, each sees its own time, in order, and no nanosecond early."""
    waits_s = [0.1 + 0.2, 0.3, 1e-7, 0.0005, 2.000001, 1 / 3]
    seen: list[tuple[float, int]] = []

    async def wake(wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        seen.append((wait_s, clock.now_us(asyncio.get_running_loop())))

    async def all_of_them() -> None:
        await asyncio.gather(*(wake(wait_s) for wait_s in waits_s))

    clock.run(all_of_them())
    assert [wait_s for wait_s, _ in seen] == sorted(waits_s)
    assert all(-0.001 <= us - wait_s * 1e6 <= 1.001 for wait_s, us in seen)


def test_a_timeout_is_virtual_too() -> None:
    """`asyncio.timeout` gives up after virtual seconds."""

    async def give_up() -> float:
        loop = asyncio.get_running_loop()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3600):
                await loop.create_future()
        return loop.time()

    assert clock.run(give_up()) == 3600.0


def test_a_deadlock_says_who_waits_where() -> None:
    """When nobody can ever go on, the error names each task and the function it hangs in."""

    async def wait_for_a_letter(box: asyncio.Queue[str]) -> str:
        return await box.get()

    async def household() -> None:
        box: asyncio.Queue[str] = asyncio.Queue()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(wait_for_a_letter(box), name="reader")

    with pytest.raises(DeadlockError) as caught:
        clock.run(household(), start_s=7.5)
    said = str(caught.value)
    assert "7.500000 s" in said
    assert "reader: Queue.get at " in said


@pytest.mark.parametrize("how", ["executor", "socket"])
def test_the_wall_clock_is_kept_out(how: str) -> None:
    """Threads and sockets are refused by name, for they end at no virtual time."""

    async def cheat() -> None:
        if how == "executor":
            await asyncio.to_thread(time.sleep, 0)
        else:
            await asyncio.open_connection("127.0.0.1", 9)

    with pytest.raises(ClockError, match=r"thread|cannot be waited for"):
        clock.run(cheat())


def test_speed_paces_virtual_time_against_the_wall() -> None:
    """At speed 20 a virtual second takes at least a twentieth of a real one."""
    before_s = time.monotonic()
    clock.run(asyncio.sleep(2.0), speed=20.0)
    assert time.monotonic() - before_s >= 0.09


def test_the_rtc_follows_the_loop_until_a_verb_makes_it_wrong() -> None:
    """The wall clock runs with loop time; a jump moves it alone and nobody vouches for it."""

    async def watch() -> tuple[int, int, str]:
        rtc = clock.SimClock(asyncio.get_running_loop(), 1_800_000_000)
        await asyncio.sleep(90.5)
        before = rtc.utc_s()
        rtc.jump(-86_400)
        return before, rtc.utc_s(), rtc.quality()

    assert clock.run(watch(), start_s=100.0) == (1_800_000_090, 1_799_913_690, "unknown")
