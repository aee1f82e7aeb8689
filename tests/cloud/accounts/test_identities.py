"""What the platform issues and takes back: codes under changing keys, cards, badges, numbers."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Connection, Engine

from cloud.accounts.cards import CardDesk
from cloud.accounts.codes import CityKeys, CodeIssuer, Successor
from cloud.accounts.phones import PhoneBook, load_phone_book
from cloud.errors import CloudError, LedgerError
from cloud.staff.badges import BadgeDesk
from cloud.store.database import open_database
from contract.badge import Role, read_badge
from contract.card import read_card
from contract.cose import open_claims
from contract.errors import KeyFileError, TokenError
from contract.fields import GUESTS
from contract.keys import FileSigner, key_id_of
from contract.revoked import load_revoked
from contract.sealed import seal
from contract.token import verify
from tests.contract.samples import ALICE, BOB, signer

NOW_S = 1_795_000_000
KIOSK = "hz-xihu-0001"
STAFF = "57aff00000000007"
NUMBER = "13800138000"


def ids() -> Iterator[bytes]:
    """Distinct ids of 8 bytes."""
    return (number.to_bytes(8, "big") for number in range(1, 1000))


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = NOW_S

    def __call__(self) -> int:
        return self.now_s


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A ledger's database, as the desks find it."""
    return open_database(tmp_path / "ledger.sqlite")


@pytest.fixture
def keys() -> CityKeys:
    """The city's only key."""
    return CityKeys(signer("city"))


def test_a_new_key_signs_from_its_day_on_and_no_code_is_lost(time: Time) -> None:
    """A kiosk that knows both takes every code around the change, the last ones of the old too."""
    keys = CityKeys(signer("old"), [Successor(NOW_S + 60, signer("new"))])
    fresh = ids()
    issuer = CodeIssuer(keys, time, lambda: next(fresh))
    used = []
    for now_s in (NOW_S, NOW_S + 59, NOW_S + 60, NOW_S + 61):
        time.now_s = now_s
        code = issuer.issue(ALICE)
        used.append(verify(code.text, keys.public, NOW_S + 100, clock_known=True).key_id)
    old, new = signer("old").key_id, signer("new").key_id
    assert used == [old, old, new, new]


def test_the_citys_keys_are_files_with_their_day(tmp_path: Path) -> None:
    """A successor begins at midnight in China; a file whose name has no day is refused by name."""
    first = FileSigner.new(tmp_path / "city.pem")
    later = FileSigner.new(tmp_path / "city.2027-01-31.pem")
    keys = CityKeys.load(tmp_path)
    midnight_s = 1_801_324_800  # 2027-01-30T16:00:00Z
    assert keys.at(midnight_s - 1).key_id == first.key_id
    assert keys.at(midnight_s).key_id == later.key_id
    assert keys.public == {one.key_id: one.public for one in (first, later)}
    FileSigner.new(tmp_path / "city.soon.pem")
    with pytest.raises(KeyFileError, match=r"city\.soon\.pem names no day"):
        CityKeys.load(tmp_path)


def test_a_lost_card_is_replaced_and_only_the_new_one_is_good(
    time: Time, engine: Engine, keys: CityKeys
) -> None:
    """The account is the same, its number goes up, and the kiosks' list has the lost one."""
    fresh = ids()
    desk = CardDesk(engine, keys, time, lambda: next(fresh))
    lost = desk.issue(ALICE)
    new = desk.replace(lost.card_id)
    assert (lost.number, new.number) == (1, 2)
    revoked = load_revoked(desk.revoked(), keys.public).ids
    opened = open_claims(new.text, keys.public)
    card = read_card(opened, NOW_S, clock_known=True, revoked=revoked)
    assert (card.account, card.card_id) == (ALICE, new.card_id)
    opened = open_claims(lost.text, keys.public)
    with pytest.raises(TokenError, match="reported lost"):
        read_card(opened, NOW_S, clock_known=True, revoked=revoked)


