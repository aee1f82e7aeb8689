"""Reading what is held, appealed and decided: for the resident whose it is, and for staff."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import desc, exists, func, select

from cloud.schema import appeals, decisions, records

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection, Row

Status = Literal["held", "credited", "refused"]


@dataclass(frozen=True, slots=True)
class Case:
    """A record that somebody looks or looked at.

    `code` says why it is held, `decided` after a decision. `appeal` is the resident's sentence,
    `reason` and `decided_at` (Unix s) are the latest decision's; empty or None where there is none.
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
    reason: str
    decided_at: int | None

    @property
    def may_appeal(self) -> bool:
        """Whether its resident may still say something about it."""
        return self.status != "credited" and not self.appeal


def cases_of_account(connection: Connection, account: str, limit: int) -> list[Case]:
    """What is held of an account, and what was decided about it; newest first."""
    decided = exists().where(decisions.c.record_id == records.c.id)
    mine = (records.c.account == account) & ((records.c.state == "held") | decided)
    return _cases(connection, mine, limit)


def waiting_cases(connection: Connection, limit: int) -> list[Case]:
    """What waits for a decision: what is held, and refusals that were appealed; newest first."""
    appealed = appeals.c.at >= func.coalesce(_latest("at"), 0)
    waits = (records.c.state == "held") | ((records.c.code == "refused") & appealed)
    return _cases(connection, waits, limit)


def reasons_of(connection: Connection, record_ids: Collection[int]) -> dict[int, str]:
    """Record → why it is refused, for those that are."""
    refused = select(records.c.id, _latest("reason").label("reason")).where(
        records.c.id.in_(record_ids), _latest("outcome") == "refused"
    )
    return {row.id: row.reason for row in connection.execute(refused)}


def _cases(connection: Connection, which: ColumnElement[bool], limit: int) -> list[Case]:
    rows = connection.execute(
        select(
            records,
            appeals.c.sentence,
            _latest("outcome").label("outcome"),
            _latest("reason").label("reason"),
            _latest("at").label("decided_at"),
        )
        .outerjoin(appeals, appeals.c.record_id == records.c.id)
        .where(which)
        .order_by(desc(records.c.id))
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
        reason=row.reason or "",
        decided_at=row.decided_at,
    )
