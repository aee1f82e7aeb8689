"""Codes, cards, badges and typed numbers, each told apart before the hatch opens."""

from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from contract import token
from contract.badge import Badge, Role, issue_badge
from contract.card import Card, issue_card
from contract.errors import TokenError
from contract.keys import key_id_of
from contract.revoked import Revoked
from contract.sealed import seal, unseal
from contract.token import Token
from controller.core.bounds import CardDay
from controller.core.identity import RETURN_S, BadgeError, Doorkeeper, PhoneDesk
from tests.contract.samples import ALICE, signer

CITY, NEW_CITY, OFFICE = signer("city"), signer("city-2027"), signer("office")
NOW_S = 1_795_000_000
ID = bytes.fromhex("0011223344556677")
STAFF = "57aff00000000007"
CODE = token.issue(CITY, ALICE, NOW_S, jti=ID)
CARD = issue_card(CITY, ALICE, NOW_S, number=1, card_id=ID)
BADGE = issue_badge(OFFICE, STAFF, NOW_S, roles=[Role.SERVICE], badge_id=ID)


@pytest.fixture
def door() -> Doorkeeper:
    """A kiosk while the city's key is being replaced."""
    city = {one.key_id: one.public for one in (CITY, NEW_CITY)}
    return Doorkeeper(city, {OFFICE.key_id: OFFICE.public}, CardDay(most_deposits=2))


def shown(door: Doorkeeper, text: str, now_s: float = 0.0, utc_s: int = NOW_S) -> object:
    """What the doorkeeper says, under a clock that somebody vouches for."""
    return door.read(text, utc_s, now_s, clock_known=True)


def refused(door: Doorkeeper, text: str, now_s: float = 0.0, utc_s: int = NOW_S) -> TokenError:
    """The error with which something is refused."""
    with pytest.raises(TokenError) as error:
        shown(door, text, now_s, utc_s)
    return error.value


def test_each_is_read_as_what_its_issuer_made(door: Doorkeeper) -> None:
    """Codes of the old and of the new key, a card, a badge."""
    code = token.issue(NEW_CITY, ALICE, NOW_S, jti=ID)
    assert [type(shown(door, one)) for one in (CODE, code, CARD, BADGE)] == [
        Token,
        Token,
        Card,
        Badge,
    ]


def test_nobody_makes_what_is_not_theirs_to_make(door: Doorkeeper) -> None:
    """The city's key makes no staff, the office's no resident."""
    badge = issue_badge(CITY, STAFF, NOW_S, roles=[Role.SERVICE], badge_id=ID)
    assert refused(door, badge).code == "malformed"
    made = [token.issue(OFFICE, ALICE, NOW_S, jti=ID)]
    made.append(issue_card(OFFICE, ALICE, NOW_S, number=1, card_id=ID))
    for text in made:
        error = refused(door, text)
        assert isinstance(error, BadgeError)
        assert error.code == "malformed"


def test_a_lost_card_and_badge_are_refused_and_an_old_list_frees_neither(
    door: Doorkeeper,
) -> None:
    """The list with the highest version counts, whatever is brought later."""
    lost = Revoked(version=2, issued_on="2026-11-27", ids=(ID.hex(),))
    assert door.take(lost)
    assert not door.take(lost.model_copy(update={"version": 1, "ids": ()}))
    assert refused(door, CARD).code == refused(door, BADGE).code == "revoked"
    assert isinstance(shown(door, CODE), Token)


def test_a_card_is_good_for_so_much_a_day(door: Doorkeeper) -> None:
    """Then it is spent until tomorrow; the resident's phone is not."""
    for _ in range(2):
        assert isinstance(shown(door, CARD), Card)
        door.cards.bring(ID.hex(), 4)
    assert refused(door, CARD).code == "spent"
    assert isinstance(shown(door, CODE), Token)
    assert isinstance(shown(door, CARD, utc_s=NOW_S + 86_400), Card)


def test_without_a_trusted_clock_a_card_stays_spent_and_a_code_does_not_expire(
    door: Doorkeeper,
) -> None:
    """A kiosk that lost its time shuts nobody out and gives nobody a second day."""
    shown(door, CARD)
    for _ in range(2):
        door.cards.bring(ID.hex(), 4)
    later_s = NOW_S + 10 * 86_400
    with pytest.raises(TokenError, match="come tomorrow"):
        door.read(CARD, later_s, 0.0, clock_known=False)
    assert door.read(CODE, later_s, 0.0, clock_known=False) == shown(door, CODE)


