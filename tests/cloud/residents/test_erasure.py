"""What is kept about somebody, and how it ends: the person goes, the books stay."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import insert

from cloud.errors import CloudError, SignInError
from cloud.ledger.book import OPERATOR, resident
from cloud.ledger.held.decisions import Place
from cloud.ledger.moving import move
from cloud.ledger.statement import Balance
from cloud.staff.audit import note
from cloud.store.schema_shop import goods, partners, redemptions
from contract.errors import TokenError
from contract.fields import GUESTS
from tests.cloud.conftest import KIOSKS
from tests.cloud.residents.lodge import ADDRESS, NUMBER, Lodge
from tests.contract.samples import ALICE, BOB, EPOCH, SampleKiosk

SAID = "I heard it fall, and so did my neighbour Li."


@pytest.fixture
def settled(lodge: Lodge, kiosk: SampleKiosk) -> Lodge:
    """Alice has a number, a card with a PIN, 8 points, a held load, and appealed."""
    return settle(lodge, kiosk)


@pytest.fixture
def at_ease(light: Lodge, kiosk: SampleKiosk) -> Lodge:
    """The same in memory."""
    return settle(light, kiosk)


def settle(lodge: Lodge, kiosk: SampleKiosk) -> Lodge:
    """Give Alice all that somebody can have."""
    with lodge.office.database.begin() as connection:
        lodge.book.link(connection, NUMBER, ALICE)
    lodge.card()
    lodge.office.post(kiosk.deposit(), kiosk.deposit(bay="b"), kiosk.uncertain())
    lodge.office.ledger.decisions.appeal(ALICE, Place(KIOSKS[0], EPOCH, 5), SAID)
    return lodge


def refused(lodge: Lodge, points: int) -> str:
    """Why Alice is not erased."""
    with pytest.raises(SignInError) as error:
        lodge.residents.erasure.erase(ALICE, "donated", points)
    return error.value.code


def test_the_export_has_everything_in_one_document(settled: Lodge) -> None:
    """As JSON; how many numbers and cards, and neither number nor PIN nor token."""
    made = settled.sign_in()
    told = settled.residents.privacy.export(ALICE)
    read = json.loads(json.dumps(told))
    assert read["account"] == ALICE == made.sign_in.account
    assert [one["points"] for one in read["deposits"]] == [4, 4]
    assert [one["appeal"] for one in read["held"]] == [SAID]
    assert sum(one["points"] for one in read["entries"]) == 8
    assert (read["numbers"], len(read["cards"]), len(read["sign_ins"])) == (1, 1, 1)
    assert [one["action"] for one in read["log"]] == ["pin-made", "appealed"]
    assert read["redemptions"] == []
    assert NUMBER not in str(told) and made.token not in str(told)


def test_the_export_tells_what_staff_did_and_not_who(at_ease: Lodge) -> None:
    """At the desk, by account or card; nothing of what they did for others."""
    with at_ease.office.database.begin() as connection:
        for about in (f"{ALICE} {'c' * 16}", BOB):
            note(connection, at_ease.office.now_s, "staff:mei", "card-issued", "", detail=about)
    log = at_ease.residents.privacy.export(ALICE)["log"]
    assert [one["action"] for one in log] == ["pin-made", "appealed", "card-issued"]
    assert "mei" not in str(log) and BOB not in str(log)


def test_an_erased_account_gets_neither_card_nor_number(settled: Lodge) -> None:
    """Whoever would give it one, by command or at the desk."""
    settled.residents.erasure.erase(ALICE, "donated", 8)
    with pytest.raises(TokenError) as error:
        settled.desk.issue(ALICE)
    assert error.value.code == "erased"
    with (
        settled.office.database.begin() as connection,
        pytest.raises(CloudError, match="was erased"),
    ):
        settled.book.link(connection, NUMBER, ALICE)
    for table in ("cards", "phones"):
        assert settled.office.rows(f"SELECT * FROM {table}") == []


def test_an_account_that_is_nobodys_has_an_empty_one(light: Lodge) -> None:
    """And no error."""
    told = light.residents.privacy.export(ALICE)
    assert (told["deposits"], told["balance"]["points"], told["numbers"]) == ([], 0, 0)


@pytest.mark.parametrize(("rest", "payee"), [("donated", f"resident:{GUESTS}"), ("forfeited", "")])
def test_the_person_goes_and_the_books_stay(settled: Lodge, rest: str, payee: str) -> None:
    """Nothing leads from number or card to the account; records, entries and sums are as before."""
    before = settled.office.rows("SELECT line FROM records ORDER BY id")
    signed_in, erase = settled.sign_in(), settled.residents.erasure.erase
    erase(ALICE, "donated" if rest == "donated" else "forfeited", 8)
    for table in ("phones", "cards", "card_pins", "sign_ins"):
        assert settled.office.rows(f"SELECT * FROM {table}") == []
    assert settled.office.rows("SELECT sentence FROM appeals") == [("",)]
    assert len(settled.office.rows("SELECT id FROM revocations")) == 1
    assert settled.office.rows("SELECT line FROM records ORDER BY id") == before
    assert len(settled.office.ledger.statement(ALICE)) == 2
    assert settled.office.ledger.balance(ALICE) == Balance(0, 56, 1)
    if payee:
        assert settled.office.ledger.balance(GUESTS).points == 8
    assert settled.office.ledger.totals().postings_sum == 0
    logged = settled.office.rows("SELECT actor, action, detail FROM audit ORDER BY id")
    assert logged[-1] == (f"resident:{ALICE}", "erased", f"{rest} 8")
    with pytest.raises(SignInError):
        settled.residents.sign_ins.check(signed_in.token, ALICE)


def test_the_same_number_makes_a_new_account(at_ease: Lodge) -> None:
    """And the old one lets nobody in, by card or as a demo."""
    card, pin = at_ease.card()
    at_ease.residents.erasure.erase(ALICE, "donated", 8)
    assert at_ease.sign_in().sign_in.account != ALICE
    with pytest.raises(SignInError) as error:
        at_ease.residents.cards.enter(card.text, pin, ADDRESS, "phone")
    assert error.value.code == "wrong-card"
    with pytest.raises(SignInError) as error:
        at_ease.residents.enter_demo("127.0.0.1", "phone")
    assert error.value.code == "erased"
    assert refused(at_ease, 0) == "erased"


def test_what_comes_later_stays_with_the_nameless_account(
    at_ease: Lodge, kiosk: SampleKiosk
) -> None:
    """A kiosk that was offline delivers a load of before: it is credited, and to nobody new."""
    at_ease.residents.erasure.erase(ALICE, "forfeited", 8)
    at_ease.office.post(kiosk.deposit(bay="c"))
    assert at_ease.office.ledger.balance(ALICE).points == 4
    assert at_ease.office.ledger.balance(at_ease.sign_in().sign_in.account).points == 0


def test_a_balance_that_changed_is_looked_at_again(at_ease: Lodge, kiosk: SampleKiosk) -> None:
    """Nobody gives away more, or less, than they were told."""
    at_ease.office.post(kiosk.deposit(bay="c"))
    assert refused(at_ease, 8) == "changed"
    assert len(at_ease.office.rows("SELECT * FROM phones")) == 1
    at_ease.residents.erasure.erase(ALICE, "donated", 12)


def test_a_debt_stays_where_it_is(light: Lodge) -> None:
    """Below zero nothing moves."""
    with light.office.database.begin() as connection:
        move(connection, resident(ALICE), OPERATOR, 5, "reversed", light.office.now_s)
    assert refused(light, 0) == "changed"
    light.residents.erasure.erase(ALICE, "donated", -5)
    assert light.office.rows("SELECT points FROM transfers") == [(5,)]
    assert light.office.ledger.balance(ALICE).points == -5
    assert light.office.ledger.balance(GUESTS).points == 0


def test_what_is_reserved_is_fetched_first(settled: Lodge) -> None:
    """Or cancelled: a partner waits with it."""
    now_s = settled.office.now_s
    with settled.office.database.begin() as connection:
        row: dict[str, Any] = {"id": "market-1", "zh": "店", "en": "Shop", "district": "xihu"}
        row |= {"token_sha256": "x", "expires_at": now_s}
        connection.execute(insert(partners).values(**row))
        row = {"id": 1, "partner": "market-1", "code": "soap", "zh": "皂", "en": "Soap"}
        connection.execute(insert(goods).values(**row, points=4, stock=1, on_sale=True))
        row = {"id": 1, "account": ALICE, "partner": "market-1", "good_id": 1, "zh": "皂"}
        row |= {"en": "Soap", "points": 4, "state": "reserved", "key_sha256": "lock"}
        row |= {"code_sha256": "key", "reserved_at": now_s, "expires_at": now_s + 900}
        connection.execute(insert(redemptions).values(**row))
    assert refused(settled, 8) == "reserved"
    (told,) = settled.residents.privacy.export(ALICE)["redemptions"]
    assert (told["en"], told["state"]) == ("Soap", "reserved")
    assert "code_sha256" not in told


def test_signing_in_while_being_erased_never_ends_in_the_old_account(settled: Lodge) -> None:
    """Whoever comes first: either the sign-in goes with the account, or it is a new one's."""
    challenge, code = settled.ask()
    start = threading.Barrier(2)

    def erase() -> None:
        start.wait(timeout=60)
        settled.residents.erasure.erase(ALICE, "donated", 8)

    def enter() -> str:
        start.wait(timeout=60)
        return settled.residents.by_number().enter(challenge, code, "phone").sign_in.account

    with ThreadPoolExecutor(2) as both:
        erased, entered = both.submit(erase), both.submit(enter)
        erased.result(timeout=60)
        account = entered.result(timeout=60)
    left = settled.office.rows("SELECT account FROM sign_ins")
    assert left == ([] if account == ALICE else [(account,)])
