"""How long anything may wait for the database, or keep others waiting for it.

PostgreSQL bounds nothing by itself. SQLite lets one writer in at a time, and whoever waits for it
gives up after `WAIT_S`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from cloud.store.bulk import POSTGRESQL

if TYPE_CHECKING:
    from sqlalchemy import Connection

WAIT_S = 10
"""So long a statement waits for another writer, or a connection for the server."""

RUN_S = 60
"""So long PostgreSQL works on one statement; bringing older tables up to date takes what it takes.
"""

MOMENT_MS = 500
"""So long what can be done the next time as well waits for others; none that goes on takes longer.
"""

IDLE_S = 300
"""So long a transaction may do nothing on PostgreSQL: a process that hangs, or whose machine is
gone, would keep its locks for ever. None of ours judges for more than seconds between statements.
"""

NOT_LET_GO = "55P03"
"""PostgreSQL's code of a wait for a lock that took too long."""

_BOUNDS = {
    "lock_timeout": WAIT_S,
    "statement_timeout": RUN_S,
    "idle_in_transaction_session_timeout": IDLE_S,
}

GONE = {
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 50_000,
}
"""Of libpq: a server whose machine is gone says nothing, and is given up after 50 s; Linux itself
would wait for two hours."""

# What an operator says, in the address, for the role or for the server, holds.
_BOUND = "SELECT set_config(%(name)s, %(bound)s, false) WHERE current_setting(%(name)s) = '0'"

_LET = text("SELECT set_config(:name, :bound, true)")


def bind(connection: Any, _record: object) -> None:
    """Have the server end what would hold up others for ever; it is an error as any other."""
    with connection.cursor() as cursor:
        for name, seconds in _BOUNDS.items():
            cursor.execute(_BOUND, {"name": name, "bound": f"{seconds}s"})
    connection.commit()  # else what is set goes with the first rollback


def hurry(connection: Connection) -> None:
    """Wait no longer than a moment for whoever has what this transaction needs.

    SQLite lets one writer in, who has waited already.
    """
    if connection.dialect.name == POSTGRESQL:
        let(connection, "lock_timeout", f"{MOMENT_MS}ms")


def let(connection: Connection, name: str, bound: str) -> None:
    """Set a bound of PostgreSQL's until the transaction ends."""
    connection.execute(_LET, {"name": name, "bound": bound})
