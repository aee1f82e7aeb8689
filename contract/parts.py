"""What is too long for one message, in parts of one size: bundles go up so, price lists down."""

from __future__ import annotations

from base64 import b64decode
from typing import Annotated

from pydantic import Field

from contract.errors import PayloadError

PART_BYTES = 65_536
"""In base64 a part has 88 kB: a tenth of the largest message of NATS, and soon over a slow link."""

Data = Annotated[str, Field(min_length=4, max_length=4 * -(-PART_BYTES // 3))]
"""The bytes of one part, in base64."""


def bytes_in(data: str, part: int, parts: int, size_bytes: int, *, code: str, name: str) -> bytes:
    """The bytes in `data`, part `part` (from 0) of `parts` of what has `size_bytes` in all.

    Raises:
        PayloadError: `code`: it is no base64, or not as much as its place says.
    """
    where = f"part {part} of {name}"
    try:
        held = b64decode(data, validate=True)
    except ValueError as error:  # binascii's own is one; letters beyond ASCII are another
        raise PayloadError(code, f"{where} is no base64") from error
    length = min(PART_BYTES, size_bytes - part * PART_BYTES)
    if parts != -(-size_bytes // PART_BYTES) or len(held) != length:
        said = f"{size_bytes} in {parts} parts need {length}"
        raise PayloadError(code, f"{where} has {len(held)} bytes, {said}")
    return held
