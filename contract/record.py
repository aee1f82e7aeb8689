"""Records: one line each, canonical JSON, signed by the kiosk, chained by hash.

Rules, all checked here:

1. A line is canonical JSON (RFC 8785) of integers and strings, at most `MAX_LINE` bytes.
2. `sig` is the kiosk's Ed25519 signature over the canonical bytes of everything but `sig`.
3. The hash of a record is the SHA-256 of its line, signature included; `prev` is the hash of the
   record before, or 64 zeros. So one changed byte anywhere breaks the line it stands in.
4. `seq` counts 1, 2, 3, ... within one `epoch` of one `kiosk`; it never restarts inside it.
5. `after`, on records that go to the ledger only, is the seq of the one sent before, or 0. So the
   ledger, which does not see the others, knows when one is missing.

An example, wrapped here:

    {"after":0,"at":"2026-11-01T08:00:00Z","body":{...},"epoch":"5be1...","key":"a1b2c3d4",
     "kind":"deposit","kiosk":"hz-xihu-0001","prev":"9f02...","seq":2,"sig":"mFa2...","v":1}
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from contract.bodies import BODIES
from contract.canonical import canonical, sha256_hex
from contract.errors import CanonicalError, RecordError
from contract.fields import (
    Agreed,
    Count,
    Epoch,
    Instant,
    KeyId,
    Name,
    Seq,
    Sha256,
    Signature,
    Word,
    first_problem,
)
from contract.keys import is_signed, key_id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.bodies import Body
    from contract.keys import Signer

MAX_LINE = 8192
"""Bytes of the longest record; a deposit has about 1,100."""

TAIL = b',"v":1}'
"""How every line ends: `v` sorts last, right after `sig`, which is cut out or put in here."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A record as it is stored and sent: its canonical line, and the line's hash."""

    line: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """A line whose signature was checked. `body` is as it stands in the line; `read` types it."""

    kind: str
    kiosk: str
    epoch: str
    seq: int
    after: int | None
    at: str
    prev: str
    body: dict[str, Any]
    key: str
    sha256: str
    line: bytes

    def read(self) -> Body:
        """The body as its kind's model.

        Raises:
            RecordError: `unknown-kind`, or `schema` with the field's name.
        """
        return _read_body(self.kind, self.body)


class _Envelope(Agreed):
    v: Literal[1]
    kind: Word
    kiosk: Name
    epoch: Epoch
    seq: Seq
    after: Count | None = None
    at: Instant
    prev: Sha256
    body: dict[str, Any]
    key: KeyId
    sig: Signature


def seal(
    kind: str,
    body: Mapping[str, Any],
    *,
    kiosk: str,
    epoch: str,
    seq: int,
    after: int | None,
    at: str,
    prev: str,
    signer: Signer,
) -> Sealed:
    """Make the record that follows `prev`; `after` is None on records that are not sent.

    Raises:
        RecordError: `unknown-kind`, `schema`, or one of `CanonicalError`'s codes: it would be
            refused by every reader, so it is not signed.
    """
    _read_body(kind, body)
    value: dict[str, Any] = {
        "v": 1,
        "kind": kind,
        "kiosk": kiosk,
        "epoch": epoch,
        "seq": seq,
        "at": at,
        "prev": prev,
        "body": body,
        "key": signer.key_id,
    }
    if after is not None:
        value["after"] = after
    unsigned = _canonical(value)
    sig = urlsafe_b64encode(signer.sign(unsigned)).rstrip(b"=")
    _read_envelope(value | {"sig": sig.decode()})
    line = unsigned.removesuffix(TAIL) + b',"sig":"' + sig + b'"' + TAIL
    if len(line) > MAX_LINE:
        raise _too_long(line)
    return Sealed(line, sha256_hex(line))


def open_record(line: bytes, public: bytes) -> Record:
    """Read one line that the holder of `public` (32 bytes) must have signed, body included.

    Raises:
        RecordError: As `open_envelope`, or `unknown-kind`, or `schema` of the body.
    """
    record = open_envelope(line, public)
    record.read()
    return record


def open_envelope(line: bytes, public: bytes) -> Record:
    """Read one line and check its signature; what the body says is left to `Record.read`.

    So a record of a kind that this software does not know yet still proves its place.

    Raises:
        RecordError: `too-long`, `not-json`, `not-canonical` (or a `CanonicalError`'s code such
            as `float`), `schema`, `unknown-key` (signed by another key than `public`, to go by
            the key id it names), `bad-signature`.
    """
    value = _parse(line)
    envelope = _read_envelope(value)
    if envelope.key != key_id_of(public):
        raise RecordError(
            "unknown-key",
            f"record {envelope.seq} names key {envelope.key}, not {key_id_of(public)}: "
            "use the public key that belongs to this kiosk",
        )
    tail = f',"sig":"{envelope.sig}"'.encode() + TAIL
    unsigned = line.removesuffix(tail) + TAIL
    if not is_signed(public, urlsafe_b64decode(envelope.sig + "=="), unsigned):
        raise RecordError(
            "bad-signature",
            f"record {envelope.seq} of {envelope.kiosk} was not signed like this: "
            "it was changed, or forged",
        )
    return Record(
        kind=envelope.kind,
        kiosk=envelope.kiosk,
        epoch=envelope.epoch,
        seq=envelope.seq,
        after=envelope.after,
        at=envelope.at,
        prev=envelope.prev,
        body=value["body"],
        key=envelope.key,
        sha256=sha256_hex(line),
        line=line,
    )


def _parse(line: bytes) -> dict[str, Any]:
    """Parse a line that must be a canonical JSON object."""
    if len(line) > MAX_LINE:
        raise _too_long(line)
    try:
        value = json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        raise RecordError("not-json", f"line is not JSON in UTF-8: {error}") from error
    if not isinstance(value, dict):
        raise RecordError("not-json", f"line is a JSON {type(value).__name__}, not an object")
    if _canonical(value) != line:
        raise RecordError(
            "not-canonical", "line is not in canonical form (RFC 8785): spaces, order or escapes"
        )
    return value


def _canonical(value: dict[str, Any]) -> bytes:
    try:
        return canonical(value)
    except CanonicalError as error:
        raise RecordError(error.code, f"record: {error}") from error


def _read_envelope(value: Mapping[str, Any]) -> _Envelope:
    try:
        envelope = _Envelope.model_validate(value)
    except ValidationError as error:
        raise RecordError("schema", f"record: {first_problem(error)}") from error
    if envelope.after is None and "after" in value:
        raise RecordError("schema", "record: field after: leave it out where there is none")
    return envelope


def _read_body(kind: str, body: Mapping[str, Any]) -> Body:
    model = BODIES.get(kind)
    if model is None:
        known = ", ".join(BODIES)
        raise RecordError("unknown-kind", f"record kind {kind[:64]!r} is none of {known}")
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise RecordError("schema", f"body of {kind}: {first_problem(error)}") from error


def _too_long(line: bytes) -> RecordError:
    return RecordError("too-long", f"record has {len(line)} bytes: at most {MAX_LINE} are allowed")
