"""A million bent bytes against everything that reads the wire; ten million in the campaign.

Each round sends one to three frames that were bent, then two that were not: nothing may raise,
nothing that was bent may be taken for a frame, and the second whole frame must be understood.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from controller.adapters.host_link import HostLink
from controller.adapters.node_words import report_of
from controller.core.events import NodeEvent, NodeReport, Samples
from firmware.core.link import Link
from sim.bent import bent
from tests.controller.framed_node import REPORT
from tests.wire.samples import SAMPLES
from wire import messages
from wire.errors import WireError
from wire.frame import MAX_BODY, MAX_FRAME, Decoder, encode

BYTES = [
    pytest.param(1_000_000, id="million"),
    pytest.param(10_000_000, id="ten-million", marks=pytest.mark.campaign),
]

PEER = {"version": messages.VERSION, "table_hash": messages.TABLE_HASH, "nonce": 7}
WELCOME = PEER | {"boot_id": 1, "session": 2, "reset_cause": 1, "node_ms": 5_000, "firmware": 1}

Said = tuple[int, int, int, bytes]
"""Sequence, acknowledgement, kind and body of a frame."""


@dataclass
class Round:
    """What is sent in one round."""

    sent: list[Said]
    noise: list[bytes]
    """The bent frames, cut into pieces wherever."""


@dataclass
class Tally:
    """What a run of rounds came to."""

    mutated_bytes: int = 0
    frames: int = 0
    survived: int = 0
    """Frames that arrived although they were bent: whole within noise, or bent back."""


Say = Callable[[random.Random], Said]


def rounds(seed: int, at_least: int, say: Say, tally: Tally) -> Iterator[Round]:
    """Rounds until that many bytes were bent."""
    rng = random.Random(seed)
    while tally.mutated_bytes < at_least:
        sent = [say(rng) for _ in range(rng.randint(1, 3))]
        noise = b""
        for one in sent:
            data, suffered = bent(rng, encode(*one))
            noise += data
            tally.mutated_bytes += suffered
            tally.frames += 1
        cut = rng.randrange(len(noise) + 1)
        yield Round(sent, [noise[:cut], noise[cut:]])


@pytest.fixture
def told(tell: Callable[..., None]) -> Iterator[Tally]:
    """Counts that are printed and kept with the result."""
    tally = Tally()
    yield tally
    tell(**vars(tally))


def any_message(rng: random.Random) -> Said:
    """Any message with any numbers."""
    kind, body = rng.choice(list(SAMPLES.values()))
    fresh = rng.randbytes(len(body)) if rng.randrange(2) else body
    return rng.randrange(256), rng.randrange(256), kind, fresh


@pytest.mark.parametrize("amount", BYTES)
def test_no_bent_frame_is_taken_for_another(amount: int, seed: int, told: Tally) -> None:
    """The decoder of both sides, against the set of what was sent."""
    decoder = Decoder()
    clean = [encode(1, 0, 0x08, b""), encode(2, 1, *SAMPLES["report"])]
    understood = [(1, 0, 0x08, b""), (2, 1, *SAMPLES["report"])]
    for one in rounds(seed, amount, any_message, told):
        got = [frame for piece in one.noise for frame in decoder.feed(piece)]
        survivors = [(frame.seq, frame.ack, frame.kind, frame.body) for frame in got]
        assert len(decoder._rest) < MAX_FRAME
        after = decoder.feed(clean[0]) + decoder.feed(clean[1])
        heard = survivors + [(frame.seq, frame.ack, frame.kind, frame.body) for frame in after]
        assert heard[-1] == understood[1], "the second whole frame was not understood"
        alien = [said for said in heard if said not in one.sent and said not in understood]
        assert not alien, "a bent frame was taken for another"
        told.survived += len(survivors)


@pytest.mark.parametrize("amount", BYTES)
def test_any_body_is_a_message_or_an_error_of_the_wire(amount: int, seed: int, told: Tally) -> None:
    """Bodies that a sealed frame could hold, if an enemy sealed it: named, or what they say."""
    rng = random.Random(seed)
    bodies = list(SAMPLES.values())
    while told.mutated_bytes < amount:
        kind, body = rng.choice(bodies)
        data, suffered = bent(rng, body)
        data = data[:MAX_BODY]
        told.mutated_bytes += suffered + 1
        told.frames += 1
        kind = kind if rng.randrange(4) else rng.randrange(256)
        try:
            name, fields, tail = messages.unpack(kind, data)
            messages.peer(data)
            messages.unpack_raw(tail)
        except WireError:
            continue
        assert messages.pack(name, tail, **fields) == (kind, data)
        told.survived += 1


def node_says(rng: random.Random) -> Said:
    """What a node may say out of turn: reports, samples, events that are not next."""
    name = rng.choice(("report", "report", "samples", "welcome", "ack", "fault", "gate_cycled"))
    kind, body = SAMPLES[name]
    if name == "report":
        cycles = rng.getrandbits(32)
        kind, body = messages.pack("report", b"", **(REPORT | {"gate_cycles": cycles}))
    elif name == "samples":
        raw = messages.pack_raw([rng.getrandbits(23)])
        kind, body = messages.pack("samples", raw, number=rng.getrandbits(16), node_ms=5_000)
    elif name == "welcome":
        kind, body = messages.pack("welcome", b"a", **(WELCOME | {"nonce": rng.getrandbits(32)}))
    seq = rng.randrange(100, 256) if kind in range(0x20, 0x30) else 0
    return seq, 0, kind, body


def event_of(said: Said) -> NodeEvent | None:
    """What the controller may hear of it."""
    name, fields, tail = messages.unpack(said[2], said[3])
    if name == "report":
        return report_of("a", fields)
    raw = messages.unpack_raw(tail) if name == "samples" else ()
    return Samples("a", fields["node_ms"], raw) if raw else None


def greeted(link: HostLink) -> None:
    """A session, begun by a welcome and a report."""
    link.tick(0.0)
    link.take_bytes()
    link.receive(encode(0, 0, *messages.pack("welcome", b"a", **WELCOME)), 0.0)
    link.receive(encode(0, 0, *messages.pack("report", b"", **REPORT)), 0.0)
    assert link.up


@pytest.mark.parametrize("amount", BYTES)
def test_the_controllers_end_hears_only_what_was_said(amount: int, seed: int, told: Tally) -> None:
    """Its session outlives all noise, and it tells of nothing that no node said."""
    link = HostLink("a", lambda: 7, 0.0)
    greeted(link)
    clean = encode(0, 0, *messages.pack("report", b"", **(REPORT | {"hatch": 2})))
    for number, one in enumerate(rounds(seed, amount, node_says, told)):
        now_s = number / 200
        heard = link.tick(now_s) if now_s >= link.next_s else []
        for piece in one.noise:
            heard += link.receive(piece, now_s)
        if heard:
            possible = [event_of(said) for said in one.sent]
            assert [event for event in heard if event not in possible] == []
            told.survived += len(heard)
        after = link.receive(clean, now_s) + link.receive(clean, now_s)
        assert isinstance(after[-1], NodeReport)
        assert after[-1].hatch == "UNLOCK"
        assert link.up
        assert len(link.take_bytes()) < 10 * MAX_FRAME


def controller_says(rng: random.Random) -> Said:
    """What a controller may say out of turn: old heartbeats, commands that are not next."""
    name = rng.choice(("heartbeat", "ack", "open_hatch", "drop_load", "light", "clear_faults"))
    kind, body = SAMPLES[name]
    return (rng.randrange(100, 256) if kind >= 0x10 else 0), 0, kind, body


@pytest.mark.parametrize("amount", BYTES)
def test_the_nodes_end_obeys_nothing_that_was_not_said(amount: int, seed: int, told: Tally) -> None:
    """No command comes out of noise, and the second heartbeat after it holds the lease."""
    link = Link(b"a", 1, 1)
    link.feed(0, 0, encode(0, 0, *messages.pack("hello", b"", **PEER)))
    session = link.session
    beat = 0
    for number, one in enumerate(rounds(seed, amount, controller_says, told)):
        now_ms = number * 5
        for piece in one.noise:
            assert link.feed(5, now_ms, piece) == []
        for _ in range(2):
            beat = beat % 0xFFFF + 1
            heartbeat = messages.pack("heartbeat", session=session, number=beat)
            assert link.feed(0, now_ms, encode(0, 0, *heartbeat)) == []
        assert (link.session, link.beat, link.lease) == (session, beat, True)
        assert len(link.tx(None, None)) < 10 * MAX_FRAME
