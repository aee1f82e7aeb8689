"""Events on their way to the controller: in order, repeated until acknowledged, never reordered.

Four are under way at once. A new session numbers whatever is left anew; the events' own numbers
stay, so that the controller recognises those it has had.
"""

from wire.frame import next_seq

WINDOW = 4
REPEAT_MS = 200
ROOM = 32
LIGHT_ROOM = 16


class Outbox:
    """A queue of (name, fields) with the frame numbers under which they travel."""

    def __init__(self):
        self.lost = 0
        self._events = []
        self._number = 0
        self._first_seq = 1
        self._sent = 0
        self._since_ms = 0

    @property
    def is_empty(self):
        """Whether the controller has acknowledged everything."""
        return not self._events

    def put(self, name, fields):
        """Add an event; where all places are taken it is counted as lost."""
        if len(self._events) >= ROOM:
            self.lost = min(self.lost + 1, 0xFFFF)
            return
        self._number = (self._number + 1) & 0xFFFF
        fields["number"] = self._number
        self._events.append((name, fields))

    def put_if_room(self, name, fields):
        """Add an event that may be left out when the queue is half full."""
        if len(self._events) < LIGHT_ROOM:
            self.put(name, fields)

    def keep_time(self, dt_ms):
        """After `REPEAT_MS` without an acknowledgement everything unanswered goes again."""
        if not self._sent:
            self._since_ms = 0
            return
        self._since_ms += dt_ms
        if self._since_ms >= REPEAT_MS:
            self._sent = 0
            self._since_ms = 0

    def acknowledge(self, seq):
        """Let go of everything up to and with the frame `seq`, if that one is under way."""
        at = self._first_seq
        for count in range(1, self._sent + 1):
            following = next_seq(at)
            if at == seq:
                self._events = self._events[count:]
                self._sent -= count
                self._first_seq = following
                self._since_ms = 0
                return
            at = following

    def due(self):
        """(frame number, name, fields) of what is to be sent now."""
        frames = []
        seq = self._first_seq
        for at in range(min(WINDOW, len(self._events))):
            if at >= self._sent:
                name, fields = self._events[at]
                frames.append((seq, name, fields))
            seq = next_seq(seq)
        self._sent = max(self._sent, min(WINDOW, len(self._events)))
        return frames

    def restart(self):
        """A new session: number everything that is left from 1."""
        self._first_seq = 1
        self._sent = 0
        self._since_ms = 0
