"""Cards and badges: long-lived, revocable, and neither can be taken for the other."""

from typing import Protocol

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from contract import token
from contract.badge import Badge, Role, issue_badge, read_badge
from contract.card import TTL_S, Card, issue_card, read_card
from contract.cose import SKEW_S, open_claims, sign_claims
from contract.errors import TokenError
from tests.contract.samples import ALICE, signer

CITY, OFFICE = signer("city"), signer("office")
KEYS = {one.key_id: one.public for one in (CITY, OFFICE)}
NOW_S = 1_795_000_000
ID = bytes.fromhex("0011223344556677")
STAFF = "57aff00000000007"
CARD = issue_card(CITY, ALICE, NOW_S, number=2, card_id=ID)
BADGE = issue_badge(
    OFFICE, STAFF, NOW_S, roles=[Role.SERVICE, Role.COLLECTION], badge_id=ID, vehicle="浙AD12345"
)


class Reader(Protocol):
    """How a card or a badge is read."""

    def __call__(
        self, text: str, now_s: int = NOW_S, *, known: bool = True, revoked: str = ""
    ) -> Card | Badge:
        """Read it, or raise."""


def card(text: str, now_s: int = NOW_S, *, known: bool = True, revoked: str = "") -> Card:
    """Read a card."""
    return read_card(open_claims(text, KEYS), now_s, clock_known=known, revoked={revoked})


def badge(text: str, now_s: int = NOW_S, *, known: bool = True, revoked: str = "") -> Badge:
    """Read a badge."""
    return read_badge(open_claims(text, KEYS), now_s, clock_known=known, revoked={revoked})


def test_a_card_says_whose_it_is_and_which() -> None:
    """Account, id, number and end come back; it fits onto a printed card: QR version 8 at M."""
    assert card(CARD) == Card(ALICE, ID.hex(), 2, NOW_S + TTL_S, CITY.key_id)
    assert segno.make(CARD, error="m", boost_error=False).version == 8


def test_a_badge_says_who_may_do_what_with_which_vehicle() -> None:
    """The staff member's pseudonym, the roles and the registration."""
    found = badge(BADGE)
    assert (found.staff, found.badge_id, found.vehicle) == (STAFF, ID.hex(), "浙AD12345")
    assert found.roles == {Role.SERVICE, Role.COLLECTION}


@pytest.mark.parametrize(("text", "read"), [(CARD, card), (BADGE, badge)])
def test_what_was_lost_or_has_ended_is_refused_by_name(text: str, read: Reader) -> None:
    """Each with its code; without a trusted clock only the list of what was lost counts."""
    ended_s = read(text).expires_at + SKEW_S + 1
    with pytest.raises(TokenError, match="ended on 20") as expired:
        read(text, ended_s)
    assert expired.value.code == "expired"
    assert read(text, ended_s, known=False) == read(text)
    with pytest.raises(TokenError, match="reported lost") as lost:
        read(text, ended_s, known=False, revoked=ID.hex())
    assert lost.value.code == "revoked"


def test_none_of_the_three_passes_for_another() -> None:
    """A code is no card, a card no code and no badge; a kiosk of before calls a card damaged."""
    code = token.issue(CITY, ALICE, NOW_S, jti=ID)
    for text, reader in (
        (CARD, lambda text: token.verify(text, KEYS, NOW_S, clock_known=True)),
        (BADGE, lambda text: token.verify(text, KEYS, NOW_S, clock_known=True)),
        (code, card),
        (BADGE, card),
        (code, badge),
        (CARD, badge),
    ):
        with pytest.raises(TokenError) as error:
            reader(text)
        assert error.value.code == "malformed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": []},
        {"roles": [Role.SERVICE], "vehicle": "not a plate"},
        {"roles": [Role.SERVICE], "vehicle": "浙AI12345"},
        {"roles": [Role.SERVICE], "badge_id": b"short"},
    ],
)
def test_no_badge_is_issued_that_no_kiosk_would_take(wrong: dict[str, object]) -> None:
    """Without roles, with a registration that no vehicle has, or with half an id."""
    with pytest.raises(TokenError):
        issue_badge(OFFICE, STAFF, NOW_S, **({"badge_id": ID} | wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [0, -1, 1001])
def test_no_card_is_issued_without_a_sensible_number(number: int) -> None:
    """The first card of an account is number 1."""
    with pytest.raises(TokenError, match="number of cards"):
        issue_card(CITY, ALICE, NOW_S, number=number, card_id=ID)


VALUES = st.one_of(
    st.integers(-10, 2**41),
    st.booleans(),
    st.binary(max_size=9),
    st.text(max_size=9),
    st.lists(st.one_of(st.integers(-1, 9), st.text(max_size=2)), max_size=4),
)


@given(st.dictionaries(st.sampled_from([4, 7, -65537, -65538, -65539, -65540, -65541, 2]), VALUES))
def test_whatever_an_issuer_signs_is_read_or_named(claims: dict[int, object]) -> None:
    """Any claims under a good signature: something of ours, or `malformed`, and no other error."""
    opened = open_claims(sign_claims(CITY, claims), KEYS) if len(str(claims)) < 150 else None
    if opened is None:
        return
    codes = set()
    for reader in (read_card, read_badge):
        try:
            reader(opened, 0, clock_known=False, revoked=())
        except TokenError as error:
            codes.add(error.code)
    assert codes <= {"malformed"}
