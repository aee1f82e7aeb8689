"""Where two traces part: the first line that differs, what in it differs, and what went before.

After the first difference everything follows from it, so nothing behind it is looked at.
"""

from __future__ import annotations

import gzip
import json
from collections import deque
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sim.errors import TraceError
from sim.trace import PACKED
from sim.trace_words import channel_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

CONTEXT = 5
"""So many lines before the difference are told with it."""

Event = dict[str, Any]
"""A line of a trace: `t_us`, `channel`, and `hex` or `record`."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first line that is not the same in both traces.

    Attributes:
        line: Its number, from 1.
        t_us: The earlier of the two virtual times.
        channel: Where it passed; both channels where they differ.
        a, b: The line in either trace; None where that trace had ended.
        words: What differs in it, by name: (in a, in b).
        before: The lines before it, the same in both, oldest first.
    """

    line: int
    t_us: int
    channel: str
    a: Event | None
    b: Event | None
    words: Mapping[str, tuple[object, object]]
    before: tuple[Event, ...]


def first_difference(a: Path, b: Path) -> Difference | None:
    """Compare two trace files; None where they are the same to the byte.

    Raises:
        TraceError: A file cannot be read, holds nothing, or holds a line that is none of a trace.
    """
    before: deque[bytes] = deque(maxlen=CONTEXT)
    number = 0
    pairs = zip_longest(_lines(a), _lines(b))
    for number, (ours, theirs) in enumerate(pairs, start=1):
        if number == 1:
            _event(ours, a, 1)
            _event(theirs, b, 1)
        if ours != theirs:
            context = tuple(json.loads(line) for line in before)
            return _difference(number, _event(ours, a, number), _event(theirs, b, number), context)
        before.append(ours)
    if number == 0:
        raise TraceError(f"neither {a} nor {b} holds a line: give traces of `kiosk sim run`")
    return None


def place(difference: Difference) -> str:
    """Where two traces part."""
    at_s = difference.t_us / 1e6
    return f"line {difference.line}, {at_s:.6f} s, {difference.channel}"


def told(difference: Difference, a: str, b: str) -> str:
    """A difference in one line; `a` and `b` are what the traces are called."""
    where = place(difference)
    if difference.a is None or difference.b is None:
        ended, other = (a, b) if difference.a is None else (b, a)
        return f"{where}: {ended} has ended, {other} goes on"
    what = [
        f"{name} is {ours} in {a} and {theirs} in {b}"
        for name, (ours, theirs) in difference.words.items()
    ]
    return f"{where}: {'; '.join(what) or f'{a} and {b} tell of different things'}"


def _difference(
    number: int, ours: Event | None, theirs: Event | None, before: tuple[Event, ...]
) -> Difference:
    both = [one for one in (ours, theirs) if one is not None]
    return Difference(
        line=number,
        t_us=min(one["t_us"] for one in both),
        channel=" / ".join(dict.fromkeys(channel_of(one) for one in both)),
        a=ours,
        b=theirs,
        words=_differing(ours, theirs),
        before=before,
    )


def _differing(ours: Event | None, theirs: Event | None) -> Mapping[str, tuple[object, object]]:
    """What is not the same in two lines of one channel; all the rest is."""
    if ours is None or theirs is None or channel_of(ours) != channel_of(theirs):
        return {}
    one, other = words_of(ours), words_of(theirs)
    names = dict.fromkeys((*one, *other))
    return {
        name: (one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)
    }


def _lines(file: Path) -> Iterator[bytes]:
    opened = gzip.open if file.suffix == PACKED else open
    try:
        with opened(file, "rb") as trace:
            yield from _stripped(trace)
    except (OSError, EOFError) as error:
        why = getattr(error, "strerror", None) or error
        raise TraceError(f"trace {file} cannot be read: {why}") from error


def _stripped(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line.rstrip(b"\n") for line in lines)


def _event(line: bytes | None, file: Path, number: int) -> Event | None:
    if line is None:
        return None
    try:
        event = json.loads(line)
        if isinstance(event["t_us"], int) and isinstance(event["channel"], str):
            return dict(event)
    except (ValueError, TypeError, KeyError):
        pass
    raise TraceError(
        f"{file}:{number}: no line of a trace: give what `kiosk sim run --trace FILE` wrote"
    )
