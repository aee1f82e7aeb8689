"""How a printer says it is: the bytes that answer DLE EOT, which it heeds at once, whatever waits.

Of each answer bits 1 and 4 are set and bits 0 and 7 are not; by that it is known from noise.
"""

from __future__ import annotations

from types import MappingProxyType

from controller.ports import PrinterError

OFFLINE, PAPER = 2, 4
"""What may be asked: why it is offline, and how its paper is."""

COVER_BIT, STOPPED_BIT, ERROR_BIT = 0x04, 0x20, 0x40
"""Of the answer to `OFFLINE`."""

PAPER_END_BITS = 0x60
"""Of the answer to `PAPER`; bits 2 and 3 say that it is nearly out, and it prints still."""

DO = MappingProxyType(
    {
        "paper-out": "the printer's paper is out: put a new roll in",
        "cover-open": "the printer's cover is open: shut it",
        "failing": "the printer says that it fails: switch it off and on, see to knife and head",
    }
)


def question(what: int) -> bytes:
    """What asks the printer for `OFFLINE` or `PAPER`."""
    return bytes((0x10, 0x04, what))


def is_answer(byte: int) -> bool:
    """Whether this byte is an answer at all."""
    return byte & 0x93 == 0x12


def judge(offline: int | None, paper: int | None) -> None:
    """Say what is wrong, from the answers to both questions; None where none came.

    Raises:
        PrinterError: `cover-open` before `paper-out` before `failing`: the first thing to do.
    """
    offline, paper = offline or 0, paper or 0
    if offline & COVER_BIT:
        raise PrinterError("cover-open", DO["cover-open"])
    if paper & PAPER_END_BITS or offline & STOPPED_BIT:
        raise PrinterError("paper-out", DO["paper-out"])
    if offline & ERROR_BIT:
        raise PrinterError("failing", DO["failing"])
