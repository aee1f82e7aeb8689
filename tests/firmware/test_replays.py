"""Bytes that come twice, late or from another session start nothing."""

from __future__ import annotations

from controller.adapters.host_link import HostLink
from controller.core.commands import CloseHatch, DropLoad, Light, OpenHatch, SampleFast
from controller.core.events import GateCycled, HatchClosed, HatchOpened, NodeUp
from tests.firmware.stand_in import KILO, closed_with, frames, names, ready
from wire import messages


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
