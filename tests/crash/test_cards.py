"""Cards die, with a second medium and without, and are put back from an old copy."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from contract import receipt
from contract.chain import place_of
from tests.crash.auditor import Findings, read_journals
from tests.crash.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path

BEFORE, UNSENT, AFTER = 12, 15, 12


def test_a_card_that_dies_beside_its_mirror_takes_nothing_along(
    tmp_path: Path, free_port: int, seed: int
) -> None:
    """The kiosk goes on from the stick under a new epoch, and sends what waited."""
    with Stage(tmp_path, free_port, seed, has_mirror=True) as stage:
        stage.bring(BEFORE)
        stage.kill("broker")  # it would keep what the ledger has not taken
        stage.bring(UNSENT)
        stage.kill("controller")
        assert stage.waiting()[0] > 0
        stage.lose_card()
        stage.start("controller")
        stage.start("broker")
        stage.bring(AFTER)
        stage.settle()
        found = stage.audit()
    assert (found.wrong, found.conflicts) == ([], 0)
    assert found.deposits == stage.world.fallen > BEFORE + UNSENT


def test_a_card_that_dies_alone_takes_what_was_not_acked_and_receipts_bring_it_back(
    tmp_path: Path, free_port: int, seed: int
) -> None:
    """Missing are exactly the records that the ledger had not acked, until they are claimed."""
    with Stage(tmp_path, free_port, seed) as stage:
        stage.bring(BEFORE)
        stage.deliver()
        stage.kill("broker")  # it would keep what the ledger has not taken
        fallen = stage.world.fallen
        stage.bring(UNSENT)
        stage.kill("controller")
        unsent = stage.world.fallen - fallen
        assert stage.waiting() == (unsent, 0)
        card = stage.lose_card()
        stage.start("broker")
        stage.start("controller")
        stage.bring(AFTER)
        stage.settle()
        before = stage.audit()
        lines = read_journals([card], stage.identity.kiosk.public, Findings()).lines
        ledger = stage.open_ledger()
        claims = [ledger.claim(receipt.decode(receipt.encode(line))) for line in lines.values()]
        again = [ledger.claim(line) for line in lines.values()]
        after = stage.audit()
    assert (before.lost, before.doubled) == (unsent, 0)
    assert [one.outcome for one in claims].count("credited") == unsent > 0
    assert {one.outcome for one in again} == {"known"}
    assert (after.wrong, after.conflicts) == ([], 0)
    assert after.deposits == stage.world.fallen


def test_a_card_that_is_put_back_from_a_copy_doubles_and_loses_nothing(
    tmp_path: Path, free_port: int, seed: int
) -> None:
    """The ledger contradicts the restored journal, which begins a new epoch and goes on."""
    with Stage(tmp_path, free_port, seed) as stage:
        stage.bring(BEFORE)
        stage.deliver()
        stage.kill("ledger")
        stage.bring(UNSENT)
        copied = stage.backup()
        stage.start("ledger")
        stage.bring(AFTER)
        stage.deliver()
        stage.kill("controller")
        card = stage.lose_card()
        shutil.copy(copied, stage.journal)
        stage.start("controller")
        stage.bring(AFTER)
        stage.settle()
        found = stage.audit()
        epochs = {
            place_of(line, stage.identity.kiosk.public).epoch
            for path in [*stage.journal.parent.glob("*.sqlite"), card]
            for line in read_journals(
                [path], stage.identity.kiosk.public, Findings()
            ).lines.values()
        }
    assert found.wrong == []
    assert found.deposits == stage.world.fallen > BEFORE + UNSENT + AFTER
    assert found.conflicts > 0
    assert len(epochs) == 2
