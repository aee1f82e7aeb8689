"""Who comes to the kiosk, and by what: told to the session's table."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.badge import Role, issue_badge
from contract.bodies import SENT
from contract.card import issue_card
from contract.fields import GUESTS
from contract.keys import SeedSigner, key_id_of
from contract.sealed import seal, unseal
from controller.core import commands, events, touches
from controller.core.bounds import CardDay
from controller.core.identity import Doorkeeper, PhoneDesk
from controller.core.records import Draft
from tests.controller.core.story import ACCOUNT, CITY, CONFIG, NOW_UTC_S, Story, sight
from tests.controller.drafts import journal

OFFICE = SeedSigner(b"o" * 32)
ID = bytes.fromhex("0011223344556677")
CARD = issue_card(CITY, ACCOUNT, NOW_UTC_S, number=1, card_id=ID)
STAFF = "57aff00000000007"
NUMBER = "13800138000"
PLATFORM = X25519PrivateKey.from_private_bytes(b"platform".ljust(32, b"."))
AT = "2026-11-18T00:00:00Z"
PUBLIC = PLATFORM.public_key().public_bytes_raw()


@pytest.fixture
def story() -> Story:
    """A kiosk that knows city and office, allows a card two deposits a day and takes numbers."""
    story = Story()
    city, office = {CITY.key_id: CITY.public}, {OFFICE.key_id: OFFICE.public}
    story.session.doorkeeper = Doorkeeper(city, office, CardDay(most_deposits=2))
    accounts = (f"acc{number:013x}" for number in range(1, 100))

    def sealed(number: str, account: str) -> str:
        return seal(number, PUBLIC, kiosk=CONFIG.kiosk, account=account)

    story.session.phones = PhoneDesk(sealed, lambda: next(accounts), lambda: bytes(16))
    story.node_up()
    return story


def deposit(story: Story) -> None:
    """A bottle, from the open hatch to its points."""
    story.load(24)
    story.look(sight("plastic"))
    story.drop()
    story.empty()
    assert story.message == ("given" if story.session.guest.by == "guest" else "accepted")


def leave(story: Story) -> None:
    """Until the kiosk is idle again."""
    story.hatch = "CLOSED"
    story.wait(200)
    assert story.state == "IDLE"


def come(story: Story, text: str) -> None:
    """Show something, up to the open hatch."""
    story.show(text)
    story.rest()
    story.opened()
    assert story.state == "LOADING"


def test_a_code_that_somebody_else_showed_before_is_refused_and_counted(story: Story) -> None:
    """The screen says why; the bay is dark again, and the picture gets in no second time either."""
    for _ in range(2):
        story.show(story.code())
        wishes = story.happens(events.CodeSeenBefore(b"12345678".hex()))
        assert (story.state, story.message) == ("IDLE", "code-replayed")
        assert commands.Light("a", False) in wishes
    assert story.session.refused["code:replayed"] == 2
    story.wait(60)
    assert story.message == "idle"
    assert not story.commanded(commands.OpenHatch)


def test_who_was_here_last_comes_again_and_the_record_says_so(story: Story) -> None:
    """They forgot a bag, and their phone still shows the same code."""
    come(story, story.code())
    deposit(story)
    leave(story)
    story.show(story.code())
    story.happens(events.CodeSeenBefore(b"12345678".hex()))
    story.rest()
    story.opened()
    deposit(story)
    seen = [one.body["seen_before"] for one in story.committed("deposit")]
    assert seen == [False, True]
    assert story.session.refused["code:replayed"] == 1


def test_after_somebody_with_a_number_the_guest_before_is_no_longer_the_last(story: Story) -> None:
    """Whoever comes in between makes a code that is shown again somebody else's."""
    story.show(story.code())
    story.wait(200)
    type_number(story)
    type_number(story)
    story.wait(200)
    story.show(story.code())
    story.happens(events.CodeSeenBefore(b"12345678".hex()))
    assert story.message == "code-replayed"


def test_an_answer_about_another_code_changes_nothing(story: Story) -> None:
    """It is late, and its guest has gone."""
    story.show(story.code())
    story.happens(events.CodeSeenBefore("ffff"))
    assert story.state == "PREPARING"


