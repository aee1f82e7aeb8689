"""Partners: the shops that give goods for points, and the tokens of their tills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from cloud.errors import ShopError
from cloud.shop.acting import actor_of, check_names, check_slug
from cloud.shop.books import partner_account
from cloud.staff.audit import note
from cloud.staff.ending import end_sessions
from cloud.store.bulk import SPENDING, take_turns
from cloud.store.database import reading, writing
from cloud.store.hashed import hash_of
from cloud.store.schema_shop import partners

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine, Row

    from cloud.staff.desk import Staff

TTL_S = 90 * 86_400
"""A till's token holds a quarter, as those of staff do."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A shop, by a pseudonym, with its names by language and the district that it is in.

    `expires_at` is until when its token holds, in Unix seconds; 0 where staff have ended it.
    """

    id: str
    names: dict[str, str]
    district: str
    expires_at: int


class PartnerDesk:
    """Admits partners, and lets their tills in by a bearer token, of which the hash is kept.

    Args:
        database: The platform's.
        clock: Gives Unix seconds.
        new_token: Gives a fresh secret text.
    """

    def __init__(
        self, database: Engine, clock: Callable[[], int], new_token: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_token = new_token

    def admit(
        self,
        staff: Staff | None,
        partner: str,
        zh: str,
        en: str,
        district: str,
        *,
        new: bool = False,
    ) -> str:
        """A new token for a partner, in place of the one before; it is shown once.

        A partner that there is gets these names too; it stays in its district. With `new` its
        token stays good, and nothing is changed.

        Raises:
            ShopError: `name`, `role` or `other-district`; with `new`, `partner-there`.
            LedgerError: The database failed; nothing was changed.
        """
        check_slug("partner", partner)
        check_slug("district", district)
        check_names(zh, en)
        # Whoever names another district than the partner's asks for the till of that one.
        its_own = self._district_of(partner) or district
        actor = actor_of(self._database, self._clock(), staff, its_own)
        token, now_s = self._new_token(), self._clock()
        row: dict[str, Any] = {"zh": zh, "en": en, "expires_at": now_s + TTL_S}
        row |= {"token_sha256": hash_of(token)}
        with writing(self._database) as connection:
            take_turns(connection, [partner_account(partner)], SPENDING)
            known = select(partners.c.district).where(partners.c.id == partner)
            where = connection.execute(known).scalar()
            if where is None:
                row |= {"id": partner, "district": district}
                connection.execute(insert(partners).values(**row))
            elif new:
                raise ShopError("partner-there", f"partner {partner} is there: change it there")
            elif where != district:
                raise ShopError("other-district", f"partner {partner} is in {where}, and stays so")
            else:
                connection.execute(update(partners).where(partners.c.id == partner).values(**row))
                end_sessions(connection, "till", partner)
            note(connection, now_s, actor, "partner-admitted", district, detail=partner)
        return token

    def end(self, staff: Staff | None, partner: str) -> None:
        """A partner's token holds no longer, and its goods are no longer offered.

        Whatever the clock says later: one that is set back lets no ended till in.

        Raises:
            ShopError: `unknown-partner`, `role` or `other-district`.
            LedgerError: The database failed; nothing was changed.
        """
        district = self.known(partner).district
        now_s = self._clock()
        actor = actor_of(self._database, now_s, staff, district)
        with writing(self._database) as connection:
            ended = update(partners).where(partners.c.id == partner).values(expires_at=0)
            connection.execute(ended)
            end_sessions(connection, "till", partner)
            note(connection, now_s, actor, "partner-ended", district, detail=partner)

    def whose(self, token: str) -> Partner:
        """Which partner's till shows this token.

        Raises:
            ShopError: `no-token`: it is nobody's. `token-ended`.
            LedgerError: The database failed.
        """
        return self.known_by(hash_of(token))

    def known_by(self, token_sha256: str) -> Partner:
        """Whose the token of this hash is; a till that signed in is remembered by that alone.

        Raises:
            ShopError, LedgerError: As `whose`.
        """
        with reading(self._database) as connection:
            shown = select(partners).where(partners.c.token_sha256 == token_sha256)
            row = connection.execute(shown).first()
        if row is None:
            raise ShopError("no-token", "this token is no partner's: ask the operator for one")
        if row.expires_at <= self._clock():
            raise ShopError("token-ended", f"the token of {row.id} has ended: ask for another")
        return _partner(row)

    def known(self, partner: str) -> Partner:
        """A partner by its pseudonym.

        Raises:
            ShopError: `unknown-partner`.
            LedgerError: The database failed.
        """
        with reading(self._database) as connection:
            row = connection.execute(select(partners).where(partners.c.id == partner)).first()
        if row is None:
            raise ShopError("unknown-partner", f"there is no partner {partner[:40]!r}")
        return _partner(row)

    def all(self) -> list[Partner]:
        """All partners by pseudonym, those whose token has ended too."""
        with reading(self._database) as connection:
            return [_partner(row) for row in connection.execute(select(partners).order_by("id"))]

    def giving(self) -> list[Partner]:
        """Those who give goods for points today, by pseudonym."""
        now_s = self._clock()
        return [one for one in self.all() if one.expires_at > now_s]

    def _district_of(self, partner: str) -> str | None:
        with reading(self._database) as connection:
            where = select(partners.c.district).where(partners.c.id == partner)
            district: str | None = connection.execute(where).scalar()
            return district


def _partner(row: Row[Any]) -> Partner:
    return Partner(row.id, {"zh": row.zh, "en": row.en}, row.district, row.expires_at)