def test_the_list_grows_no_longer_than_needed_and_its_version_rises(
    time: Time, engine: Engine, keys: CityKeys
) -> None:
    """What has expired need not be listed; a later list always has a higher version."""
    fresh = ids()
    desk = CardDesk(engine, keys, time, lambda: next(fresh), ttl_s=1000)
    desk.revoke(desk.issue(ALICE).card_id)
    first = load_revoked(desk.revoked(), keys.public)
    time.now_s += 2000
    later = load_revoked(desk.revoked(), keys.public)
    assert (len(first.ids), len(later.ids)) == (1, 0)
    assert later.version > first.version


def test_what_was_not_issued_here_cannot_be_revoked(
    time: Time, engine: Engine, keys: CityKeys
) -> None:
    """A mistyped id is said, and blocks nobody."""
    fresh = ids()
    desk = CardDesk(engine, keys, time, lambda: next(fresh))
    badges = BadgeDesk(engine, signer("office"), time, lambda: next(fresh))
    for revoke in (desk.revoke, desk.replace, badges.revoke):
        with pytest.raises(CloudError, match="was not issued here"):
            revoke("ffffffffffffffff")
    assert load_revoked(desk.revoked(), keys.public).ids == ()


def test_a_badge_is_issued_and_taken_back(time: Time, engine: Engine, keys: CityKeys) -> None:
    """It stands on the same list as cards do."""
    fresh = ids()
    office = signer("office")
    desk = BadgeDesk(engine, office, time, lambda: next(fresh))
    made = desk.issue(STAFF, [Role.COLLECTION], "浙AD12345")
    opened = open_claims(made.text, {office.key_id: office.public})
    badge = read_badge(opened, NOW_S, clock_known=True, revoked=())
    assert (badge.staff, badge.vehicle) == (STAFF, "浙AD12345")
    assert badge.roles == {Role.COLLECTION}
    desk.revoke(made.badge_id)
    cards = CardDesk(engine, keys, time, lambda: next(fresh))
    assert load_revoked(cards.revoked(), keys.public).ids == (made.badge_id,)


def private(name: str) -> X25519PrivateKey:
    """The same key for the same name."""
    return X25519PrivateKey.from_private_bytes(name.encode().ljust(32, b"."))


def public(key: X25519PrivateKey) -> bytes:
    """Its public half, 32 bytes."""
    return key.public_key().public_bytes_raw()


OLD, NEW = private("old"), private("new")


@pytest.fixture
def database(engine: Engine) -> Iterator[Connection]:
    """One transaction, as the ledger posts in it."""
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def book(database: Connection) -> PhoneBook:
    """A book whose key is being replaced."""
    fresh = (f"acc{number:013x}" for number in range(1, 100))
    keys = {key_id_of(public(one)): one for one in (OLD, NEW)}
    book = PhoneBook(keys, b"i" * 32, lambda: next(fresh))
    book.create(database)
    return book


def typed(number: str, pseudonym: str, key: X25519PrivateKey = NEW) -> str:
    """What a kiosk records of a typed number."""
    return seal(number, public(key), kiosk=KIOSK, account=pseudonym)


def test_one_number_is_one_account_under_whatever_pseudonym_and_key(
    book: PhoneBook, database: Connection
) -> None:
    """A second visit, sealed to another key under another pseudonym, finds the first's account."""
    old = typed(NUMBER, ALICE, OLD)
    first = book.account_of(database, old, kiosk=KIOSK, pseudonym=ALICE)
    second = book.account_of(database, typed(NUMBER, BOB), kiosk=KIOSK, pseudonym=BOB)
    stranger = typed("13900139000", BOB)
    assert first == second != book.account_of(database, stranger, kiosk=KIOSK, pseudonym=BOB)


def test_a_resident_with_an_account_links_their_number_once(
    book: PhoneBook, database: Connection
) -> None:
    """What they type from then on goes to it; nobody takes over a number that has one."""
    book.link(database, "138 0013 8000", ALICE)
    book.link(database, NUMBER, ALICE)
    sealed = typed(NUMBER, BOB)
    assert book.account_of(database, sealed, kiosk=KIOSK, pseudonym=BOB) == ALICE
    with pytest.raises(CloudError, match="another account"):
        book.link(database, NUMBER, BOB)


