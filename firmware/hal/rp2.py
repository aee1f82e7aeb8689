"""The board of an RP2040: the one file that knows its pins and chips.

It has not run on a board yet. It compiles, and it is the plainest thing that can work; register
numbers are from the chips' data sheets and want checking on the bench. What is missing for that:
the HX711 is clocked by hand with interrupts off (0.5 to 1 ms each time, where a PIO program would
cost nothing); the soft edge is looked at once a scan and the other inputs each millisecond, where
an interrupt should switch the bridge off; garbage collection while something moves is not
bounded; the distance sensor runs on its factory settings. Force limit, bridge enable (pulled
down) and the emergency stop's contact in the motor supply are hardware and do not depend on it.

Chips: HX711; on I2C an AMG8833 (thermal array), a VL53L0X (distance), a PCF8574 (diverter
switches, tamper, light, warning) and an MB85RC (FRAM). The Pi is reached through a UART behind a
USB bridge, because its driver never waits, while USB of the RP2040 itself may for half a second.
"""

import gc
import os
import time

import machine

from firmware.core import counters
from firmware.hal.board import Board, Inputs

UART_PINS = (0, 1)
I2C_PINS = (20, 21)
HX711_DATA, HX711_CLOCK = 18, 19
BRIDGE_ON, LOCK_ON = 10, 13
HATCH_OPENING, HATCH_CLOSING = 11, 12
GATE_OPENING, GATE_CLOSING = 14, 15
DIVERTER_UP, DIVERTER_DOWN = 16, 17
ADC_EDGE, ADC_MOTOR, ADC_SUPPLY = 26, 27, 28

# Every switch closes to ground. What is dangerous when it is not seen is a break contact, so
# that a broken wire looks like danger: (name, pin, level that means yes).
SWITCHES = (
    ("limit_closed", 2, 0),
    ("limit_open", 3, 0),
    ("curtain_blocked", 4, 1),
    ("inner_release", 5, 1),
    ("emergency_stop", 6, 1),
    ("smoke", 7, 0),
    ("gate_closed", 8, 0),
    ("gate_open", 9, 0),
)

THERMAL, DISTANCE, EXPANDER, FRAM = 0x69, 0x29, 0x20, 0x50
TAMPER_BIT, LIGHT_BIT, WARN_BIT = 0x10, 0x20, 0x40
SLOT = 64

PWM_HZ = 20000
WATCHDOG_MS = 500
SLOW_MS = 100
MOTOR_FULL_MA = 5000
SUPPLY_FULL_MV = 36300
EDGE_PULL_UP_OHM = 8200
BROKEN_OHM = 99999


