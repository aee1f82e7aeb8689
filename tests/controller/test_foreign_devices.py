"""What else may hang on a node's port, and what the controller says of it."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from controller.adapters import host_link
from controller.adapters.host_link import HostLink
from controller.core import commands
from controller.core.events import CommandRefused, NodeLost
from tests.controller.framed_node import Node
from wire import messages
from wire.frame import encode

HELLO = messages.pack("hello", version=messages.VERSION, table_hash=messages.TABLE_HASH, nonce=100)


def test_a_device_that_is_no_node_is_called_one() -> None:
    """A modem answers, but not in frames."""
    node = Node()
    node.hear_bytes(b"\r\nATZ\r\nERROR\r\n")
    node.wait(1)
    assert "does not speak the node's protocol" in node.lost
    assert "`port`" in node.lost


def modem(data: bytes, chance: random.Random) -> bytes:
    """It answers in lines of text whatever it is told."""
    return b"\r\nERROR\r\n" if data else b""


def gps(data: bytes, chance: random.Random) -> bytes:
    """NMEA sentences at 4800 baud, read at 115200: every bit is a run, or a framing error."""
    return bytes(chance.choice((0x00, 0x80, 0xF8, 0xFE, 0x78)) for _ in range(6))


def printer(data: bytes, chance: random.Random) -> bytes:
    """It gives back every byte."""
    return data


def controller(data: bytes, chance: random.Random) -> bytes:
    """Another kiosk's: it calls, too."""
    fields = {"version": messages.VERSION, "table_hash": messages.TABLE_HASH}
    hello = messages.pack("hello", b"", nonce=chance.getrandbits(32), **fields)
    return encode(0, 0, *hello) if chance.random() < 0.05 else b""


def babble(data: bytes, chance: random.Random) -> bytes:
    """Random bytes as fast as the line takes them."""
    return chance.randbytes(115)


@pytest.mark.parametrize(
    ("device", "words"),
    [
        (modem, "does not speak the node's protocol"),
        (gps, "does not speak the node's protocol"),
        (printer, "echoes, or is another controller"),
        (controller, "echoes, or is another controller"),
        (babble, "does not speak the node's protocol"),
    ],
)
def test_a_foreign_device_is_named_within_a_second(
    device: Callable[[bytes, random.Random], bytes], words: str, seed: int
) -> None:
    """It is never taken for a node, costs no memory, and its reason is told and stands."""
    chance = random.Random(seed)
    link = HostLink("a", lambda: chance.getrandbits(32), 0.0)
    told: list[tuple[float, str]] = []
    for hundredth in range(6000):
        now_s = hundredth / 100
        heard = link.tick(now_s) if now_s >= link.next_s else []
        answer = device(link.take_bytes(), chance)
        heard += link.receive(answer, now_s) if answer else []
        told += [(now_s, event.reason) for event in heard if isinstance(event, NodeLost)]
        assert not link.up
        assert len(link._out) + len(link._decoder._rest) < 128
    assert words in told[0][1]
    assert "`port`" in told[0][1]
    assert told[0][0] <= 1.1
    assert len(told) == 1
    refused = link.submit(commands.OpenHatch("a"), 60.0)
    assert refused == [CommandRefused("a", "OpenHatch", "node-lost")]


@pytest.mark.parametrize("device", [modem, gps, printer, controller, babble])
def test_a_node_that_is_plugged_in_instead_works_at_once(
    device: Callable[[bytes, random.Random], bytes], seed: int
) -> None:
    """Whatever was on the port before leaves nothing behind, not even half a frame."""
    chance = random.Random(seed)
    node = Node()
    for _ in range(200):
        node.wait(0.01)
        node.hear_bytes(device(b"\x00" + encode(0, 0, *HELLO), chance))
    assert not node.link.up
    node.wait(1.5)
    node.hear_bytes(b"\x00")
    node.welcome()
    node.report()
    assert node.link.up


def test_what_replaces_a_node_in_a_session_is_named_too() -> None:
    """The cables are swapped while the kiosk runs: a device talks where a node did."""
    node = Node()
    node.up()
    for _ in range(120):
        node.hear_bytes(b"$GPGGA,1*47\r\n")
        node.wait(0.01)
    told = [event.reason for event in node.events if isinstance(event, NodeLost)]
    assert told[0] == host_link.GARBLED
    assert "does not speak the node's protocol" in told[1]
    other = Node()
    other.up()
    other.hear_bytes(encode(0, 0, *HELLO)[:-3])  # cut in the middle of a frame
    other.wait(0.6)
    assert other.lost == host_link.SILENT


def test_an_echo_beside_a_node_ends_the_session(seed: int) -> None:
    """Receive and transmit touch: our own acknowledgement would pass for the node's, and a command
    that nobody heard would count as taken."""
    node = Node()
    node.up()
    node.say("hatch_opened", seq=1, number=1)
    node.submit(commands.Light("a", True))
    node.hear_bytes(encode(1, 1, *messages.pack("light", session=4711, command=1, on=1)))
    assert not node.link.up
    assert "echoes" in node.lost
    for _ in range(30):
        node.hear_bytes(encode(0, 0, *HELLO))
        node.welcome()
        node.report()
        node.wait(0.1)
    assert not node.link.up
    assert sum(isinstance(event, NodeLost) for event in node.events) == 1


def test_a_node_that_speaks_but_answers_no_hello_is_deaf() -> None:
    """The controller was restarted while its own wire to the node was broken."""
    node = Node()
    for _ in range(10):
        node.report()
        node.wait(0.1)
    assert node.lost == host_link.DEAF
