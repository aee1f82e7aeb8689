"""Deposits by a typed phone number: the ledger credits whose number it is, and knows none."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Engine, text

from cloud.accounts.phones import PhoneBook
from cloud.accounts.revocations import metadata as card_tables
from cloud.errors import DecisionError
from cloud.keys.keyring import Keyring
from cloud.ledger.held.decisions import Place
from cloud.ledger.ledger import Ledger
from cloud.residents.erasure import Erasure
from cloud.staff.desk import Staff
from cloud.store.database import open_database
from cloud.store.migrate import make_tables
from contract.catalogue import example
from contract.keys import key_id_of
from contract.sealed import seal
from tests.cloud.conftest import batch
from tests.contract.samples import ALICE, BOB, SampleKiosk, signer

KIOSK = "hz-xihu-0001"
NUMBER = "13800138000"
KEY = X25519PrivateKey.from_private_bytes(b"platform".ljust(32, b"."))
PUBLIC = KEY.public_key().public_bytes_raw()
OWNER = "acc0000000000001"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The ledger's database."""
    return open_database(tmp_path / "ledger.sqlite")


def book() -> PhoneBook:
    """A book whose first number gets the account `OWNER`."""
    return PhoneBook({key_id_of(PUBLIC): KEY}, b"i" * 32, lambda: OWNER)


def ledger_of(engine: Engine, phones: PhoneBook | None) -> Ledger:
    """A ledger that can read numbers, or cannot."""
    catalogue = example().model_copy(update={"version": "2026-11-a"})
    keys = {KIOSK: Keyring(signer(KIOSK).public)}
    return Ledger(engine, {"2026-11-a": catalogue}, keys, lambda: 1_795_000_000, phones=phones)


def typed(pseudonym: str) -> dict[str, str]:
    """What a record says of a typed number."""
    sealed = seal(NUMBER, PUBLIC, kiosk=KIOSK, account=pseudonym)
    return {"by": "phone", "jti": "", "account": pseudonym, "sealed": sealed}


def test_deposits_by_one_number_are_one_accounts(engine: Engine) -> None:
    """Under two pseudonyms; the same deposits again add nothing, and the pseudonyms have none."""
    ledger, kiosk = ledger_of(engine, book()), SampleKiosk(KIOSK)
    worth = kiosk.deposit(**typed(ALICE)), kiosk.deposit(**typed(BOB))
    for _ in range(2):
        ledger.post(KIOSK, batch(*worth))
    assert ledger.balance(OWNER).points == 8
    assert len(ledger.statement(OWNER)) == 2
    assert ledger.balance(ALICE).points == ledger.balance(BOB).points == 0


def test_without_the_key_such_a_deposit_waits_and_is_credited_later(engine: Engine) -> None:
    """Held, not lost: the platform is started again once the key lies in its folder."""
    kiosk = SampleKiosk(KIOSK)
    waiting = ledger_of(engine, None)
    waiting.post(KIOSK, batch(kiosk.deposit(**typed(ALICE))))
    assert waiting.balance(ALICE).held == 1
    later = ledger_of(engine, book())
    assert later.settle() == 1
    assert (later.balance(OWNER).points, later.balance(ALICE).held) == (4, 0)


def test_a_seal_that_was_moved_credits_neither_of_both(engine: Engine) -> None:
    """A kiosk that copies somebody's sealed number into another record gains nothing."""
    ledger, kiosk = ledger_of(engine, book()), SampleKiosk(KIOSK)
    ledger.post(KIOSK, batch(kiosk.deposit(**(typed(ALICE) | {"account": BOB}))))
    assert (ledger.balance(BOB).held, ledger.balance(OWNER).points) == (1, 0)


REFEREE = Staff("wang", "decide", "*")


def test_what_staff_release_is_whose_number_it_is(engine: Engine) -> None:
    """Entered back and again, or where nobody knew whether it fell: never a pseudonym's."""
    ledger, kiosk = ledger_of(engine, book()), SampleKiosk(KIOSK)
    ledger.post(KIOSK, batch(kiosk.deposit(**typed(ALICE)), kiosk.uncertain(**typed(BOB))))
    ledger.decisions.decide(REFEREE, Place(KIOSK, kiosk.epoch, 2), "refused", "Not a bottle.")
    assert ledger.balance(OWNER).points == 0
    ledger.decisions.decide(REFEREE, Place(KIOSK, kiosk.epoch, 2), "released", "It is one.")
    assert ledger.balance(OWNER).points == 4
    ledger.decisions.decide(REFEREE, Place(KIOSK, kiosk.epoch, 3), "released", "It fell.")
    assert ledger.balance(OWNER).points == 8
    assert ledger.balance(ALICE).points == ledger.balance(BOB).points == 0


def test_a_load_of_a_number_that_nobody_reads_is_not_released(engine: Engine) -> None:
    """Not at once, and not after a refusal: to whom would it be credited?"""
    ledger, kiosk = ledger_of(engine, None), SampleKiosk(KIOSK)
    ledger.post(KIOSK, batch(kiosk.deposit(**typed(ALICE))))
    place = Place(KIOSK, kiosk.epoch, 2)
    for _ in range(2):
        with pytest.raises(DecisionError, match="cannot be read here"):
            ledger.decisions.decide(REFEREE, place, "released", "It fell.")
        if ledger.balance(ALICE).held:
            ledger.decisions.decide(REFEREE, place, "refused", "Nobody's.")
    later = ledger_of(engine, book())
    later.decisions.decide(REFEREE, place, "released", "The key is here.")
    assert (later.balance(OWNER).points, later.balance(ALICE).points) == (4, 0)
    (case,) = later.decisions.of_account(OWNER)
    assert (case.status, case.reason) == ("credited", "The key is here.")
    assert later.decisions.of_account(ALICE) == []


def test_what_was_credited_is_told_again_after_its_person_is_gone(engine: Engine) -> None:
    """By a kiosk that lost its journal: nothing waits for staff, and their number is not entered
    anew for a load of before."""
    owners = iter((OWNER, "acc0000000000002"))
    numbers = PhoneBook({key_id_of(PUBLIC): KEY}, b"i" * 32, lambda: next(owners))
    ledger, kiosk, said = ledger_of(engine, numbers), SampleKiosk(KIOSK), typed(ALICE)
    ledger.post(KIOSK, batch(kiosk.deposit(**said)))
    with engine.begin() as connection:
        make_tables(connection, card_tables)
    Erasure(engine, lambda: 1_795_000_000).erase(OWNER, "forfeited", 4)
    again = SampleKiosk(KIOSK, epoch="f" * 16)
    ledger.post(KIOSK, batch(again.deposit(**said), epoch=again.epoch))
    assert ledger.held() == {}
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM phones")).scalar_one() == 0
