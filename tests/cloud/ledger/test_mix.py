"""A carbon factor that nobody believes raises an alarm at the ledger, not only in a journal."""

from __future__ import annotations

import pytest

from cloud.ingest.answers import Ingest
from cloud.ledger.mix import EVERY
from contract.catalogue import Catalogue, example
from contract.payloads import encode
from contract.topics import Topics
from tests.cloud.conftest import KIOSKS, Office, batch
from tests.cloud.web import Client
from tests.contract.samples import SampleKiosk

TOPICS = Topics("hangzhou", "xihu", KIOSKS[0])
WEEK_S = 7 * 86_400
AT_S = 1_795_438_440
"""When the sample kiosk seals."""


def credited(factor: int) -> Catalogue:
    """The example's, where every item avoids as much a kg."""
    items = [one.model_copy(update={"carbon_g_per_kg": factor}) for one in example().items]
    return example().model_copy(update={"items": tuple(items)})


def bring(ingest: Ingest, kiosk: SampleKiosk, loads: int) -> None:
    """Paper, a kilogram a load, in batches as a kiosk sends them."""
    for _ in range(0, loads, 5):
        five = [kiosk.deposit(item_code="newspaper", mass_g=1000, points=0) for _ in range(5)]
        assert ingest.handle(TOPICS.deposit, encode(batch(*five)))


@pytest.mark.parametrize(
    ("factor", "alarm"), [(799, "mix-low"), (800, ""), (2000, ""), (2001, "mix-high")]
)
def test_a_mix_that_nobody_believes_is_logged_once_and_seen(
    office: Office,
    kiosk: SampleKiosk,
    caplog: pytest.LogCaptureFixture,
    factor: int,
    alarm: str,
) -> None:
    """Once there is enough to speak of a mix; it stays visible while it lasts."""
    office.now_s = AT_S
    office.catalogues["2026-11-a"] = credited(factor)
    office.restart()
    ingest = Ingest(office.ledger)
    bring(ingest, kiosk, EVERY + 5)
    logged = [text for text in caplog.messages if text.startswith("event=mix-")]
    assert [text.split()[0] for text in logged] == ([f"event={alarm}"] if alarm else [])
    code, (row,) = Client(office.ledger, ingest).get("/api/mixes")
    assert (code, row["kiosk"], row["alarm"], row["g_per_kg"]) == (200, KIOSKS[0], alarm, factor)


def test_a_few_loads_are_no_mix_and_an_old_one_is_forgotten(
    office: Office, kiosk: SampleKiosk
) -> None:
    """After a week nothing of it is counted; a start looks at once."""
    office.now_s = AT_S
    office.catalogues["2026-11-a"] = credited(9000)
    office.restart()
    first = Ingest(office.ledger)
    bring(first, kiosk, 5)
    assert (first.mix.mixes[KIOSKS[0]].mass_g, first.mix.mixes[KIOSKS[0]].alarm) == (5000, "")
    bring(first, kiosk, 60)
    again = Ingest(office.ledger)
    bring(again, kiosk, 5)
    assert again.mix.mixes[KIOSKS[0]].alarm == "mix-high"
    office.now_s = AT_S + WEEK_S
    later = Ingest(office.ledger)
    bring(later, kiosk, 5)
    assert later.mix.mixes[KIOSKS[0]].mass_g == 0


def test_a_mix_that_cannot_be_read_keeps_no_ack_back(
    office: Office, kiosk: SampleKiosk, caplog: pytest.LogCaptureFixture
) -> None:
    """The records are posted by then; the look is made up for with the next batch."""
    ingest = Ingest(office.ledger)
    with office.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE deposits RENAME COLUMN carbon_g TO hidden")
    returned = kiosk.append("void", {"deposit_id": "x", "intent": 1, "session": "s", "reason": ""})
    assert ingest.handle(TOPICS.deposit, encode(batch(returned)))
    assert "event=mix-not-read" in caplog.text
    with office.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE deposits RENAME COLUMN hidden TO carbon_g")
    bring(ingest, kiosk, 5)
    assert KIOSKS[0] in ingest.mix.mixes
