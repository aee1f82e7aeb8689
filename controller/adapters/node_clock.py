"""The node's clock as the controller sees it: which tick it is there, and how sure that is.

Every report names the last heartbeat that the node took. That gives four instants, as in NTP
(RFC 5905, section 8): sent, heard, reported, received. The middle of the controller's two is the
middle of the node's two, and it is wrong by half the round trip at most, however unevenly the
two ways share it. So the exchange with the least round trip says most; the others say how fast
the two crystals drift apart.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from controller.core.weighing.numbering import TICKS

WINDOW_S = 60.0
CRYSTAL_PPM = 200
"""Two crystals never drift apart faster: quartz has 20 to 50 ppm, a bad one 100."""

DRIFT = CRYSTAL_PPM / 1e6
LOW_RTT_MS = 2.0
"""Round trips this much above the least one still count for the drift."""

KEPT_BEATS = 64
DOUBTS = 5
"""After so many contradictions in a row it is the clock that was set, and not a lie."""


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One heartbeat and a report of it: the same instant by both clocks, and how sure it is."""

    host_s: float
    node_ms: float
    rtt_ms: float

    def error_ms(self, at_s: float, drift: float) -> float:
        """Most by which this exchange can be wrong about the instant `at_s`.

        Half the round trip, one tick because ticks are cut off, and what may have drifted since.
        """
        return self.rtt_ms / 2 + 1 + abs(at_s - self.host_s) * 1000 * drift