class Rp2Board(Board):
    """Reads and drives the pins. Outputs are off before anything else happens."""

    def __init__(self):
        self._bridge = machine.Pin(BRIDGE_ON, machine.Pin.OUT, value=0)
        self._lock = machine.Pin(LOCK_ON, machine.Pin.OUT, value=0)
        self._hatch = (_pwm(HATCH_OPENING), _pwm(HATCH_CLOSING))
        self._gate = (_pwm(GATE_OPENING), _pwm(GATE_CLOSING))
        self._diverter = (_output(DIVERTER_UP), _output(DIVERTER_DOWN))
        self._switches = [
            (name, machine.Pin(pin, machine.Pin.IN, machine.Pin.PULL_UP), level)
            for name, pin, level in SWITCHES
        ]
        self._data = machine.Pin(HX711_DATA, machine.Pin.IN)
        self._clock = _output(HX711_CLOCK)
        self._edge = machine.ADC(ADC_EDGE)
        self._motor = machine.ADC(ADC_MOTOR)
        self._supply = machine.ADC(ADC_SUPPLY)
        sda, scl = (machine.Pin(pin) for pin in I2C_PINS)
        self._i2c = machine.I2C(0, sda=sda, scl=scl, freq=400000)
        tx, rx = (machine.Pin(pin) for pin in UART_PINS)
        self._uart = machine.UART(0, 115200, tx=tx, rx=rx, txbuf=1024, rxbuf=1024, timeout=0)
        self._samples = []
        self._warm_dc = self._temperature_dc = self._tof_mm = 0
        self._slow_at_ms = time.ticks_ms()
        self._wake_at_ms = self._slow_at_ms
        self._seen = ()
        self._slot = 0
        self._diverter_at = -1
        self._diverter_way = 0
        self._write_register(DISTANCE, 0x00, 0x02)  # SYSRANGE_START: back to back
        self._watchdog = machine.WDT(timeout=WATCHDOG_MS)

    def read(self):
        """Wait for the deadline, a switch or a byte, then read everything."""
        while time.ticks_diff(self._wake_at_ms, time.ticks_ms()) > 0:
            self._convert()
            if self._uart.any() or self._states() != self._seen:
                break
            time.sleep_ms(1)
        self._convert()
        self._look_slowly()
        inputs = Inputs()
        inputs.now_ms = time.ticks_ms()
        inputs.rx = self._uart.read() or b""
        inputs.samples = tuple(self._samples)
        self._samples = []
        self._seen = self._states()
        for (name, _, level), state in zip(SWITCHES, self._seen):
            setattr(inputs, name, state == level)
        inputs.edge_ohm = _edge_ohm(self._edge.read_u16())
        inputs.motor_ma = self._motor.read_u16() * MOTOR_FULL_MA // 65535
        inputs.supply_mv = self._supply.read_u16() * SUPPLY_FULL_MV // 65535
        inputs.warm_dc = self._warm_dc
        inputs.temperature_dc = self._temperature_dc
        inputs.tof_mm = self._tof_mm
        bits = self._expander_bits()
        inputs.tamper = bool(bits & TAMPER_BIT)
        inputs.diverter_at = _position(bits)
        self._diverter_at = inputs.diverter_at
        return inputs

    def write(self, outputs):
        """Drive the motors first, then lamps, FRAM and the line."""
        self._bridge.value(outputs.bridge_on)
        _drive(self._hatch, outputs.hatch_permille)
        self._lock.value(outputs.lock_on)
        _drive(self._gate, outputs.gate_permille)
        self._turn(outputs)
        lamps = (LIGHT_BIT if outputs.light_on else 0) | (WARN_BIT if outputs.warn_on else 0)
        self._try(self._i2c.writeto, EXPANDER, bytes(((0xFF ^ (LIGHT_BIT | WARN_BIT)) | lamps,)))
        if outputs.fram:
            place = bytes((0, self._slot * SLOT))
            self._try(self._i2c.writeto, FRAM, place + outputs.fram)
            self._slot = 1 - self._slot
        if outputs.tx:
            self._uart.write(outputs.tx)
        self._wake_at_ms = time.ticks_add(time.ticks_ms(), outputs.wake_in_ms)
        if not outputs.bridge_on and not outputs.gate_permille:
            gc.collect()

    def feed(self):
        """Keep the watchdog quiet for another half second."""
        self._watchdog.feed()

    def stored_counters(self):
        """The better of the two blocks in FRAM; writing goes on in the other place."""
        blocks = [self._stored(slot) for slot in (0, 1)]
        best = counters.newest(blocks[0], blocks[1])
        self._slot = 1 if best is blocks[0] else 0
        return best

    def identity(self):
        """The bay's name from `bay.txt` on the board's flash, a random boot id, the cause."""
        with open("bay.txt", "rb") as file:
            name = file.read().strip()
        boot_id = int.from_bytes(os.urandom(4), "little")
        return name, boot_id, machine.reset_cause()

    def _states(self):
        return tuple([pin.value() for _, pin, _ in self._switches])

    def _convert(self):
        """Take a conversion from the HX711 if one is ready: 24 bits, then channel A, gain 128."""
        if self._data.value():
            return
        raw = 0
        interrupts = machine.disable_irq()
        for _ in range(24):
            self._clock.on()
            self._clock.off()
            raw = raw << 1 | self._data.value()
        self._clock.on()
        self._clock.off()
        machine.enable_irq(interrupts)
        self._samples.append((time.ticks_ms(), raw - (1 << 24) if raw & 0x800000 else raw))

    def _look_slowly(self):
        """Warmth and distance ten times a second; a sensor that fails reads as nonsense."""
        if time.ticks_diff(time.ticks_ms(), self._slow_at_ms) < 0:
            return
        self._slow_at_ms = time.ticks_add(time.ticks_ms(), SLOW_MS)
        try:
            pixels = self._i2c.readfrom_mem(THERMAL, 0x80, 128)
            inner = self._i2c.readfrom_mem(THERMAL, 0x0E, 2)
            away = self._i2c.readfrom_mem(DISTANCE, 0x1E, 2)
        except OSError:
            self._warm_dc, self._tof_mm = 9999, 0
            return
        warmest = max([_signed12(pixels, at) for at in range(0, 128, 2)])
        self._warm_dc = warmest * 10 // 4
        self._temperature_dc = (inner[0] | (inner[1] & 7) << 8) * 10 // 16
        self._tof_mm = away[0] << 8 | away[1]

    def _expander_bits(self):
        read = self._try(self._i2c.readfrom, EXPANDER, 1)
        return read[0] if read else 0xFF  # open contacts: cabinet open, diverter nowhere

    def _turn(self, outputs):
        """Turn the diverter towards its place; between two places it keeps its way."""
        at, to = self._diverter_at, outputs.diverter_to
        if at >= 0:
            self._diverter_way = (to > at) - (to < at)
        elif not self._diverter_way:
            self._diverter_way = -1  # found between two places: look for the first
        way = self._diverter_way if outputs.diverter_on else 0
        self._diverter[0].value(way > 0)
        self._diverter[1].value(way < 0)

    def _stored(self, slot):
        block = self._try(self._i2c.readfrom_mem, FRAM, slot * SLOT, counters.SIZE, addrsize=16)
        if block is None:
            return b"unreadable"
        return b"" if block in (bytes(counters.SIZE), b"\xff" * counters.SIZE) else block

    def _write_register(self, chip, register, value):
        self._try(self._i2c.writeto_mem, chip, register, bytes((value,)))

    def _try(self, transfer, *arguments, **options):
        """A transfer on I2C, None where the chip does not answer: the scan must go on."""
        try:
            return transfer(*arguments, **options)
        except OSError:
            return None


def _output(pin):
    return machine.Pin(pin, machine.Pin.OUT, value=0)


def _pwm(pin):
    return machine.PWM(machine.Pin(pin), freq=PWM_HZ, duty_u16=0)


def _drive(pair, permille):
    """One half bridge opens, the other closes; never both."""
    duty = abs(permille) * 65535 // 1000
    pair[0].duty_u16(duty if permille > 0 else 0)
    pair[1].duty_u16(duty if permille < 0 else 0)


def _edge_ohm(raw):
    """The edge against its pull-up; an open line reads as broken."""
    return min(BROKEN_OHM, EDGE_PULL_UP_OHM * raw // max(1, 65535 - raw))


def _signed12(data, at):
    value = (data[at] | data[at + 1] << 8) & 0xFFF
    return value - 4096 if value & 0x800 else value


def _position(bits):
    """Which one diverter switch is closed, -1 where none or several are."""
    closed = [place for place in range(4) if not bits & (1 << place)]
    return closed[0] if len(closed) == 1 else -1
