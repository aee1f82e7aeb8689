"""What the raw readings mean: conversions without a pin, the same on the board and off it.

Products stay below 2**30, so that a 32-bit board makes no long integers of them.
"""

from firmware.hal import pins

MOTOR_FULL_MA = 5000  # 33 mohm in the motor's lead, times 20, around half of the range
SUPPLY_FULL_MV = 36300  # 100 over 10 kilohm before 3.3 V
EDGE_PULL_UP_OHM = 8200
BROKEN_OHM = 99999
OPEN_CONTACTS = 0xFFFF
"""What the expander's lines read while nobody pulls them down, or while it does not answer."""


def edge_ohm(raw):
    """The soft edge against its pull-up, from 16 bits; an open line reads as broken."""
    return min(BROKEN_OHM, EDGE_PULL_UP_OHM * raw // max(1, 65535 - raw))


def motor_ma(raw):
    """Current in the motor's lead, whichever way it flows, from 16 bits."""
    return abs(raw - 32768) * MOTOR_FULL_MA // 65535


def supply_mv(raw):
    """The 24 V supply, from 16 bits of which the upper 12 are measured."""
    return (raw >> 4) * SUPPLY_FULL_MV // 4095


FULL = 65535
"""16-bit duty of an output that is always on."""


def duty(permille):
    """16-bit duty of a drive, whichever way."""
    return min(1000, abs(permille)) * FULL // 1000


START, RESULT, RESULT_BYTES = 0x00, 0x14, 12
"""VL53L0X: the register that begins a measurement, and where the last one stands."""

_COMPLETE = 1  # bit of the first byte of a result; its last two are the distance


def distance_mm(data):
    """What a VL53L0X has measured, from the bytes of its result; 0 where it is not there yet."""
    return data[-2] << 8 | data[-1] if data[0] & _COMPLETE else 0


def pixel(data, at):
    """A pixel of the AMG8833 in quarter degrees C: 12 bits, two's complement, low byte first."""
    value = (data[at] | data[at + 1] << 8) & 0xFFF
    return value - 0x1000 if value & 0x800 else value


def thermistor_dc(data):
    """The AMG8833's own warmth in tenths of a degree C: 11 bits of 1/16 degree and a sign."""
    sixteenths = data[0] | (data[1] & 7) << 8
    tenths = sixteenths * 10 // 16
    return -tenths if data[1] & 8 else tenths


def diverter_at(word):
    """The one place whose switch is closed, -1 where none or several are."""
    closed = [place for place in range(pins.DIVERTER_SWITCHES) if not word & (1 << place)]
    return closed[0] if len(closed) == 1 else -1


def expander_word(outputs):
    """The expander's 16 lines: let go, but for what `outputs` pulls down."""
    word = OPEN_CONTACTS
    if outputs.light_on:
        word &= ~(1 << pins.LIGHT_BIT)
    if outputs.warn_on:
        word &= ~(1 << pins.WARN_BIT)
    if outputs.curtain_test:
        word &= ~(1 << pins.SENDER_BIT)
    return word


def turn(way, at, to):
    """Which way the diverter turns: towards its place; between two places it keeps its way."""
    if at >= 0:
        return (to > at) - (to < at)
    return way or -1  # found between two places: look for the first
