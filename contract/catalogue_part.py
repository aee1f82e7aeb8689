"""A signed price list on its way to a kiosk, in parts that any broker takes.

The list is signed by the operator, and only that makes a kiosk take it: parts prove nothing, so
they are not signed again. They name no kiosk either: every kiosk of the city gets the same bytes.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, Literal

from pydantic import Field

from contract.canonical import sha256_hex
from contract.catalogue import MAX_BYTES
from contract.errors import PayloadError
from contract.fields import Sha256
from contract.parts import PART_BYTES, Data, bytes_in
from contract.payloads import Payload, decode

PARTS_MOST = -(-MAX_BYTES // PART_BYTES)

MAX_PART = 100_000
"""Bytes of the largest message that is read as a part."""


class CataloguePart(Payload):
    """`down/config`: part `part` (from 0) of `parts` of a price list as its operator signed it.

    `size_bytes` and `sha256` are the whole file's, by which the parts of one list know each other.
    `data` is base64.
    """

    kind: Literal["catalogue"] = "catalogue"
    sha256: Sha256
    size_bytes: Annotated[int, Field(ge=1, le=MAX_BYTES)]
    part: Annotated[int, Field(ge=0, lt=PARTS_MOST)]
    parts: Annotated[int, Field(ge=1, le=PARTS_MOST)]
    data: Data


def parts_of(signed: bytes) -> list[CataloguePart]:
    """All parts of a signed list, in their order.

    Raises:
        PayloadError: `catalogue-size`: it is empty, or longer than any list.
    """
    if not 0 < len(signed) <= MAX_BYTES:
        raise PayloadError("catalogue-size", f"list has {len(signed)} bytes: 1 to {MAX_BYTES}")
    sha256, cuts = sha256_hex(signed), range(0, len(signed), PART_BYTES)
    return [
        CataloguePart(
            sha256=sha256,
            size_bytes=len(signed),
            part=part,
            parts=len(cuts),
            data=b64encode(signed[at : at + PART_BYTES]).decode(),
        )
        for part, at in enumerate(cuts)
    ]


def open_part(payload: bytes) -> tuple[CataloguePart, bytes]:
    """A part that came, and the bytes in it.

    Raises:
        PayloadError: As `decode`; `too-long`; `catalogue-part`: it holds no base64, or not as much
            as its place says.
    """
    if len(payload) > MAX_PART:
        raise PayloadError("too-long", f"part has {len(payload)} bytes: at most {MAX_PART}")
    part = decode(CataloguePart, payload)
    where, name = (part.part, part.parts, part.size_bytes), f"list {part.sha256[:16]}"
    return part, bytes_in(part.data, *where, code="catalogue-part", name=name)
