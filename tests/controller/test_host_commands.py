"""Commands on their way to a node: numbered, in order, repeated, in time."""

from __future__ import annotations

from typing import get_args

from controller.adapters import node_words
from controller.core import commands
from controller.core.events import NodeReport
from tests.controller.framed_node import Node


def test_commands_carry_session_number_and_deadline_and_are_repeated() -> None:
    """Numbered from 1, a second ahead in node ticks across their wrap, until acknowledged."""
    node = Node()
    node.wait(0.1)
    node.welcome()
    node.report(node_ms=(1 << 30) - 400)
    node.submit(commands.DropLoad("a", 3))
    fields = {"session": 4711, "command": 1, "expires_ms": 600, "bin_index": 3}
    assert node.heard[-1] == (1, 0, "drop_load", fields)
    node.wait(0.25)
    assert node.count("drop_load") == 3
    node.report(ack=1)
    node.wait(0.3)
    assert node.count("drop_load") == 3


def test_every_command_has_its_words() -> None:
    """All that the controller can ask of a node; motion and a restart carry a deadline."""
    node = Node()
    node.up()
    wishes: list[tuple[commands.NodeCommand, str, dict[str, int]]] = [
        (commands.OpenHatch("a"), "open_hatch", {"expires_ms": 6_000}),
        (commands.CloseHatch("a"), "close_hatch", {"expires_ms": 6_000}),
        (commands.DropLoad("a", 2), "drop_load", {"expires_ms": 6_000, "bin_index": 2}),
        (commands.SampleFast("a", True), "sample_fast", {"on": 1}),
        (commands.Light("a", False), "light", {"on": 0}),
        (commands.SetLoadLimit("a", 9, -5), "set_load_limit", {"raw": 9, "low_raw": -5}),
        (commands.ClearFaults("a"), "clear_faults", {}),
        (commands.LearnHatch("a"), "learn_hatch", {}),
        (commands.RestartNode("a"), "restart", {"expires_ms": 6_000}),
    ]
    assert {name for _, name, _ in wishes} == set(node_words.EVERY_COMMAND)
    assert {type(wish) for wish, _, _ in wishes} == set(get_args(commands.NodeCommand))
    for number, (wish, name, own) in enumerate(wishes, 1):
        node.submit(wish)
        node.report(ack=number)
        expected = {"session": 4711, "command": number} | own
        assert [said for said in node.heard if said[2] == name][-1][3] == expected


def test_no_more_than_four_commands_are_under_way() -> None:
    """The fifth waits for the first to be acknowledged, and all keep their order."""
    node = Node()
    node.up()
    for at in range(6):
        node.submit(commands.Light("a", at % 2 == 0))
    assert [said[0] for said in node.heard if said[2] == "light"] == [1, 2, 3, 4]
    node.report(ack=2)
    assert [said[0] for said in node.heard if said[2] == "light"] == [1, 2, 3, 4, 5, 6]


def test_acks_that_come_twice_or_late_let_go_of_nothing_else() -> None:
    """Cumulative: the last one counts, an older or an unknown one changes nothing."""
    node = Node()
    node.up()
    for on in (True, False, True):
        node.submit(commands.Light("a", on))
    node.report(ack=2)
    for ack in (2, 1, 2, 77, 0):
        node.report(ack=ack)
    node.wait(0.15)
    assert [said[0] for said in node.heard if said[2] == "light"] == [1, 2, 3, 3]
    node.report(ack=3)
    node.wait(0.3)
    assert node.count("light") == 4


def test_a_lost_ack_is_made_good_by_the_next_one() -> None:
    """All that is under way goes again after a tenth of a second, the oldest first."""
    node = Node()
    node.up()
    node.submit(commands.Light("a", True))
    node.wait(0.06)
    node.submit(commands.Light("a", False))  # a younger one must not put off the older
    node.wait(0.05)
    assert [said[0] for said in node.heard if said[2] == "light"] == [1, 2, 1, 2]
    node.report(ack=2)
    node.wait(0.5)
    assert node.count("light") == 4


def test_numbers_go_on_at_1_after_255() -> None:
    """Six hundred commands, four at a time, acknowledged across the wrap, each in its turn."""
    node = Node()
    node.up()
    node.heard.clear()
    for _ in range(150):
        for _ in range(4):
            node.submit(commands.Light("a", True))
        node.report(ack=node.heard[-1][0])
    lights = [(said[0], said[3]["command"]) for said in node.heard if said[2] == "light"]
    assert lights == [(at % 255 + 1, at + 1) for at in range(600)]


def test_a_stall_of_ours_with_a_command_under_way_loses_no_node() -> None:
    """Two seconds in which our loop did not run: the answer waits in the port's buffer."""
    node = Node()
    node.up()
    node.submit(commands.Light("a", True))
    node.now_s += 2
    node.events.clear()
    node.wait(0.0)
    node.report(ack=1)
    node.wait(0.3)
    assert node.link.up
    assert all(isinstance(event, NodeReport) for event in node.events)


def test_deadlines_follow_the_nodes_clock_and_never_run_late() -> None:
    """Its report took time to arrive: a second is counted from what its clock surely shows."""
    node = Node()
    node.up()
    node.wait(0.05)
    for late_ms in (400, 30, 250):
        node.wait(0.1)
        true_ms = 5_000 + round(node.now_s * 1000)
        node.report(node_ms=true_ms - late_ms, beat=0, beat_ms=0)
        node.submit(commands.OpenHatch("a"))
        assert node.last("open_hatch")["expires_ms"] <= true_ms + 1_000


def test_a_nodes_ticks_have_a_time_here_once_a_heartbeat_is_answered() -> None:
    """The report says which heartbeat was heard when; a link that is lost knows no time."""
    node = Node()
    node.up()
    assert node.link.host_s(5_000) is None
    node.wait(0.1)
    sent_s = node.now_s
    node.wait(0.004)
    node.report(node_ms=6_002, beat=node.last("heartbeat")["number"], beat_ms=6_001)
    host_s = node.link.host_s(6_002)
    assert host_s is not None
    assert abs(host_s - (sent_s + 0.0025)) <= 0.003
    node.wait(1)
    assert not node.link.up
    assert node.link.host_s(6_002) is None
