"""The board of an RP2040: the one file that touches its hardware. It has not run on a board yet.

What is wired where stands in `pins`; how, and what is hardware and does not depend on this file,
in `docs/hardware.md`. The Pi is reached through a UART behind a USB bridge, because its driver
never waits, while USB of the RP2040 itself may for half a second.

A scan that moves something has 5 ms. Of these I2C takes, at 22.5 us a byte, 0.14 ms for the
expander both ways and at most 0.8 ms for a piece of the slow sensors; a counter block and its
echo, once a cycle, 1.1 ms. A bus that is held down costs `I2C_TIMEOUT_US` a transfer instead, a
missing chip a tenth of a millisecond.

What ends a drive at once is no matter of the scan: `guards` do it in hard interrupts, which run
during garbage collection too.
"""

import gc
import os
import time

import machine
import rp2

from firmware.hal import chips, drives, hx711, lookout, pins, settings, watch
from firmware.hal.board import Board, Inputs
from firmware.hal.guards import Guard
from firmware.hal.memory import Memory
from firmware.hal.reset import Reset
from firmware.hal.sensors import ROUND_MS, SlowSensors

BAUD = 115200
I2C_HZ = 400000
I2C_TIMEOUT_US = 2000
PWM_HZ = 20000
WATCHDOG_MS = 500
LONGEST_SLEEP_MS = 2000
"""The board feeds the watchdog while the node sleeps, so no sleep may be endless."""

KEPT = 16
"""Conversions that wait for a scan: a fifth of a second, and the last three do."""

TIDY_SCANS = 16
"""At rest garbage is collected every so many scans, or looks at what may wake a sleeping node, so
that a motion begins with a free heap."""


def service_jumper():
    """Whether the board is to start no program, so that it can be loaded anew."""
    return machine.Pin(pins.SERVICE_JUMPER, machine.Pin.IN, machine.Pin.PULL_UP)() == 0


