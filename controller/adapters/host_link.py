"""The controller's end of the wire, without any IO: bytes and time in, events and bytes out.

A node is up once it has answered a hello with the right version, the right bay and a report.
Silence, a stranger's answer or a node that no longer hears is `NodeLost` with what to do, and
from then on every command is refused until a node is up again.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from controller.adapters.node_call import (
    DEAF,
    GARBLED,
    OURS,
    REFUSED_HELLO_S,
    SILENT,
    SILENT_S,
    NodeCall,
)
from controller.adapters.node_session import REST_HEARTBEAT_S, REST_PATIENCE_S, NodeSession
from controller.adapters.node_words import (
    EVERY_COMMAND,
    READINGS,
    at_rest,
    command_words,
    event_of,
    report_of,
    reset_cause,
)
from controller.core import events
from controller.core.service.given import FrameCount
from wire import messages
from wire.errors import WireError
from wire.frame import DELIMITER, MAX_FRAME, Decoder, Frame, encode, next_seq

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.adapters.node_clock import NodeClock
    from controller.core.commands import NodeCommand
    from controller.core.events import NodeEvent

__all__ = ["DEAF", "GARBLED", "RESTARTED", "SILENT", "HostLink"]

_log = logging.getLogger(__name__)

HEARTBEAT_S = 0.1
DEAF_S = 1.0
EVENTS = range(0x20, 0x30)
RESTARTED = "the node restarted"
REFUSED = "node-lost"


class HostLink:
    """One node as seen from the controller. Call `tick` when `next_s` has come.

    Args:
        bay: The bay's name; a node of another bay is refused.
        nonce: Gives a fresh 32-bit number each call.
        now_s: The time at which listening begins, on the clock of all other calls.
    """

    def __init__(self, bay: str, nonce: Callable[[], int], now_s: float) -> None:
        self.bay = bay
        self._call = NodeCall(bay, nonce, now_s)
        self._decoder = Decoder()
        self._out = bytearray()
        self._session: NodeSession | None = None
        self._told = ""
        self._whole = 0
        self._bad_at_node = 0
        self._node_said_bad: int | None = None  # by its own counter, since it started
        self._loose = 0  # bytes since the last frame
        self._last_event = (-1, 0)
        self._patience_s = 0.0  # beyond the usual, while we rest

    @property
    def up(self) -> bool:
        """Whether a node answers and commands are taken."""
        return self._session is not None and self._session.is_up

    @property
    def frames_heard(self) -> FrameCount:
        """Frames from the node; bad ones were none, or said nothing that is known."""
        return FrameCount(self._whole, self._decoder.bad_frames, self._bad_at_node)

    @property
    def clock(self) -> NodeClock | None:
        """The clock of the node that is up; None while none is."""
        return self._session.clock if self._session is not None and self.up else None

    def host_s(self, node_ms: int) -> float | None:
        """When the node's clock showed these ticks, in the time of all calls; None if unknown."""
        return self.clock.host_s(node_ms) if self.clock is not None else None

    @property
    def next_s(self) -> float:
        """When `tick` has something to do."""
        session = self._session
        if session is None:
            hello_s = self._call.next_hello_s
            return hello_s if self._told else min(hello_s, self._call.silent_s)
        silent_s = session.heard_s + SILENT_S + self._patience_s
        return min(session.next_heartbeat_s, silent_s, session.commands.repeat_s)

    def take_bytes(self) -> bytes:
        """What is to be sent now, led by a delimiter: noise in the pause costs no frame."""
        data = DELIMITER + bytes(self._out) if self._out else b""
        self._out.clear()
        return data

    def submit(self, command: NodeCommand, now_s: float) -> list[NodeEvent]:
        """Send a command; refused at once while no node is up."""
        name, fields = command_words(command)
        session = self._session
        if session is None or not session.is_up:
            return [events.CommandRefused(self.bay, EVERY_COMMAND[name], REFUSED)]
        self._stir(session, now_s)
        session.last_command = session.last_command % 0xFFFF + 1
        fields |= {"session": session.number, "command": session.last_command}
        if name in messages.TIMED:
            fields["expires_ms"] = session.expires_ms(now_s)
        session.commands.put(*messages.pack(name, b"", **fields))
        self._out += session.commands.due(session.last_seq, now_s)
        return []

    def tick(self, now_s: float, trouble: str = "") -> list[NodeEvent]:
        """Do what is due: hello, heartbeat, repetition, or finding the node lost.

        `trouble` is what the port itself knows to be wrong, "" for nothing.
        """
        session = self._session
        if session is None:
            return self._greet(now_s, trouble)
        # Whoever was not asked for a while is not silent: our own loop stood still meanwhile, and
        # what the node said in that time still waits to be read.
        stalled_s = now_s - session.next_heartbeat_s
        if stalled_s > HEARTBEAT_S:
            session.forgive(stalled_s, now_s)
        if now_s >= session.heard_s + SILENT_S + self._patience_s:
            # A piece of a frame is left by any cut, more than a whole one by no node.
            silent = GARBLED if self._loose > MAX_FRAME else SILENT
            return self._lose(trouble or silent, now_s)
        if now_s >= session.unheard_since_s + DEAF_S + self._patience_s:
            return self._lose(DEAF, now_s)
        if now_s >= session.next_heartbeat_s:
            self._heartbeat(session, now_s)
        if now_s >= session.commands.repeat_s:
            session.commands.repeat()
            self._out += session.commands.due(session.last_seq, now_s)
        return []

    def receive(self, data: bytes, now_s: float) -> list[NodeEvent]:
        """Take in bytes from the node and return what they say."""
        frames = self._decoder.feed(data)
        self._loose = 0 if frames else self._loose + len(data)
        if self._loose and self._session is None:
            self._call.hears_noise(now_s)
        heard: list[NodeEvent] = []
        for one in frames:
            try:
                heard += self._take(one, now_s)
                self._whole += 1
            except WireError as error:
                self._decoder.bad_frames += 1
                _log.warning("event=bad-message bay=%s reason=%s", self.bay, error)
        if self._session is not None and self._session.ack_due:
            self._session.ack_due = False
            self._put("ack")
        return heard

    def _greet(self, now_s: float, trouble: str) -> list[NodeEvent]:
        """Nobody is there: call, and after a while say so."""
        if now_s >= self._call.next_hello_s:
            self._put("hello", **self._call.hello(now_s))
        if now_s < self._call.silent_s:
            return []
        return self._tell_lost(trouble or self._call.silence(now_s))

    def _take(self, one: Frame, now_s: float) -> list[NodeEvent]:
        if one.kind in OURS:
            return self._hear_echo(now_s)
        if one.kind == messages.KINDS["welcome"]:
            return self._welcome(one.body, now_s)
        name, fields, tail = messages.unpack(one.kind, one.body)
        session = self._session
        if session is None:
            if name != "ack":  # both sides say that
                self._call.hears_node(now_s)
            return []
        if name == "stranger":
            return self._lose(RESTARTED, now_s)
        session.heard_s = now_s
        session.commands.acknowledge(one.ack, now_s)
        self._out += session.commands.due(session.last_seq, now_s)
        if name == "report":
            return self._report(session, fields, now_s)
        heard: list[NodeEvent] = []
        if not session.is_up:
            pass  # whatever it is, it comes again, after the report
        elif name in READINGS:
            heard.append(READINGS[name](self.bay, fields, tail))
            if len(tail) > 4:  # more than one conversion, the fast stream: somebody weighs
                self._stir(session, now_s)
        elif one.seq and one.kind in EVENTS:
            heard += self._numbered(session, one.seq, name, fields, now_s)
        return heard

    def _hear_echo(self, now_s: float) -> list[NodeEvent]:
        """Our own words came back: whatever acknowledges us here may be ourselves."""
        self._call.hears_ours(now_s)
        return self._refuse(self._call.echo(), now_s) if self._session is not None else []

    def _welcome(self, body: bytes, now_s: float) -> list[NodeEvent]:
        """A node answers the hello: begin with it, or say why not."""
        refusal = self._call.refusal(body)
        if refusal:
            return self._refuse(refusal, now_s)
        _, fields, _ = messages.unpack(messages.KINDS["welcome"], body)
        is_ours = self._call.answered(fields) and not self._call.is_echoing(now_s)
        if self._session is None and is_ours:
            cause = reset_cause(fields["reset_cause"])
            who = fields["session"], fields["boot_id"], cause
            session = NodeSession(*who, now_s, now_s, now_s, fields["firmware"])
            self._session, self._patience_s = session, 0.0
            self._node_said_bad = None
            self._heartbeat(session, now_s)
        return []

    def _report(
        self, session: NodeSession, fields: dict[str, int], now_s: float
    ) -> list[NodeEvent]:
        session.clock.report(fields["beat"], fields["beat_ms"], fields["node_ms"], now_s)
        said, self._node_said_bad = self._node_said_bad, fields["bad_frames"]
        if said is not None:
            self._bad_at_node += (fields["bad_frames"] - said) & 0xFFFF
        if fields["flags"] & messages.LEASE:
            session.leased_s = now_s
        if not at_rest(fields):
            self._stir(session, now_s)
        report = report_of(self.bay, fields)
        if session.is_up:
            return [report]
        session.is_up = True
        self._told = ""
        _log.info("event=node-up bay=%s boot=%08x", self.bay, session.boot_id)
        came = events.NodeUp(
            self.bay,
            session.boot_id,
            session.reset_cause,
            fields["gate_cycles"],
            fields["hatch_openings"],
            session.firmware,
        )
        return [came, report]

    def _numbered(
        self, session: NodeSession, seq: int, name: str, fields: dict[str, int], now_s: float
    ) -> list[NodeEvent]:
        """An event in its turn; acknowledged, and heard once whatever the session."""
        session.ack_due = True
        if seq != next_seq(session.last_seq):
            return []
        session.last_seq = seq
        boot_id, last = self._last_event
        number = fields["number"]
        if boot_id == session.boot_id and not 0 < (number - last) & 0xFFFF < 0x8000:
            return []
        self._last_event = (session.boot_id, number)
        self._stir(session, now_s)
        return [event_of(self.bay, name, fields)]

    def _heartbeat(self, session: NodeSession, now_s: float) -> None:
        session.beats = (session.beats + 1) & 0xFFFF
        rests = session.rests(now_s)
        session.next_heartbeat_s = now_s + (REST_HEARTBEAT_S if rests else HEARTBEAT_S)
        self._patience_s = REST_PATIENCE_S if rests else 0.0
        session.clock.sent(session.beats, now_s)
        self._put("heartbeat", session=session.number, number=session.beats)

    def _stir(self, session: NodeSession, now_s: float) -> None:
        """Something is under way: the lease must hold, from now on."""
        session.stir(now_s)
        if self._patience_s:
            self._heartbeat(session, now_s)

    def _put(self, name: str, **fields: int) -> None:
        ack = self._session.last_seq if self._session is not None else 0
        self._out += encode(0, ack, *messages.pack(name, b"", **fields))

    def _refuse(self, reason: str, now_s: float) -> list[NodeEvent]:
        told = self._lose(reason, now_s)
        # Its reason stands until it answers otherwise or falls silent.
        self._call.begin(now_s + REFUSED_HELLO_S)
        return told

    def _lose(self, reason: str, now_s: float) -> list[NodeEvent]:
        self._session = None
        self._loose = 0
        self._call.begin(now_s)
        return self._tell_lost(reason)

    def _tell_lost(self, reason: str) -> list[NodeEvent]:
        if reason == self._told:
            return []
        self._told = reason
        _log.warning("event=node-lost bay=%s reason=%s", self.bay, reason)
        return [events.NodeLost(self.bay, reason)]