def test_a_clock_for_which_nobody_vouches_is_in_the_record(story: Story) -> None:
    """The code is a day old, and who shows it is let in all the same."""
    old = story.code(now_s=NOW_UTC_S - 86_400)
    story.happens(events.CodeShown(old, NOW_UTC_S, "unknown"))
    story.rest()
    story.opened()
    deposit(story)
    assert story.committed("deposit")[0].body["clock_quality"] == "unknown"
    leave(story)
    story.show(old)
    assert story.message == "code-expired"


def test_a_card_brings_so_much_a_day_and_no_more(story: Story) -> None:
    """After the last deposit no hatch opens for it, now or the next time it is shown."""
    come(story, CARD)
    deposit(story)
    leave(story)
    come(story, CARD)
    deposit(story)
    bodies = [one.body for one in story.committed("deposit")]
    assert {(one["by"], one["jti"], one["account"]) for one in bodies} == {
        ("card", ID.hex(), ACCOUNT)
    }
    leave(story)
    story.show(CARD)
    assert (story.state, story.message) == ("IDLE", "card-spent")
    assert story.session.refused["code:spent"] == 1


def test_after_a_restart_a_card_has_brought_what_the_journal_says(story: Story) -> None:
    """Two deposits of today, found at start; those of yesterday are over."""
    for day in ("2026-11-17", "2026-11-18", "2026-11-18"):
        story.happens(events.CardUsed(ID.hex(), day, 4))
    story.show(CARD)
    assert story.message == "card-spent"


def test_a_badge_is_recorded_with_its_roles_and_its_vehicle(story: Story) -> None:
    """The kiosk says so and stays as it is."""
    roles = [Role.COLLECTION, Role.SERVICE]
    ids = {"badge_id": ID, "vehicle": "浙AD12345"}
    story.show(issue_badge(OFFICE, STAFF, NOW_UTC_S, roles=roles, **ids))  # type: ignore[arg-type]
    assert (story.state, story.message) == ("IDLE", "badge-known")
    (record,) = story.committed("service")
    assert record.body["by"] == STAFF
    assert record.body["what"] == f"badge {ID.hex()} shown: collection service 浙AD12345"


def test_of_many_wrong_badges_the_first_are_recorded_and_all_are_counted(story: Story) -> None:
    """So nobody fills the journal with them; residents go on."""
    ended = issue_badge(OFFICE, STAFF, 1, roles=[Role.SERVICE], badge_id=ID)
    for _ in range(5):
        story.show(ended)
    assert story.message == "badge-refused"
    assert [one.body["what"] for one in story.committed("service")] == [
        "badge refused: expired"
    ] * 3
    assert story.session.refused["badge:expired"] == 5
    come(story, story.code())


def type_number(story: Story, number: str = NUMBER) -> None:
    """A number on the keypad."""
    story.happens(events.PhoneTyped(number, NOW_UTC_S, "synchronised"))


def test_a_typed_number_leaves_the_core_sealed(story: Story) -> None:
    """Neither commands nor views nor counts hold it; the platform reads it in the deposit."""
    type_number(story)
    assert story.message == "phone-again"
    views = [repr(story.view)]
    type_number(story, "138 0013 8000")
    views.append(repr(story.view))
    story.rest()
    story.opened()
    deposit(story)
    views.append(repr(story.view))
    assert NUMBER not in repr((story.asked, story.written, views, story.session.refused))
    assert NUMBER not in repr(events.PhoneTyped(NUMBER, NOW_UTC_S, "synchronised"))
    (record,) = story.committed("deposit")
    assert (record.body["by"], record.body["account"]) == ("phone", f"acc{1:013x}")
    keys = {key_id_of(PUBLIC): PLATFORM}
    opened = unseal(record.body["sealed"], keys, kiosk=CONFIG.kiosk, account=f"acc{1:013x}")
    assert opened == NUMBER


def test_a_yes_in_place_of_the_second_typing_will_do(story: Story) -> None:
    """Who typed it reads it on the keypad."""
    type_number(story)
    story.happens(events.PhoneConfirmed(NOW_UTC_S, "synchronised"))
    assert story.state == "PREPARING"
    assert story.session.guest.by == "phone"


