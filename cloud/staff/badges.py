"""Staff badges: issued by the operator's office, renewed monthly, revoked when they are lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, String, Table, insert, select

from cloud.accounts.revocations import metadata, revoke
from cloud.errors import CloudError
from cloud.store.database import writing
from cloud.store.migrate import make_tables
from contract.badge import TTL_S, issue_badge

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import Engine

    from contract.badge import Role
    from contract.keys import Signer

badges = Table(
    "badges",
    metadata,
    Column("id", String, primary_key=True),
    Column("staff", String, nullable=False),
    Column("roles", String, nullable=False),
    Column("vehicle", String, nullable=False),
    Column("issued_at", Integer, nullable=False),
    Column("expires_at", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class IssuedBadge:
    """A badge to print or to show: its text, its id, and when it ends (Unix seconds)."""

    text: str
    badge_id: str
    expires_at: int


class BadgeDesk:
    """Issues and revokes staff badges.

    Args:
        engine: The platform's database; the desk makes its tables where they are missing.
        signer: The key for badges, which signs nothing else.
        clock: Gives Unix seconds.
        new_id: Gives 8 fresh random bytes.
        ttl_s: Seconds that a badge holds.
    """

    def __init__(
        self,
        engine: Engine,
        signer: Signer,
        clock: Callable[[], int],
        new_id: Callable[[], bytes],
        ttl_s: int = TTL_S,
    ) -> None:
        self._engine = engine
        self._signer = signer
        self._clock = clock
        self._new_id = new_id
        self._ttl_s = ttl_s
        with writing(engine) as connection:
            make_tables(connection, metadata)

    def issue(self, staff: str, roles: Collection[Role], vehicle: str = "") -> IssuedBadge:
        """Make a badge for `staff` (a pseudonym, 16 hex digits), driving `vehicle` or none.

        Raises:
            TokenError: `malformed`: staff, roles or vehicle is not as it should be.
        """
        now_s, badge_id = self._clock(), self._new_id()
        text = issue_badge(
            self._signer,
            staff,
            now_s,
            roles=roles,
            badge_id=badge_id,
            vehicle=vehicle,
            ttl_s=self._ttl_s,
        )
        expires_at = now_s + self._ttl_s
        names = " ".join(role.name.lower() for role in sorted(set(roles)))
        row = {"id": badge_id.hex(), "staff": staff, "roles": names, "vehicle": vehicle}
        with writing(self._engine) as connection:
            connection.execute(insert(badges).values(**row, issued_at=now_s, expires_at=expires_at))
        return IssuedBadge(text, badge_id.hex(), expires_at)

    def revoke(self, badge_id: str) -> None:
        """A badge was lost, or its holder left.

        Raises:
            CloudError: No such badge was issued here.
        """
        with writing(self._engine) as connection:
            found = connection.execute(select(badges).where(badges.c.id == badge_id)).first()
            if found is None:
                raise CloudError(f"badge {badge_id[:32]!r} was not issued here: name its id")
            revoke(connection, badge_id, self._clock(), found.expires_at)
