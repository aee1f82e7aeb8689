"""Residents' codes: shown once, checked offline, and everything else called by its name."""

import cbor2
import pytest
import segno
from base45 import b45decode, b45encode  # type: ignore[import-untyped]  # ships no types
from hypothesis import assume, given
from hypothesis import strategies as st

from contract.errors import TokenError
from contract.token import MAX_TEXT, PREFIX, SKEW_S, TTL_S, Token, issue, verify
from tests.contract.samples import ALICE, signer

CITY = signer("city")
KEYS = {CITY.key_id: CITY.public}
NOW_S = 1_795_000_000
JTI = bytes.fromhex("0011223344556677")
CODE = issue(CITY, ALICE, NOW_S, jti=JTI)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def refused(text: str, now_s: int = NOW_S) -> TokenError:
    """The error with which `text` is refused."""
    with pytest.raises(TokenError) as error:
        verify(text, KEYS, now_s, clock_known=True)
    return error.value


@given(st.binary(min_size=8, max_size=8), st.binary(min_size=8, max_size=8), st.integers(1, 10**6))
def test_what_was_issued_is_what_is_read(account: bytes, jti: bytes, ttl_s: int) -> None:
    """Account, id, expiry and key come back."""
    text = issue(CITY, account.hex(), NOW_S, ttl_s=ttl_s, jti=jti)
    found = verify(text, KEYS, NOW_S, clock_known=True)
    assert found == Token(account.hex(), jti.hex(), NOW_S + ttl_s, CITY.key_id)


def test_a_code_is_small_enough_for_a_phone() -> None:
    """Alphanumeric, QR version 7 at error correction M: 45 modules a side."""
    assert set(CODE) <= set(ALPHABET)
    assert len(CODE) == 172
    assert segno.make(CODE, error="m", boost_error=False).version == 7


def test_a_code_expires_but_clocks_may_differ() -> None:
    """Good until its end and a little skew; the error says how late it is."""
    last_s = NOW_S + TTL_S + SKEW_S
    assert verify(CODE, KEYS, last_s, clock_known=True).account == ALICE
    error = refused(CODE, last_s + 1)
    assert error.code == "expired"
    assert f"expired {SKEW_S + 1} s ago" in error.message


def test_without_a_trusted_clock_nothing_is_expired() -> None:
    """The ledger decides then; the kiosk's record says that its clock is not to be trusted."""
    assert verify(CODE, KEYS, NOW_S + 10**8, clock_known=False).account == ALICE


def test_another_citys_key_is_unknown_and_a_forgery_under_ours_is_found() -> None:
    """The key id picks the key; only the key proves anything."""
    forger = signer("forger")
    assert refused(issue(forger, ALICE, NOW_S, jti=JTI)).code == "unknown-key"
    raw = cbor2.loads(b45decode(issue(forger, ALICE, NOW_S, jti=JTI).removeprefix(PREFIX)))
    raw.value[1][4] = bytes.fromhex(CITY.key_id)
    assert refused(PREFIX + b45encode(cbor2.dumps(raw)).decode()).code == "bad-signature"


@given(st.data())
def test_no_changed_character_passes(data: st.DataObject) -> None:
    """Whichever character becomes whichever other: refused, and never with a stray exception."""
    at = data.draw(st.integers(0, len(CODE) - 1))
    other = data.draw(st.sampled_from(ALPHABET).filter(lambda c: c != CODE[at]))
    expected = {"malformed", "unknown-key", "bad-signature", "foreign"}
    assert refused(CODE[:at] + other + CODE[at + 1 :]).code in expected


