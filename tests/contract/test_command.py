"""Commands: the platform's word to one kiosk, and to no other; bundles that come in parts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.bundle import MAX_BUNDLE, bytes_of, decode_event, part_of
from contract.canonical import sha256_hex
from contract.command import (
    MAX_COMMAND,
    TTL_MAX_S,
    VERBS,
    Command,
    CommandResult,
    misfit,
    open_command,
    sign_command,
)
from contract.errors import PayloadError
from contract.parts import PART_BYTES
from contract.payloads import encode
from tests.contract.samples import signer

KIOSK = "hz-xihu-0001"
ID = "0011223344556677"
LEDGER = signer("ledger")
KEYS = {LEDGER.key_id: LEDGER.public}


def command(**changes: Any) -> Command:
    """Close bay a, for an hour."""
    said: dict[str, Any] = {
        "command_id": ID,
        "kiosk": KIOSK,
        "verb": "close-bay",
        "arguments": {"bay": "a"},
        "issued_at": 1_796_000_000,
        "not_after": 1_796_003_600,
        "by": "wang",
        "signer": LEDGER,
    }
    return sign_command(**said | changes)


def refusal(data: bytes, kiosk: str = KIOSK, keys: dict[str, bytes] = KEYS) -> str:
    """The code with which a message is refused."""
    with pytest.raises(PayloadError) as error:
        open_command(data, kiosk, keys)
    return error.value.code


def test_a_signed_command_is_read_by_its_kiosk() -> None:
    """As it was said."""
    assert open_command(encode(command()), KIOSK, KEYS) == command()


def test_whatever_is_not_the_platforms_word_to_this_kiosk_is_refused() -> None:
    """Each with its own code, so that whoever reads the counts knows what comes."""
    assert refusal(encode(command()), kiosk="hz-xihu-0002") == "wrong-kiosk"
    assert refusal(encode(command(signer=signer("mallory")))) == "unknown-key"
    assert refusal(encode(command()), keys={}) == "no-ledger-key"
    assert refusal(b"x" * (MAX_COMMAND + 1)) == "too-long"
    assert refusal(b"") == "not-json"
    assert refusal(b"{}") == "missing-field"
    assert refusal(encode(command(not_after=1_796_000_001 + TTL_MAX_S))) == "lifetime"
    assert refusal(encode(command(not_after=1_795_999_999))) == "lifetime"


CHANGES = {
    "id": "ffeeddccbbaa9988",
    "verb": "restart-controller",
    "arguments": {"bay": "b"},
    "issued_at": 1_796_000_001,
    "not_after": 1_796_003_601,
    "by": "li",
}


@pytest.mark.parametrize("field", CHANGES)
def test_every_field_is_signed(field: str) -> None:
    """What was changed on the way is nobody's word, of the right kiosk or not."""
    forged = command().model_copy(update={field: CHANGES[field]})
    assert refusal(encode(forged)) == "bad-signature"
    assert refusal(encode(command().model_copy(update={"kiosk": "hz-xihu-0002"}))) == (
        "bad-signature"
    )


def test_no_verb_moves_a_hatch_or_a_gate() -> None:
    """And each takes just its own arguments."""
    assert not [verb for verb in VERBS if "hatch" in verb or "gate" in verb]
    assert misfit("close-bay", {"bay": "a"}) == misfit("reload-catalogue", {}) == ""
    assert misfit("open-hatch", {"bay": "a"}) == "unknown-verb"
    assert misfit("close-bay", {}) == misfit("close-bay", {"bay": "a", "x": "y"}) == "arguments"
    assert misfit("restart-controller", {"bay": "a"}) == "arguments"


EDGES = [1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES]


@given(
    st.one_of(st.sampled_from(EDGES), st.integers(1, 3 * PART_BYTES + 5)),
    st.binary(min_size=1, max_size=64),
)
def test_a_bundle_is_the_same_after_its_way_in_parts(size_bytes: int, some: bytes) -> None:
    """Whatever its length, and whatever is in it."""
    data = (some * size_bytes)[:size_bytes]
    count = part_of(data, KIOSK, ID, 0).parts
    parts = [decode_event(encode(part_of(data, KIOSK, ID, number))) for number in range(count)]
    told = [part for part in parts if not isinstance(part, CommandResult)]
    assert b"".join(bytes_of(part) for part in told) == data
    assert {part.sha256 for part in told} == {sha256_hex(data)}


def test_a_part_that_cannot_be_is_refused() -> None:
    """No base64, another length than its place has, a bundle that is too large."""
    part = part_of(b"x" * (PART_BYTES + 1), KIOSK, ID, 0)
    for update in (
        {"data": "!!!!"},
        {"data": "纸纸纸纸"},
        {"part": 1},
        {"parts": 3},
        {"size_bytes": 7},
    ):
        with pytest.raises(PayloadError, match="part") as error:
            bytes_of(part.model_copy(update=update))
        assert error.value.code == "bundle-part"
    with pytest.raises(PayloadError, match="2097153"):
        part_of(b"x" * (MAX_BUNDLE + 1), KIOSK, ID, 0)
    with pytest.raises(PayloadError, match="JSON"):
        decode_event(b"no")
