"""The bins' level sensors: four VL53L0X behind one multiplexer, asked one after the other.

All of them have the address of the chamber's own distance sensor, which is a matter of people's
safety and must never be mistaken for one of them. So they lie behind an address translator
(LTC4316), which makes other addresses of it and of the multiplexer's (TCA9548A), and a channel is
open only while its sensor is spoken to. A whole look at four bins takes eight pieces, one a round
of `sensors`; a sensor that does not answer costs a tenth of a millisecond and nothing else.
"""

from firmware.hal import chips, pins
from wire.messages import BINS, NO_LEVEL_MM

_NONE = b"\x00"


class LevelSensors:
    """The latest distances in `mm`, by bin; `NO_LEVEL_MM` where a sensor does not answer.

    Args:
        i2c: The bus; what it raises where a chip does not answer is an `OSError`.
    """

    def __init__(self, i2c):
        self.mm = (NO_LEVEL_MM,) * BINS
        self._i2c = i2c
        self._bin = 0
        self._asked = False

    def poll(self):
        """Let one bin's sensor begin to measure, or, a round later, take what it has measured."""
        mm = self._spoken()
        if self._asked or mm == NO_LEVEL_MM:
            at = self._bin
            self.mm = self.mm[:at] + (mm,) + self.mm[at + 1 :]
            self._bin = (at + 1) % BINS
            self._asked = False
        else:
            self._asked = True

    def _spoken(self):
        """Millimetres, None where the measurement has only begun, `NO_LEVEL_MM` without answer."""
        i2c = self._i2c
        try:
            i2c.writeto(pins.LEVEL_CHANNELS, bytes((1 << self._bin,)))
            if self._asked:
                mm = chips.distance_mm(
                    i2c.readfrom_mem(pins.LEVEL, chips.RESULT, chips.RESULT_BYTES)
                )
            else:
                i2c.writeto_mem(pins.LEVEL, chips.START, b"\x01")
                mm = None
        except OSError:
            mm = NO_LEVEL_MM
        self._close()
        return mm

    def _close(self):
        """No channel stays open: a bin's cable that is shorted must not hold the bus down."""
        try:
            self._i2c.writeto(pins.LEVEL_CHANNELS, _NONE)
        except OSError:
            pass  # the next round asks again, and `mm` says that nobody answers
