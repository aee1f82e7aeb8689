"""A price changes between a deposit and its upload: the list that the resident saw decides."""

from __future__ import annotations

import json
from pathlib import Path

from contract.catalogue import example, load_plain, load_signed, sign
from contract.receipt import encode, open_receipt
from controller.core.shelf import Shelf, change_catalogue
from controller.core.touches import ResidentLeft
from tests.cloud.conftest import Office
from tests.contract.samples import SampleKiosk, signer
from tests.controller.core.story import ACCOUNT, Story, sight

OPERATOR = signer("operator")


def december() -> bytes:
    """Signed: plastic bottles are worth twice as much from 1 December on."""
    value = json.loads(example().model_dump_json(exclude_unset=True))
    value |= {"version": "2026-12-a", "valid_from": "2026-12-01"}
    value["items"][0]["price"] = {"points_per_kg": 130, "points_per_piece": 8}
    return sign(load_plain(json.dumps(value).encode()), OPERATOR)


def bottle(story: Story) -> None:
    """A resident comes with a bottle and leaves."""
    story.identify()
    story.load(28)
    story.look(sight())
    story.drop()
    story.empty()
    story.happens(ResidentLeft())
    story.wait(10)


def test_what_was_shown_is_credited_whenever_it_is_uploaded(tmp_path: Path) -> None:
    """Two bottles, one under each list, uploaded together in December: 4 points and 8."""
    shelf = Shelf(OPERATOR.public, "hangzhou", "hz-xihu-0001")
    shelf.offer([sign(example(), OPERATOR), december()], "2026-11-30")
    story = Story()

    story.identify()
    story.load(28)
    overnight = shelf.in_force("2026-12-01")
    assert overnight is not None
    assert not change_catalogue(story.session, overnight), "somebody is at the kiosk"
    story.look(sight())
    story.drop()
    story.empty()
    assert story.view.receipt[0].points == 4
    story.happens(ResidentLeft())
    story.wait(10)

    assert change_catalogue(story.session, overnight)
    bottle(story)

    kiosk = SampleKiosk()
    sealed = [kiosk.append(one.kind, one.body) for one in story.written]
    deposits = [one for one in sealed if b'"kind":"deposit"' in one.line]
    office = Office(tmp_path / "ledger.sqlite")
    office.catalogues["2026-12-a"] = load_signed(december(), OPERATOR.public)
    office.post(*deposits)
    assert office.ledger.balance(ACCOUNT).points == 4 + 8
    assert office.rows("SELECT count(*) FROM entries WHERE reason LIKE 'kiosk showed%'") == [(0,)]
    receipts = [open_receipt(encode(one.line), kiosk.signer.public).body for one in deposits]
    assert [(one["catalogue_version"], one["points"]) for one in receipts] == [
        ("2026-11-a", 4),
        ("2026-12-a", 8),
    ]
    office.database.dispose()