def test_numbers_that_differ_or_are_none_let_nobody_in(story: Story) -> None:
    """Each has its sentence and its count."""
    type_number(story)
    type_number(story, "13900139000")
    assert (story.state, story.message) == ("IDLE", "phone-differs")
    type_number(story, "12345")
    assert story.message == "phone-wrong"
    assert dict(story.session.refused) == {"phone:numbers-differ": 1, "phone:not-a-number": 1}


def test_a_number_that_nobody_confirms_is_forgotten(story: Story) -> None:
    """After a while, and as soon as somebody else is there."""
    type_number(story)
    story.wait(60)
    story.happens(events.PhoneConfirmed(NOW_UTC_S, "synchronised"))
    assert (story.state, story.message) == ("IDLE", "phone-wrong")
    type_number(story)
    come(story, story.code())
    leave(story)
    story.happens(events.PhoneConfirmed(NOW_UTC_S, "synchronised"))
    assert story.message == "phone-wrong"


def test_a_kiosk_without_the_platforms_key_takes_no_numbers() -> None:
    """It could not seal them."""
    story = Story()
    type_number(story)
    assert (story.state, story.message) == ("IDLE", "phone-not-here")


def test_the_journal_of_a_typed_number_holds_none(
    story: Story, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Every byte that the disk gets, and every line that is logged on the way."""
    with caplog.at_level(0):
        type_number(story)
        type_number(story)
        story.rest()
        story.opened()
        deposit(story)
        with closing(journal(tmp_path / "journal.sqlite")) as file:
            for wish in story.written:
                sent = wish.kind in SENT
                file.append(Draft(wish.kind, wish.body, AT, sent=sent, closes=wish.closes))
            disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    sealed = story.committed("deposit")[0].body["sealed"]
    assert sealed.encode() in disk
    assert NUMBER.encode() not in disk
    assert NUMBER not in caplog.text


def test_a_number_that_was_confirmed_at_the_keypad_is_typed_once(story: Story) -> None:
    """Whoever began to type before, and went away, does not matter."""
    type_number(story, "13900139000")
    story.happens(events.PhoneTyped(NUMBER, NOW_UTC_S, "synchronised", confirmed=True))
    assert story.state == "PREPARING"
    sealed = story.session.guest.sealed
    keys = {key_id_of(PUBLIC): PLATFORM}
    account = story.session.guest.account
    assert unseal(sealed, keys, kiosk=CONFIG.kiosk, account=account) == NUMBER


def test_a_confirmed_number_that_is_none_lets_nobody_in(story: Story) -> None:
    """It is said, and counted once."""
    story.happens(events.PhoneTyped("12345678901", NOW_UTC_S, "synchronised", confirmed=True))
    assert (story.state, story.message) == ("IDLE", "phone-wrong")
    assert dict(story.session.refused) == {"phone:not-a-number": 1}


def test_a_guest_whose_load_hangs_is_promised_no_account(story: Story) -> None:
    """They have none: what staff find goes where their points were to go."""
    story.happens(events.GuestCame(NOW_UTC_S, "synchronised"))
    story.rest()
    story.opened()
    story.load(500)
    story.look(sight("paper", 0.998))
    for _ in range(CONFIG.session.drop_attempts):
        story.gate_cycles += 1
        story.happens(events.GateCycled("a", 1, story.gate_cycles))
        story.rest(2)
    assert (story.state, story.message) == ("FAREWELL", "uncertain-given")


def test_a_guest_gives_the_points_away(story: Story) -> None:
    """The record says so, and the account is nobody's; guests are told what they gave."""
    story.happens(events.GuestCame(NOW_UTC_S, "synchronised"))
    story.rest()
    story.opened()
    deposit(story)
    (record,) = story.committed("deposit")
    assert (record.body["by"], record.body["account"]) == ("guest", GUESTS)
    assert "sealed" not in record.body
    assert story.message == "given"
    story.happens(touches.ResidentLeft())
    assert (story.state, story.message) == ("FAREWELL", "farewell-given")
