"""What PIO and an HX711 do to each other, instruction by instruction, for the program at hand.

Only the instructions that the load cells' program uses are known; any other is an error, and so
is what the RP2040 would not take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

FIFO_WORDS = 8  # both FIFOs joined to one
BITS = 24
ASLEEP_CYCLES = 60  # at 1 MHz


class Hx711:
    """One chip: a conversion is ready, 25 pulses take it, then its line is high again."""

    def __init__(self) -> None:
        self.line = 1
        self.pulses = 0
        self.asleep = False
        self._value = 0

    def convert(self, value: int) -> None:
        """A conversion is ready, a signed 24-bit value."""
        self._value = value & 0xFFFFFF
        self.line = 0
        self.pulses = 0

    def rising(self) -> None:
        """A pulse on the clock begins: the next bit comes out, the highest first."""
        self.pulses += 1
        self.line = 1 if self.pulses > BITS else self._value >> BITS - self.pulses & 1


@dataclass
class Instruction:
    """A word of a program."""

    name: str
    arguments: tuple[Any, ...]
    clock: int | None = None

    def side(self, level: int) -> Instruction:
        """Set the clock as it begins."""
        self.clock = level
        return self


@dataclass
class Program:
    """What `asm_pio` makes of a function."""

    options: dict[str, Any]
    words: list[Instruction] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)


NAMES = ("pins", "isr", "null", "x", "not_x", "x_dec")
INSTRUCTIONS = ("mov", "in_", "jmp", "set", "nop")


def asm_pio(**options: Any) -> Callable[[Callable[[], None]], Program]:
    """As `rp2.asm_pio`: for the time of a call the function's globals are PIO's words."""
    program = Program(options)

    def instruction(name: str) -> Callable[..., Instruction]:
        def emit(*arguments: Any) -> Instruction:
            program.words.append(Instruction(name, arguments))
            return program.words[-1]

        return emit

    def assemble(function: Callable[[], None]) -> Program:
        words = function.__globals__
        before = dict(words)
        words.clear()
        words.update({name: name for name in NAMES})
        words.update({name: instruction(name) for name in INSTRUCTIONS})
        words["wrap_target"] = words["wrap"] = lambda: None  # around the whole program
        words["label"] = lambda name: program.labels.update({name: len(program.words)})
        function()
        words.clear()
        words.update(before)
        assert len(program.words) <= 32, "a PIO has room for 32"
        assert all(word.clock is not None for word in program.words), (
            "optional side-set costs a bit"
        )
        return program

    return assemble


class StateMachine:
    """Runs a program beside its cells, one instruction a cycle of 1 us.

    `highs` and `lows` are how many cycles the clock stayed high or low, each time.
    """

    def __init__(self, program: Program, cells: list[Hx711]) -> None:
        self.words: list[int] = []
        self.highs: list[int] = []
        self.lows: list[int] = []
        self._program = program
        self._cells = cells
        self._at = self._x = self._isr = self._bits = 0
        self._clock = self._held = 0

    def run(self, cycles: int) -> None:
        """So many cycles pass."""
        for _ in range(cycles):
            self._cycle()

    def get(self) -> int:
        """The oldest word; the real one waits for ever where there is none."""
        assert self.words, "would block"
        return self.words.pop(0)

    def _cycle(self) -> None:
        word = self._program.words[self._at]
        assert word.clock is not None
        self._set_clock(word.clock)
        if word.name == "in_" and self._pushes(word) and len(self.words) == FIFO_WORDS:
            return  # waits here until there is room
        self._at = (self._at + 1) % len(self._program.words)
        getattr(self, "_" + word.name.strip("_"))(*word.arguments)

    def _set_clock(self, level: int) -> None:
        if level == self._clock:
            self._held += 1
            if level and self._held > ASLEEP_CYCLES:
                for cell in self._cells:
                    cell.asleep = True
            return
        (self.highs if self._clock else self.lows).append(self._held)
        self._clock, self._held = level, 1
        if level:
            for cell in self._cells:
                cell.rising()

    def _pushes(self, word: Instruction) -> bool:
        return self._bits + int(word.arguments[1]) >= int(self._program.options["push_thresh"])

    def _in(self, source: str, count: int) -> None:
        assert source == "pins"
        levels = sum(self._cells[at].line << at for at in range(count))
        self._isr = (self._isr << count | levels) & 0xFFFFFFFF
        self._bits += count
        if self._bits >= self._program.options["push_thresh"]:
            self.words.append(self._isr)
            self._isr = self._bits = 0

    def _mov(self, to: str, source: str) -> None:
        if (to, source) == ("isr", "null"):
            self._isr = self._bits = 0
        else:
            assert (to, source) == ("x", "isr")
            self._x = self._isr

    def _jmp(self, condition: str, label: str = "") -> None:
        x = self._x
        if condition == "x_dec":
            self._x = (x - 1) & 0xFFFFFFFF
        takes = {"not_x": x == 0, "x_dec": x != 0}.get(condition, True)
        if takes:
            self._at = self._program.labels[label or condition]

    def _set(self, to: str, value: int) -> None:
        assert to == "x" and value < 32
        self._x = value

    def _nop(self) -> None:
        pass
