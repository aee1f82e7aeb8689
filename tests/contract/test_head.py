"""Heads: the ledger's word about one kiosk, and nobody else's."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import PayloadError
from contract.head import Head, check_ack, open_head, sign_ack
from contract.keys import SeedSigner
from contract.payloads import Ack, Rejected, decode, encode
from tests.contract.samples import EPOCH, signer

KIOSK = "hz-xihu-0001"
LEDGER = signer("ledger")
KEYS = {LEDGER.key_id: LEDGER.public}


def ack(**changes: Any) -> Ack:
    """The ledger has everything up to 41, and refused one."""
    rejected = [Rejected(seq=7, code="bad-signature")]
    return Ack(epoch=EPOCH, upto=41, sha256="a" * 64, rejected=rejected).model_copy(update=changes)


def refusal(word: Ack, kiosk: str = KIOSK) -> str:
    """The code with which an ack is refused."""
    with pytest.raises(PayloadError) as error:
        check_ack(word, kiosk, KEYS)
    return error.value.code


def test_a_signed_ack_becomes_a_head_that_can_be_kept() -> None:
    """Over the wire, checked, kept as a line, and read again by whoever has the public key."""
    word = decode(Ack, encode(sign_ack(ack(), KIOSK, LEDGER)))
    line = check_ack(word, KIOSK, KEYS)
    head = open_head(line, KEYS)
    assert (head.kiosk, head.epoch, head.upto, head.sha256) == (KIOSK, EPOCH, 41, "a" * 64)
    assert encode(head) == line


def test_an_unsigned_ack_is_what_it_always_was() -> None:
    """Byte for byte, so a kiosk of before understands a platform without a ledger key."""
    assert set(json.loads(encode(ack()))) == {"v", "epoch", "upto", "sha256", "rejected"}
    assert decode(Ack, encode(ack())) == ack()


@pytest.mark.parametrize(
    "changes",
    [
        {"epoch": "f" * 16},
        {"upto": 42},
        {"sha256": "b" * 64},
        {"rejected": []},
        {"rejected": [Rejected(seq=7, code="conflict")]},
    ],
)
def test_a_changed_word_is_refused(changes: dict[str, Any]) -> None:
    """Whatever was changed on the way."""
    word = sign_ack(ack(), KIOSK, LEDGER).model_copy(update=changes)
    assert refusal(word) == "bad-signature"


def test_whose_word_it_is_and_to_whom_counts() -> None:
    """Unsigned, by a stranger, by a stranger under the ledger's name, to another kiosk."""
    assert refusal(ack()) == "unsigned"
    assert refusal(ack(key=LEDGER.key_id)) == "unsigned"
    stranger = sign_ack(ack(), KIOSK, signer("stranger"))
    assert refusal(stranger) == "unknown-key"
    assert refusal(stranger.model_copy(update={"key": LEDGER.key_id})) == "bad-signature"
    assert refusal(sign_ack(ack(), "hz-xihu-0002", LEDGER)) == "bad-signature"


def test_a_new_ledger_key_is_known_beside_the_old_one() -> None:
    """Kiosks learn the new key first; then the platform signs with it."""
    new = SeedSigner(b"n" * 32)
    keys = KEYS | {new.key_id: new.public}
    for one in (LEDGER, new):
        assert (
            open_head(check_ack(sign_ack(ack(), KIOSK, one), KIOSK, keys), keys).key == one.key_id
        )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "deposit"}, "schema"),
        ({"extra": 1}, "unknown-field"),
        ({"sig": "A" * 85}, "schema"),
        ({"sig": "A" * 86}, "bad-signature"),
        ({"kiosk": "hz-xihu-0002"}, "bad-signature"),
    ],
)
def test_a_kept_head_is_checked_again(change: dict[str, Any], code: str) -> None:
    """A file can be changed as well."""
    value = json.loads(check_ack(sign_ack(ack(), KIOSK, LEDGER), KIOSK, KEYS))
    with pytest.raises(PayloadError) as error:
        open_head(json.dumps(value | change).encode(), KEYS)
    assert error.value.code == code


@given(st.binary(max_size=200))
def test_noise_is_no_head(noise: bytes) -> None:
    """Nothing but a `PayloadError` comes out."""
    with pytest.raises(PayloadError):
        open_head(noise, KEYS)


@given(position=st.integers(0, 400), bit=st.integers(0, 7))
def test_no_bit_of_a_head_can_be_changed(position: int, bit: int) -> None:
    """It is refused, or it says the same as before."""
    line = check_ack(sign_ack(ack(), KIOSK, LEDGER), KIOSK, KEYS)
    bent = bytearray(line)
    bent[position % len(line)] ^= 1 << bit
    with suppress(PayloadError):
        # The last character of a signature has four bits that nothing hangs on.
        same = {"sig": ""}
        found = open_head(bytes(bent), KEYS).model_copy(update=same)
        assert found == decode(Head, line).model_copy(update=same)
