"""What tests about decisions share: who decides, about what, and what it comes to."""

from __future__ import annotations

from cloud.ledger.held.decisions import Place
from cloud.staff.desk import Staff
from tests.cloud.conftest import KIOSKS, Office
from tests.contract.samples import ALICE, EPOCH

REFEREE = Staff("wang", "decide", "xihu")
WHY = "The camera saw it fall."
PIECE, GRAMS = 4, 28


def at(seq: int, epoch: str = EPOCH, kiosk: str = KIOSKS[0]) -> Place:
    """A record of the first kiosk."""
    return Place(kiosk, epoch, seq)


def points(office: Office) -> tuple[int, int, int]:
    """What Alice has, and how much of hers is held."""
    balance = office.ledger.balance(ALICE)
    return balance.points, balance.carbon_g, balance.held
