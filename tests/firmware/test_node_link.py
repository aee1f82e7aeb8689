"""The node's end of the wire against lost, late, repeated and foreign bytes."""

from __future__ import annotations

import random

import pytest

from controller.adapters.host_link import HostLink
from controller.core.commands import CloseHatch, DropLoad, Light, OpenHatch, SampleFast
from controller.core.events import GateCycled, HandMoved, HatchClosed, HatchOpened, NodeUp
from firmware.core import ticks
from tests.firmware.stand_in import KILO, Rig, closed_with, opened, ready
from wire import messages
from wire.frame import Decoder, Frame, encode


def frames(data: bytes) -> list[Frame]:
    return Decoder().feed(data)


def names(data: bytes) -> list[str]:
    return [messages.TABLE[one.kind][0] for one in frames(data)]


def test_bytes_that_come_twice_do_everything_once() -> None:
    """Whatever the line repeats, the hatch opens once and the gate drops once."""
    rig = ready()
    plain = rig._send

    def twice() -> None:
        plain()
        rig.inject(rig._rx)

    rig._send = twice  # type: ignore[method-assign]
    rig.submit(OpenHatch("a"))
    rig.until(HatchOpened)
    rig.submit(CloseHatch("a"))
    rig.until(HatchClosed)
    rig.run(500)
    rig.submit(DropLoad("a", 0))
    rig.until(GateCycled)
    rig.run(3_000)
    assert rig.reports[-1].gate_cycles == 1
    assert rig.reports[-1].hatch_openings == 1
    assert [rig.count(kind) for kind in (HatchOpened, HatchClosed, GateCycled)] == [1, 1, 1]


def test_a_recorded_session_played_again_moves_nothing() -> None:
    """All bytes of a deposit, hello included, at any later time, with or without a controller."""
    rig = closed_with(1000 + KILO)
    rig.submit(DropLoad("a", 0))
    rig.until(GateCycled)
    recorded = list(rig.to_node)
    moved_ms, cycles = rig.bay.moved_ms, rig.reports[-1].gate_cycles
    rig.speaks = False
    for quiet_ms in (0, 3_000):
        rig.run(quiet_ms)
        for data in recorded:
            rig.inject(data)
            rig.run(3)
    rig.run(3_000)
    assert rig.bay.moved_ms == moved_ms
    rig.speaks = True
    rig.run(2_000)
    assert rig.reports[-1].gate_cycles == cycles


def test_an_old_controllers_session_cannot_be_had_again() -> None:
    """Its hello begins another session, so its own commands after it mean nothing."""
    rig = ready()
    rig.submit(Light("a", True))
    rig.run(100)
    recorded = list(rig.to_node)
    rig.link = HostLink("a", lambda: 5555, rig.now_s)
    rig.until(NodeUp)
    rig.submit(Light("a", False))
    rig.run(300)
    rig.speaks = False
    for data in recorded:
        rig.inject(data)
        rig.run(1)
    assert not rig.bay.outputs.light_on


def test_a_command_is_taken_once_whatever_frame_brings_it() -> None:
    """The same number again, or another session's command, in a frame that is in its turn."""
    rig = ready()
    rig.submit(Light("a", True))
    rig.run(50)
    old = next(one for one in frames(rig.to_node[-2]) if one.kind == messages.KINDS["light"])
    session = rig.link._session
    assert session is not None
    foreign = messages.pack("light", session=session.number ^ 1, command=900, on=1)
    rig.submit(Light("a", False))
    rig.run(50)
    assert not rig.bay.outputs.light_on
    for kind, body in ((old.kind, old.body), foreign):
        session.commands.put(kind, body)
        rig.link._out += session.commands.due(0, rig.now_s)
        rig._send()
        rig.run(50)
        assert not rig.bay.outputs.light_on


def test_a_lost_command_is_not_overtaken() -> None:
    """The one behind it waits until the lost one has come again."""
    rig = ready()
    rig.speaks = False
    rig.submit(Light("a", True))
    rig.speaks = True
    rig.submit(SampleFast("a", False))
    rig.run(50)
    assert not rig.bay.outputs.light_on
    rig.run(200)
    assert rig.bay.outputs.light_on


def test_each_recorded_frame_alone_moves_nothing_in_the_next_session() -> None:
    """Another controller greets the node; the old one's frames are of no session now."""
    rig = closed_with(1000 + KILO)
    rig.submit(DropLoad("a", 0))
    rig.until(GateCycled)
    recorded = [data for data in rig.to_node if names(data) != ["hello"]]
    rig.link = HostLink("a", lambda: 5555, rig.now_s)
    rig.until(NodeUp)
    moved_ms = rig.bay.moved_ms
    for data in recorded:
        rig.inject(data)
        rig.run(2)
    rig.run(3_000)
    assert rig.bay.moved_ms == moved_ms
    assert rig.reports[-1].gate_cycles == 1


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
    rig.bay.inputs.curtain_blocked = True
    rig.run(50)
    rig.bay.inputs.curtain_blocked = False
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
        rig.bay.inputs.curtain_blocked = not rig.bay.inputs.curtain_blocked
        rig.run(150)
    rig.bay.inputs.curtain_blocked = False
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
        # Two heartbeats lost in a row end a closing, as they must; then it is asked for again.
        while isinstance(rig.until((HatchClosed, HatchOpened)), HatchOpened):
            rig.submit(CloseHatch("a"))
        rig.run(500)
    assert rig.count(HatchClosed) == 6
    assert rig.reports[-1].hatch_openings == 6
    assert rig.link.bad_frames > 10
