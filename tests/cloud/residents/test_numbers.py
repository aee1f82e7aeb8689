"""Signing in by number: one code, five minutes, few tries, and nothing that tells who is known."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from cloud.errors import SignInError
from cloud.residents.numbers import CODE_S, MOST_TRIES
from cloud.residents.tries import Limit
from tests.cloud.conftest import Office
from tests.cloud.residents.lodge import ADDRESS, NUMBER, OTHER, Lodge, other_digits


def refused(lodge: Lodge, challenge: str, code: str) -> str:
    """The code of the refusal."""
    with pytest.raises(SignInError) as error:
        lodge.residents.by_number().enter(challenge, code, "phone")
    return error.value.code


def test_a_number_gets_one_account_for_good(lodge: Lodge) -> None:
    """However it is typed; another number gets another."""
    first = lodge.sign_in(NUMBER)
    assert lodge.sign_in("+86 138-0000-1111").sign_in.account == first.sign_in.account
    assert lodge.sign_in(OTHER).sign_in.account != first.sign_in.account
    assert [number for number, _ in lodge.texts.sent] == [NUMBER, NUMBER, OTHER]
    assert lodge.residents.sign_ins.whose(first.token) == first.sign_in


def test_a_code_works_once(lodge: Lodge) -> None:
    """Whoever read it over a shoulder comes too late."""
    challenge, code = lodge.ask()
    lodge.residents.by_number().enter(challenge, code, "phone")
    assert refused(lodge, challenge, code) == "wrong-code"


def test_a_code_holds_five_minutes(light: Lodge) -> None:
    """Up to its last second, and not after."""
    challenge, code = light.ask()
    light.office.now_s += CODE_S
    assert refused(light, challenge, code) == "wrong-code"
    challenge, code = light.ask()
    light.office.now_s += CODE_S - 1
    light.residents.by_number().enter(challenge, code, "phone")


def test_a_code_is_guessed_at_five_times_only(lodge: Lodge) -> None:
    """Then the right one is refused too, in the same words; a new code works."""
    challenge, code = lodge.ask()
    for _ in range(MOST_TRIES):
        assert refused(lodge, challenge, other_digits(code)) == "wrong-code"
    assert refused(lodge, challenge, code) == "wrong-code"
    lodge.sign_in()


def test_a_code_belongs_to_who_asked(lodge: Lodge) -> None:
    """Without the challenge of its asking it opens nothing, whatever is told instead."""
    asked, code = lodge.ask()
    for challenge in ("", "nobody-asked", "x' OR '1'='1", "\0", "\ud800", "长"):
        assert refused(lodge, challenge, code) == "wrong-code"
    lodge.residents.by_number().enter(asked, code, "phone")


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", "\0", "\ud800"])
def test_what_is_no_code_is_a_wrong_one(light: Lodge, code: str) -> None:
    """No error of another kind."""
    challenge, _ = light.ask()
    assert refused(light, challenge, code) == "wrong-code"


@pytest.mark.parametrize("typed", ["", "12345", "23800001111", "138000011112", "call me"])
def test_what_is_no_number_is_sent_nothing(light: Lodge, typed: str) -> None:
    """And the refusal does not repeat it."""
    with pytest.raises(SignInError) as error:
        light.residents.by_number().ask(typed, ADDRESS)
    assert error.value.code == "not-a-number"
    assert not typed or typed not in str(error.value)
    assert light.texts.sent == []


def test_a_number_is_not_flooded(lodge: Lodge) -> None:
    """Three messages in a quarter of an hour, ten a day, wherever they are asked for."""
    for turn in range(3):
        lodge.ask(address=f"192.0.2.{turn}")
    with pytest.raises(SignInError, match="at most 3 times in 15 minutes"):
        lodge.ask()
    lodge.ask(OTHER)
    for _ in range(7):
        lodge.office.now_s += 900
        lodge.ask()
    lodge.office.now_s += 900
    with pytest.raises(SignInError, match="at most 10 times in 1440 minutes"):
        lodge.ask()
    lodge.office.now_s += 86_400
    lodge.ask()
    assert len(lodge.texts.sent) == 12


def test_an_address_asks_for_few_numbers(light: Lodge) -> None:
    """A whole network of IPv6 counts as one."""
    for turn in range(60):
        light.ask(f"138{turn:08d}", f"2001:db8:0:1::{turn:x}")
    with pytest.raises(SignInError) as error:
        light.ask(OTHER, "2001:db8:0:1::ffff")
    assert error.value.code == "too-many"
    light.ask(OTHER, "2001:db8:0:2::1")


def test_a_city_sends_so_many_codes_a_minute(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """However many numbers and addresses ask; who is refused has tried nothing."""
    lodge = Lodge(office, in_city=Limit(3, 60))
    for turn in range(3):
        lodge.ask(f"138{turn:08d}", f"192.0.2.{turn}")
    for _ in range(4):
        with pytest.raises(SignInError, match="in a minute, or use card and PIN") as error:
            lodge.ask()
        assert error.value.code == "busy"
    with pytest.raises(SignInError, match="digits"):
        lodge.ask("12")
    assert lodge.residents.refused() == {"busy": 4, "not-a-number": 1}
    assert "event=codes-not-sent most=3 within_s=60" in caplog.text
    assert len(lodge.texts.sent) == 3
    office.now_s -= 3600  # the clock is set back: nobody waits until it is there again
    lodge.ask(OTHER, "192.0.2.9")
    office.now_s += 3660
    lodge.ask()
    lodge.ask()
    numbers, ask = iter(("13800000008", "13800000009")), lodge.residents.by_number().ask
    assert at_once(lambda: ask(next(numbers), ADDRESS)) == ["busy", "done"]


def test_known_and_unknown_are_answered_alike(light: Lodge) -> None:
    """The same fields, the same message but for its digits, the same refusals."""
    light.sign_in(NUMBER)
    known, unknown = light.ask(NUMBER), light.ask(OTHER)
    assert len(known[0]) == len(unknown[0])
    said = [text.replace(code, "") for (_, text), (_, code) in
            zip(light.texts.sent[-2:], (known, unknown), strict=True)]  # fmt: skip
    assert said[0] == said[1]
    assert refused(light, known[0], "") == refused(light, unknown[0], "")


def test_nothing_of_a_number_is_kept(lodge: Lodge) -> None:
    """Neither it, nor the code, nor the token, nor the address stands in any table or error."""
    challenge, code = lodge.ask()
    made = lodge.residents.by_number().enter(challenge, code, "phone")
    lodge.ask(OTHER)
    tables = ("sign_ins", "sign_in_codes", "sign_in_tries", "phones", "audit")
    everything = str([lodge.office.rows(f"SELECT * FROM {table}") for table in tables])
    for secret in (NUMBER, OTHER, made.token, ADDRESS, f"'{code}'"):
        assert secret not in everything
    assert made.sign_in.account in everything


class Silent:
    """A gateway that does not take messages."""

    def send(self, number: str, text: str) -> None:
        """As a full disk would."""
        raise OSError(28, f"No space left for {number} {text}")

    def forget(self) -> None:
        """Nothing waits."""


def test_a_message_that_is_not_sent_is_said_to_be_so(caplog: pytest.LogCaptureFixture) -> None:
    """Without the number, in answer and log."""
    lodge = Lodge(Office(":memory:"), Silent())
    with pytest.raises(SignInError) as error:
        lodge.residents.by_number().ask(NUMBER, ADDRESS)
    assert error.value.code == "text-failed"
    assert "event=text-failed" in caplog.text
    assert NUMBER not in caplog.text + str(error.value)


def test_two_who_tell_one_code_at_once_get_one_sign_in(lodge: Lodge) -> None:
    """And two who ask at once for the last message get one."""
    numbers = lodge.residents.by_number()
    for _ in range(3):
        asked = lodge.ask()
        assert at_once(partial(numbers.enter, *asked, "phone")) == ["done", "wrong-code"]
        lodge.office.now_s += 901
    for _ in range(2):
        lodge.ask(OTHER)
    assert at_once(partial(numbers.ask, OTHER, ADDRESS)) == ["done", "too-many"]


def test_a_new_number_that_signs_in_twice_at_once_is_one_account(lodge: Lodge) -> None:
    """From two phones with a code each."""
    asked = [lodge.ask(), lodge.ask()]
    numbers, accounts = lodge.residents.by_number(), []

    def enter() -> None:
        accounts.append(numbers.enter(*asked.pop(), "phone").sign_in.account)

    assert at_once(enter) == ["done", "done"]
    assert accounts[0] == accounts[1]


def at_once(work: Callable[[], object]) -> list[str]:
    """What two threads that start together come to, in order: done, or a refusal's code."""
    start = threading.Barrier(2)

    def one() -> str:
        start.wait(timeout=60)
        try:
            work()
        except SignInError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as both:
        told = [both.submit(one), both.submit(one)]
        return sorted(each.result(timeout=60) for each in told)
