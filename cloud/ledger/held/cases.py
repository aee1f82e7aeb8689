"""Reading what is held, appealed and decided: for the resident whose it is, and for staff."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import desc, select

from cloud.store.bulk import among
from cloud.store.schema import HELD, appeals, decisions, records

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection, Row

Status = Literal["held", "credited", "refused"]


@dataclass(frozen=True, slots=True)
class Case:
    """A record that somebody looks or looked at.

    `code` says why it is held, `decided` after a decision. `appeal` is the resident's sentence,
    empty once it was forgotten, and `appealed_at` its time; `reason` and `decided_at` are the
    latest decision's. Times are Unix seconds, None where there is none.
    """

    kiosk: str
    epoch: str
    seq: int
    account: str
    status: Status
    code: str
    item_code: str
    mass_g: int
    at: str
    appeal: str
    appealed_at: int | None
    reason: str
    decided_at: int | None

    @property
    def may_appeal(self) -> bool:
        """Whether its resident may still say something about it."""
        return self.status != "credited" and self.appealed_at is None


def cases_of_account(connection: Connection, account: str, limit: int) -> list[Case]:
    """What is held of an account, and what was decided about it; newest first."""
    # By id first: records are found by their account where they are held, and nowhere else.
    held = select(records.c.id).where(HELD, records.c.account == account)
    decided = select(decisions.c.record_id).where(decisions.c.account == account)
    mine = records.c.id.in_(held.union(decided)) & (records.c.account == account)
    return _cases(connection, mine, desc(records.c.id), limit)


def waiting_cases(connection: Connection, kiosks: Collection[str] | None, limit: int) -> list[Case]:
    """What waits for a decision: what is held, and refusals that were appealed; oldest first.

    Of `kiosks`, or of all where that is None.
    """
    # By id first: so neither database looks through all that was ever refused or posted.
    held = select(records.c.id).where(HELD)
    asked = records.c.id.in_(held.union(select(appeals.c.record_id)))
    appealed = (records.c.code == "refused") & (appeals.c.at > _latest("at"))
    waits = asked & (HELD | appealed)
    if kiosks is not None:
        waits &= among(connection, records.c.kiosk, kiosks)
    return _cases(connection, waits, records.c.id, limit)


def reasons_of(connection: Connection, record_ids: Collection[int]) -> dict[int, str]:
    """Record → why it is refused, for those that are."""
    refused = select(records.c.id, _latest("reason").label("reason")).where(
        among(connection, records.c.id, record_ids), _latest("outcome") == "refused"
    )
    return {row.id: row.reason for row in connection.execute(refused)}


def _cases(
    connection: Connection, which: ColumnElement[bool], order: Any, limit: int
) -> list[Case]:
    rows = connection.execute(
        select(
            records,
            appeals.c.sentence,
            appeals.c.at.label("appealed_at"),
            _latest("outcome").label("outcome"),
            _latest("reason").label("reason"),
            _latest("at").label("decided_at"),
        )
        .outerjoin(appeals, appeals.c.record_id == records.c.id)
        .where(which)
        .order_by(order)
        .limit(limit)
    )
    return [_case(row) for row in rows]


def _latest(name: str) -> Any:
    """A column of the latest decision about a record."""
    about = select(decisions.c[name]).where(decisions.c.record_id == records.c.id)
    return about.order_by(desc(decisions.c.id)).limit(1).correlate(records).scalar_subquery()


def _case(row: Row[Any]) -> Case:
    # A record that is held because it was not understood may say anything, of any type.
    record = json.loads(row.line)
    body = record["body"]
    item_code, mass_g = body.get("item_code"), body.get("mass_g")
    decided: Status = "credited" if row.outcome == "released" else "refused"
    return Case(
        kiosk=row.kiosk,
        epoch=row.epoch,
        seq=row.seq,
        account=row.account or "",
        status="held" if row.state == "held" else decided,
        code=row.code if row.state == "held" else "decided",
        item_code=item_code if isinstance(item_code, str) else "",
        mass_g=mass_g if isinstance(mass_g, int) else 0,
        at=record["at"],
        appeal=row.sentence or "",
        appealed_at=row.appealed_at,
        reason=row.reason or "",
        decided_at=row.decided_at,
    )
