"""The steps of a redemption, each one transaction's entry in the books.

reserved → confirmed → refunded, or reserved → cancelled or expired. Points go from the resident to
what is reserved for the partner, from there to the partner, or back to the resident. All of it
happens in the turn of the resident's account; the unique step of each is the last guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from cloud.errors import ShopError
from cloud.ledger.book import resident
from cloud.ledger.moving import move
from cloud.shop.books import partner_account, reserved_account
from cloud.staff.audit import note
from cloud.store.database import added
from cloud.store.schema_shop import goods, partners, redemption_entries, redemptions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from cloud.ledger.redeemed import State


def take_good(connection: Connection, good_id: int, points: int, now_s: int) -> Row[Any]:
    """One of the goods off the shelf, at the price that was seen.

    Raises:
        ShopError: `unknown-good`, `not-on-sale`, `price-changed` or `sold-out`.
    """
    which = goods.c.id == good_id
    there = (goods.c.stock > 0) & goods.c.on_sale & (goods.c.points == points)
    taken = update(goods).where(which & there).values(stock=goods.c.stock - 1)
    count = connection.execute(taken).rowcount
    query = select(goods, partners.c.expires_at).join(partners)
    good = connection.execute(query.where(which)).first()
    if good is None:
        raise ShopError("unknown-good", f"there is no good {good_id}")
    if not good.on_sale or good.expires_at <= now_s:
        raise ShopError("not-on-sale", f"{good.partner}/{good.code} is not on sale")
    if good.points != points:
        raise ShopError("price-changed", f"it costs {good.points} points by now: look again")
    if count != 1:
        raise ShopError("sold-out", f"{good.partner}/{good.code} is sold out")
    return good


def reserve(connection: Connection, values: dict[str, Any]) -> int:
    """Enter a new redemption, whose good was taken off the shelf; its id."""
    redemption_id = added(connection, redemptions, state="reserved", **values)
    payer, payee = resident(values["account"]), reserved_account(values["partner"])
    points, now_s = values["points"], values["reserved_at"]
    entry_id = move(connection, payer, payee, points, "reserved", now_s)
    _say(connection, entry_id, redemption_id, "reserve")
    return redemption_id


def confirm(connection: Connection, row: Row[Any], now_s: int) -> None:
    """The goods went over the counter."""
    _leave(connection, row, "reserved", "confirmed", ended_at=now_s)
    payer, payee = reserved_account(row.partner), partner_account(row.partner)
    entry_id = move(connection, payer, payee, row.points, "confirmed", now_s)
    _say(connection, entry_id, row.id, "end")


def give_back(connection: Connection, row: Row[Any], state: State, now_s: int) -> None:
    """Points and the good are free again; `state` is `cancelled` or `expired`."""
    _leave(connection, row, "reserved", state, ended_at=now_s)
    payer, payee = reserved_account(row.partner), resident(row.account)
    entry_id = move(connection, payer, payee, row.points, state, now_s)
    _say(connection, entry_id, row.id, "end")
    back = update(goods).where(goods.c.id == row.good_id).values(stock=goods.c.stock + 1)
    connection.execute(back)


def refund(connection: Connection, row: Row[Any], reason: str, now_s: int) -> None:
    """The partner's points go back; whether the goods do, the partner's next offer says."""
    _leave(connection, row, "confirmed", "refunded", refunded_at=now_s)
    payer, payee = partner_account(row.partner), resident(row.account)
    entry_id = move(connection, payer, payee, row.points, f"refunded: {reason}", now_s)
    _say(connection, entry_id, row.id, "refund")


def note_step(connection: Connection, row: Row[Any], actor: str, action: str, now_s: int) -> None:
    """Put a step of a redemption into the audit log of the partner's district; never the code."""
    where = select(partners.c.district).where(partners.c.id == row.partner)
    district = connection.execute(where).scalar_one()
    said = f"redemption {row.id} at {row.partner}, {row.points} points"
    note(connection, now_s, actor, action, district, detail=said)


def row_of(connection: Connection, redemption_id: int) -> Row[Any]:
    """A redemption as it stands.

    Raises:
        ShopError: `unknown-redemption`.
    """
    row = connection.execute(select(redemptions).where(redemptions.c.id == redemption_id)).first()
    if row is None:
        raise ShopError("unknown-redemption", f"there is no redemption {redemption_id}")
    return row


def row_of_code(connection: Connection, partner: str, code_sha256: str) -> Row[Any]:
    """What a code of this hash is for, at this partner alone.

    Raises:
        ShopError: `unknown-code`.
    """
    shown = redemptions.c.code_sha256 == code_sha256
    mine = shown & (redemptions.c.partner == partner)
    row = connection.execute(select(redemptions).where(mine)).first()
    if row is None:
        raise ShopError("unknown-code", "this code is none for this shop: read it once more")
    return row


def check_reserved(row: Row[Any], now_s: int) -> None:
    """Whether it can still be confirmed.

    Raises:
        ShopError: `confirmed`, `cancelled`, `expired` or `refunded`.
    """
    if row.state == "reserved" and row.expires_at <= now_s:
        raise ShopError("expired", "its time is over: points and goods are free again")
    if row.state != "reserved":
        raise ShopError(row.state, f"redemption {row.id} is {row.state} already: it counts once")


def _leave(connection: Connection, row: Row[Any], before: State, after: State, **at: int) -> None:
    """Only from where it was read to be: whatever else happened, it is not done twice."""
    mine = (redemptions.c.id == row.id) & (redemptions.c.state == before)
    done = connection.execute(update(redemptions).where(mine).values(state=after, **at))
    if done.rowcount != 1:
        raise ShopError("changed", f"redemption {row.id} is no longer {before}: look again")


def _say(connection: Connection, entry_id: int, redemption_id: int, step: str) -> None:
    row = {"entry_id": entry_id, "redemption_id": redemption_id, "step": step}
    connection.execute(insert(redemption_entries).values(**row))
