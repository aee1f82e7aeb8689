"""Staff empty a bin: who they are, which lot that closes, and what the records say lies in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.badge import Role, issue_badge
from contract.bodies import CollectionBody
from contract.keys import SeedSigner
from controller.core import commands, events
from controller.core.identity import Doorkeeper
from controller.core.lots import Lots
from controller.core.staff import STAFF_S
from controller.core.touches import BinEmptied
from tests.controller.core.story import CITY, CONFIG, NOW_UTC_S, Story, sight

OFFICE = SeedSigner(b"o" * 32)
DRIVER, ID = "d01e0000000000aa", b"badge001"
PLASTIC = 1


@pytest.fixture
def story() -> Story:
    """A kiosk that knows the office's key, with nobody there."""
    config = CONFIG.model_copy(
        update={"bays": (CONFIG.bays[0].model_copy(update={"refuse_bin": 3}),)}
    )
    story = Story(config=config)
    story.session.doorkeeper = Doorkeeper(
        {CITY.key_id: CITY.public}, {OFFICE.key_id: OFFICE.public}
    )
    story.node_up()
    return story


def badge(*roles: Role) -> str:
    """A driver's, with the vehicle that they came in."""
    ids: dict[str, Any] = {"badge_id": ID, "vehicle": "浙AD12345"}
    return issue_badge(OFFICE, DRIVER, NOW_UTC_S, roles=roles, **ids)


def deposit(story: Story) -> None:
    """Somebody brings a bottle and goes."""
    story.show(story.code(jti=story.seq.to_bytes(8, "big")))
    story.rest()
    story.opened()
    story.load(24)
    story.look(sight("plastic"))
    story.drop()
    story.empty()
    story.wait(200)


def collections(story: Story) -> list[dict[str, Any]]:
    """The bodies of the records of collections, each as a reader takes it."""
    return [
        CollectionBody.model_validate(one.body).model_dump(exclude_none=True)
        for one in story.written
        if one.kind == "collection"
    ]


def test_an_emptied_bin_closes_its_lot_and_opens_the_next(story: Story) -> None:
    """Two bottles lie in the first lot, one in the second, by the records."""
    deposit(story)
    deposit(story)
    story.show(badge(Role.COLLECTION))
    story.wait(30)
    story.happens(BinEmptied("a", PLASTIC))
    assert (story.state, story.message) == ("IDLE", "bin-emptied")
    story.wait(3600)
    deposit(story)
    story.show(badge(Role.COLLECTION))
    story.happens(BinEmptied("a", PLASTIC, weighed_g=30))
    first, second = collections(story)
    assert (first["deposits"], first["deposits_g"], first["stream"]) == (2, 48, "plastic")
    assert (first["by"], first["badge_id"], first["vehicle"]) == (DRIVER, ID.hex(), "浙AD12345")
    assert "lot" not in first
    assert "opened_at" not in first
    assert (second["deposits"], second["deposits_g"], second["weighed_g"]) == (1, 24, 30)
    assert second["lot"] == first["next_lot"] != second["next_lot"]
    assert second["opened_at"] == first["closed_at"]


def test_a_load_of_which_nobody_knows_whether_it_fell_is_counted_apart(story: Story) -> None:
    """It may lie in the bin: the balance says so."""
    story.show(story.code())
    story.rest()
    story.opened()
    story.load(24)
    story.look(sight("plastic"))
    story.happens(events.GateCycled("a", PLASTIC, story.gate_cycles))
    story.wait(20)
    assert story.committed("uncertain")
    story.wait(30)
    story.show(badge(Role.COLLECTION))
    story.happens(BinEmptied("a", PLASTIC))
    (body,) = collections(story)
    assert (body["deposits"], body["uncertain"], body["uncertain_g"]) == (0, 1, 24)


def test_the_refuse_bin_is_emptied_as_well(story: Story) -> None:
    """What lies in it is in no deposit."""
    story.show(badge(Role.COLLECTION))
    story.happens(BinEmptied("a", 3))
    (body,) = collections(story)
    assert (body["stream"], body["deposits"], body["deposits_g"]) == ("refuse", 0, 0)


