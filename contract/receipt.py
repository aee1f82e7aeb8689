"""Receipts: the signed record of a deposit, small enough for a QR code, provable with no network.

A receipt is the record's own line and nothing else, so whoever holds the kiosk's public key can
check it (`open_receipt`), and the ledger can take it as a claim. As text it is

    GRR1:<base45 (RFC 9285) of the line, deflated (RFC 1951) with a preset dictionary>

A code that would be too fine to read is split; each part says which it is, of how many, and the
first 4 hex digits of the SHA-256 of the whole, so that two receipts do not mix:

    GRR1/1/3/9F02:<piece>

Both are written in the alphanumeric characters of a QR code (ISO/IEC 18004, table 5). A deposit
has about 1,000 bytes: 320 to 370 deflated, 480 to 560 characters, QR version 12 or 13 at level L.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from base45 import b45decode, b45encode  # type: ignore[import-untyped]  # ships no types

from contract.bodies import RECEIPTS
from contract.canonical import sha256_hex
from contract.errors import ReceiptError
from contract.receipt_dictionary import DICTIONARY
from contract.record import MAX_LINE, open_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract.record import Record

PREFIX = "GRR1:"

MAX_TEXT = 16_384
"""Characters that are looked into: more than any line of `MAX_LINE` bytes comes to in base45."""

MAX_CODE = 758
"""Characters of one code: QR version 15 at level L (ISO/IEC 18004, table 7), 77 modules a side."""

MAX_PARTS = 99

_RAW = -15
"""zlib's sign for bare deflate: the record's own signature is the checksum."""

_HEADER = len("GRR1/99/99/FFFF:")
_PART = re.compile(r"GRR1/([1-9][0-9]?)/([1-9][0-9]?)/([0-9A-F]{4}):(.+)")


def encode(line: bytes) -> str:
    """Write a record's line as a receipt.

    Raises:
        ReceiptError: `too-long`: no record is longer than `MAX_LINE` bytes.
    """
    if len(line) > MAX_LINE:
        raise _too_long(f"{len(line)} bytes")
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW, zdict=DICTIONARY)
    return PREFIX + str(b45encode(packer.compress(line) + packer.flush()), "ascii")


def decode(text: str) -> bytes:
    """Read the line out of a receipt; who signed it is for `open_receipt` to say.

    Raises:
        ReceiptError: `not-a-receipt` (another text), `one-part` (only a part of one), `too-long`,
            `malformed` (no base45), `damaged` (what is inside cannot be unpacked).
    """
    text = text.strip()
    if _PART.fullmatch(text):
        raise ReceiptError("one-part", "this is one part of a receipt: read the other codes too")
    if not text.startswith(PREFIX):
        raise ReceiptError(
            "not-a-receipt", f"a receipt begins with {PREFIX}, this with {text[:12]!r}"
        )
    if len(text) > MAX_TEXT:
        raise _too_long(f"{len(text)} characters")
    try:
        packed = b45decode(text.removeprefix(PREFIX))
    except ValueError as error:
        raise ReceiptError(
            "malformed", f"receipt is not base45 ({error}): copy or scan it again"
        ) from error
    return _unpack(packed)


def split(text: str, most: int = MAX_CODE) -> tuple[str, ...]:
    """Cut a receipt into codes of at most `most` characters; a short one stays whole.

    Raises:
        ReceiptError: `too-long`: over `MAX_PARTS` parts would be needed.
    """
    if len(text) <= most:
        return (text,)
    # Whole groups of three: no base45 group ends with a space, which a reader might trim away.
    size = max(3, (most - _HEADER) // 3 * 3)
    pieces = [text[at : at + size] for at in range(len(PREFIX), len(text), size)]
    if len(pieces) > MAX_PARTS:
        raise _too_long(f"{len(pieces)} parts of {most} characters")
    tag = _tag(text)
    return tuple(f"GRR1/{n}/{len(pieces)}/{tag}:{piece}" for n, piece in enumerate(pieces, 1))


def join(texts: Iterable[str]) -> str:
    """Put the codes of one receipt together, whatever the order; the same twice is no harm.

    Raises:
        ReceiptError: `not-a-receipt`, `mixed-parts` (of different receipts, or of a damaged one),
            `missing-part` (the message says which).
    """
    read = [text.strip() for text in texts]
    if len(set(read)) == 1 and not _PART.fullmatch(read[0]):
        return read[0]
    found, count, tag = _collect(read)
    if missing := [n for n in range(1, count + 1) if n not in found]:
        numbers = ", ".join(map(str, missing))
        raise ReceiptError(
            "missing-part", f"receipt has {count} parts and lacks {numbers}: scan them too"
        )
    whole = PREFIX + "".join(found[n] for n in sorted(found))
    if len(found) != count or _tag(whole) != tag:
        raise _mixed()
    return whole


def open_receipt(text: str, public: bytes) -> Record:
    """Read a receipt that the kiosk with the key `public` (32 bytes) must have signed.

    Raises:
        ReceiptError: As `decode`, or `not-a-receipt`: a record that is no resident's.
        RecordError: As `open_record`: what was written was changed, or another kiosk's key given.
    """
    record = open_record(decode(text), public)
    if record.kind not in RECEIPTS:
        raise ReceiptError(
            "not-a-receipt", f"this is a record of kind {record.kind}: no deposit's receipt"
        )
    return record


def _unpack(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj(_RAW, zdict=DICTIONARY)
    try:
        line = unpacker.decompress(packed, MAX_LINE + 1)
    except zlib.error as error:
        raise ReceiptError("damaged", f"receipt is damaged ({error}): scan it again") from error
    if len(line) > MAX_LINE:
        raise _too_long(f"over {MAX_LINE} bytes inside")
    if not unpacker.eof or unpacker.unused_data:
        raise ReceiptError("damaged", "receipt is cut off, or goes on after its end: scan it again")
    return line


def _collect(texts: list[str]) -> tuple[dict[int, str], int, str]:
    """Pieces by number, how many there must be, and the tag that all of them bear."""
    found: dict[int, str] = {}
    whole: set[tuple[str, str]] = set()
    for text in texts:
        part = _PART.fullmatch(text)
        if part is None:
            raise ReceiptError("not-a-receipt", f"no part of a receipt: {text[:20]!r}")
        number, count, tag, piece = part.groups()
        whole.add((count, tag))
        if len(whole) > 1 or found.setdefault(int(number), piece) != piece:
            raise _mixed()
    if not whole:
        raise ReceiptError("not-a-receipt", "nothing was read: give at least one code")
    ((count, tag),) = whole
    return found, int(count), tag


def _tag(text: str) -> str:
    return sha256_hex(text.encode())[:4].upper()


def _mixed() -> ReceiptError:
    return ReceiptError(
        "mixed-parts", "these parts do not belong to one receipt: scan one receipt at a time"
    )


def _too_long(what: str) -> ReceiptError:
    return ReceiptError(
        "too-long", f"receipt has {what}: no record is longer than {MAX_LINE} bytes"
    )