@given(st.data())
def test_no_changed_byte_passes(data: st.DataObject) -> None:
    """Below base45: bytes changed, cut out, doubled or swapped never verify, and never crash."""
    raw = bytearray(b45decode(CODE.removeprefix(PREFIX)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        to = data.draw(st.integers(at, len(raw)))
        match data.draw(st.sampled_from(["change", "cut", "double", "insert"])):
            case "change":
                raw[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del raw[at:to]
            case "double":
                raw[at:at] = raw[at:to]
            case _:
                raw[at:at] = data.draw(st.binary(min_size=1, max_size=20))
        assume(raw)
    text = PREFIX + b45encode(bytes(raw)).decode()
    assume(text != CODE)
    expected = {"malformed", "unknown-key", "bad-signature", "too-long"}
    assert refused(text).code in expected


def test_while_a_key_is_replaced_both_are_believed() -> None:
    """Old and new overlap at the kiosk; once the old one is forgotten its codes are unknown."""
    new = signer("city-2027")
    both = KEYS | {new.key_id: new.public}
    for city in (CITY, new):
        text = issue(city, ALICE, NOW_S, jti=JTI)
        assert verify(text, both, NOW_S, clock_known=True).key_id == city.key_id
    with pytest.raises(TokenError, match=CITY.key_id):
        verify(CODE, {new.key_id: new.public}, NOW_S, clock_known=True)


@given(st.binary(max_size=200))
def test_noise_behind_our_prefix_is_malformed(noise: bytes) -> None:
    """Any bytes at all, decoded or not."""
    assert refused(PREFIX + b45encode(noise).decode()).code in {"malformed", "unknown-key"}


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    """Whatever a reader reads is either foreign, or illegible, or damaged."""
    assert refused(text).code in {"foreign", "not-a-code", "malformed"}


def test_a_second_spelling_is_refused() -> None:
    """The same signature in a longer encoding would be a second code with the same id."""
    raw = b45decode(CODE.removeprefix(PREFIX))
    assert raw[:2] == b"\xd2\x84"
    respelt = b"\xd2\x98\x04" + raw[2:]
    assert cbor2.loads(respelt) == cbor2.loads(raw)
    assert refused(PREFIX + b45encode(respelt).decode()).code == "malformed"


@pytest.mark.parametrize(
    "claims",
    [
        {4: NOW_S, 7: JTI},
        {4: NOW_S, 7: JTI, -65537: b"short"},
        {4: float(NOW_S), 7: JTI, -65537: b"12345678"},
        {4: True, 7: JTI, -65537: b"12345678"},
        {4: NOW_S, 7: JTI, -65537: b"12345678", 2: "sub"},
        [NOW_S, JTI],
        b"",
    ],
)
def test_other_claims_are_malformed_under_a_good_signature(claims: object) -> None:
    """A city that signs something else has signed no resident's code."""
    protected = cbor2.dumps({1: -8})
    payload = cbor2.dumps(claims)
    signature = CITY.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    unprotected = {4: bytes.fromhex(CITY.key_id)}
    raw = cbor2.dumps(cbor2.CBORTag(18, [protected, unprotected, payload, signature]))
    assert refused(PREFIX + b45encode(raw).decode()).code == "malformed"


def test_oversized_codes_are_not_looked_into() -> None:
    """A code of ours has 172 characters."""
    assert refused(PREFIX + "A" * MAX_TEXT).code == "too-long"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("132749581736452817", "a WeChat payment code"),
        ("wxp://f2f0abcdef", "a WeChat payment code"),
        ("281827364554637281", "an Alipay payment code"),
        ("https://qr.alipay.com/fkx1", "an Alipay payment code"),
        ("https://example.com/a?b=c", "a web address"),
        ("WIFI:T:WPA;S:home;P:secret;;", "a wifi code"),
        ("6901234567892", "a container's barcode"),
        ("96385074", "a container's barcode"),
        ("6901234567893", "something else"),
        ("13800138000", "something else"),
        ("您好", "something else"),
        ("GR2:ABC", "something else"),
    ],
)
def test_what_people_hold_up_by_mistake_is_told_apart(text: str, what: str) -> None:
    """The screen can say "this is a payment code" instead of "invalid"."""
    error = refused(text)
    assert (error.code, error.what) == ("foreign", what)
    assert what in error.message


@pytest.mark.parametrize("text", ["", "  ", "\x00\x07", "a\ufffdb"])
def test_what_cannot_be_read_is_no_code(text: str) -> None:
    """Empty, binary or torn."""
    assert refused(text).code == "not-a-code"


def test_no_code_is_issued_for_what_is_no_account() -> None:
    """Neither a name nor half an account, nor with half an id."""
    for account, jti in (("alice", JTI), ("a11ce0", JTI), (ALICE, b"1234")):
        with pytest.raises(TokenError, match=r"8-byte|16 hex"):
            issue(CITY, account, NOW_S, jti=jti)
