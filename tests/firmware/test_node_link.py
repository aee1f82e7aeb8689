"""The node's end of the wire against lost, late, repeated and foreign bytes."""

from __future__ import annotations

import random

import pytest

from controller.adapters.host_link import HostLink
from controller.core.commands import CloseHatch, DropLoad, Light, OpenHatch
from controller.core.events import (
    CommandRefused,
    GateCycled,
    HandMoved,
    HatchClosed,
    HatchOpened,
    NodeUp,
)
from firmware.core import ticks
from tests.firmware.stand_in import KILO, Rig, closed_with, frames, names, opened, ready
from wire import messages
from wire.frame import encode


@pytest.mark.parametrize("late_ms", [1_050, 5_000, ticks.PERIOD // 2 - 10])
def test_a_late_command_is_refused_and_starts_nothing(late_ms: int) -> None:
    """However late, up to the point where ticks themselves begin to lie."""
    rig = ready()
    session = rig.link._session
    assert session is not None
    now = rig.bay.ticks
    rig.wire("open_hatch", expires_ms=ticks.add(now, 1_000 - late_ms))
    rig.run(300)
    assert rig.refusals == [("OpenHatch", "expired")]
    assert rig.bay.hatch_mm == 0


def test_a_deadline_in_the_far_future_is_not_believed() -> None:
    """It comes from another boot, or from a host that does not know the node's time."""
    rig = ready()
    rig.wire("open_hatch", expires_ms=ticks.add(rig.bay.ticks, 6_000))
    rig.run(300)
    assert rig.refusals == [("OpenHatch", "expired")]


def test_a_command_before_the_first_heartbeat_is_refused() -> None:
    """A session is not a lease."""
    rig = Rig()
    rig.until(NodeUp)
    assert rig.link._session is not None
    rig.link._session.next_heartbeat_s = 1e9
    rig.run(300)
    rig.submit(OpenHatch("a"))
    rig.run(300)
    assert rig.refusals == [("OpenHatch", "no-lease")]
    assert rig.reports[-1].hatch_openings == 0


def test_an_old_heartbeat_renews_nothing() -> None:
    """A line that echoes keeps no lease alive."""
    rig = opened()
    beats = [data for data in rig.to_node if "heartbeat" in names(data)][-20:]
    rig.submit(CloseHatch("a"))
    rig.run(2_000)
    assert rig.bay.driven < 0
    rig.speaks = False
    for _ in range(10):
        for beat in beats:
            rig.inject(beat)
        rig.run(30)
    assert rig.bay.driven >= 0


def test_a_line_that_echoes_ends_the_session() -> None:
    """A node that hears itself must not take its own words for acknowledgements and commands."""
    rig = opened()
    rig.submit(CloseHatch("a"))
    rig.run(2_000)
    assert rig.bay.driven < 0
    for _ in range(400):
        rig.run(1)
        rig.inject(rig.bay.outputs.tx)
    assert rig.bay.driven >= 0
    rig.until(HatchOpened)


def test_another_version_is_answered_and_obeyed_in_nothing() -> None:
    """It learns what the node speaks; the session that was is over."""
    rig = ready()
    rig.speaks = False
    foreign = messages.pack("hello", version=9, table_hash=1, nonce=3)
    rig.hears = False
    rig.inject(encode(0, 0, *foreign))
    rig.run(1)
    rig.scan()
    assert rig.bay.outputs.tx == b""
    rig.inject(encode(0, 0, *foreign))
    rig.scan()
    answer = frames(rig.bay.outputs.tx)
    assert len(answer) == 1
    name, fields, tail = messages.unpack(answer[0].kind, answer[0].body)
    assert (name, fields["session"], tail) == ("welcome", 0, b"a")
    assert messages.peer(answer[0].body) == (messages.VERSION, messages.TABLE_HASH)


def test_events_wait_for_whoever_was_away_and_keep_their_order() -> None:
    """A deaf line loses nothing and repeats nothing to the ear above."""
    rig = ready()
    rig.submit(OpenHatch("a"))
    rig.run(100)
    rig.hears = False
    rig.run(3_000)
    rig.bay.hand = True
    rig.run(50)
    rig.bay.hand = False
    rig.run(200)
    before = len(rig.said())
    rig.hears = True
    rig.run(1_000)
    up, *rest = rig.said()[before:]
    assert isinstance(up, NodeUp)
    assert rest == [HatchOpened("a"), HandMoved("a", True), HandMoved("a", False)]


def test_events_of_an_old_session_reach_the_next_controller() -> None:
    """The controller was restarted while the gate was open: it still hears what came of it."""
    rig = closed_with(1000 + KILO)
    rig.submit(DropLoad("a", 0))
    rig.run(900)
    rig.speaks = rig.hears = False
    rig.run(4_000)
    rig.speaks = rig.hears = True
    rig.link = HostLink("a", lambda: 5555, rig.now_s)
    rig.until(NodeUp)
    rig.run(500)
    assert rig.count(GateCycled) == 1


def test_a_node_that_was_restarted_says_so_at_the_next_heartbeat() -> None:
    """No half second of silence is needed."""
    rig = ready()
    rig.host.reset(78, 3)
    before_ms = rig.bay.now_ms
    up = rig.until(NodeUp)
    assert isinstance(up, NodeUp)
    assert (up.boot_id, up.reset_cause) == (78, "watchdog")
    assert rig.bay.now_ms - before_ms < 350


def test_nobody_to_talk_to_nothing_said() -> None:
    """Five seconds after the last heartbeat the node falls silent, until it is greeted."""
    rig = ready()
    rig.speaks = False
    rig.run(6_000)
    rig.hears = False
    quiet = 0
    for _ in range(3_000):
        rig.run(1)
        quiet += len(rig.bay.outputs.tx)
    assert quiet == 0
    rig.speaks = rig.hears = True
    rig.until(NodeUp, 2_000)


def test_more_events_than_there_are_places_are_counted() -> None:
    """An hour of a hand that plays with the curtain costs no memory and no hatch event."""
    rig = ready()
    rig.hears = False
    rig.speaks = False
    for _ in range(60):
        rig.bay.hand = not rig.bay.hand
        rig.run(150)
    rig.bay.hand = False
    rig.bay.inputs.inner_release = True
    rig.run(4_000)
    rig.hears = rig.speaks = True
    rig.until(NodeUp)
    rig.run(3_000)
    assert rig.count(HandMoved) <= 17
    assert rig.count(HatchOpened) == 1


def test_a_noisy_line_delays_but_loses_nothing(seed: int) -> None:
    """One byte in a thousand is bent, either way; every command and event arrives once."""
    chance = random.Random(seed)

    def bend(data: bytes) -> bytes:
        return bytes(b ^ 16 if chance.random() < 0.001 else b for b in data)

    rig = ready()
    plain = rig.link.receive
    rig.link.receive = lambda data, now_s: plain(bend(data), now_s)  # type: ignore[method-assign]
    send = rig.link.take_bytes
    rig.link.take_bytes = lambda: bend(send())  # type: ignore[method-assign]
    for at in range(6):
        rig.submit(Light("a", at % 2 == 0))
        rig.submit(OpenHatch("a"))
        rig.until(HatchOpened)
        rig.run(500)
        rig.submit(CloseHatch("a"))
        # Two heartbeats lost in a row end or refuse a closing, as they must: ask again.
        ends = (HatchClosed, HatchOpened, CommandRefused)
        while not isinstance(rig.until(ends), HatchClosed):
            rig.submit(CloseHatch("a"))
        rig.run(500)
    assert rig.count(HatchClosed) == 6
    assert rig.reports[-1].hatch_openings == 6
    assert rig.link.frames_heard.bad > 10