class NodeClock:
    """The clock of one boot of a node, in one session. Seconds are those of the loop."""

    def __init__(self) -> None:
        self.ignored = 0
        """Reports that cannot be true: a beat never sent, ticks that run backwards."""

        self._sent: OrderedDict[int, float] = OrderedDict()
        self._exchanges: list[_Exchange] = []
        self._line: float | None = None
        self._floor: tuple[int, float] | None = None
        self._last_ms = 0
        self._doubts = 0

    @property
    def is_synchronised(self) -> bool:
        """Whether any report has answered a heartbeat."""
        return bool(self._exchanges)

    @property
    def least_rtt_ms(self) -> float:
        """The least round trip within the window; infinite before the first."""
        return min((one.rtt_ms for one in self._exchanges), default=float("inf"))

    @property
    def skew_ppm(self) -> float:
        """How much faster the node's crystal runs than the controller's clock."""
        return self._skew() * 1e6

    def sent(self, beat: int, now_s: float) -> None:
        """A heartbeat of that number goes out now."""
        self._sent.pop(beat, None)
        self._sent[beat] = now_s
        if len(self._sent) > KEPT_BEATS:
            self._sent.popitem(last=False)

    def report(self, beat: int, beat_ms: int, node_ms: int, now_s: float) -> None:
        """A report that was made at `node_ms` arrives; the node took `beat` at `beat_ms`."""
        if self._floor is None:
            self._last_ms = node_ms
        sent_s = self._sent.get(beat)
        reported_ms = self._unwrapped(node_ms)
        if beat and sent_s is None:
            self._doubt(reported_ms, now_s)
            return
        exchange = None
        if sent_s is not None:
            exchange = _exchange(sent_s, (node_ms - beat_ms) % TICKS, reported_ms, now_s)
        if reported_ms < self._last_ms or (exchange and self._contradicts(exchange)):
            self._doubt(reported_ms, now_s)
            return
        self._take(reported_ms, now_s, exchange)

    def ticks(self, now_s: float) -> int:
        """The node's ticks now, right within `error_ms`; before that is finite, `at_least`."""
        best = self._best(now_s)
        if best is None:
            return self.at_least(now_s)
        return int(self._read(best, now_s)) % TICKS

    def at_least(self, now_s: float) -> int:
        """Ticks that the node's clock has certainly reached; 0 before its first report.

        A report was made before it arrived, and no crystal is slower than `CRYSTAL_PPM` allows:
        a deadline counted from here is never later than meant.
        """
        if self._floor is None:
            return 0
        return int(self._reached_ms(now_s)) % TICKS

    def error_ms(self, now_s: float) -> float:
        """Most by which `ticks` can be wrong; infinite before a heartbeat was answered.

        At most half the least round trip and one tick, and 0.4 ms for every second since then.
        """
        best = self._best(now_s)
        return float("inf") if best is None else best.error_ms(now_s, self._drift())

    def host_s(self, node_ms: int) -> float | None:
        """When the node's clock showed `node_ms`, in the loop's time; None while nobody knows.

        Right for ticks within six days of the last report.
        """
        if not self._exchanges:
            return None
        best = self._best(self._exchanges[-1].host_s)
        assert best is not None
        since_ms = self._unwrapped(node_ms) + 0.5 - best.node_ms
        return best.host_s + since_ms / 1000 / (1 + self._skew())

    def _take(self, reported_ms: int, now_s: float, exchange: _Exchange | None) -> None:
        self._doubts = 0
        self._last_ms = reported_ms
        if self._floor is None or reported_ms >= self._reached_ms(now_s):
            self._floor = (reported_ms, now_s)
        if exchange is not None:
            self._keep(exchange, now_s)

    def _reached_ms(self, now_s: float) -> float:
        """What the report that came with the least delay says of now, at the slowest crystal."""
        assert self._floor is not None
        reported_ms, received_s = self._floor
        return reported_ms + (now_s - received_s) * 1000 * (1 - DRIFT)

    def _keep(self, exchange: _Exchange, now_s: float) -> None:
        """The best exchange of each second, for a window: memory has an end."""
        newest = self._exchanges[-1] if self._exchanges else None
        if newest is None or int(newest.host_s) != int(exchange.host_s):
            self._exchanges.append(exchange)
        elif exchange.rtt_ms < newest.rtt_ms:
            self._exchanges[-1] = exchange
        else:
            return
        self._exchanges = [one for one in self._exchanges if now_s - one.host_s <= WINDOW_S]
        self._line = None

    def _contradicts(self, exchange: _Exchange) -> bool:
        """Whether it can be true neither alone nor beside the best one so far."""
        if exchange.rtt_ms < -1.001:  # two ticks, each cut off by less than one
            return True
        best = self._best(exchange.host_s)
        if best is None:
            return False
        apart_ms = abs(self._read(best, exchange.host_s) - exchange.node_ms)
        drift = self._drift()
        sure_ms = best.error_ms(exchange.host_s, drift) + exchange.error_ms(exchange.host_s, drift)
        return apart_ms > sure_ms

    def _doubt(self, reported_ms: int, now_s: float) -> None:
        self.ignored += 1
        self._doubts += 1
        if self._doubts >= DOUBTS:
            self._exchanges, self._line, self._floor = [], None, None
            self._last_ms = reported_ms
            self._doubts = 0
        if self._floor is None or reported_ms < self._reached_ms(now_s):
            # A node that lies about its clock also judges by it: its commands expire early.
            self._floor = (reported_ms, now_s)

    def _best(self, at_s: float) -> _Exchange | None:
        """The exchange with the least error; a plain loop, for every report asks for it."""
        ms_per_s = 1000 * self._drift()
        best, least_ms = None, float("inf")
        for one in self._exchanges:
            error_ms = one.rtt_ms / 2 + abs(at_s - one.host_s) * ms_per_s
            if error_ms < least_ms:
                best, least_ms = one, error_ms
        return best

    def _read(self, exchange: _Exchange, at_s: float) -> float:
        return exchange.node_ms + (at_s - exchange.host_s) * 1000 * (1 + self._skew())

    def _drift(self) -> float:
        """Most by which the skew can be wrong: it and its estimate keep within the limits."""
        return DRIFT + abs(self._skew())

    def _skew(self) -> float:
        """Least squares over the exchanges of low round trip, within the crystal's limits."""
        if self._line is None:
            least_ms = self.least_rtt_ms
            low = [one for one in self._exchanges if one.rtt_ms <= least_ms + LOW_RTT_MS]
            self._line = max(-DRIFT, min(DRIFT, _slope(low) - 1))
        return self._line

    def _unwrapped(self, node_ms: int) -> int:
        """Ticks that go on counting where 30 bits begin again, by the nearest to the last."""
        ahead = (node_ms - self._last_ms) % TICKS
        return self._last_ms + (ahead - TICKS if ahead >= TICKS // 2 else ahead)


def _exchange(sent_s: float, held_ms: int, reported_ms: int, received_s: float) -> _Exchange:
    """The four instants as one: `held_ms` is how long ago the node heard when it reported."""
    # The crystal may have run fast while the node held it; then the line took longer than it seems.
    rtt_ms = (received_s - sent_s) * 1000 - held_ms * (1 - DRIFT)
    middle_ms = reported_ms - held_ms / 2 + 0.5  # a tick is cut off by half of one on average
    return _Exchange((sent_s + received_s) / 2, middle_ms, rtt_ms * (1 + DRIFT))


def _slope(exchanges: list[_Exchange]) -> float:
    """Node seconds per second of the controller; 1 where they do not say."""
    if len(exchanges) < 2:
        return 1.0
    mean_s = sum(one.host_s for one in exchanges) / len(exchanges)
    spread = sum((one.host_s - mean_s) ** 2 for one in exchanges)
    mean_ms = sum(one.node_ms for one in exchanges) / len(exchanges)
    shared = sum((one.host_s - mean_s) * (one.node_ms - mean_ms) for one in exchanges)
    return shared / spread / 1000 if spread else 1.0
