"""The diagnostics bundle on its way to the platform, in parts that any broker takes."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, Literal

from pydantic import Field

from contract.canonical import sha256_hex
from contract.command import CommandId, CommandResult
from contract.errors import PayloadError
from contract.fields import Name, Sha256
from contract.parts import PART_BYTES, Data, bytes_in
from contract.payloads import Payload, decode

MAX_BUNDLE = 2 * 1024 * 1024
"""Bytes of the largest bundle; one of a kiosk that ran for a month has about 40,000."""

PARTS_MOST = MAX_BUNDLE // PART_BYTES


class BundlePart(Payload):
    """`up/event`: part `part` (from 0) of `parts` of the bundle that command `id` asked for.

    `size_bytes` and `sha256` are the whole bundle's: who has all parts knows whether they are it.
    `data` is base64.
    """

    kind: Literal["bundle"] = "bundle"
    kiosk: Name
    id: CommandId
    sha256: Sha256
    size_bytes: Annotated[int, Field(ge=1, le=MAX_BUNDLE)]
    part: Annotated[int, Field(ge=0, lt=PARTS_MOST)]
    parts: Annotated[int, Field(ge=1, le=PARTS_MOST)]
    data: Data


def part_of(bundle: bytes, kiosk: str, command_id: str, part: int) -> BundlePart:
    """One part of a bundle, by its number.

    Raises:
        PayloadError: `bundle-size`: the bundle is empty, or too large.
    """
    if not 0 < len(bundle) <= MAX_BUNDLE:
        raise PayloadError("bundle-size", f"bundle has {len(bundle)} bytes: 1 to {MAX_BUNDLE}")
    return BundlePart(
        kiosk=kiosk,
        id=command_id,
        sha256=sha256_hex(bundle),
        size_bytes=len(bundle),
        part=part,
        parts=-(-len(bundle) // PART_BYTES),
        data=b64encode(bundle[part * PART_BYTES : (part + 1) * PART_BYTES]).decode(),
    )


def bytes_of(part: BundlePart) -> bytes:
    """What is in a part.

    Raises:
        PayloadError: `bundle-part`: it is no base64, or not as long as its place says.
    """
    return bytes_in(
        part.data, part.part, part.parts, part.size_bytes, code="bundle-part", name=part.id
    )


def decode_event(data: bytes) -> CommandResult | BundlePart:
    """What came under `up/event`.

    Raises:
        PayloadError: As `decode`.
    """
    # Within a word of a result the quotes would be escaped.
    if b'"kind":"bundle"' in data:
        return decode(BundlePart, data)
    return decode(CommandResult, data)