def test_without_a_collectors_badge_no_bin_is_emptied(story: Story) -> None:
    """Nobody's, another role's, one shown too long ago, and one before the next resident came."""
    emptied = BinEmptied("a", PLASTIC)
    story.happens(emptied)
    story.show(badge(Role.SERVICE))
    story.happens(emptied)
    story.show(badge(Role.COLLECTION))
    story.wait(STAFF_S + 1)
    story.happens(emptied)
    story.show(badge(Role.COLLECTION))
    deposit(story)
    story.happens(emptied)
    assert story.message == "badge-refused"
    assert story.session.refused["badge:no-collection"] == 4
    assert collections(story) == []


@pytest.mark.parametrize("touched", [BinEmptied("z", PLASTIC), BinEmptied("a", 2**40)])
def test_a_bin_that_there_is_not_is_refused(story: Story, touched: BinEmptied) -> None:
    """And counted; the bins that there are stay as they are."""
    story.show(badge(Role.COLLECTION))
    story.happens(touched)
    assert story.session.refused["collection:no-such-bin"] == 1
    assert collections(story) == []


def test_a_collection_that_cannot_be_recorded_closes_no_lot(story: Story) -> None:
    """Staff are told, and the lot goes on as it was."""
    deposit(story)
    story.show(badge(Role.COLLECTION))
    story.disk_full = True
    story.happens(BinEmptied("a", PLASTIC))
    assert (story.state, story.message) == ("IDLE", "bin-not-recorded")
    story.disk_full = False
    story.happens(BinEmptied("a", PLASTIC))
    assert [one["deposits"] for one in collections(story)] == [1]


def test_what_lies_in_the_bins_outlives_a_restart(story: Story) -> None:
    """What was kept, and what was recorded after it, each load once."""
    deposit(story)
    kept = [one for one in story.asked if isinstance(one, commands.KeepLots)][-1].rows
    deposit(story)
    waiting = tuple((one.kind, one.body) for one in story.committed("deposit"))
    for rows in ((), kept):  # nothing was kept yet, or the first load was
        story.session.lots = Lots()
        story.happens(events.LotsFound(rows, waiting))
        assert (story.session.lots.of("a", PLASTIC).deposits) == 2


def test_loads_of_a_lot_that_was_closed_are_not_counted_into_the_next(story: Story) -> None:
    """The kiosk is offline, so that they wait still, and restarts after the bin was emptied."""
    deposit(story)
    before = [one for one in story.asked if isinstance(one, commands.KeepLots)][-1].rows
    story.show(badge(Role.COLLECTION))
    story.happens(BinEmptied("a", PLASTIC))
    (closed,) = collections(story)
    after = story.session.lots.rows()
    sent = [one for one in story.written if one.kind in ("deposit", "collection")]
    for rows in (after, before, ()):  # power failed before the file knew, or the file is gone
        story.session.lots = Lots()
        story.happens(events.LotsFound(rows, tuple((one.kind, one.body) for one in sent)))
        lot = story.session.lots.of("a", PLASTIC)
        assert (lot.lot, lot.deposits, lot.mass_g) == (closed["next_lot"], 0, 0)


LOAD = st.tuples(
    st.sampled_from(("deposit", "uncertain", "collection")),
    st.sampled_from("ab"),
    st.integers(0, 2),
)


@given(st.lists(LOAD, max_size=30), st.data())
def test_wherever_the_power_fails_each_load_is_counted_once(
    loads: list[tuple[str, str, int]], data: st.DataObject
) -> None:
    """Whatever the file knew by then, and whatever the ledger had acknowledged of that."""
    records = [
        (kind, _body(n, bay, index, collected=kind == "collection"))
        for n, (kind, bay, index) in enumerate(loads)
    ]
    kept_to = data.draw(st.integers(0, len(records)))
    acked_to = data.draw(st.integers(0, kept_to))
    before, whole, after = Lots(), Lots(), Lots()
    for kind, body in records[:kept_to]:
        before.count(kind, body)
    for kind, body in records:
        whole.count(kind, body)
    after.found(before.rows(), records[acked_to:])
    assert after.rows() == whole.rows()


def _body(n: int, bay: str, index: int, *, collected: bool) -> dict[str, Any]:
    """What a lot takes of the n-th record: of a load, or of a collection."""
    place = {"bay": bay, "bin_index": index}
    if collected:
        return place | {"next_lot": f"lot-{n}", "closed_at": f"2026-11-23T12:00:{n:02}Z"}
    return place | {"deposit_id": f"s-{n}", "mass_g": n}
