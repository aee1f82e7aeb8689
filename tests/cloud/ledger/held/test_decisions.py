"""What is held: why, what its resident says about it, and what staff make of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import event

from cloud.errors import DecisionError, LedgerError
from cloud.ledger.held.decisions import Decisions, Place
from cloud.ledger.held.sentences import KEPT_S
from cloud.staff.auditing import AuditLog
from cloud.staff.desk import Staff
from tests.cloud.conftest import KIOSKS, Office, batch
from tests.cloud.hearing import GRAMS, PIECE, REFEREE, WHY, at, points
from tests.cloud.ledger.test_bad_records import body, changed, signed
from tests.contract.samples import ALICE, BOB, SampleKiosk


def test_a_held_load_is_released_and_credited_once(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """By its price like any other; whatever the kiosk tells of it afterwards changes nothing."""
    office.post(kiosk.uncertain())
    (case,) = decisions.of_account(ALICE)
    assert (case.status, case.code, case.may_appeal) == ("held", "uncertain", True)
    decisions.decide(REFEREE, at(1), "released", WHY)
    assert points(office) == (PIECE, GRAMS, 0)
    assert [one.deposit_id for one in office.ledger.statement(ALICE)] == ["s1-1"]
    twin = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    office.post(twin.deposit(), epoch=twin.epoch)
    office.post(SampleKiosk(KIOSKS[0], epoch="5be1000000000003").uncertain(), epoch="f" * 16)
    assert points(office) == (PIECE, GRAMS, 0)
    (case,) = decisions.of_account(ALICE)
    assert (case.status, case.reason, case.may_appeal) == ("credited", WHY, False)


def test_a_refused_load_stays_refused_until_its_appeal_is_heard(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """The resident reads why, says one sentence, once, and staff decide anew."""
    office.post(kiosk.uncertain())
    decisions.decide(REFEREE, at(1), "refused", "The bin was empty.")
    twin = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    office.post(twin.deposit(), epoch=twin.epoch)
    assert points(office) == (0, 0, 0)
    assert decisions.held(REFEREE) == []
    office.now_s += 60
    decisions.appeal(ALICE, at(1), "I heard it fall.")
    (case,) = decisions.held(REFEREE)
    assert (case.status, case.appeal, case.reason) == (
        "refused",
        "I heard it fall.",
        "The bin was empty.",
    )
    with pytest.raises(DecisionError, match="made already"):
        decisions.appeal(ALICE, at(1), "And another thing.")
    office.now_s += 60
    decisions.decide(REFEREE, at(1), "released", WHY)
    assert (points(office), decisions.held(REFEREE)) == ((PIECE, GRAMS, 0), [])


def test_a_credited_load_is_entered_back_and_again(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """Nothing is taken out of the books, its correction neither; both entries say why."""
    office.post(kiosk.deposit(points=9), kiosk.deposit(deposit_id="s1-other"))
    decisions.decide(REFEREE, at(2), "refused", "It was a stone.")
    assert points(office) == (PIECE, GRAMS, 0)
    reasons = [row[0] for row in office.rows("SELECT reason FROM entries ORDER BY id")]
    assert reasons[-1] == "reversed: It was a stone."
    assert {one.deposit_id: one.refused for one in office.ledger.statement(ALICE)} == {
        "s1-1": "It was a stone.",
        "s1-other": "",
    }
    decisions.decide(REFEREE, at(2), "released", WHY)
    assert points(office) == (2 * PIECE, 2 * GRAMS, 0)
    decisions.decide(REFEREE, at(2), "refused", "It was a stone after all.")
    assert points(office) == (PIECE, GRAMS, 0)


def test_another_load_under_a_credited_name_can_be_released(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """Both are real; and the second, told again in a third epoch, waits for nobody."""
    office.post(kiosk.deposit())
    for number in (2, 3, 4):
        twin = SampleKiosk(KIOSKS[0], epoch=f"5be100000000000{number}")
        office.post(twin.deposit(mass_g=800, points=52), epoch=twin.epoch)
        if number == 3:
            assert points(office)[2] == 2
            decisions.decide(REFEREE, at(2, "5be1000000000002"), "released", WHY)
    assert points(office) == (PIECE + 52, GRAMS + 920, 0)


@pytest.mark.parametrize(
    ("staff", "place", "code"),
    [
        (REFEREE, at(99), "unknown-record"),
        (REFEREE, at(2), "cannot-credit"),
        (REFEREE, at(3), "not-held"),
        (REFEREE, at(5), "already"),
    ],
)
def test_a_decision_that_cannot_be_is_named(
    office: Office,
    kiosk: SampleKiosk,
    decisions: Decisions,
    staff: Staff,
    place: Place,
    code: str,
) -> None:
    """And nothing changes by it, in the books or in the log."""
    office.post(kiosk.uncertain(), kiosk.uncertain(jti="\0"), kiosk.void(), kiosk.deposit())
    before = points(office)
    with pytest.raises(DecisionError) as refusal:
        decisions.decide(staff, place, "released", WHY)
    assert (refusal.value.code, points(office)) == (code, before)
    assert office.rows("SELECT id FROM audit") == []


@pytest.mark.parametrize(
    ("staff", "code"),
    [
        (Staff("li", "decide", "yuhang"), "other-district"),
        (Staff("li", "read", "xihu"), "role"),
    ],
)
@pytest.mark.parametrize("reason", [WHY, ""])
def test_staff_who_may_not_decide_are_in_the_log(
    office: Office,
    kiosk: SampleKiosk,
    decisions: Decisions,
    staff: Staff,
    code: str,
    reason: str,
) -> None:
    """Whatever they wrote; nothing else changes, and the staff of the district see who tried."""
    office.post(kiosk.uncertain())
    with pytest.raises(DecisionError) as refusal:
        decisions.decide(staff, at(1), "released", reason)
    assert (refusal.value.code, points(office)) == (code, (0, 0, 1))
    (line,) = AuditLog(office.database).lines(REFEREE)
    assert (line.actor, line.action, line.seq, line.detail) == ("staff:li", "denied", 1, code)


def test_what_a_code_kept_from_being_released_a_refusal_does_not_free(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """A name with U+0000 stays without a price after staff refused it and thought again."""
    office.post(kiosk.uncertain(jti="\0"))
    decisions.decide(REFEREE, at(1), "refused", "No kiosk of ours.")
    with pytest.raises(DecisionError) as refusal:
        decisions.decide(REFEREE, at(1), "released", WHY)
    assert (refusal.value.code, points(office)) == ("cannot-credit", (0, 0, 0))


def test_a_load_that_another_record_credited_is_not_released_again(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """One worker lacked the catalogue and held it, another had it when the load was told again."""
    catalogue = office.catalogues.pop("2026-11-a")
    office.post(kiosk.deposit())
    office.catalogues["2026-11-a"] = catalogue
    twin = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    office.post(twin.deposit(), epoch=twin.epoch)
    with pytest.raises(DecisionError, match="record 2 of epoch 5be1000000000002") as refusal:
        decisions.decide(REFEREE, at(2), "released", WHY)
    assert (refusal.value.code, points(office)) == ("already", (PIECE, GRAMS, 1))


def test_what_is_not_understood_has_no_twins(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """A decision about one such record leaves the others where they are."""
    for sealed in (kiosk.deposit(), kiosk.deposit()):
        strange = changed(kind="rumour", body={"load": "a"})(json.loads(sealed.line))
        office.post(signed(strange, kiosk.signer))
    decisions.decide(REFEREE, at(2), "refused", "A test of the manufacturer's.")
    assert [one.seq for one in decisions.held(REFEREE)] == [4]


@pytest.mark.parametrize("account", [["a"], "nul\0"])
def test_whatever_a_load_that_is_not_understood_says_it_can_be_refused(
    office: Office, kiosk: SampleKiosk, decisions: Decisions, account: object
) -> None:
    """Else it stood before all others for ever, and nobody could do anything about it."""
    strange = body(account=account)(json.loads(kiosk.deposit().line))
    office.post(signed(strange, kiosk.signer))
    decisions.decide(REFEREE, at(2), "refused", "A test of the manufacturer's.")
    assert decisions.held(REFEREE) == []


def test_an_appeal_and_its_decision_in_one_second_are_told_apart(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """What was decided after the appeal waits no longer; what was appealed after it does."""
    office.post(kiosk.uncertain())
    decisions.appeal(ALICE, at(1), "I heard it fall.")
    decisions.decide(REFEREE, at(1), "refused", "The bin was empty.")
    assert decisions.held(REFEREE) == []
    office.post(kiosk.uncertain())
    decisions.decide(REFEREE, at(2), "refused", "The bin was empty.")
    decisions.appeal(ALICE, at(2), "I heard that one too.")
    assert [one.seq for one in decisions.held(REFEREE)] == [2]


def test_staff_see_what_waits_in_their_district_however_much_waits_elsewhere(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """The longest waiting comes first."""
    office.post(kiosk.uncertain(), kiosk.uncertain())
    other = SampleKiosk(KIOSKS[1])
    for _ in range(3):
        office.ledger.post(KIOSKS[1], batch(other.uncertain(), kiosk=KIOSKS[1]))
    assert [one.seq for one in decisions.held(REFEREE, limit=2)] == [1, 2]
    assert decisions.held(Staff("li", "read", "binjiang")) == []


@pytest.mark.parametrize(
    "said", ["它掉下去了\u3000我看见了", "I heard it \U0001f9d1\u200d\U0001f527"]
)
def test_a_sentence_may_be_written_as_people_write(
    office: Office, kiosk: SampleKiosk, decisions: Decisions, said: str
) -> None:
    """With the wide space of a Chinese keyboard, or a joined emoji."""
    office.post(kiosk.uncertain())
    decisions.appeal(ALICE, at(1), said)
    assert decisions.of_account(ALICE)[0].appeal == said


def test_a_sentence_is_forgotten_half_a_year_after_its_decision(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """It may name people. That it was said stays, so nobody appeals twice; what waits is kept."""
    office.post(kiosk.uncertain(), kiosk.uncertain())
    decisions.appeal(ALICE, at(1), "My neighbour Li saw it.")
    decisions.appeal(ALICE, at(2), "Li saw that one too.")
    decisions.decide(REFEREE, at(1), "refused", "The bin was empty.")
    office.now_s += KEPT_S - 1
    decisions.forget()
    assert decisions.of_account(ALICE)[1].appeal == "My neighbour Li saw it."
    office.now_s += 1
    decisions.forget()
    waiting, refused = decisions.of_account(ALICE)
    assert (waiting.appeal, refused.appeal) == ("Li saw that one too.", "")
    assert not refused.may_appeal
    assert decisions.held(REFEREE) == [waiting]


def test_a_sentence_that_nobody_need_decide_on_is_forgotten_too(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """The kiosk told later that the load fell: of its record no decision will ever be."""
    office.post(kiosk.uncertain())
    decisions.appeal(ALICE, at(1), "My neighbour Li saw it.")
    twin = SampleKiosk(KIOSKS[0], epoch="5be1000000000002")
    office.post(twin.deposit(), epoch=twin.epoch)
    assert points(office) == (PIECE, GRAMS, 0)
    for forgets, kept in ((KEPT_S - 1, [("My neighbour Li saw it.",)]), (1, [("",)])):
        office.now_s += forgets
        decisions.forget()
        assert office.rows("SELECT sentence FROM appeals") == kept


def test_what_was_entered_back_counts_nowhere(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """Neither in the kiosk's month nor where the receipt is handed in again."""
    sealed = kiosk.deposit()
    office.post(sealed, kiosk.deposit())
    decisions.decide(REFEREE, at(2), "refused", "It was a stone.")
    (month,) = office.ledger.month(KIOSKS[0], "2026-11")
    assert (month.deposits, month.points, month.carbon_g) == (1, PIECE, GRAMS)
    claim = office.ledger.claim(sealed.line)
    assert (claim.outcome, claim.code, claim.points) == ("known", "refused", 0)
    decisions.decide(REFEREE, at(2), "released", WHY)
    assert office.ledger.month(KIOSKS[0], "2026-11")[0].deposits == 2
    assert office.ledger.claim(sealed.line).points == PIECE


