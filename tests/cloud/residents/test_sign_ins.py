"""Who is signed in: lists, ends, and what is forgotten by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.errors import SignInError
from cloud.residents.keyed import Keyed
from cloud.residents.sign_ins import FRESH_S, HOLDS_S
from cloud.residents.texts import KEPT_S, LoggedTexts, SpoolTexts
from tests.cloud.conftest import Office, Server
from tests.cloud.residents.lodge import ADDRESS, NUMBER, OTHER, Lodge
from tests.contract.samples import ALICE, BOB


def refused(lodge: Lodge, token: str, account: str) -> str:
    """The code with which an account's door stays shut."""
    with pytest.raises(SignInError) as error:
        lodge.residents.sign_ins.check(token, account)
    return error.value.code


def test_a_token_opens_its_own_account(lodge: Lodge) -> None:
    """No other, and nobody else's token any."""
    made = lodge.sign_in()
    account = made.sign_in.account
    assert lodge.residents.sign_ins.check(made.token, account) == made.sign_in
    assert refused(lodge, made.token, BOB) == "other-account"
    for token in ("", "forged", made.token + "x", made.sign_in.sign_in_id, "\0", "\ud800"):
        assert refused(lodge, token, account) == "not-signed-in"


def test_a_sign_in_ends_after_a_month(light: Lodge) -> None:
    """And cannot undo anything after ten minutes."""
    made = light.sign_in()
    account, sign_ins = made.sign_in.account, light.residents.sign_ins
    light.office.now_s += FRESH_S - 1
    sign_ins.check_fresh(made.token, account)
    light.office.now_s += 1
    with pytest.raises(SignInError) as error:
        sign_ins.check_fresh(made.token, account)
    assert error.value.code == "sign-in-again"
    light.office.now_s = made.sign_in.at - FRESH_S  # the clock was set back
    with pytest.raises(SignInError) as error:
        sign_ins.check_fresh(made.token, account)
    assert error.value.code == "sign-in-again"
    light.office.now_s = made.sign_in.at + HOLDS_S
    assert refused(light, made.token, account) == "not-signed-in"
    assert sign_ins.of_account(account) == []


def test_the_list_names_each_and_ends_one_or_all(lodge: Lodge) -> None:
    """Newest first; nobody ends another account's."""
    sign_ins = lodge.residents.sign_ins
    first = lodge.sign_in()
    lodge.office.now_s += 5
    second, other = lodge.sign_in(), lodge.sign_in(OTHER)
    account = first.sign_in.account
    assert sign_ins.of_account(account) == [second.sign_in, first.sign_in]
    for sign_in_id in (other.sign_in.sign_in_id, "0" * 16):
        with pytest.raises(SignInError) as error:
            sign_ins.end(account, sign_in_id)
        assert error.value.code == "unknown-sign-in"
    sign_ins.end(account, first.sign_in.sign_in_id)
    assert refused(lodge, first.token, account) == "not-signed-in"
    sign_ins.check(second.token, account)
    sign_ins.end_all(account)
    assert refused(lodge, second.token, account) == "not-signed-in"
    sign_ins.check(other.token, other.sign_in.account)


def test_what_has_ended_is_forgotten(lodge: Lodge) -> None:
    """Codes after minutes, tries after a day, sign-ins after a month."""
    counted = "SELECT (SELECT count(*) FROM sign_in_codes), (SELECT count(*) FROM sign_in_tries),"
    counted += " (SELECT count(*) FROM sign_ins)"
    lodge.sign_in()
    lodge.ask()
    assert lodge.office.rows(counted) == [(1, 6, 1)]
    for later_s, left in ((300, (0, 6, 1)), (86_400, (0, 0, 1)), (HOLDS_S, (0, 0, 0))):
        lodge.office.now_s += later_s
        lodge.residents.sign_ins.forget()
        assert lodge.office.rows(counted) == [left]


def test_a_demo_opens_on_its_own_machine_alone(light: Lodge) -> None:
    """And only the accounts that it was started with."""
    assert light.residents.enter_demo("::1", "phone").sign_in.account == ALICE
    for address, account in (("192.0.2.1", ALICE), ("", ""), ("127.0.0.1", BOB)):
        with pytest.raises(SignInError) as error:
            light.residents.enter_demo(address, "phone", account)
        assert error.value.code == "not-here"


def test_the_spool_holds_whole_messages_for_ten_minutes(tmp_path: Path) -> None:
    """Readable by nobody else; what no gateway fetched goes with the next one."""
    now_s = [1_795_500_000]
    texts = SpoolTexts(tmp_path / "texts", lambda: now_s[0])
    texts.send(NUMBER, "码 123456")
    (path,) = (tmp_path / "texts").iterdir()
    assert path.suffix == ".json"
    assert path.read_text() == f'{{"number": "+86{NUMBER}", "text": "码 123456"}}'
    assert path.stat().st_mode & 0o777 == 0o600
    (tmp_path / "texts" / "gateway.lock").touch()
    now_s[0] += KEPT_S
    texts.send(OTHER, "码 654321")
    assert not path.exists()
    assert (tmp_path / "texts" / "gateway.lock").exists()


def test_a_message_that_nobody_fetched_goes_without_another(tmp_path: Path) -> None:
    """It names a number: where the gateway is down, nobody may ask again for days."""
    office = Office(":memory:")
    texts = SpoolTexts(tmp_path / "texts", lambda: office.now_s)
    lodge = Lodge(office, texts)
    lodge.residents.by_number().ask(NUMBER, ADDRESS)
    lodge.residents.forget()
    assert len(list((tmp_path / "texts").iterdir())) == 1
    office.now_s += KEPT_S
    lodge.residents.forget()
    assert list((tmp_path / "texts").iterdir()) == []


def test_what_somebody_is_just_deleting_is_left_to_them(postgresql: Server) -> None:
    """Whoever forgets waits for nobody, so nobody ends up waiting for each other."""
    office = Office(postgresql.new_address())
    lodge = Lodge(office)
    lodge.sign_in()
    lodge.sign_in(OTHER)
    office.now_s += HOLDS_S
    with office.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sign_ins WHERE id = (SELECT min(id) FROM sign_ins)")
        lodge.residents.forget()
        assert len(office.rows("SELECT id FROM sign_ins")) == 1
    assert office.rows("SELECT id FROM sign_ins") == []
    office.database.dispose()


def test_ipv4_is_told_apart_however_a_proxy_writes_it() -> None:
    """One that listens to both kinds writes ::ffff:192.0.2.1: all of IPv4 were one network."""
    of = Keyed(b"s" * 32).of_address
    assert of("::ffff:192.0.2.1") == of("192.0.2.1") != of("::ffff:192.0.2.2")


def test_a_demos_log_has_the_code_and_no_number(caplog: pytest.LogCaptureFixture) -> None:
    """Somebody at the demo reads the code there."""
    LoggedTexts().send(NUMBER, "code: 123456")
    assert "123456" in caplog.text
    assert NUMBER not in caplog.text


@given(st.text(), st.text(), st.binary(min_size=32, max_size=32))
def test_hashes_say_nothing_and_differ(one: str, other: str, secret: bytes) -> None:
    """By text, by name and by secret; of any text, half a surrogate pair included."""
    keyed = Keyed(secret)
    assert len(keyed.of("pin", one)) == 64
    assert (keyed.of("pin", one) == keyed.of("pin", other)) == (one == other)
    assert keyed.of("pin", one) != keyed.of("code", one)
    assert keyed.of("pin", one) != Keyed(secret[::-1] + b"x").of("pin", one)
    assert len(keyed.of_address(one)) == 64
