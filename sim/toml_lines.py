"""Where in a TOML text a key stands, so that an error can name its line.

No TOML reader of the standard library keeps positions. This scanner knows what scenarios
use: tables, arrays of tables, keys on lines of their own, and inline tables below a key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\- ]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-]+(?:\s*\.\s*[A-Za-z0-9_\-]+)*)\s*=")

Path = tuple[str | int, ...]


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line (from 1) of the key at `path`, or of the nearest table or key above it."""
    lines = _positions(text)
    for length in range(len(path), 0, -1):
        if (above := tuple(path[:length])) in lines:
            return _inside(text, lines[above], path[length:])
    return 1


def _inside(text: str, line: int, rest: Sequence[str | int]) -> int:
    """The line of `rest` in the inline tables that begin on `line`."""
    place = sum(len(one) for one in text.splitlines(keepends=True)[: line - 1])
    for part in rest:
        pattern = r"\{" if isinstance(part, int) else rf"\b{re.escape(part)}\s*="
        found = list(re.finditer(pattern, text[place:]))
        number = part if isinstance(part, int) else 0
        if number >= len(found):
            break
        place += found[number].start()
    return text.count("\n", 0, place) + 1


def dotted(path: Sequence[str | int]) -> str:
    """A path as people write it: `people[0].items[1].mass_g`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _positions(text: str) -> dict[Path, int]:
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if (header := _HEADER.match(line)) is not None:
            table = _table(header, counts)
            lines.setdefault(table, number)
        elif (key := _KEY.match(line)) is not None:
            lines.setdefault(table + tuple(re.split(r"\s*\.\s*", key[1])), number)
    return lines


def _table(header: re.Match[str], counts: dict[Path, int]) -> Path:
    """The path that a header opens; each element of an array of tables has its number."""
    path: Path = ()
    parts = [part.strip() for part in header[2].split(".")]
    for place, part in enumerate(parts):
        path += (part,)
        if place == len(parts) - 1 and header[1] == "[[":
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path
