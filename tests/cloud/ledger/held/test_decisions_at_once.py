"""Two who decide or appeal at the same moment: one of both orders, and never half of both."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from cloud.errors import DecisionError
from cloud.ledger.held.decisions import Decisions, Outcome
from tests.cloud.conftest import Office
from tests.cloud.hearing import GRAMS, PIECE, REFEREE, WHY, at, points
from tests.contract.samples import ALICE, SampleKiosk


def test_of_two_staff_who_decide_at_once_the_later_one_is_told(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """Both saw it held; the refusal does not turn round a release that nobody has seen yet."""
    office.post(kiosk.uncertain())
    start = threading.Barrier(2)

    def decide(outcome: Outcome) -> str:
        desk = Decisions(office.database, office.catalogues, office.keys, lambda: office.now_s)
        start.wait(timeout=60)
        try:
            desk.decide(REFEREE, at(1), outcome, f"{outcome}, I say.", saw="held")
        except DecisionError as error:
            return error.code
        return outcome

    with ThreadPoolExecutor(2) as staff:
        first, second = (staff.submit(decide, one) for one in ("released", "refused"))
        said = {first.result(timeout=60), second.result(timeout=60)}
    (case,) = decisions.of_account(ALICE)
    assert said == {"changed", "released" if case.status == "credited" else "refused"}
    assert points(office)[0] == (PIECE if case.status == "credited" else 0)
    assert len(office.rows("SELECT id FROM decisions")) == 1


def test_a_release_and_an_appeal_at_once_leave_one_of_both_orders(
    office: Office, kiosk: SampleKiosk, decisions: Decisions
) -> None:
    """Either the sentence came first and was heard, or it came too late; never half of both."""
    office.post(kiosk.uncertain())
    start = threading.Barrier(2)

    def appeal() -> str:
        start.wait(timeout=60)
        try:
            decisions.appeal(ALICE, at(1), "I heard it fall.")
        except DecisionError as error:
            return error.code
        return "appealed"

    def release() -> None:
        start.wait(timeout=60)
        decisions.decide(REFEREE, at(1), "released", WHY)

    with ThreadPoolExecutor(2) as both:
        said, released = both.submit(appeal), both.submit(release)
        released.result(timeout=60)
        assert said.result(timeout=60) in ("appealed", "not-held")
    assert (points(office), decisions.held(REFEREE)) == ((PIECE, GRAMS, 0), [])
