"""All that can be told about the converter, from its conversions and their blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.symptoms.converter_faults import Ends, Repetition, Wraps
from controller.core.symptoms.out_of_step import LowBit, TwoLevels
from controller.core.symptoms.table import Symptom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.core.symptoms.block import Block
    from controller.core.symptoms.limits import SignalLimits


class ConverterWatch:
    """The watches of one converter; while one is on, conversions say nothing about the pan."""

    def __init__(self, limits: SignalLimits) -> None:
        self._repetition = Repetition(limits.noise)
        self._ends = Ends()
        self._wraps = Wraps(limits.e)
        self._low_bit = LowBit()
        self._two_levels = TwoLevels(limits)

    @property
    def on(self) -> bool:
        """Whether anything is wrong."""
        return (
            self._repetition.on
            or self._ends.on
            or self._wraps.on
            or self._low_bit.on
            or self._two_levels.on
        )

    @property
    def found(self) -> tuple[Symptom, ...]:
        """What is wrong, in the order of `Symptom`."""
        if not self.on:
            return ()
        signs = (
            (Symptom.STUCK, self._repetition.on),
            (Symptom.SATURATED, self._ends.on),
            (Symptom.WRAPPED, self._wraps.on),
            (Symptom.OUT_OF_STEP, self._low_bit.on or self._two_levels.on),
        )
        return tuple(symptom for symptom, on in signs if on)

    def restart(self) -> None:
        """After a gap: what was found holds, what was being looked at does not."""
        self._repetition.restart()
        self._ends.restart()
        self._wraps.restart()
        self._low_bit.restart()
        self._two_levels.restart()

    def change_rate(self) -> None:
        """The stream is fast or slow now: levels before and after it are not to be compared."""
        self._two_levels.restart()

    def take(self, at_s: float, raw: int) -> None:
        """One conversion."""
        self._repetition.take(raw)
        self._ends.take(at_s, raw)
        self._wraps.take(at_s, raw)
        self._low_bit.take(raw)

    def close(self, block: Block, raw: Sequence[int]) -> None:
        """A block, and the conversions that it was made of."""
        self._two_levels.take(block, raw)
