"""The counter over both databases: cards for those who are known, once each, all of it logged."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text

from cloud.accounts.cards import CardDesk
from cloud.accounts.codes import CityKeys
from cloud.accounts.phones import PhoneBook
from cloud.counter.counter import Counter
from cloud.errors import CounterError, LedgerError, SignInError, StaffError
from cloud.residents.front import open_residents
from cloud.staff.desk import Staff
from cloud.store.bulk import TRYING, take_turns
from cloud.store.database import open_database
from cloud.store.schema_residents import erasures
from contract.errors import TokenError
from contract.fields import GUESTS
from tests.contract.samples import signer

NOW = 1_795_500_000
MEI = Staff("mei", "desk", "*")
NUMBER = "138 0013 8000"


@dataclass
class Desk:
    """A counter, and its database."""

    database: Engine
    counter: Counter

    def log(self) -> list[tuple[str, str]]:
        """What was done and what was said of it, oldest first."""
        with self.database.connect() as connection:
            found = connection.execute(text("SELECT action, detail FROM audit ORDER BY id"))
            return [tuple(row) for row in found]


def opened(database: Engine, *, phones: bool = True) -> Counter:
    """A counter whose ids count up."""
    numbers = itertools.count(1)
    keys = CityKeys(signer("city"))
    book = PhoneBook({}, bytes(32), lambda: f"{next(numbers):016x}") if phones else None
    residents = open_residents(database, {}, keys, lambda: NOW, bytes(32))
    cards = CardDesk(database, keys, lambda: NOW, lambda: next(numbers).to_bytes(8, "big"))
    return Counter(
        database,
        cards,
        book,
        residents.cards.new_pin_in,
        lambda: f"acc0{next(numbers):012x}",
        lambda: NOW,
    )


@pytest.fixture
def desk(where: Path | str) -> Iterator[Desk]:
    """A counter on either database."""
    database = open_database(where)
    yield Desk(database, opened(database))
    database.dispose()


@pytest.fixture
def light(tmp_path: Path) -> Iterator[Desk]:
    """A counter on SQLite alone, for what has nothing to do with the database."""
    database = open_database(tmp_path / "light.sqlite")
    yield Desk(database, opened(database))
    database.dispose()


def refusal(act: Callable[[], object]) -> str:
    """The code with which it is refused."""
    with pytest.raises((CounterError, StaffError, SignInError, TokenError)) as refused:
        act()
    return str(getattr(refused.value, "code", ""))


def test_a_first_card_and_a_second(light: Desk) -> None:
    """The account is new, the cards are numbered, each has a PIN of its own."""
    counter = light.counter
    first = counter.issue(MEI)
    assert counter.find(MEI, first.card.card_id) == first.account
    second = counter.issue(MEI, first.account)
    assert (second.account, second.card.number) == (first.account, 2)
    assert len(first.pin) == len(second.pin) == 6
    assert [one.card_id for one in counter.cards_of(MEI, first.account)] == [
        first.card.card_id,
        second.card.card_id,
    ]
    assert [one[0] for one in light.log()] == [
        "card-issued", "pin-made", "account-looked-up", "card-issued", "pin-made",
    ]  # fmt: skip
    assert not any(first.pin in one[1] or first.card.text in one[1] for one in light.log())
    # Whoever draws a PIN can read what an account has: their district's auditors see that, too.
    counter.pin(replace(MEI, district="xihu"), second.card.card_id)
    with light.database.connect() as connection:
        last = text("SELECT actor, action, district FROM audit ORDER BY id DESC LIMIT 1")
        assert tuple(connection.execute(last).one()) == ("staff:mei", "pin-made", "xihu")


def test_a_card_comes_with_its_pin_or_not_at_all(desk: Desk) -> None:
    """Where the PIN cannot be kept there is no card, and a lost one is still its owner's."""
    counter = desk.counter
    lost = counter.issue(MEI)
    with desk.database.begin() as connection:
        connection.execute(text("ALTER TABLE card_pins RENAME TO away"))
    acts: list[Callable[[], object]] = [
        partial(counter.issue, MEI),
        partial(counter.issue, MEI, lost.account),
        partial(counter.replace, MEI, lost.card.card_id),
    ]
    for act in acts:
        with pytest.raises(LedgerError):
            act()
    (only,) = counter.cards_of(MEI, lost.account)
    assert (only.card_id, only.revoked) == (lost.card.card_id, False)
    assert [one[0] for one in desk.log()] == ["card-issued", "pin-made"]
    with desk.database.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM cards")).scalar_one() == 1