@pytest.mark.parametrize("sentence", ["", " ", "x" * 301, "two\nlines", "nul\0"])
def test_an_appeal_is_one_sentence(
    office: Office, kiosk: SampleKiosk, decisions: Decisions, sentence: str
) -> None:
    """Of the owner, about what is not credited."""
    office.post(kiosk.uncertain(), kiosk.deposit())
    for account, place, said, code in (
        (ALICE, at(1), sentence, "text"),
        (BOB, at(1), "It is mine.", "not-yours"),
        (ALICE, at(3), "More!", "not-held"),
    ):
        with pytest.raises(DecisionError) as refusal:
            decisions.appeal(account, place, said)
        assert refusal.value.code == code


def test_a_database_that_fails_decides_nothing(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """No credit without its line in the log."""
    office.post(kiosk.uncertain())
    with office.full_disk("audit"), pytest.raises(LedgerError):
        decisions.decide(REFEREE, at(1), "released", WHY)
    assert points(office) == (0, 0, 1)
    decisions.decide(REFEREE, at(1), "released", WHY)
    assert points(office) == (PIECE, GRAMS, 0)


def test_what_was_decided_for_one_account_is_found_by_indexes(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """Their page asks each second: what was ever decided for others is not gone through."""
    office.post(kiosk.uncertain(), kiosk.uncertain(account=BOB), kiosk.deposit())
    for seq in (1, 2, 4):
        decisions.decide(REFEREE, at(seq), "refused", WHY)
    asked: list[tuple[str, Any]] = []

    def hear(_c: Any, _k: Any, statement: str, given: Any, _x: Any, _m: bool) -> None:
        asked.append((statement, given))

    event.listen(office.database, "before_cursor_execute", hear)
    cases = decisions.of_account(ALICE)
    event.remove(office.database, "before_cursor_execute", hear)
    assert [(one.seq, one.status) for one in cases] == [(4, "refused"), (1, "refused")]
    statement, given = asked[-1]
    with office.database.begin() as connection:
        explain = "EXPLAIN QUERY PLAN "
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # as with many rows
            explain = "EXPLAIN "
        plan = str(connection.exec_driver_sql(explain + statement, given).all())
    assert "ix_decisions_account" in plan
    assert "records_held" in plan
