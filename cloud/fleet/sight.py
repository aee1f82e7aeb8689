"""What staff see of the kiosks in their district."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloud.errors import FleetError
from cloud.fleet import heard, list_rows, orders
from cloud.fleet.districts import district_of, kiosks_of_all
from cloud.store.database import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Engine

    from cloud.fleet.heard import Heard
    from cloud.fleet.list_rows import ListAt
    from cloud.staff.desk import Staff
    from contract.catalogue import Catalogue
    from contract.condition import KioskCondition


@dataclass(frozen=True, slots=True)
class Seen:
    """One kiosk: its district, how it was heard last, and how many commands wait for it.

    `heard` is None for a kiosk of the catalogue that was never heard. `lists` are the price lists
    that it has or should have; none of a kiosk that takes none over the wire.
    """

    kiosk: str
    district: str
    heard: Heard | None
    open_commands: int
    lists: tuple[ListAt, ...] = ()

    @property
    def trouble(self) -> str:
        """What is the matter in one word, the worst first; `well` where nothing is.

        `never` heard, `offline`, `closed`: no bay can be used, `bays`: some cannot, `faults`,
        `full`: a bin is, `outbox`: records wait although it is online, `list`: it refuses a price
        list, or does not take it.
        """
        if self.heard is None:
            return "never"
        signs = _signs(self.heard) | {"list": any(_is_late(one) for one in self.lists)}
        return next((word for word, is_so in signs.items() if is_so), "well")


def _signs(heard: Heard) -> dict[str, bool]:
    """What may be the matter with a kiosk, the worst first, and whether it is."""
    condition, levels, state = heard.condition, heard.levels, heard.state
    bays = [] if condition is None else condition.bays
    faults = (
        [] if condition is None else [*condition.faults, *(f for bay in bays for f in bay.faults)]
    )
    return {
        "offline": not heard.online,
        "closed": bool(bays) and not any(bay.usable for bay in bays),
        "bays": not all(bay.usable for bay in bays),
        "faults": bool(faults),
        "full": levels is not None and any(one.full for one in levels.bins),
        "outbox": state is not None and state.outbox_depth > OUTBOX_MUCH,
    }


def _is_late(one: ListAt) -> bool:
    """Whether a list is not where it should be by now."""
    return one.state == "refused" or (one.state == "sent" and one.sends >= LATE_SENDS)


LATE_SENDS = 3
"""A list that was sent so often, over two minutes and more, should have arrived."""

OUTBOX_MUCH = 100
"""Records that wait at a kiosk that is online: two messages' worth are under way at most times."""


class Sight:
    """Reads the fleet for staff.

    Args:
        database: The platform's.
        catalogues: Catalogue version → catalogue.
    """

    def __init__(self, database: Engine, catalogues: Mapping[str, Catalogue]) -> None:
        self._database = database
        self._catalogues = catalogues

    def page(self, staff: Staff, after: str = "", limit: int = 100) -> list[Seen]:
        """Kiosks of their district by id, those after `after`.

        Raises:
            StaffError: `role`.
            LedgerError: The database failed.
        """
        staff.check("fleet-see")
        with reading(self._database) as connection:
            districts = kiosks_of_all(self._catalogues)
            names = sorted(districts.keys() | set(heard.known(connection)))
            mine = [one for one in names if one > after and staff.covers(districts.get(one, ""))][
                :limit
            ]
            found = heard.heard_of(connection, mine)
            waiting = orders.open_counts(connection, mine)
            lists = list_rows.lists_at(connection, mine)
        return [
            Seen(
                one,
                districts.get(one, ""),
                found.get(one),
                waiting.get(one, 0),
                lists.get(one, ()),
            )
            for one in mine
        ]

    def one(self, staff: Staff, kiosk: str) -> Seen:
        """One kiosk.

        Raises:
            StaffError: `role`.
            FleetError: `unknown-kiosk`, `other-district`.
            LedgerError: The database failed.
        """
        self.check(staff, kiosk)
        with reading(self._database) as connection:
            found = heard.heard_of(connection, [kiosk]).get(kiosk)
            waiting = orders.open_counts(connection, [kiosk]).get(kiosk, 0)
            lists = list_rows.lists_at(connection, [kiosk]).get(kiosk, ())
        return Seen(kiosk, district_of(self._catalogues, kiosk), found, waiting, lists)

    def check(self, staff: Staff, kiosk: str) -> None:
        """Go on where staff may see this kiosk; as `one`."""
        staff.check("fleet-see")
        district = district_of(self._catalogues, kiosk)
        if not district:
            with reading(self._database) as connection:
                if not heard.heard_of(connection, [kiosk]):
                    raise FleetError("unknown-kiosk", f"there is no kiosk {kiosk[:32]!r} here")
        if not staff.covers(district):
            raise FleetError(
                "other-district", f"{kiosk} is in {district or 'no district'}, not yours"
            )

    def condition(self, connection: Connection, kiosk: str) -> KioskCondition | None:
        """What a kiosk said of its bays last."""
        found = heard.heard_of(connection, [kiosk]).get(kiosk)
        return None if found is None else found.condition
