"""The controller's end of the wire, told what arrives and when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.adapters import host_link
from controller.adapters.host_link import HostLink
from controller.core import commands
from controller.core.events import (
    CommandRefused,
    GateCycled,
    HatchOpened,
    NodeFault,
    NodeLost,
    NodeReport,
    NodeUp,
    Samples,
)
from controller.core.service.given import FrameCount
from tests.controller.framed_node import Node
from wire import faults, messages
from wire.frame import encode


def test_a_node_is_up_after_hello_welcome_and_report() -> None:
    """Its counters and its cause of reset come with it; a heartbeat goes out at once."""
    node = Node()
    node.wait(0.1)
    assert node.count("hello") == 1
    node.welcome()
    assert node.events == []
    assert node.last("heartbeat") == {"session": 4711, "number": 1}
    node.report()
    report = NodeReport("a", 5_000, "OPEN", "CLOSED", True, False, 7, 9, 12, 400, (), 220)
    assert node.events == [NodeUp("a", 42, "power", 7, 9, 3), report]
    node.report(faults=1 << faults.TAMPER | 1 << faults.FIRE, flags=0)
    assert node.events[-1] == replace(report, hand=False, faults=("fire", "tamper"))


def test_a_silent_node_is_lost_once_and_called_for_ever() -> None:
    """Half a second; then one word about it, not one for every call."""
    node = Node()
    node.wait(10)
    assert node.events == [NodeLost("a", host_link.SILENT)]
    assert 45 <= node.count("hello") <= 52
    node.welcome()
    node.report()
    assert isinstance(node.events[1], NodeUp)
    node.wait(0.49)
    assert node.link.up
    node.wait(0.02)
    assert node.lost == host_link.SILENT
    assert not node.link.up


def test_heartbeats_go_out_every_tenth_of_a_second_and_count() -> None:
    """By the controller's own loop: nothing else sends them."""
    node = Node()
    node.up()
    for _ in range(20):
        node.wait(0.1)
        node.report()
    numbers = [fields["number"] for _, _, name, fields in node.heard if name == "heartbeat"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 20 <= len(numbers) <= 22


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": 2}, "speaks protocol 2/"),
        ({"table_hash": 1}, "speaks protocol 1/00000001, this controller 1/"),
    ],
)
def test_another_protocol_is_refused_with_what_to_do(changes: dict[str, int], words: str) -> None:
    """No command goes to it, and it is asked again now and then: somebody may flash it."""
    node = Node()
    node.wait(0.1)
    node.welcome(b"a", **changes)
    assert not node.link.up
    assert words in node.lost
    assert "flash the node" in node.lost
    node.submit(commands.OpenHatch("a"))
    assert node.events[-1] == CommandRefused("a", "OpenHatch", "node-lost")
    before = node.count("hello")
    for _ in range(5):
        node.wait(1.05)
        node.welcome(b"a", **changes)
    assert 4 <= node.count("hello") - before <= 6
    assert len(node.events) == 2
    node.wait(1.05)
    node.welcome()
    node.report()
    assert node.link.up


def test_a_welcome_of_any_other_length_is_still_read_for_its_version() -> None:
    """A newer node may say more in its welcome; what leads it stays."""
    node = Node()
    node.wait(0.1)
    kind, body = messages.pack("hello", version=3, table_hash=9, nonce=0)
    assert kind != messages.KINDS["welcome"]
    node.hear_bytes(encode(0, 0, messages.KINDS["welcome"], body[:5]))
    assert "speaks protocol 3/00000009" in node.lost


def test_a_node_of_another_bay_is_refused_by_its_name() -> None:
    """Two cables were swapped: neither bay is moved by the other's commands."""
    node = Node()
    node.wait(0.1)
    node.welcome(b"b")
    node.report()
    assert not node.link.up
    assert "is bay 'b', not 'a'" in node.lost
    assert "cables" in node.lost


def test_what_the_port_knows_is_said_instead_of_silence() -> None:
    """An unplugged cable is no silent node."""
    link = HostLink("a", lambda: 1, 0.0)
    link.tick(0.0, "the cable is out")
    assert link.tick(0.6, "the cable is out") == [NodeLost("a", "the cable is out")]
    assert link.tick(0.8, "the cable is out") == []
    assert link.tick(1.0, "") == [NodeLost("a", host_link.SILENT)]


def test_a_welcome_for_another_hello_is_not_ours() -> None:
    """It was asked for by whoever had the port before."""
    node = Node()
    node.wait(0.1)
    node.welcome(nonce=3)
    node.report()
    assert not node.link.up


