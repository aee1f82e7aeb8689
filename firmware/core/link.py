"""The node's end of the wire: handshake, lease, commands once each, events until acknowledged.

A session begins with a hello of the right version. Its number comes from host nonce, boot id and
a count, so nothing recorded from another session, host or boot is ever obeyed. Frames that are
numbered arrive in order or are repeated; every frame acknowledges what came before it.
"""

import binascii
import struct

from firmware.core import ticks
from firmware.core.outbox import Outbox
from firmware.core.release import RELEASE
from wire import frame, messages
from wire.errors import WireError

LEASE_MS = 250
QUIET_AFTER_MS = 5000
"""Without a lease for so long nobody listens: the node stops talking until it is greeted."""

REPORT_MS = 200
"""Half of what makes the controller think that the node is gone, less one lost report."""

RESTS_MS = 500
"""Heartbeats this far apart come from a controller that rests: nothing is under way for it."""

FORGOTTEN_MS = 2500
"""A controller that rests and is not heard for so long does not rest, it is gone."""

REST_REPORT_MS = 900
"""Less than a resting controller's heartbeats are apart: each of them is answered."""

_COMMANDS = range(0x10, 0x20)
_OURS = ("welcome", "stranger")
_OUR_KINDS = 0x20
"""From here on a kind is an event or a report: only a node says it."""


