"""The machine's wall clock, and whether anybody vouches for it."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SYNCHRONISED, UNKNOWN = "synchronised", "unknown"

_TIME_ERROR = 5
"""What adjtimex(2) returns while the clock is not synchronised."""


class _Timex(ctypes.Structure):
    """`struct timex` of adjtimex(2): all zero asks and changes nothing. 256 bytes are enough."""

    _fields_ = (("zero", ctypes.c_byte * 256),)


def kernel_is_synchronised() -> bool:
    """Whether the kernel says that a time service keeps its clock; False where it cannot say.

    Every NTP client (systemd-timesyncd, chrony, ntpd) tells the kernel. A kernel that was not
    told for some hours says no again, for its estimated error grows.
    """
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
    except AttributeError:  # not Linux
        return False
    return bool(0 <= adjtimex(ctypes.byref(_Timex())) != _TIME_ERROR)


BOOT = Path("/proc/sys/kernel/random/boot_id")


def boot_of_computer(path: Path = BOOT) -> str:
    """A name for the present start of the computer; empty where it gives itself none."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):  # not Linux
        return ""


class SystemClock:
    """Wall time (ports.Clock).

    Args:
        is_synchronised: Says whether somebody vouches for the time.
    """

    def __init__(self, is_synchronised: Callable[[], bool] = kernel_is_synchronised) -> None:
        self._is_synchronised = is_synchronised

    def utc_s(self) -> int:
        """Seconds since 1970-01-01 UTC."""
        return int(time.time())

    def quality(self) -> str:
        """`synchronised`, or `unknown` where nobody vouches for the time."""
        return SYNCHRONISED if self._is_synchronised() else UNKNOWN
