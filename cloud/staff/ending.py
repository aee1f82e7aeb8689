"""Ending what somebody has open at browsers, in the transaction that takes their token away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete

from cloud.store.schema_staff import web_sessions

if TYPE_CHECKING:
    from sqlalchemy import Connection

Kind = Literal["staff", "till"]
"""Whose a session is."""


def end_sessions(connection: Connection, kind: Kind, who: str) -> None:
    """End all sessions of one, by their pseudonym."""
    mine = (web_sessions.c.kind == kind) & (web_sessions.c.who == who)
    connection.execute(delete(web_sessions).where(mine))
