"""The controller's end of the wire, without any IO: bytes and time in, events and bytes out.

A node is up once it has answered a hello with the right version, the right bay and a report.
Silence, a stranger's answer or a node that no longer hears is `NodeLost` with what to do, and
from then on every command is refused until a node is up again.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING

from controller.adapters.node_session import TICKS, NodeSession
from controller.adapters.node_words import (
    EVERY_COMMAND,
    MOTIONS,
    command_words,
    event_of,
    report_of,
    reset_cause,
)
from controller.core import events
from wire import messages
from wire.errors import WireError
from wire.frame import DELIMITER, Decoder, Frame, encode, next_seq

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.core.commands import NodeCommand
    from controller.core.events import NodeEvent

_log = logging.getLogger(__name__)

HEARTBEAT_S = 0.1
HELLO_S = 0.2
REFUSED_HELLO_S = 1.0
"""How often a node that was refused is asked again: it may be flashed or swapped meanwhile."""

SILENT_S = 0.5
DEAF_S = 1.0
MOTION_MS = 1000
"""A motion command that the node gets later than this is refused by it."""

EVENTS = range(0x20, 0x30)

SILENT = "node silent: check the node's power and its cable"
DEAF = "the node does not hear the controller: check its cable"
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
        self._new_nonce = nonce
        self._nonce = nonce()
        self._decoder = Decoder()
        self._out = bytearray()
        self._session: NodeSession | None = None
        self._told = ""
        self._foreign = False
        self._since_s = now_s
        self._next_hello_s = now_s
        self._last_event = (-1, 0)

    @property
    def up(self) -> bool:
        """Whether a node answers and commands are taken."""
        return self._session is not None and self._session.is_up

    @property
    def bad_frames(self) -> int:
        """Frames from the node that were none, or said nothing that is known."""
        return self._decoder.bad_frames

    @property
    def next_s(self) -> float:
        """When `tick` has something to do."""
        session = self._session
        if session is None:
            silent_s = math.inf if self._told else self._since_s + SILENT_S
            return min(self._next_hello_s, silent_s)
        silent_s = session.heard_s + SILENT_S
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
        session.last_command = session.last_command % 0xFFFF + 1
        fields |= {"session": session.number, "command": session.last_command}
        if name in MOTIONS:
            fields["expires_ms"] = (session.node_ticks(now_s) + MOTION_MS) % TICKS
        session.commands.put(*messages.pack(name, b"", **fields))
        self._out += session.commands.due(session.last_seq, now_s)
        return []

    def tick(self, now_s: float, trouble: str = "") -> list[NodeEvent]:
        """Do what is due: hello, heartbeat, repetition, or finding the node lost.

        `trouble` is what the port itself knows to be wrong, "" for nothing.
        """
        session = self._session
        if session is None:
            return self._call(now_s, trouble)
        # Whoever was not asked for a while is not silent: our own loop stood still meanwhile, and
        # what the node said in that time still waits to be read.
        stalled_s = now_s - session.next_heartbeat_s
        if stalled_s > HEARTBEAT_S:
            session.heard_s += stalled_s
            session.leased_s += stalled_s
        if now_s - session.heard_s >= SILENT_S:
            return self._lose(trouble or SILENT, now_s)
        unheard_since_s = min(session.leased_s, session.commands.unanswered_since_s)
        if now_s - unheard_since_s >= DEAF_S:
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
        if data and not frames and self._session is None:
            self._foreign = True
        heard: list[NodeEvent] = []
        for one in frames:
            try:
                heard += self._take(one, now_s)
            except WireError as error:
                self._decoder.bad_frames += 1
                _log.warning("event=bad-message bay=%s reason=%s", self.bay, error)
        if self._session is not None and self._session.ack_due:
            self._session.ack_due = False
            self._put("ack")
        return heard

    def _call(self, now_s: float, trouble: str) -> list[NodeEvent]:
        """Nobody is there: call, and after a while say so."""
        if now_s >= self._next_hello_s:
            self._next_hello_s = now_s + HELLO_S
            self._put(
                "hello",
                version=messages.VERSION,
                table_hash=messages.TABLE_HASH,
                nonce=self._nonce,
            )
        if now_s - self._since_s < SILENT_S:
            return []
        return self._tell_lost(trouble or self._silence())

    def _take(self, one: Frame, now_s: float) -> list[NodeEvent]:
        if one.kind == messages.KINDS["welcome"]:
            return self._welcome(one.body, now_s)
        name, fields, tail = messages.unpack(one.kind, one.body)
        session = self._session
        if session is None:
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
        elif name == "samples":
            raw = messages.unpack_raw(tail)
            heard.append(events.Samples(self.bay, fields["node_ms"], raw))
        elif one.seq and one.kind in EVENTS:
            heard += self._numbered(session, one.seq, name, fields)
        return heard

    def _welcome(self, body: bytes, now_s: float) -> list[NodeEvent]:
        """A node answers the hello: begin with it, or say why not."""
        version, table_hash = messages.peer(body)
        if (version, table_hash) != (messages.VERSION, messages.TABLE_HASH):
            return self._refuse(
                f"node speaks protocol {version}/{table_hash:08x}, this controller "
                f"{messages.VERSION}/{messages.TABLE_HASH:08x}: flash the node with the "
                "firmware of this release",
                now_s,
            )
        _, fields, tail = messages.unpack(messages.KINDS["welcome"], body)
        name = tail.decode(errors="replace")
        if name != self.bay:
            return self._refuse(
                f"the node on this port is bay {name!r}, not {self.bay!r}: plug the cables as "
                "the bays' `port` keys say, or give the node its bay's name",
                now_s,
            )
        if self._session is None and fields["nonce"] == self._nonce:
            cause = reset_cause(fields["reset_cause"])
            session = NodeSession(fields["session"], fields["boot_id"], cause, now_s, now_s)
            self._session = session
            self._heartbeat(session, now_s)
        return []

    def _report(
        self, session: NodeSession, fields: dict[str, int], now_s: float
    ) -> list[NodeEvent]:
        session.node_ms = fields["node_ms"]
        session.node_ms_at_s = now_s
        if fields["flags"] & messages.LEASE:
            session.leased_s = now_s
        report = report_of(self.bay, fields)
        if session.is_up:
            return [report]
        session.is_up = True
        self._told = ""
        self._foreign = False
        _log.info("event=node-up bay=%s boot=%08x", self.bay, session.boot_id)
        came = events.NodeUp(
            self.bay,
            session.boot_id,
            session.reset_cause,
            fields["gate_cycles"],
            fields["hatch_openings"],
        )
        return [came, report]

    def _numbered(
        self, session: NodeSession, seq: int, name: str, fields: dict[str, int]
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
        return [event_of(self.bay, name, fields)]

    def _heartbeat(self, session: NodeSession, now_s: float) -> None:
        session.beats = (session.beats + 1) & 0xFFFF
        session.next_heartbeat_s = now_s + HEARTBEAT_S
        self._put("heartbeat", session=session.number, number=session.beats)

    def _put(self, name: str, **fields: int) -> None:
        ack = self._session.last_seq if self._session is not None else 0
        self._out += encode(0, ack, *messages.pack(name, b"", **fields))

    def _silence(self) -> str:
        if not self._foreign:
            return SILENT
        return (
            "what is on this port does not speak the node's protocol: check the `port` key of "
            f"bay {self.bay!r}"
        )

    def _refuse(self, reason: str, now_s: float) -> list[NodeEvent]:
        told = self._lose(reason, now_s)
        # Its reason stands until it answers otherwise or falls silent.
        self._since_s = self._next_hello_s = now_s + REFUSED_HELLO_S
        return told

    def _lose(self, reason: str, now_s: float) -> list[NodeEvent]:
        self._session = None
        self._nonce = self._new_nonce()
        self._since_s = self._next_hello_s = now_s
        return self._tell_lost(reason)

    def _tell_lost(self, reason: str) -> list[NodeEvent]:
        if reason == self._told:
            return []
        self._told = reason
        _log.warning("event=node-lost bay=%s reason=%s", self.bay, reason)
        return [events.NodeLost(self.bay, reason)]
