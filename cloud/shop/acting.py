"""Who changes something in the shop, whether they may, and the log of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cloud.errors import ShopError
from cloud.staff.audit import note
from cloud.staff.desk import OPERATOR
from cloud.store.database import writing
from contract.fields import SENTENCE, is_sentence

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cloud.staff.desk import Staff

LONGEST_NAME = 40
"""Letters of a partner's or a good's name: one line on a phone."""

SLUG = re.compile(r"[a-z0-9-]{1,32}")


def actor_of(database: Engine, now_s: int, staff: Staff | None, district: str) -> str:
    """How the log names them, where they may act on the shop of `district`; it has it where not.

    None is the operator.

    Raises:
        ShopError: `role` or `other-district`.
        LedgerError: The database failed.
    """
    if staff is None:
        return OPERATOR
    actor = staff.actor
    if not staff.may("shop"):
        denied = ShopError("role", f"{staff.staff_id} is {staff.role}: the shop is another role's")
    elif not staff.covers(district):
        denied = ShopError("other-district", f"{district} is not the district of {staff.staff_id}")
    else:
        return actor
    with writing(database) as connection:
        note(connection, now_s, actor, "denied", district, detail=f"shop: {denied.code}")
    raise denied


def check_slug(name: str, slug: str) -> None:
    """Whether `slug` is 1 to 32 of a-z, 0-9 and -.

    Raises:
        ShopError: `name`; the message says which it was to be.
    """
    if not SLUG.fullmatch(slug):
        raise ShopError("name", f"{name} {slug[:40]!r} is none: 1 to 32 of a-z, 0-9 and -")


def check_names(zh: str, en: str) -> None:
    """Whether both names can be shown.

    Raises:
        ShopError: `name`.
    """
    for language, name in (("zh", zh), ("en", en)):
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise ShopError(
                "name", f"name {language} {name[:60]!r}: write 1 to {LONGEST_NAME} letters"
            )


def check_sentence(name: str, text: str) -> None:
    """Whether `text` is a sentence.

    Raises:
        ShopError: `text`.
    """
    if not is_sentence(text):
        raise ShopError("text", f"{name}: write one sentence of at most {SENTENCE} letters")
