"""One spelling for each value: canonical JSON after RFC 8785, of integers and strings only.

What is signed or hashed is always these bytes. RFC 8785 sorts keys by UTF-16 code units, uses
no spaces and the shortest escapes. Fractions have no place in a record: a float is refused.
"""

from __future__ import annotations

import hashlib
from json import JSONEncoder
from typing import TYPE_CHECKING

import rfc8785

from contract.errors import CanonicalError

if TYPE_CHECKING:
    from collections.abc import Sequence

INT_MAX = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 8785, 3.2.2.3; RFC 7493, 2.2)."""

MAX_DEPTH = 32
"""Deeper nesting is no record of ours, and would exhaust a reader's stack."""

PATH_SHOWN = 120
"""Letters of a path that an error text names: error texts stand in logs."""

_encoder = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: object) -> bytes:
    """Spell `value` as canonical JSON (UTF-8).

    `value` may hold dicts with string keys, lists, tuples, strings, integers, booleans and None.

    Raises:
        CanonicalError: Something else is in it; the message gives its path. Codes: `float`,
            `integer-range`, `key`, `type`, `text`, `depth`.
    """
    ascii_keys = _check(value, "", 0)
    # The C encoder orders keys by code point, which is UTF-16 order as long as keys are ASCII;
    # it is five times as fast as the general implementation.
    if ascii_keys:
        return _encoder.encode(value).encode()
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # checked above


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of `data` as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def _check(value: object, path: str, depth: int) -> bool:
    """Refuse what has no canonical form; say whether all keys below are ASCII."""
    if isinstance(value, str):
        if not value.isascii():
            _check_text(value, path)
        return True
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        if not -INT_MAX <= value <= INT_MAX:
            raise CanonicalError(
                "integer-range", f"{_at(path)} is {value}: beyond ±(2^53-1); use a string"
            )
        return True
    if depth >= MAX_DEPTH:
        raise CanonicalError("depth", f"{_at(path)} is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        return _check_object(value, path, depth)
    if isinstance(value, (list, tuple)):
        return _check_array(value, path, depth)
    if isinstance(value, float):
        raise CanonicalError(
            "float", f"{_at(path)} is the float {value!r}: use an integer of a smaller unit"
        )
    raise CanonicalError("type", f"{_at(path)} is a {type(value).__name__}: no JSON type of ours")


def _check_object(value: dict[object, object], path: str, depth: int) -> bool:
    ascii_keys = True
    for key, one in value.items():
        if not isinstance(key, str):
            raise CanonicalError("key", f"{_at(path)} has the key {key!r}: keys must be strings")
        if not key.isascii():
            _check_text(key, path)
            ascii_keys = False
        ascii_keys &= _check(one, f"{path}.{key}" if path else key, depth + 1)
    return ascii_keys


def _check_array(value: Sequence[object], path: str, depth: int) -> bool:
    ascii_keys = True
    for index, one in enumerate(value):
        ascii_keys &= _check(one, f"{path}[{index}]", depth + 1)
    return ascii_keys


def _check_text(text: str, path: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("text", f"{_at(path)} is not valid Unicode: {error.reason}") from error


def readable(path: str) -> str:
    """A path as an error text names it: whoever sent the value chose the keys in it."""
    shown = path if len(path) <= PATH_SHOWN else f"{path[:PATH_SHOWN]}..."
    return shown if shown.isprintable() else repr(shown)


def _at(path: str) -> str:
    return f"value at {readable(path)}" if path else "value"
