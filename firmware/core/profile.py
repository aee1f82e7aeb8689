"""What the hatch has learned of itself: current over travel, and the time a run takes.

The first good runs either way make the reference, which FRAM keeps. Later runs are held against
it: a hatch that needs more current runs harder than it used to, one that needs more time and no
more current slips. Against the same reference an obstacle shows at a lower current than the fixed
limit, wherever the leaf runs easily.
"""

import binascii
import struct

from wire import faults

OPENING, CLOSING = 0, 1
PARTS = 8
"""So many equal parts of the travel have a current of their own."""

_LAYOUT = "<BBBHH16H"
_VERSION = 1
_CRC = 4
SIZE = struct.calcsize(_LAYOUT) + _CRC
_MOST = 0xFFFF


class Profile:
    """Takes in each scan of a run; `limit_ma` and what `end` returns are what it is for.

    Args:
        config: The bay's figures.
        block: What FRAM keeps of it, b"" or a damaged block for nothing.
    """

    def __init__(self, config, block):
        self._config = config
        self._runs = [0, 0]
        self._took_ms = [0, 0]
        self._part_ma = [[0] * PARTS, [0] * PARTS]
        self._bad_runs = [0, 0]
        self._slow_runs = [0, 0]
        self._changed = False
        self._restore(block)
        self.drop()

    def drop(self):
        """Forget the run that is under way: it began or ended elsewhere than at a limit."""
        self._way = -1
        self._ms = 0
        self._sum = [0] * PARTS
        self._time = [0] * PARTS

    def begin(self, way):
        """A run begins at the limit that it leaves."""
        self.drop()
        self._way = way

    def take(self, dt_ms, position_mm, motor_ma, supply_mv):
        """One scan of the run; time counts as it would pass at the nominal supply."""
        if self._way < 0:
            return
        self._ms += dt_ms * supply_mv // self._config.supply_mv
        if self._ms >= self._config.inrush_ms:
            part = self._part(position_mm)
            self._sum[part] += motor_ma * dt_ms
            self._time[part] += dt_ms

    def end(self):
        """The run arrived at its limit: learn from it, or return the fault that it shows, or 0."""
        way, run_ma, took_ms = self._way, self._measured(), self._ms
        self.drop()
        if way < 0 or run_ma is None:
            return 0
        if self._runs[way] < self._config.learn_runs:
            self._learn(way, run_ma, took_ms)
            return 0
        return self._judge(way, sum(run_ma), took_ms)

    def limit_ma(self, way, position_mm):
        """Above this current something is in the way; never above the fixed limit."""
        config = self._config
        if self._runs[way] < config.learn_runs:
            return config.pinch_ma
        usual_ma = self._part_ma[way][self._part(position_mm)]
        return min(config.pinch_ma, usual_ma + config.pinch_above_ma)

    def forget(self):
        """After a repair: everything is learned anew."""
        self._runs = [0, 0]
        self._bad_runs = [0, 0]
        self._slow_runs = [0, 0]
        self._changed = True

    def to_store(self):
        """The block to store, b"" while the stored one still holds."""
        if not self._changed:
            return b""
        self._changed = False
        parts = self._part_ma[OPENING] + self._part_ma[CLOSING]
        block = struct.pack(_LAYOUT, _VERSION, *(self._runs + self._took_ms + parts))
        return block + binascii.crc32(block).to_bytes(_CRC, "little")

    def _part(self, position_mm):
        return max(0, min(PARTS - 1, position_mm * PARTS // self._config.travel_mm))

    def _measured(self):
        """Mean current of each part, None where one of them was not seen."""
        if min(self._time) == 0:
            return None
        return [min(_MOST, max(0, self._sum[at] // self._time[at])) for at in range(PARTS)]

    def _learn(self, way, run_ma, took_ms):
        """A growing mean over the first runs."""
        runs = self._runs[way]
        parts = self._part_ma[way]
        for at in range(PARTS):
            parts[at] = (parts[at] * runs + run_ma[at]) // (runs + 1)
        self._took_ms[way] = min(_MOST, (self._took_ms[way] * runs + took_ms) // (runs + 1))
        self._runs[way] = runs + 1
        self._changed = self._runs[way] == self._config.learn_runs

    def _judge(self, way, run_ma, took_ms):
        config = self._config
        usual_ma = max(1, sum(self._part_ma[way]))
        harder = run_ma * 100 >= usual_ma * config.harder_percent
        slower = took_ms * 100 >= self._took_ms[way] * config.slower_percent
        self._bad_runs[way] = self._bad_runs[way] + 1 if harder else 0
        self._slow_runs[way] = self._slow_runs[way] + 1 if slower and not harder else 0
        if self._bad_runs[way] >= config.odd_runs:
            return faults.HATCH_FRICTION
        return faults.HATCH_SLIPPING if self._slow_runs[way] >= config.odd_runs else 0

    def _restore(self, block):
        if len(block) != SIZE or block[0] != _VERSION:
            return
        if binascii.crc32(block[:-_CRC]) != int.from_bytes(block[-_CRC:], "little"):
            return
        values = list(struct.unpack(_LAYOUT, block[:-_CRC]))[1:]
        self._runs, self._took_ms = values[:2], values[2:4]
        self._part_ma = [values[4 : 4 + PARTS], values[4 + PARTS :]]