def test_a_lost_card_is_replaced_once(desk: Desk) -> None:
    """Also when two clerks press at the same moment; what was blocked stays so."""
    counter = desk.counter
    lost = counter.issue(MEI).card.card_id
    with ThreadPoolExecutor(2) as both:
        tried = [both.submit(counter.replace, MEI, lost) for _ in range(2)]
    failures = [getattr(one.exception(), "code", "") for one in tried]
    assert sorted(failures) == ["", "revoked"]
    (new,) = [one.result() for one in tried if one.exception() is None]
    assert new.card.number == 2
    counter.block(MEI, new.card.card_id)
    assert [one.revoked for one in counter.cards_of(MEI, new.account)] == [True, True]
    assert refusal(lambda: counter.replace(MEI, new.card.card_id)) == "revoked"
    assert refusal(lambda: counter.pin(MEI, new.card.card_id)) == "unknown-card"
    assert refusal(lambda: counter.block(MEI, "ff" * 8)) == "unknown-card"


def test_no_card_is_made_for_a_digit_that_slipped(desk: Desk) -> None:
    """Nor for the guests' account, nor what is no account at all; each attempt is in the log."""
    counter = desk.counter
    for account in ("a11ce00000000001", GUESTS, "x", "\0'; DROP TABLE cards"):
        assert refusal(partial(counter.issue, MEI, account)) == "unknown-account"
    assert desk.log() == [("counter-refused", "unknown-account")] * 4


def test_a_number_is_linked_on_request(light: Desk) -> None:
    """And finds its account again, however it is typed; it is another's no more, and is kept
    nowhere in the clear."""
    counter = light.counter
    one, other = counter.issue(MEI).account, counter.issue(MEI).account
    counter.link(MEI, one, NUMBER)
    counter.link(MEI, one, "+86 13800138000")
    assert counter.find(MEI, "１３８００１３８０００") == one
    assert refusal(lambda: counter.link(MEI, other, NUMBER)) == "number-taken"
    assert refusal(lambda: counter.link(MEI, other, "12345")) == "not-a-number"
    assert refusal(lambda: counter.find(MEI, "13900139000")) == "unknown-number"
    assert not any("138001" in line[1] for line in light.log())


def test_an_erased_account_gets_no_card(light: Desk) -> None:
    """Its owner wanted it gone: whoever comes again gets a new one."""
    made = light.counter.issue(MEI)
    with light.database.begin() as connection:
        row = {"account": made.account, "at": NOW}
        connection.execute(text("INSERT INTO erasures (account, at) VALUES (:account, :at)"), row)
    assert refusal(lambda: light.counter.issue(MEI, made.account)) == "erased"
    assert refusal(lambda: light.counter.find(MEI, made.account)) == "erased"
    assert refusal(lambda: light.counter.replace(MEI, made.card.card_id)) == "erased"


def test_whoever_is_being_erased_gets_no_card_at_that_moment(desk: Desk) -> None:
    """Neither another card nor a number, which would lead to an account that is to be nobody's."""
    made = desk.counter.issue(MEI)
    keys = CityKeys(signer("city"))
    typed = CardDesk(desk.database, keys, lambda: NOW, lambda: bytes(8))  # at a command line
    acts: list[Callable[[], object]] = [
        partial(typed.issue, made.account),
        partial(typed.replace, made.card.card_id),
        partial(desk.counter.issue, MEI, made.account),
        partial(desk.counter.replace, MEI, made.card.card_id),
        partial(desk.counter.link, MEI, made.account, NUMBER),
    ]
    with ThreadPoolExecutor(len(acts)) as clerks:
        with desk.database.begin() as connection:
            take_turns(connection, [made.account], TRYING)
            erased = {"account": made.account, "at": NOW}
            connection.execute(insert(erasures).values(**erased))
            tried = [clerks.submit(act) for act in acts]
            done, _ = wait(tried, timeout=0.3)
        failures = [one.exception() for one in tried]
    assert not done
    assert [getattr(one, "code", "") for one in failures] == ["erased"] * len(acts)


def test_only_the_desk_serves(light: Desk) -> None:
    """Other roles do nothing there, and their attempts are in the log."""
    ben = Staff("ben", "sign", "xihu")
    counter = light.counter
    assert refusal(lambda: counter.issue(ben)) == "role"
    assert refusal(lambda: counter.find(ben, NUMBER)) == "role"
    assert refusal(lambda: counter.cards_of(ben, "00")) == "role"
    assert refusal(lambda: counter.pin(ben, "00")) == "role"
    assert light.log() == [("counter-refused", "role")] * 4
    assert refusal(lambda: counter.pin(MEI, "00")) == "unknown-card"
    assert light.log()[4:] == [("counter-refused", "unknown-card")]


def test_without_an_index_there_are_no_numbers(tmp_path: Path) -> None:
    """Cards are made all the same."""
    database = open_database(tmp_path / "city.sqlite")
    counter = opened(database, phones=False)
    account = counter.issue(MEI).account
    assert refusal(lambda: counter.find(MEI, NUMBER)) == "no-phones"
    assert refusal(lambda: counter.link(MEI, account, NUMBER)) == "no-phones"
    database.dispose()