def test_a_node_that_does_not_hear_is_lost_although_it_speaks() -> None:
    """Half a cable: reports come, acknowledgements or the lease do not."""
    node = Node()
    node.up()
    node.submit(commands.Light("a", True))
    for _ in range(12):
        node.wait(0.1)
        node.report()
    assert node.lost == host_link.DEAF
    other = Node()
    other.up()
    for _ in range(12):
        other.wait(0.1)
        other.report(flags=0)
    assert other.lost == host_link.DEAF


def test_events_are_heard_once_in_order_and_acknowledged() -> None:
    """Again, too early, or again in the next session: once is enough."""
    node = Node()
    node.up()
    node.events.clear()
    node.say("hatch_opened", seq=1, number=1)
    assert node.heard[-1][1:3] == (1, "ack")
    node.say("hatch_opened", seq=1, number=1)
    node.say("gate_cycled", seq=3, number=3, bin_index=1, gate_cycles=8)
    assert node.heard[-1][1:3] == (1, "ack")
    node.say("fault", seq=2, number=2, code=faults.FIRE, active=1)
    node.say("gate_cycled", seq=3, number=3, bin_index=1, gate_cycles=8)
    expected = [HatchOpened("a"), NodeFault("a", "fire", True), GateCycled("a", 1, 8)]
    assert node.events == expected
    node.wait(0.6)
    node.events.clear()
    node.welcome(session=4712)
    node.report()
    node.say("gate_cycled", seq=1, number=3, bin_index=1, gate_cycles=8)
    node.say("hatch_opened", seq=2, number=4)
    assert node.events[2:] == [HatchOpened("a")]


def test_another_boot_of_the_node_counts_its_events_anew() -> None:
    """Its first event is not taken for an old one."""
    node = Node()
    node.up()
    node.say("hatch_opened", seq=1, number=1)
    node.say("stranger", boot_id=43)
    assert node.lost == host_link.RESTARTED
    node.wait(0.1)
    node.welcome(session=5, boot_id=43)
    node.report()
    node.events.clear()
    node.say("hatch_opened", seq=1, number=1)
    assert node.events == [HatchOpened("a")]


def test_nothing_is_heard_before_the_first_report() -> None:
    """An event needs the state it happened in; it comes again."""
    node = Node()
    node.wait(0.1)
    node.welcome()
    node.say("hatch_opened", seq=1, number=1)
    node.say("samples", messages.pack_raw([1]), number=1, node_ms=3)
    assert node.events == []
    node.report()
    node.say("hatch_opened", seq=1, number=1)
    assert node.events[-1] == HatchOpened("a")


def test_samples_and_refusals_come_in_the_controllers_words() -> None:
    """Raw counts with the node's ticks; a refusal with the command's name and its reason."""
    node = Node()
    node.up()
    node.say("samples", messages.pack_raw([-3, 8_388_607]), number=9, node_ms=5_100)
    reason = messages.REFUSALS.index("hand-inside")
    kind = messages.KINDS["close_hatch"]
    node.say("command_refused", seq=1, number=1, command=1, kind=kind, reason=reason)
    samples, refusal = node.events[-2:]
    assert samples == Samples("a", 5_100, (-3, 8_388_607))
    assert refusal == CommandRefused("a", "CloseHatch", "hand-inside")


def test_bodies_that_say_nothing_known_are_counted_and_cost_nothing() -> None:
    """Half a conversion, an unknown fault, a message that nobody has heard of."""
    node = Node()
    node.up()
    before = len(node.events)
    node.say("samples", b"abc", number=9, node_ms=5_100)
    node.hear_bytes(encode(0, 0, 0x7F, b"what"))
    assert node.link.frames_heard.bad == 2
    assert len(node.events) == before
    node.say("fault", seq=1, number=1, code=200, active=1)
    assert node.events[-1] == NodeFault("a", "unknown-200", True)
    assert node.link.up


def test_bad_frames_are_counted_at_both_ends_over_a_restart_of_the_node() -> None:
    """The node counts what did not reach it whole from its own start, in sixteen bits."""
    node = Node()
    node.up()
    whole = node.link.frames_heard.whole
    node.report(bad_frames=65_534)
    node.report(bad_frames=3)
    node.hear_bytes(b"\x05noise\x00")
    assert node.link.frames_heard == FrameCount(whole + 2, 1, 65_534 + 5)
    node.say("stranger", boot_id=43)
    node.wait(0.1)
    node.welcome(boot_id=43)
    node.report()
    node.report(bad_frames=2)
    assert node.link.frames_heard.bad_at_node == 65_534 + 5 + 2


def test_a_thermometer_that_does_not_answer_is_no_frost() -> None:
    """The node says -100 °C then; the controller knows that nobody knows."""
    node = Node()
    node.wait(0.1)
    node.welcome()
    node.report(temperature_dc=-1_000)
    assert node.events[-1].temperature_dc is None  # type: ignore[union-attr]