def test_a_seal_moved_to_another_record_credits_nobody(
    book: PhoneBook, database: Connection
) -> None:
    """It was made for one kiosk and one pseudonym."""
    sealed = typed(NUMBER, ALICE)
    for kiosk, pseudonym in ((KIOSK, BOB), ("other", ALICE)):
        with pytest.raises(TokenError, match="not sealed for"):
            book.account_of(database, sealed, kiosk=kiosk, pseudonym=pseudonym)


def test_the_platforms_database_holds_no_number(
    book: PhoneBook, database: Connection, tmp_path: Path
) -> None:
    """Nor the plain hash of one, against which all numbers could be tried."""
    book.account_of(database, typed(NUMBER, ALICE), kiosk=KIOSK, pseudonym=ALICE)
    database.commit()
    files = [path.read_bytes() for path in tmp_path.glob("ledger.sqlite*")]
    assert any(b"acc0000000000001" in data for data in files)
    plain = sha256(NUMBER.encode())
    for trace in (NUMBER.encode(), plain.digest(), plain.hexdigest().encode()):
        assert not any(trace in data for data in files)


def test_an_index_key_that_is_too_short_is_refused() -> None:
    """It is what keeps eleven digits from being guessed."""
    with pytest.raises(CloudError, match="must have 32"):
        PhoneBook({}, b"short", lambda: ALICE)


def written(path: Path, key: X25519PrivateKey | Ed25519PrivateKey) -> None:
    """A private key as the platform's folder holds it."""
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def test_the_book_is_made_of_the_platforms_files(database: Connection, tmp_path: Path) -> None:
    """Every key of the folder opens; without any there is no book."""
    assert load_phone_book(tmp_path, lambda: ALICE) is None
    written(tmp_path / "phones.pem", OLD)
    written(tmp_path / "phones.2027.pem", NEW)
    (tmp_path / "phones.index").write_text("ab" * 32 + "\n")
    book = load_phone_book(tmp_path, lambda: ALICE)
    assert book is not None
    book.create(database)
    for key in (OLD, NEW):
        sealed = typed(NUMBER, BOB, key)
        assert book.account_of(database, sealed, kiosk=KIOSK, pseudonym=BOB) == ALICE


def test_a_file_that_is_no_key_for_numbers_is_named(tmp_path: Path) -> None:
    """Neither garbage nor a key that signs, and never without the index."""
    path = tmp_path / "phones.pem"
    path.write_text("garbage")
    with pytest.raises(CloudError, match=r"phones\.pem holds no private key"):
        load_phone_book(tmp_path, lambda: ALICE)
    written(path, Ed25519PrivateKey.generate())
    with pytest.raises(CloudError, match=r"phones\.pem holds another kind"):
        load_phone_book(tmp_path, lambda: ALICE)
    written(path, OLD)
    with pytest.raises(CloudError, match=r"phones\.index does not hold"):
        load_phone_book(tmp_path, lambda: ALICE)


def test_the_guests_account_is_nobodys(engine: Engine, keys: CityKeys, time: Time) -> None:
    """No code and no card is made for what was given away, and no page shows one."""
    fresh = ids()
    for desk in (
        CardDesk(engine, keys, time, lambda: next(fresh)),
        CodeIssuer(keys, time, lambda: next(fresh)),
    ):
        with pytest.raises(TokenError) as refused:
            desk.issue(GUESTS)
        assert refused.value.code == "nobodys"


def test_a_database_that_fails_is_said_in_a_sentence(engine: Engine, keys: CityKeys) -> None:
    """To whoever makes a card, a badge or the list of what was lost at a command line."""
    fresh, file = ids(), signer("badges")
    desk = CardDesk(engine, keys, lambda: NOW_S, lambda: next(fresh))
    badges = BadgeDesk(engine, file, lambda: NOW_S, lambda: next(fresh))
    with engine.begin() as connection:
        for table in ("cards", "badges", "revocations"):
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO no_{table}")
    for work in (
        lambda: desk.issue(ALICE),
        lambda: desk.revoke("0" * 16),
        desk.revoked,
        lambda: badges.issue(STAFF, [Role.COLLECTION]),
        lambda: badges.revoke("0" * 16),
    ):
        with pytest.raises(LedgerError, match="no such table"):
            work()
