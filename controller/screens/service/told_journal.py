"""What the kiosk's own journal tells of its upkeep, read from its file beside the controller."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from contract.instant import utc_s_of
from contract.journal import open_journal
from controller.core.service.audit.upkeep import KINDS, Fact, Upkeep, upkeep_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def upkeep(path: Path, bays: Iterable[str], until_s: int) -> Upkeep | None:
    """How the kiosk was kept until now (Unix s). Blocks: run it on a thread.

    Signatures are not checked here, as `kiosk ledger verify` does: an audit that somebody doubts
    begins with that.

    Raises:
        RecordError: There is no such journal, or it is damaged.
    """
    first_s: int | None = None
    facts: list[Fact] = []
    with open_journal(path).open() as reading:
        for row in reading.rows():
            is_told = row.filed is None or row.filed.kind in KINDS
            if first_s is not None and not is_told:
                continue
            record = json.loads(row.line)
            at_s = utc_s_of(record["at"])
            first_s = at_s if first_s is None else first_s
            if record["kind"] in KINDS:
                facts.append(Fact(record["kind"], record["body"], at_s))
    return upkeep_of(facts, bays, until_s if first_s is None else first_s, until_s)
