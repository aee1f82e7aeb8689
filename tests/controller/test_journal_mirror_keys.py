"""A new card comes with a new key: what the old key signed on the stick goes on, or is kept."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contract.journal import open_journal
from contract.verify import verify_journal
from controller.build import _retired_keys
from controller.ports import BayMemory, StoreError
from tests.contract.samples import EPOCH, signer
from tests.controller.drafts import KIOSK, bottles, calibration, intent, returned
from tests.controller.mirrored import PUBLIC, ids, new_card, opened

if TYPE_CHECKING:
    from controller.adapters.journal.sqlite_journal import SqliteJournal

NEW_KEY = signer("the new card")


def lived(card: Path, stick: Path) -> None:
    """The old card's days: a calibration, two bottles, a promise, a bay at rest."""
    with closing(opened(card, stick)) as file:
        file.append(calibration())
        bottles(file, 2)
        file.append(intent(3))
        file.remember_bay("a", 1200.5, unfinished=False)
    new_card(card)


def first_of(file: SqliteJournal) -> dict[str, Any]:
    """What the journal's first record says."""
    body: dict[str, Any] = json.loads(next(file.lines()))["body"]
    return body


def test_a_new_card_with_a_new_key_goes_on_with_what_the_old_key_signed(
    card: Path, stick: Path
) -> None:
    """Where the old public key lies beside the new one; all of it is sealed with the new one."""
    lived(card, stick)
    with closing(opened(card, stick, signer=NEW_KEY, retired=[PUBLIC])) as file:
        assert ids(file) == ["s1-1", "s1-2"]
        assert [one.body["deposit_id"] for one in file.open_intents()] == ["s1-3"]
        assert len(file.calibrations()) == 1
        assert first_of(file)["previous_epoch"] == EPOCH
        assert verify_journal(open_journal(card), NEW_KEY.public).ok
    kept = verify_journal(open_journal(card.with_name(f"journal-{EPOCH}.sqlite")), PUBLIC)
    assert (kept.ok, kept.records) == (True, 6)


@pytest.mark.parametrize("retired", [[], [signer("another card").public]])
def test_a_new_card_without_the_old_key_begins_and_keeps_the_copy(
    card: Path, stick: Path, retired: list[bytes]
) -> None:
    """Nothing is signed that nobody can check; what waits is named, and no scale zeroes itself."""
    lived(card, stick)
    with closing(opened(card, stick, signer=NEW_KEY, retired=retired)) as file:
        assert (file.depth(), file.open_intents(), file.calibrations()) == (0, [], [])
        assert file.bay_memories() == {"a": BayMemory(1200.5, unfinished=True)}
        first, epoch = first_of(file), file.epoch
        assert first["previous_epoch"] == EPOCH
        assert "a key that is not known here" in first["reason"]
        assert first["reason"].endswith("records 3, 5, 6")
    with closing(opened(card, stick, signer=NEW_KEY)) as file:
        assert file.epoch == epoch
        file.append(returned())
    for kept in (
        card.with_name(f"journal-{EPOCH}.sqlite"),
        stick.with_name(f"mirror-{EPOCH}.sqlite"),
    ):
        assert verify_journal(open_journal(kept), PUBLIC).records == 6


def test_a_journal_of_another_key_is_refused_where_it_was_not_restored(
    card: Path, stick: Path
) -> None:
    """A wrong key beside the card's own journal is a mistake of whoever set the kiosk up."""
    with closing(opened(card, stick)) as file:
        bottles(file, 1)
    with pytest.raises(StoreError, match="signed with another key"):
        opened(card, stick, signer=NEW_KEY, retired=[PUBLIC])


def test_the_old_public_keys_are_looked_for_beside_the_new_key(tmp_path: Path) -> None:
    """As staff put them there; the new key's own public half and other files are none of them."""
    for name, owner in (("kiosk.pub", NEW_KEY), ("kiosk.2026-11-27.pub", signer(KIOSK))):
        (tmp_path / name).write_text(owner.public.hex())
    (tmp_path / "operator.pub").write_text(signer("operator").public.hex())
    assert _retired_keys(tmp_path / "kiosk.pem") == [PUBLIC]
