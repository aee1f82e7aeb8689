"""The list of cards and badges that are no longer good, signed with the city's key.

    {"key":"a1b2c3d4","revoked":{"ids":["..."],"issued_on":"2026-11-27","version":3},"sig":"..."}

A list is whole: the one with the highest `version` counts, and an id stays on it until what it
names has expired. So a kiosk that missed some needs the last one only.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from contract.canonical import canonical
from contract.errors import CanonicalError, PayloadError
from contract.fields import Agreed, Day, KeyId, Seq, Signature, first_problem, problem_code
from contract.keys import is_signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contract.keys import Signer

MAX_BYTES = 500_000
"""Some 25,000 ids: a city that loses more has another problem."""

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Revoked(Agreed):
    """What is revoked as of `issued_on`: ids of cards and badges, in ascending order."""

    version: Seq
    issued_on: Day
    ids: Annotated[tuple[Id, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if list(self.ids) != sorted(set(self.ids)):
            raise PydanticCustomError("ids-order", "ids must be distinct and in ascending order")
        return self


class _Signed(Agreed):
    revoked: dict[str, Any]
    key: KeyId
    sig: Signature


def sign_revoked(revoked: Revoked, signer: Signer) -> bytes:
    """The signed list, canonical JSON."""
    content = {"revoked": revoked.model_dump(mode="json"), "key": signer.key_id}
    sig = urlsafe_b64encode(signer.sign(canonical(content))).rstrip(b"=").decode()
    return canonical(content | {"sig": sig})


def load_revoked(data: bytes, keys: Mapping[str, bytes]) -> Revoked:
    """Read a list that the holder of one of `keys` (key id → 32 bytes) must have signed.

    Raises:
        PayloadError: `too-long`, `not-json`, `missing-field`, `unknown-field`, `schema`,
            `ids-order`, `unknown-key` or `bad-signature`.
    """
    if len(data) > MAX_BYTES:
        raise PayloadError("too-long", f"list has {len(data)} bytes: at most {MAX_BYTES}")
    try:
        value = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise PayloadError("not-json", f"list is not JSON in UTF-8: {error}") from error
    try:
        signed = _Signed.model_validate(value)
        revoked = Revoked.model_validate(signed.revoked)
        content = canonical({"revoked": signed.revoked, "key": signed.key})
    except ValidationError as error:
        raise PayloadError(
            problem_code(error), f"list of what is revoked: {first_problem(error)}"
        ) from error
    except CanonicalError as error:
        raise PayloadError("schema", f"list of what is revoked: {error}") from error
    _check(signed, content, keys)
    return revoked


def latest(lists: Iterable[Revoked]) -> frozenset[str]:
    """The ids of the list with the highest version; none where there is no list."""
    newest = max(lists, key=lambda one: one.version, default=None)
    return frozenset(newest.ids if newest else ())


def _check(signed: _Signed, content: bytes, keys: Mapping[str, bytes]) -> None:
    public = keys.get(signed.key)
    if public is None:
        known = ", ".join(keys)
        raise PayloadError(
            "unknown-key", f"list is signed by key {signed.key}, known here are: {known}"
        )
    if not is_signed(public, urlsafe_b64decode(signed.sig + "=="), content):
        raise PayloadError(
            "bad-signature", "list was not signed like this: fetch it from the platform again"
        )