class Rp2Board(Board):
    """Reads and drives the pins. Outputs are off before anything else happens.

    Raises:
        SettingsError: `bay.txt` does not say which bay this is.
    """

    def __init__(self):
        bridge = _output(pins.BRIDGE_ON)
        self._lock = _output(pins.LOCK_ON)
        halves = drives.Halves(_pwm(pins.HATCH_OPENING), _pwm(pins.HATCH_CLOSING))
        self._gate = drives.Halves(_pwm(pins.GATE_OPENING), _pwm(pins.GATE_CLOSING))
        self._diverter = drives.Diverter(_output(pins.DIVERTER_UP), _output(pins.DIVERTER_DOWN))
        gc.threshold(-1)  # collect when told to, or when the heap is full
        self._name, self._cells = settings.read()
        guards = [_guard(row, bridge) for row in pins.GUARDS]
        self._hatch = drives.GuardedDrive(bridge, halves, guards)
        self._edge = machine.ADC(pins.ADC_EDGE)
        self._motor = machine.ADC(pins.ADC_MOTOR)
        self._supply = machine.ADC(pins.ADC_SUPPLY)
        self._i2c = machine.I2C(
            0,
            sda=machine.Pin(pins.I2C_SDA),
            scl=machine.Pin(pins.I2C_SCL),
            freq=I2C_HZ,
            timeout=I2C_TIMEOUT_US,
        )
        self._uart = machine.UART(
            0,
            BAUD,
            tx=machine.Pin(pins.UART_TX),
            rx=machine.Pin(pins.UART_RX),
            txbuf=1024,
            rxbuf=1024,
            timeout=0,
        )
        self._fifo = _cells(self._cells)
        self._sensors = SlowSensors(self._i2c)
        self._memory = Memory(self._i2c)
        self._checkpoints = watch.Checkpoints()
        self._watchdog = None
        self._inputs = Inputs()
        self._seen = Inputs()
        self._samples = []
        self._told_raw = 0
        self._levels = 0
        self._moves = False
        self._scans = 0
        self._wake_at_ms = self._round_at_ms = time.ticks_ms()
        self._reset = Reset(machine)

    def watch(self):
        """Start the watchdog, which nothing stops again: from now on every scan must be whole."""
        self._watchdog = machine.WDT(timeout=WATCHDOG_MS)

    def read(self):
        """Wait for the deadline, an input or a byte, then read everything."""
        self._wait()
        self._checkpoints.wake()
        inputs = self._inputs
        inputs.now_ms = time.ticks_ms()
        inputs.rx = self._uart.read() or b""
        inputs.samples = tuple(self._samples)
        if self._samples:
            self._told_raw = self._samples[-1][1]
        self._samples = []
        self._levels = self._hatch.look()
        self._hatch.take(inputs)
        self._measure(inputs)
        inputs.store_failed = self._memory.failed
        self._checkpoints.passed(watch.READ)
        return inputs

    def stepped(self):
        """The node has decided on this scan."""
        self._checkpoints.passed(watch.STEP)

    def write(self, outputs):
        """Drive the motors first, then lamps, FRAM and the line."""
        if outputs.bridge_on and not outputs.hatch_permille:
            self._hatch.brake()
        else:
            self._hatch.drive(outputs.hatch_permille if outputs.bridge_on else 0)
        self._lock(outputs.lock_on)
        self._gate.drive(outputs.gate_permille)
        self._diverter.drive(outputs.diverter_to, outputs.diverter_on)
        word = chips.expander_word(outputs)
        self._try(self._i2c.writeto, pins.EXPANDER, bytes((word & 0xFF, word >> 8)))
        if outputs.fram:
            self._memory.store_counters(outputs.fram)
        if outputs.learned:
            self._memory.store_profile(outputs.learned)
        if outputs.tx:
            self._uart.write(outputs.tx)
        wake_in_ms = min(outputs.wake_in_ms, LONGEST_SLEEP_MS)
        self._wake_at_ms = time.ticks_add(time.ticks_ms(), wake_in_ms)
        self._moves = outputs.bridge_on or outputs.gate_permille or outputs.diverter_on
        self._tidy()
        self._checkpoints.passed(watch.WRITE)

    def feed(self):
        """Keep the watchdog quiet for another half second, if every part of the scan has run.

        A round of the slow sensors takes a tenth of a second, so that is how often it is fed.
        """
        if self._watchdog is not None and self._checkpoints.take():
            self._watchdog.feed()

    def restart(self):
        """Everything off, and then the chip resets."""
        self._hatch.drive(0)
        self._lock(0)
        self._gate.drive(0)
        self._diverter.drive(self._diverter.at, False)
        self._reset.begin(self._uart, time.sleep_ms)

    def stored_counters(self):
        """The better of the two blocks in FRAM; writing goes on in the other place."""
        return self._memory.counters()

    def stored_profile(self):
        """The hatch's profile in FRAM."""
        return self._memory.profile()

    def identity(self):
        """The bay's name from `bay.txt`, a random boot id, the place in `RESET_CAUSES`."""
        boot_id = int.from_bytes(os.urandom(4), "little")
        return self._name, boot_id, self._reset.cause

    def _wait(self):
        """Until something is due or happens; what needs looking after meanwhile gets it."""
        looked_ms = time.ticks_ms()
        while True:
            self._convert()
            self._poll()
            now_ms = time.ticks_ms()
            due = time.ticks_diff(self._wake_at_ms, now_ms) <= 0
            if due or self._uart.any() or self._hatch.look() != self._levels:
                return
            if time.ticks_diff(now_ms, looked_ms) >= lookout.LOOK_MS:
                looked_ms = now_ms
                if self._stirs():
                    return
                self._feed_asleep()
                self._tidy()
            time.sleep_ms(1)

    def _stirs(self):
        """Whether a sleeping node is to be woken by what is no pin's edge."""
        self._measure(self._seen)
        raw = self._samples[-1][1] if self._samples else self._told_raw
        return lookout.stirs(self._inputs, self._seen) or lookout.loaded(self._told_raw, raw)

    def _feed_asleep(self):
        if self._watchdog is not None and self._checkpoints.take_asleep():
            self._watchdog.feed()

    def _convert(self):
        """Take what the cells have converted; `get` never waits for words that are there."""
        while self._fifo.rx_fifo() >= self._cells:
            words = [self._fifo.get() for _ in range(self._cells)]
            raw = hx711.added(hx711.values(words, self._cells))
            self._samples.append((time.ticks_ms(), raw))
        if len(self._samples) > KEPT:
            del self._samples[:-KEPT]
        self._checkpoints.passed(watch.CELLS)

    def _poll(self):
        """The next piece of the slow sensors, unless their round has ended early."""
        if time.ticks_diff(time.ticks_ms(), self._round_at_ms) < 0:
            return
        if self._sensors.poll():
            self._round_at_ms = time.ticks_add(self._round_at_ms, ROUND_MS)
            if time.ticks_diff(time.ticks_ms(), self._round_at_ms) >= 0:
                self._round_at_ms = time.ticks_add(time.ticks_ms(), ROUND_MS)
            self._checkpoints.passed(watch.SENSORS)

    def _measure(self, inputs):
        inputs.edge_ohm = chips.edge_ohm(self._edge.read_u16())
        inputs.motor_ma = chips.motor_ma(self._motor.read_u16())
        self._sensors.fill(inputs)
        inputs.supply_mv = chips.supply_mv(self._supply.read_u16())
        self._read_expander(inputs)

    def _read_expander(self, inputs):
        read = self._try(self._i2c.readfrom, pins.EXPANDER, 2)
        word = read[0] | read[1] << 8 if read else chips.OPEN_CONTACTS
        for name, bit, level in pins.EXPANDER_SWITCHES:
            setattr(inputs, name, (word >> bit) & 1 == level)
        self._diverter.at = inputs.diverter_at = chips.diverter_at(word)
        self._checkpoints.passed(watch.EXPANDER)

    def _tidy(self):
        """Collect garbage while nothing moves; in motion only a heap that is full begins it.

        The guards' interrupts run all the same.
        """
        if self._moves:
            return
        self._scans += 1
        if self._scans >= TIDY_SCANS:
            self._scans = 0
            gc.collect()

    def _try(self, transfer, *arguments):
        """A transfer on I2C, None where the chip does not answer: the scan must go on."""
        try:
            return transfer(*arguments)
        except OSError:
            return None


