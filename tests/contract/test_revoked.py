"""The list of what is revoked: signed, whole, and the latest one counts."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import PayloadError
from contract.revoked import MAX_BYTES, Revoked, latest, load_revoked, sign_revoked
from tests.contract.samples import signer

CITY = signer("city")
KEYS = {CITY.key_id: CITY.public}
LOST = Revoked(version=3, issued_on="2026-11-27", ids=("0011223344556677", "8899aabbccddeeff"))
SIGNED = sign_revoked(LOST, CITY)


def refused(data: bytes) -> str:
    """The code with which a list is refused."""
    with pytest.raises(PayloadError) as error:
        load_revoked(data, KEYS)
    return error.value.code


def test_a_signed_list_comes_back() -> None:
    """And an empty one is a list too."""
    assert load_revoked(SIGNED, KEYS) == LOST
    empty = Revoked(version=1, issued_on="2026-11-27", ids=())
    assert load_revoked(sign_revoked(empty, CITY), KEYS).ids == ()


def test_the_list_with_the_highest_version_counts() -> None:
    """In whatever order they came: an old one that is brought again frees no lost card."""
    old = Revoked(version=2, issued_on="2026-11-20", ids=())
    assert latest([LOST, old]) == latest([old, LOST]) == frozenset(LOST.ids)
    assert latest([]) == frozenset()


def changed(**changes: object) -> bytes:
    """The signed list with another content under the old signature."""
    value = json.loads(SIGNED)
    value["revoked"] |= changes
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (sign_revoked(LOST, signer("stranger")), "unknown-key"),
        (changed(ids=["0011223344556677"]), "bad-signature"),
        (changed(ids=["8899aabbccddeeff", "0011223344556677"]), "ids-order"),
        (changed(version=0), "schema"),
        (changed(version=2.5), "schema"),
        (changed(more=1), "unknown-field"),
        (changed(ids=["alice"]), "schema"),
        (b"[1]", "schema"),
        (b"{}", "missing-field"),
        (b"{", "not-json"),
        (b"\xff", "not-json"),
        (b" " * (MAX_BYTES + 1), "too-long"),
    ],
)
def test_anything_else_is_refused_by_name(data: bytes, code: str) -> None:
    """Forged, changed, out of order, or no list at all."""
    assert refused(data) == code


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_no_changed_byte_passes(at: int, flip: int) -> None:
    """Wherever it stands."""
    data = bytearray(SIGNED)
    data[at] ^= flip
    assert refused(bytes(data))
