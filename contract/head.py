"""Heads: how far the ledger has a kiosk's records, in words that the ledger signed.

An ack is a head on its way to the kiosk. Kept, it proves that the record at `upto` was there, so
a journal whose tail was cut off is found out. The topic of an ack names the kiosk; the signature
covers it, so one kiosk's head is none of another's:

    {"epoch":"5be1...","key":"a1b2c3d4","kind":"head","kiosk":"hz-xihu-0001","rejected":[],
     "sha256":"9f02...","sig":"mFa2...","upto":41,"v":1}

`sig` is Ed25519 over the canonical bytes of everything else. A head of before, sent again, says
less than the kiosk knows and releases nothing new, so it needs neither time nor number.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any, Literal

from contract.canonical import canonical
from contract.errors import PayloadError
from contract.fields import Count, Epoch, KeyId, Name, Sha256, Signature
from contract.keys import is_signed
from contract.payloads import Ack, Payload, Rejected, decode, encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.keys import Signer


class Head(Payload):
    """The ledger has every sent record of `epoch` of `kiosk` up to and with `upto`.

    `sha256` and `rejected` are as in `Ack`.
    """

    kind: Literal["head"] = "head"
    kiosk: Name
    epoch: Epoch
    upto: Count
    sha256: Sha256
    rejected: list[Rejected]
    key: KeyId
    sig: Signature


def sign_ack(ack: Ack, kiosk: str, signer: Signer) -> Ack:
    """The same ack to `kiosk`, signed with the ledger's key."""
    signature = signer.sign(_unsigned(ack, kiosk, signer.key_id))
    sig = urlsafe_b64encode(signature).rstrip(b"=").decode()
    return ack.model_copy(update={"key": signer.key_id, "sig": sig})


def sign_head(ack: Ack, kiosk: str, signer: Signer) -> bytes:
    """The head that an ack to `kiosk` stands for, signed, as one canonical line."""
    return _line(sign_ack(ack, kiosk, signer), kiosk)


def check_ack(ack: Ack, kiosk: str, keys: Mapping[str, bytes]) -> bytes:
    """The head in an ack to `kiosk`, as one canonical line that `open_head` reads.

    Args:
        ack: What came.
        kiosk: To whom.
        keys: Key id → public key (32 bytes) of those who may speak for the ledger.

    Raises:
        PayloadError: `unsigned`, `unknown-key` or `bad-signature`: it is not the ledger's word.
    """
    if ack.key is None or ack.sig is None:
        raise PayloadError(
            "unsigned", f"ack of {ack.upto} is not signed: give the platform its ledger key"
        )
    public = keys.get(ack.key)
    if public is None:
        known = ", ".join(keys)
        raise PayloadError(
            "unknown-key", f"ack of {ack.upto} names key {ack.key}, known as the ledger's: {known}"
        )
    if not is_signed(public, urlsafe_b64decode(ack.sig + "=="), _unsigned(ack, kiosk, ack.key)):
        raise PayloadError(
            "bad-signature",
            f"ack of {ack.upto} was not signed like this for {kiosk}: it was changed, or forged",
        )
    return _line(ack, kiosk)


def open_head(line: bytes, keys: Mapping[str, bytes]) -> Head:
    """Read a head that was kept.

    Raises:
        PayloadError: It is no head (codes as `contract.payloads.decode`), or as `check_ack`.
    """
    head = decode(Head, line)
    check_ack(Ack(key=head.key, sig=head.sig, **_said(head)), head.kiosk, keys)
    return head


def _line(signed: Ack, kiosk: str) -> bytes:
    head = _said(signed) | {"kiosk": kiosk, "key": signed.key, "sig": signed.sig}
    return encode(Head.model_validate(head))


def _unsigned(ack: Ack, kiosk: str, key_id: str) -> bytes:
    said = {name: value for name, value in _said(ack).items() if name != "rejected"}
    rows = [row.model_dump(exclude_none=True) for row in ack.rejected]
    return canonical(
        said | {"v": 1, "kind": "head", "kiosk": kiosk, "key": key_id, "rejected": rows}
    )


def _said(word: Ack | Head) -> dict[str, Any]:
    """What ack and head say alike."""
    return {name: getattr(word, name) for name in ("epoch", "upto", "sha256", "rejected")}
