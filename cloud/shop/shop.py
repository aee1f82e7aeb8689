"""The shop put together: one value that API, pages and command line are given."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cloud.shop.expiry import Expiry
from cloud.shop.giving import Giving
from cloud.shop.partners import PartnerDesk
from cloud.shop.redeeming import Redeeming
from cloud.shop.refunds import Refunds
from cloud.shop.rests import Rests
from cloud.shop.shelves import Shelves
from cloud.shop.sight import ShopSight
from cloud.shop.takings import Till

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from cloud.shop.codes import ShopCodes


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop's parts; `refused` counts what was refused since the start, by code."""

    partners: PartnerDesk
    shelves: Shelves
    redeeming: Redeeming
    refunds: Refunds
    expiry: Expiry
    till: Till
    giving: Giving
    rests: Rests
    sight: ShopSight
    refused: Counter[str] = field(default_factory=Counter)


def make_shop(
    database: Engine, codes: ShopCodes, clock: Callable[[], int], new_token: Callable[[], str]
) -> Shop:
    """The shop over the ledger's database; `new_token` gives fresh secret texts for tills."""
    desk = PartnerDesk(database, clock, new_token)
    expiry = Expiry(database, clock)
    return Shop(
        partners=desk,
        shelves=Shelves(database, clock, desk),
        redeeming=Redeeming(database, codes, expiry, clock),
        refunds=Refunds(database, clock, desk),
        expiry=expiry,
        till=Till(database),
        giving=Giving(database, clock),
        rests=Rests(database, clock),
        sight=ShopSight(database, clock, desk, expiry),
    )
