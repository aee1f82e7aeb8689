"""Signing in by card and PIN: a copied card alone opens nothing."""

from __future__ import annotations

import pytest

from cloud.errors import SignInError
from cloud.residents.cards import WRONG
from cloud.residents.keyed import Keyed
from cloud.residents.tries import count
from contract.card import TTL_S, issue_card
from contract.keys import Signer
from contract.token import issue
from tests.cloud.residents.lodge import ADDRESS, Lodge, other_digits
from tests.contract.samples import ALICE, BOB, signer


def refused(lodge: Lodge, text: str, pin: str, address: str = ADDRESS) -> SignInError:
    """Why it is refused."""
    with pytest.raises(SignInError) as error:
        lodge.residents.cards.enter(text, pin, address, "computer")
    return error.value


def test_card_and_pin_open_the_cards_account(lodge: Lodge) -> None:
    """Typed with spaces around or scanned."""
    card, pin = lodge.card()
    made = lodge.residents.cards.enter(f" {card.text}\n", pin, ADDRESS, "computer")
    assert (made.sign_in.account, made.sign_in.way) == (ALICE, "card")
    assert lodge.office.rows(f"SELECT pin FROM card_pins WHERE pin LIKE '%{pin}%'") == []


def forged(by: Signer, lodge: Lodge) -> str:
    """A card of Alice's that the city did not issue."""
    return issue_card(by, ALICE, lodge.office.now_s, number=1, card_id=bytes(8))


def test_whatever_does_not_fit_is_one_refusal(lodge: Lodge) -> None:
    """A wrong PIN, none made, another card, a forged or foreign one, a code, a lost card."""
    card, pin = lodge.card()
    without = lodge.desk.issue(BOB)
    lost, lost_pin = lodge.card(BOB)
    lodge.desk.revoke(lost.card_id)
    code = issue(signer("city"), ALICE, lodge.office.now_s, ttl_s=120, jti=bytes(8))
    shown = [
        (card.text, other_digits(pin)),
        (card.text, ""),
        (without.text, pin),
        (lost.text, lost_pin),
        (forged(signer("mallory"), lodge), pin),
        (forged(signer("city"), lodge), pin),
        (code, pin),
        ("https://example.com", pin),
        ("GR1:", pin),
        ("\0\ud800", "\0\ud800"),
    ]
    for number, (text, told) in enumerate(shown):
        error = refused(lodge, text, told, f"192.0.2.{number}")
        assert (error.code, str(error)) == ("wrong-card", WRONG)
    lodge.residents.cards.enter(card.text, pin, ADDRESS, "phone")
    lodge.office.now_s += TTL_S + 60
    assert refused(lodge, card.text, pin).code == "wrong-card"


def test_a_pin_is_guessed_at_five_times_an_hour(light: Lodge) -> None:
    """Then the right one waits too, from wherever; what was right is forgiven."""
    card, pin = light.card()
    for turn in range(4):
        refused(light, card.text, other_digits(pin), f"192.0.2.{turn}")
    light.residents.cards.enter(card.text, pin, ADDRESS, "phone")
    for turn in range(5):
        refused(light, card.text, other_digits(pin), f"192.0.2.{turn}")
    assert refused(light, card.text, pin, "198.51.100.1").code == "too-many"
    light.office.now_s += 3600
    light.residents.cards.enter(card.text, pin, ADDRESS, "phone")


def test_a_new_pin_ends_the_one_before_and_the_wait(light: Lodge) -> None:
    """As at the desk for somebody who forgot; the log has it, without the PIN."""
    card, pin = light.card()
    for _ in range(5):
        refused(light, card.text, other_digits(pin))
    newer = light.residents.cards.new_pin(card.card_id, "staff:wang")
    if newer != pin:
        assert refused(light, card.text, pin).code == "wrong-card"
    light.residents.cards.enter(card.text, newer, ADDRESS, "phone")
    logged = light.office.rows("SELECT actor, action, detail FROM audit ORDER BY id")
    assert logged[-1] == ("staff:wang", "pin-made", card.card_id)


def test_an_address_tries_few_cards(light: Lodge) -> None:
    """Sixty wrong ones an hour, whichever cards they are."""
    card, pin = light.card()
    where = Keyed(b"s" * 32).of_address(ADDRESS)
    with light.office.database.begin() as connection:
        for _ in range(59):
            count(connection, "pin-from", where, light.office.now_s)
    refused(light, "GR1:60", pin)
    assert refused(light, card.text, pin).code == "too-many"
    light.residents.cards.enter(card.text, pin, "198.51.100.1", "phone")


def test_no_pin_is_made_for_a_card_that_is_none(lodge: Lodge) -> None:
    """Nor for one that was lost."""
    lost, _ = lodge.card()
    lodge.desk.revoke(lost.card_id)
    for card_id in ("00" * 8, lost.card_id, "' OR 1=1"):
        with pytest.raises(SignInError) as error:
            lodge.residents.cards.new_pin(card_id)
        assert error.value.code == "unknown-card"
