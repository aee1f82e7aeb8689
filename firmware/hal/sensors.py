"""Warmth and distance in the chamber, and the bins' levels, in pieces that no scan waits for.

I2C at 400 kHz takes 22.5 us a byte (nine bits). A piece is at most 32 bytes of pixels with three
of addresses, 0.8 ms; the 128 bytes of a whole picture at once would take 2.9 ms of the 5 ms that
a scan has. Eight pieces make a round, and a round begins ten times a second: that is how often
the AMG8833 has a new picture and, with 33 ms each, the VL53L0X a new distance.

The VL53L0X is used with its factory settings, one measurement at a time, as mainline Linux does
(drivers/iio/proximity/vl53l0x-i2c.c); ST documents no more of its registers. The AMG8833 wakes up
in its normal mode at ten pictures a second.
"""

from firmware.hal import chips, pins
from firmware.hal.levels import LevelSensors
from wire.messages import NO_TEMPERATURE_DC

ROUND_MS = 100
CHUNK = 32
_PICTURE = 4  # chunks of a picture
_PIXELS, _THERMISTOR = 0x80, 0x0E

NO_WARMTH_DC, NO_DISTANCE_MM = 9999, 0
"""What is read while a chip does not answer: nothing that a sound one could say. The cabinet's
own temperature is then far below any fire, so that a loose cable calls nobody to one."""


class SlowSensors:
    """The latest readings as attributes, which `poll` renews piece by piece.

    Args:
        i2c: The bus; what it raises where a chip does not answer is an `OSError`.
    """

    def __init__(self, i2c):
        self.warm_dc = NO_WARMTH_DC
        self.thermal_sum = 0
        self.temperature_dc = NO_TEMPERATURE_DC
        self.tof_mm = NO_DISTANCE_MM
        self.levels = LevelSensors(i2c)
        self._i2c = i2c
        self._piece = 0
        self._warmest = -0x800
        self._sum = 0

    def poll(self):
        """Read the next piece; return whether the round is complete with it."""
        piece = self._piece
        if piece < _PICTURE:
            self._look(piece)
        elif piece == _PICTURE:
            self._feel()
        elif piece == _PICTURE + 1:
            self._measured()
        elif piece == _PICTURE + 2:
            self._measure()
        else:
            self.levels.poll()
        self._piece = (piece + 1) % (_PICTURE + 4)
        return self._piece == 0

    def fill(self, inputs):
        """Put the latest readings into `Inputs`."""
        inputs.warm_dc = self.warm_dc
        inputs.thermal_sum = self.thermal_sum
        inputs.temperature_dc = self.temperature_dc
        inputs.tof_mm = self.tof_mm
        inputs.levels_mm = self.levels.mm

    def _look(self, chunk):
        """A quarter of the picture; with the last one the picture holds, or nothing does."""
        if chunk == 0:
            self._warmest, self._sum = -0x800, 0
        data = self._read(pins.THERMAL, _PIXELS + chunk * CHUNK, CHUNK)
        if data is None:
            self._warmest = 0x800
        else:
            for at in range(0, CHUNK, 2):
                quarters = chips.pixel(data, at)
                self._sum += quarters
                self._warmest = max(self._warmest, quarters)
        if chunk == _PICTURE - 1:
            whole = self._warmest < 0x800
            self.warm_dc = self._warmest * 10 // 4 if whole else NO_WARMTH_DC
            self.thermal_sum = self._sum if whole else 0

    def _feel(self):
        data = self._read(pins.THERMAL, _THERMISTOR, 2)
        self.temperature_dc = NO_TEMPERATURE_DC if data is None else chips.thermistor_dc(data)

    def _measured(self):
        data = self._read(pins.DISTANCE, chips.RESULT, chips.RESULT_BYTES)
        self.tof_mm = NO_DISTANCE_MM if data is None else chips.distance_mm(data)

    def _measure(self):
        try:
            self._i2c.writeto_mem(pins.DISTANCE, chips.START, b"\x01")
        except OSError:
            self.tof_mm = NO_DISTANCE_MM

    def _read(self, chip, register, size):
        """Bytes of a chip, None where it does not answer: the scan must go on."""
        try:
            return self._i2c.readfrom_mem(chip, register, size)
        except OSError:
            return None
