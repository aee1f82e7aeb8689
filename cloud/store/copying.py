"""How PostgreSQL's COPY spells rows, put together column by column.

The text format of https://www.postgresql.org/docs/15/sql-copy.html. psycopg spells value by value,
which costs a worker as much as to judge the record.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SPECIAL = "\\\t\n\r\0"
"""What COPY, or an array of bytes, gives another meaning to, or has not at all."""

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def spelled(rows: Sequence[dict[str, Any]]) -> str:
    """Rows that all name the same columns, of integers, text, bytes and None; one line each."""
    columns = (_column(list(map(itemgetter(name), rows))) for name in rows[0])
    return "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"


def _column(values: list[Any]) -> Iterable[str]:
    """Most columns are of one type, and hold nothing special: that is looked for once for all."""
    types = set(map(type, values))
    if types == {int}:
        return map(str, values)
    if types == {str} and _is_plain("".join(values)):
        return values
    # Records' lines are JSON, nearly always in ASCII: as they are they are half as long as in hex.
    if types == {bytes} and (joined := b"".join(values)).isascii() and _is_plain(joined.decode()):
        return map(bytes.decode, values)
    return map(_one, values)


def _is_plain(joined: str) -> bool:
    return not any(one in joined for one in _SPECIAL)


def _one(value: object) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    return str(value).translate(_ESCAPES)