def _output(pin):
    return machine.Pin(pin, machine.Pin.OUT, value=0)


def _pwm(pin):
    return machine.PWM(machine.Pin(pin), freq=PWM_HZ, duty_u16=0)


def _guard(row, bridge):
    name, pin, level, ends = row
    line = machine.Pin(pin, machine.Pin.IN, machine.Pin.PULL_UP)
    guard = Guard(name, line, level, ends, bridge)
    edge = machine.Pin.IRQ_RISING if level else machine.Pin.IRQ_FALLING
    line.irq(guard.tripped, edge, hard=True)
    return guard


def _cells(count):
    """The running PIO program; a cell whose line is broken is pulled up, and so never ready."""
    for at in range(count):
        machine.Pin(pins.CELL_DATA + at, machine.Pin.IN, machine.Pin.PULL_UP)
    assemble = rp2.asm_pio(
        sideset_init=rp2.PIO.OUT_LOW,
        in_shiftdir=rp2.PIO.SHIFT_LEFT,
        autopush=True,
        push_thresh=hx711.BITS,
        fifo_join=rp2.PIO.JOIN_RX,
    )
    machines = rp2.StateMachine(
        0,
        assemble(hx711.program(count)),
        freq=hx711.HZ,
        in_base=machine.Pin(pins.CELL_DATA),
        sideset_base=machine.Pin(pins.CELL_CLOCK),
    )
    machines.active(1)
    return machines
