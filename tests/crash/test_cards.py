"""Cards die, with a second medium and without, and are put back from an old copy."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from contract import receipt
from contract.canonical import canonical
from contract.chain import place_of
from contract.record import seal
from tests.contract.samples import SampleKiosk
from tests.crash.auditor import Findings, read_journals
from tests.crash.counter import Counter
from tests.crash.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tests.crash.world import World

BEFORE, UNSENT, AFTER = 12, 15, 12
FEW = 3
CARDS = 100

MOMENTS: dict[str, Callable[[World], bool]] = {
    "hatch-open": lambda bay: bay.is_open and bay.pan is None,
    "load-at-open-hatch": lambda bay: bay.is_open and bay.pan is not None,
    "load-behind-shut-hatch": lambda bay: not bay.is_open and bay.pan is not None,
    "load-falls": lambda bay: bay.is_dropping,
}
"""When a card is changed, in the middle of a visit and without anybody looking into the bay."""


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
        stage.world.serve()
        stage.start("controller")
        stage.start("broker")
        stage.bring(AFTER)
        stage.settle()
        found = stage.audit()
    assert (found.wrong, found.conflicts) == ([], 0)
    assert found.deposits == stage.world.fallen > BEFORE + UNSENT


def test_a_card_that_dies_alone_takes_what_was_not_acked_and_receipts_bring_it_back(
    tmp_path: Path, ports: tuple[int, int, int], seed: int
) -> None:
    """Missing are exactly the records that the ledger had not acked, until they are claimed."""
    with Stage(tmp_path, ports[0], seed) as stage:
        stage.bring(BEFORE)
        stage.deliver()
        stage.kill("broker")  # it would keep what the ledger has not taken
        stage.kill("ledger")
        fallen = stage.world.fallen
        stage.bring(UNSENT)
        stage.kill("controller")
        unsent = stage.world.fallen - fallen
        assert stage.waiting() == (unsent, 0)
        card = stage.lose_card()
        stage.world.serve()
        stage.start("broker")
        stage.start_platform(ports[1])
        stage.start("controller")
        stage.bring(AFTER)
        stage.wait_until_delivered()
        before = stage.audit()
        lines = read_journals([card], stage.identity.kiosk.public, Findings()).lines
        counter = Counter(ports[1])
        refused = [counter.claim(line) for line in _no_receipts_of_ours([*lines.values()][-1])]
        assert stage.audit() == before
        claims = [counter.claim(receipt.encode(line)) for line in lines.values()]
        again = [counter.claim(line) for line in lines.values()]
        stage.settle()
        after = stage.audit()
    assert (before.lost, before.doubled) == (unsent, 0)
    assert refused == [(403, "bad-signature"), (403, "unknown-key"), (404, "unknown-kiosk")]
    assert claims.count((200, "credited")) == unsent > 0
    assert set(again) == {(200, "known")}
    assert (after.wrong, after.conflicts) == ([], 0)
    assert after.deposits == stage.world.fallen


def _no_receipts_of_ours(line: bytes) -> list[str | bytes]:
    """One that was changed, one that another kiosk signed in our name, and one of that kiosk's."""
    other, record = SampleKiosk("hz-xihu-0009"), json.loads(line)
    place = {name: record[name] for name in ("kiosk", "epoch", "seq", "after", "at", "prev")}
    forged = seal(record["kind"], record["body"], **place, signer=other.signer)
    dearer = {**record, "body": {**record["body"], "mass_g": record["body"]["mass_g"] + 2}}
    return [canonical(dearer), receipt.encode(forged.line), other.deposit().line]


def _changed_with_mirror(stage: Stage, moments: Iterable[str]) -> Findings:
    """Each card dies at its moment; nobody looks into the bay."""
    for moment in moments:
        stage.bring(FEW)
        stage.kill_upon(MOMENTS[moment], FEW)
        stage.lose_card()
        stage.start("controller")
    stage.bring(FEW)
    stage.settle()
    return stage.audit()


def test_a_card_with_a_mirror_may_be_changed_at_any_moment(
    tmp_path: Path, free_port: int, seed: int
) -> None:
    """A load on the pan is credited if it was promised and fell; else it is nobody's."""
    with Stage(tmp_path, free_port, seed, has_mirror=True) as stage:
        found = _changed_with_mirror(stage, MOMENTS)
    assert (found.wrong, found.conflicts, found.uncertain) == ([], 0, 0)
    assert found.deposits == stage.world.fallen > FEW * len(MOMENTS)


@pytest.mark.campaign
def test_cards_with_a_mirror_are_changed_again_and_again(
    tmp_path: Path, free_port: int, seed: int, tell: Callable[..., None]
) -> None:
    """The same at full size, in any order."""
    with Stage(tmp_path, free_port, seed, has_mirror=True) as stage:
        found = _changed_with_mirror(stage, stage.rng.choices([*MOMENTS], k=CARDS))
    tell(found=found, refused=stage.refused, taken=stage.world.taken)
    assert (found.wrong, found.conflicts, found.uncertain) == ([], 0, 0)
    assert found.deposits == stage.world.fallen


def test_a_blank_card_may_be_put_in_at_any_moment(
    tmp_path: Path, free_port: int, seed: int
) -> None:
    """Missing is what was not acked, and a load that falls meanwhile: its promise was on the card.

    Staff take out what lies there and shut the hatch: a kiosk that knows nothing takes what is on
    its pan for its zero.
    """
    missing = unwritten = 0
    with Stage(tmp_path, free_port, seed) as stage:
        for moment in MOMENTS.values():
            stage.bring(FEW)
            stage.deliver()
            stage.kill("ledger")
            stage.kill("broker")  # it would keep what the ledger has not taken
            stage.kill_upon(moment, FEW)
            unsent, promised = stage.waiting()
            stage.lose_card()
            fallen = stage.world.fallen
            stage.world.connect()  # what was about to fall has fallen, or lies there still
            assert stage.world.fallen - fallen <= promised
            unwritten += stage.world.fallen - fallen
            missing += unsent
            stage.world.serve()
            stage.start("broker")
            stage.start("ledger")
            stage.start("controller")
        stage.bring(FEW)
        stage.settle()
        found = stage.audit()
    assert (found.lost, found.doubled) == (missing + unwritten, 0)
    assert (found.uncertain, found.conflicts) == (0, 0)
    assert found.deposits == stage.world.fallen - unwritten > FEW * len(MOMENTS)


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
        stage.kill("ledger")
        card = stage.lose_card()
        stage.world.serve()
        shutil.copy(copied, stage.journal)
        stage.start("controller")
        stage.bring(AFTER)
        stage.start("ledger")
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
    assert found.deposits == stage.world.fallen > BEFORE + UNSENT + 2 * AFTER
    assert found.conflicts > 0
    assert len(epochs) == 2
