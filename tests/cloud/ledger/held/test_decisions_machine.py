"""Any order of loads, repetitions, appeals and decisions: the books are what was decided."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cloud.errors import DecisionError
from cloud.ledger.held.decisions import Decisions, Outcome, Place
from cloud.staff.desk import Staff
from contract.record import Sealed
from tests.cloud.conftest import KIOSKS, Office
from tests.contract.samples import ALICE, BOB, SampleKiosk, deposit_body, intent_body

PIECE, GRAMS = 4, 28
REFEREE = Staff("wang", "decide", "*")
STRANGER = Staff("li", "decide", "yuhang")

FEW = 5
"""Loads, so that the same ones come up again and again."""


@dataclass
class Told:
    """One load: whose, where its first record stands, and what became of it."""

    number: int
    owner: str
    place: Place
    status: str
    decided: bool = False
    appealed: bool = False


class Hearing(RuleBasedStateMachine):
    """A kiosk that is restored again and again, residents who appeal, and staff who decide."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(Path(self.folder.name) / "ledger.sqlite")
        self.decisions = Decisions(
            self.office.database, self.office.catalogues, self.office.keys, lambda: 1_795_500_000
        )
        self.kiosk = SampleKiosk(KIOSKS[0])
        self.loads: list[Told] = []
        self.steps = 0

    def _seal(self, number: int, owner: str, kind: str) -> Sealed:
        body = deposit_body(number, account=owner)
        if kind == "uncertain":
            body = intent_body(number, account=owner) | {"intent": 1, "reason": "power failed"}
        return self.kiosk.append(kind, body)

    @precondition(lambda self: len(self.loads) < FEW)
    @rule(owner=st.sampled_from([ALICE, BOB]), kind=st.sampled_from(["deposit", "uncertain"]))
    def load(self, owner: str, kind: str) -> None:
        """Somebody brings a bottle; now and then nobody knows whether it fell."""
        number = len(self.loads) + 1
        sealed = self._seal(number, owner, kind)
        self.office.post(sealed, epoch=self.kiosk.epoch)
        place = Place(KIOSKS[0], self.kiosk.epoch, len(self.kiosk.lines))
        status = "credited" if kind == "deposit" else "held"
        self.loads.append(Told(number, owner, place, status))

    @precondition(lambda self: self.loads)
    @rule(data=st.data(), kind=st.sampled_from(["deposit", "uncertain"]))
    def tell_again(self, data: st.DataObject, kind: str) -> None:
        """A restored journal tells of a load in a new epoch, whole or damaged."""
        one = data.draw(st.sampled_from(self.loads))
        self.kiosk = SampleKiosk(KIOSKS[0], epoch=f"{int(self.kiosk.epoch, 16) + 1:016x}")
        self.office.post(self._seal(one.number, one.owner, kind), epoch=self.kiosk.epoch)
        if one.status == "held" and kind == "deposit":
            # Its own record counts now; the uncertain one waits for nobody any more.
            one.status, one.place = "credited", Place(KIOSKS[0], self.kiosk.epoch, 1)
            one.appealed = False

    @precondition(lambda self: self.loads)
    @rule(data=st.data(), outcome=st.sampled_from(["released", "refused"]))
    def decide(self, data: st.DataObject, outcome: Outcome) -> None:
        """Staff decide, for the first time or anew; what stands so already is no decision."""
        one = data.draw(st.sampled_from(self.loads))
        becomes = "credited" if outcome == "released" else "refused"
        if one.status == becomes:
            with pytest.raises(DecisionError, match="already"):
                self.decisions.decide(REFEREE, one.place, outcome, "No change.")
            return
        self.decisions.decide(REFEREE, one.place, outcome, "Looked at again.")
        one.status, one.decided = becomes, True
        self.steps += 1

    @precondition(lambda self: self.loads)
    @rule(data=st.data())
    def decide_elsewhere(self, data: st.DataObject) -> None:
        """Staff of another district change nothing but the log."""
        one = data.draw(st.sampled_from(self.loads))
        with pytest.raises(DecisionError, match="not yours"):
            self.decisions.decide(STRANGER, one.place, "refused", "I may not.")
        self.steps += 1

    @precondition(lambda self: self.loads)
    @rule(data=st.data())
    def appeal(self, data: st.DataObject) -> None:
        """A resident says their sentence, where there is something to say, and once."""
        one = data.draw(st.sampled_from(self.loads))
        if one.appealed or one.status == "credited":
            with pytest.raises(DecisionError):
                self.decisions.appeal(one.owner, one.place, "Again.")
            return
        self.decisions.appeal(one.owner, one.place, "I heard it fall.")
        one.appealed = True
        self.steps += 1

    @invariant()
    def the_books_are_what_was_decided(self) -> None:
        """Points and carbon are the credited loads'; what is held waits; entries sum to zero."""
        ledger = self.office.ledger
        for owner in (ALICE, BOB):
            mine = [one.status for one in self.loads if one.owner == owner]
            balance, bottles = ledger.balance(owner), mine.count("credited")
            assert (balance.points, balance.carbon_g) == (PIECE * bottles, GRAMS * bottles)
            assert balance.held == mine.count("held")
        assert ledger.totals().postings_sum == 0

    @invariant()
    def the_log_has_every_step(self) -> None:
        """One line each, and one for each attempt of staff who may not."""
        assert len(self.office.rows("SELECT id FROM audit")) == self.steps

    def teardown(self) -> None:
        """Nothing is left behind."""
        self.office.database.dispose()
        self.folder.cleanup()


TestHearing = Hearing.TestCase
# Every step commits to a disk, so fewer examples than elsewhere.
TestHearing.settings = settings(max_examples=12, stateful_step_count=25)
