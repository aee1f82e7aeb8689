"""An RP2040's `machine`, `rp2`, `time` and `gc` in virtual time, on which the real rp2.py runs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from firmware.core.ticks import PERIOD
from tests.firmware.hal import fake_pio
from tests.firmware.hal.fake_chips import Chip, Distance, Expander, Fram, Levels, Thermal

if TYPE_CHECKING:
    import pytest

BYTE_US = 22.5  # nine bits at 400 kHz
BRIDGE = 10
HALVES = {11: "opening", 12: "closing", 14: "gate opening", 15: "gate closing"}
BLOCKS = 2  # at most so many conversions' worth of cycles are run at one look


class Bench:
    """A board on the bench: pins, chips and time in its hands.

    `log` holds what the program did to pins and PWM, in order; `collections` when it collected
    garbage; `feeds` when it fed the watchdog, which is None until it was started.
    """

    def __init__(self) -> None:
        self.now_us = (PERIOD - 300) * 1000  # the ticks wrap within the first third of a second
        self.log: list[tuple[str, int, int]] = []
        self.levels = {2: 0, 3: 1, 4: 0, 5: 0, 6: 0, 7: 1}  # a healthy bay, hatch closed
        self.outputs: dict[int, int] = {}
        self.duty: dict[int, int] = {}
        self.adc = {26: 32768, 27: 32768, 28: 43320}
        self.expander, self.thermal = Expander(), Thermal()
        self.distance, self.fram, self.bins = Distance(), Fram(), Levels()
        self.bus: dict[int, Chip] = {
            0x20: self.expander,
            0x29: self.distance,
            0x50: self.fram,
            0x69: self.thermal,
            0x2B: self.bins,
            0x72: self.bins.channels,
        }
        self.received = b""
        self.sent = b""
        self.sent_at_us = 0  # when the line has carried all of it
        self.scratch = {0x4005800C: 0}
        self.resets: list[int] = []
        self.cells = [fake_pio.Hx711() for _ in range(4)]
        self.state_machine: fake_pio.StateMachine | None = None
        self.feeds: list[int] | None = None
        self.collections: list[int] = []
        self.threshold: int | None = None
        self.reset_cause = 1
        self.at: list[tuple[int, Callable[[], None]]] = []
        self.interrupts: dict[int, tuple[Callable[[Any], None], int]] = {}

    @property
    def bridge_on(self) -> bool:
        """Whether the bridge's enable is high."""
        return self.outputs.get(BRIDGE) == 1

    def put(self, pin: int, level: int) -> None:
        """An input changes; its interrupt runs at once, as a hard one does."""
        before, self.levels[pin] = self.levels[pin], level
        handler, edge = self.interrupts.get(pin, (None, 0))
        if handler is not None and before != level and edge == (8 if level else 4):
            handler(None)

    def after_ms(self, ms: int, happens: Callable[[], None]) -> None:
        """Something happens while the program sleeps."""
        self.at.append((self.now_us + ms * 1000, happens))

    def reset(self) -> None:
        """As the chip's own: by its watchdog, and nothing after it is run.

        Raises:
            SystemExit: In place of never coming back.
        """
        self.resets.append(self.now_us)
        self.reset_cause = 3
        raise SystemExit

    def sleep_ms(self, ms: int) -> None:
        """Time passes, and what was due in it happens."""
        self.now_us += ms * 1000
        for due in [entry for entry in self.at if entry[0] <= self.now_us]:
            self.at.remove(due)
            due[1]()

    def transfer(self, chip: int, size: int) -> Chip:
        """Time for the bytes of a transfer; the chip, if there is one."""
        if chip not in self.bus:
            raise OSError(5)
        self.now_us += round((size + 1) * BYTE_US)
        return self.bus[chip]

    def start(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        """Load rp2.py afresh on this board, and return the module."""
        name = "firmware.hal.rp2"
        with monkeypatch.context() as loading:
            for module in _modules(self):
                loading.setitem(sys.modules, module.__name__, module)
            loading.delitem(sys.modules, name, raising=False)
            return importlib.import_module(name)


def _modules(bench: Bench) -> list[ModuleType]:
    """The four modules that differ from CPython's, bound to one bench."""
    return [_machine(bench), _rp2(bench), _time(bench), _gc(bench)]


def _module(name: str, **members: Any) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(members)
    return module


def _time(bench: Bench) -> ModuleType:
    return _module(
        "time",
        ticks_ms=lambda: bench.now_us // 1000 % PERIOD,
        ticks_add=lambda ticks, ms: (ticks + ms) % PERIOD,
        ticks_diff=lambda a, b: (a - b + PERIOD // 2) % PERIOD - PERIOD // 2,
        sleep_ms=bench.sleep_ms,
    )


def _gc(bench: Bench) -> ModuleType:
    return _module(
        "gc",
        threshold=lambda size: setattr(bench, "threshold", size),
        collect=lambda: bench.collections.append(bench.now_us),
    )


def _rp2(bench: Bench) -> ModuleType:
    class PIO:
        OUT_LOW, SHIFT_LEFT, JOIN_RX = 2, 0, 2

    class StateMachine:
        def __init__(self, number: int, program: fake_pio.Program, **options: Any) -> None:
            assert options["freq"] == 1_000_000
            assert (options["in_base"].id, options["sideset_base"].id) == (19, 18)
            assert program.options["autopush"] and program.options["fifo_join"] == PIO.JOIN_RX
            self._pio = bench.state_machine = fake_pio.StateMachine(program, bench.cells)

        def active(self, on: int) -> None:
            assert on == 1

        def rx_fifo(self) -> int:
            self._pio.run(BLOCKS * 100)
            return len(self._pio.words)

        def get(self) -> int:
            return self._pio.get()

    return _module("rp2", PIO=PIO, StateMachine=StateMachine, asm_pio=fake_pio.asm_pio)


def _machine(bench: Bench) -> ModuleType:
    class Pin:
        IN, OUT, PULL_UP, IRQ_FALLING, IRQ_RISING = 0, 1, 1, 4, 8

        def __init__(
            self, id: int, mode: int = -1, pull: int = -1, *, value: int | None = None
        ) -> None:
            self.id = id
            if mode == Pin.OUT:
                assert value is not None, "an output is off from its first moment"
                self(value)

        def __call__(self, value: int | None = None) -> int | None:
            if value is None:
                return bench.levels[self.id]
            bench.outputs[self.id] = int(value)
            bench.log.append(("pin", self.id, int(value)))
            return None

        def irq(self, handler: Callable[[Any], None], trigger: int, *, hard: bool) -> None:
            assert hard, "a soft interrupt waits for garbage collection"
            bench.interrupts[self.id] = handler, trigger

    class PWM:
        def __init__(self, pin: Pin, *, freq: int, duty_u16: int) -> None:
            assert freq == 20000
            self._pin = pin.id
            self.duty_u16(duty_u16)

        def duty_u16(self, duty: int) -> None:
            assert 0 <= duty <= 65535
            bench.duty[self._pin] = duty
            bench.log.append(("pwm", self._pin, duty))
            duties = [bench.duty.get(pin, 0) for pin in (11, 12)]
            one_way = 0 in duties or not bench.outputs.get(10)
            assert one_way or 65535 in duties, "both halves at once, and one of them chops"

    class ADC:
        def __init__(self, pin: int) -> None:
            self._pin = pin

        def read_u16(self) -> int:
            return bench.adc[self._pin]

    class I2C:
        def __init__(self, id: int, **options: Any) -> None:
            assert options["freq"] == 400000 and options["timeout"] < 5000

        def readfrom(self, chip: int, size: int) -> bytes:
            return bench.transfer(chip, size).read(None, size)

        def writeto(self, chip: int, data: bytes) -> None:
            bench.transfer(chip, len(data)).write(None, data)

        def readfrom_mem(self, chip: int, at: int, size: int, *, addrsize: int = 8) -> bytes:
            return bench.transfer(chip, size + 1 + addrsize // 8).read(at, size)

        def writeto_mem(self, chip: int, at: int, data: bytes, *, addrsize: int = 8) -> None:
            bench.transfer(chip, len(data) + addrsize // 8).write(at, data)

    class UART:
        def __init__(self, id: int, baud: int, **options: Any) -> None:
            assert options["timeout"] == 0
            self._baud = baud

        def any(self) -> int:
            return len(bench.received)

        def read(self) -> bytes | None:
            data, bench.received = bench.received, b""
            return data or None

        def write(self, data: bytes) -> None:
            bench.sent += data
            begins_us = max(bench.now_us, bench.sent_at_us)
            bench.sent_at_us = begins_us + len(data) * 10_000_000 // self._baud

        def txdone(self) -> bool:
            return bench.now_us >= bench.sent_at_us

    class WDT:
        def __init__(self, *, timeout: int) -> None:
            assert timeout == 500
            bench.feeds = []

        def feed(self) -> None:
            assert bench.feeds is not None
            bench.feeds.append(bench.now_us)

    return _module(
        "machine",
        Pin=Pin,
        PWM=PWM,
        ADC=ADC,
        I2C=I2C,
        UART=UART,
        WDT=WDT,
        mem32=bench.scratch,
        reset=bench.reset,
        PWRON_RESET=1,
        WDT_RESET=3,
        reset_cause=lambda: bench.reset_cause,
    )