def test_of_many_wrong_badges_the_first_are_recorded(door: Doorkeeper) -> None:
    """Three within a minute, then none for five: nobody fills a journal. Good ones are heard."""
    ended_s = NOW_S + 40 * 86_400
    recorded = []
    for second in (0.0, 1.0, 2.0, 3.0, 301.0, 302.0):
        error = refused(door, BADGE, second, ended_s)
        assert isinstance(error, BadgeError)
        assert error.code == "expired"
        recorded.append(error.recorded)
        assert isinstance(shown(door, BADGE, second), Badge)
    assert recorded == [True, True, True, False, False, True]


def returns(door: Doorkeeper, code_id: str, now_s: float) -> bool:
    """Somebody is let in; whether they were here last."""
    door.came(code_id, now_s)
    return door.returns


def test_who_was_here_last_may_come_again_with_the_same_code(door: Doorkeeper) -> None:
    """For a few minutes, and as long as nobody else came."""
    assert not returns(door, "aa", 0.0)
    assert returns(door, "aa", RETURN_S)
    assert not returns(door, "aa", RETURN_S + 1)
    assert not returns(door, "bb", RETURN_S + 2)
    assert not returns(door, "aa", RETURN_S + 3)


def test_who_was_turned_away_is_no_guest_the_next_time(door: Doorkeeper) -> None:
    """A picture of somebody's code does not get in by being shown twice."""
    door.came("bb", 1.0)
    assert not returns(door, "aa", 2.0)
    door.turned_away()
    assert not returns(door, "aa", 3.0)


@given(st.text(max_size=300), st.booleans())
def test_whatever_is_shown_gets_an_answer(text: str, ours: bool) -> None:
    """Any text, behind our prefix too: an error of the tree, never another."""
    door = Doorkeeper({CITY.key_id: CITY.public}, {OFFICE.key_id: OFFICE.public})
    assert refused(door, "GR1:" * ours + text).code


NUMBER, OTHER = "13800138000", "13900139000"
PLATFORM = X25519PrivateKey.from_private_bytes(b"platform".ljust(32, b"."))
PUBLIC = PLATFORM.public_key().public_bytes_raw()
KIOSK = "hz-xihu-0001"


@pytest.fixture
def desk() -> PhoneDesk:
    """A kiosk that seals to the platform's key."""
    accounts = (f"acc{number:013x}" for number in range(1, 100))

    def sealed(number: str, account: str) -> str:
        return seal(number, PUBLIC, kiosk=KIOSK, account=account)

    return PhoneDesk(sealed, lambda: next(accounts), partial(bytes, 16))


def test_a_number_typed_twice_is_sealed_for_the_platform_alone(desk: PhoneDesk) -> None:
    """However it was spelled the second time; the pseudonym is fresh each time."""
    assert desk.type(NUMBER) is None
    first = desk.type("138 0013 8000")
    desk.type(NUMBER)
    second = desk.confirm()
    assert first is not None
    assert second is not None
    assert first.account != second.account
    keys = {key_id_of(PUBLIC): PLATFORM}
    for one in (first, second):
        assert unseal(one.sealed, keys, kiosk=KIOSK, account=one.account) == NUMBER


def test_two_numbers_that_differ_are_both_forgotten(desk: PhoneDesk) -> None:
    """Nobody knows which was meant; and a yes to nothing names nobody."""
    desk.type(NUMBER)
    with pytest.raises(TokenError, match="differ") as error:
        desk.type(OTHER)
    assert error.value.code == "numbers-differ"
    assert NUMBER not in str(error.value)
    assert OTHER not in str(error.value)
    assert desk.confirm() is None
    assert desk.type(OTHER) is None


def test_what_the_desk_keeps_between_two_typings_shows_no_number(desk: PhoneDesk) -> None:
    """A picture of its memory holds sealed bytes and a keyed hash."""
    desk.type(NUMBER)
    assert NUMBER not in repr(vars(desk))
    sealed = desk.confirm()
    assert sealed is not None
    assert NUMBER not in repr(sealed)
    assert vars(desk) == vars(desk) | {"_pending": None, "_key": b"", "_print": b""}