class Link:
    """Bytes in, new commands out; and what the node says, packed as bytes."""

    def __init__(self, bay, boot_id, reset_cause):
        self._bay = bay
        self._boot_id = boot_id
        self._reset_cause = reset_cause
        self._decoder = frame.Decoder()
        self._outbox = Outbox()
        self._sessions = 0
        self._nonce = 0
        self._lease_ms = 0
        self._alone_ms = QUIET_AFTER_MS
        self._heard = 0
        self._last_command = 0
        self.beat = 0  # the last heartbeat taken, and when: the controller sets its clock by it
        self.beat_ms = 0
        self._pace_ms = 0
        self._answers = []
        self._ack_due = False
        self._report_ms = 0
        self.session = 0

    @property
    def lease(self):
        """Whether the controller's own loop was heard within the last 250 ms."""
        return self._lease_ms > 0

    @property
    def bad_frames(self):
        """Frames that were no frames, since the node started."""
        return self._decoder.bad_frames

    @property
    def lost_events(self):
        """Events that nobody fetched before their place was needed."""
        return self._outbox.lost

    def feed(self, dt_ms, now_ms, rx):
        """Take in received bytes; return the new commands as (kind, name, fields)."""
        self._lease_ms = max(0, self._lease_ms - dt_ms)
        self._alone_ms = 0 if self.lease else min(self._alone_ms + dt_ms, QUIET_AFTER_MS)
        self._report_ms = min(self._report_ms + dt_ms, REST_REPORT_MS)
        self._outbox.keep_time(dt_ms)
        commands = []
        for one in self._decoder.feed(rx) if rx else ():
            try:
                name, fields, _ = messages.unpack(one.kind, one.body)
            except WireError:
                self._decoder.bad_frames += 1
                continue
            self._take(one, name, fields, now_ms, commands)
        return commands

    def say(self, name, fields):
        """Tell the controller of an event, for as long as it takes."""
        self._outbox.put(name, fields)

    def say_lightly(self, name, fields):
        """Tell of an event that the next report says as well, where there is room."""
        self._outbox.put_if_room(name, fields)

    def report_soon(self):
        """Let the next `tx` begin with a report: something changed."""
        self._report_ms = REST_REPORT_MS

    @property
    def report_due(self):
        """Whether the next `tx` is to hold a report."""
        if self._report_ms < REPORT_MS or not self.talking:
            return False
        return self._report_ms >= REST_REPORT_MS or not self.rests

    @property
    def rests(self):
        """Whether the controller is there and rests, and nothing is left to tell it."""
        return self._pace_ms >= RESTS_MS and self._alone_ms < FORGOTTEN_MS and self._outbox.is_empty

    @property
    def talking(self):
        """Whether there is anybody to talk to."""
        return self.session != 0 and self._alone_ms < QUIET_AFTER_MS

    def tx(self, report, samples, levels=None):
        """The bytes to send now.

        Args:
            report: Fields of a report, or None.
            samples: (number, node ticks, packed conversions), or None.
            levels: Fields of the bins' levels, or None.
        """
        sent = []
        if self._answers:
            sent, self._answers = self._answers, sent
        if report is not None:
            self._report_ms = 0
            sent.append(self._packed("report", **report))
        if self.talking:
            if not self._outbox.is_empty:
                for seq, name, fields in self._outbox.due():
                    kind, body = messages.pack(name, **fields)
                    sent.append(frame.encode(seq, self._heard, kind, body))
            if samples is not None:
                number, node_ms, raw = samples
                sent.append(self._packed("samples", raw, number=number, node_ms=node_ms))
        if levels is not None:
            sent.append(self._packed("levels", **levels))
        if self._ack_due and not sent:
            sent.append(self._packed("ack"))
        self._ack_due = False
        # Led by a delimiter: noise in the pause before costs no frame.
        return frame.DELIMITER + b"".join(sent) if sent else b""

    def _packed(self, name, tail=b"", **fields):
        kind, body = messages.pack(name, tail, **fields)
        return frame.encode(0, self._heard, kind, body)

    def _take(self, one, name, fields, now_ms, commands):
        if name in _OURS or one.kind >= _OUR_KINDS:
            self._end()  # our own words come back: nothing on this line can be believed
            return
        if name == "hello":
            self._greet(fields, now_ms)
            return
        if name == "heartbeat":
            self._renew(fields, now_ms)
        if not self.session:
            return
        self._outbox.acknowledge(one.ack)
        if one.seq == 0:
            return
        self._ack_due = True
        if one.seq != frame.next_seq(self._heard):
            return
        self._heard = one.seq
        if one.kind in _COMMANDS and self._is_new(fields):
            commands.append((one.kind, name, fields))

    def _greet(self, fields, now_ms):
        """Answer a hello; begin a session with it where both speak the same."""
        same = fields["version"] == messages.VERSION and fields["table_hash"] == messages.TABLE_HASH
        if not same:
            self._end()
        elif not self.session or fields["nonce"] != self._nonce:
            self._begin(fields["nonce"])
        self._alone_ms = 0
        self._answers = [
            self._packed(
                "welcome",
                self._bay,
                version=messages.VERSION,
                table_hash=messages.TABLE_HASH,
                nonce=fields["nonce"],
                boot_id=self._boot_id,
                session=self.session,
                reset_cause=self._reset_cause,
                node_ms=now_ms,
                firmware=RELEASE,
            )
        ]
        self.report_soon()

    def _begin(self, nonce):
        self._end()
        self._nonce = nonce
        self._sessions += 1
        token = struct.pack("<III", nonce, self._boot_id, self._sessions)
        self.session = binascii.crc32(token) or 1
        self._heard = 0
        self._last_command = 0
        self.beat = 0
        self.beat_ms = 0
        self._pace_ms = 0
        self._outbox.restart()

    def _end(self):
        self.session = 0
        self._lease_ms = 0

    def _renew(self, fields, now_ms):
        """A heartbeat renews the lease, once each; one from elsewhere is told so."""
        if not self.session or fields["session"] != self.session:
            self._answers = [self._packed("stranger", boot_id=self._boot_id)]
        elif _follows(fields["number"], self.beat):
            self._pace_ms = ticks.diff(now_ms, self.beat_ms) if self.beat else 0
            self.beat = fields["number"]
            self.beat_ms = now_ms
            self._lease_ms = LEASE_MS
            self._alone_ms = 0

    def _is_new(self, fields):
        """Whether this command is of this session and was not taken before."""
        if fields["session"] != self.session:
            return False
        if not _follows(fields["command"], self._last_command):
            return False
        self._last_command = fields["command"]
        return True


def _follows(number, last):
    """Whether a 16-bit count is newer than the last one, across its wrap."""
    return 0 < ((number - last) & 0xFFFF) < 0x8000
