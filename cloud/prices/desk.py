"""Four eyes over the price list: one member of staff drafts, another signs exactly that.

A draft is `open` to its author, who freezes it. Then it is its hash that counts: whoever signs
names the hash of what they read. Signed with the operator's key it is filed at once; where that
key is not at hand it is `approved`, and the operator signs the file. It is rejected or withdrawn
with a reason. Each step is in the audit log, and so is each that was refused, with its code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud.prices.acts import Acts, refusals
from cloud.prices.differences import Difference, differences
from cloud.prices.drafting import Drafting
from cloud.prices.drafts import Draft, draft_of, edits_of, known_row, latest_drafts
from cloud.prices.rules import latest_of
from cloud.prices.signing import Signing
from cloud.prices.standing import base_of
from cloud.store.database import reading
from contract.catalogue import Catalogue, load_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sqlalchemy import Engine, Row

    from cloud.prices.edits import Edit
    from cloud.prices.filing import Filing
    from cloud.staff.desk import Staff


class PriceDesk:
    """What staff read of drafts; `drafting` and `signing` are what they do.

    All that reads raises StaffError `role`, PriceError `unknown-draft` and LedgerError.

    Args:
        database: The platform's.
        catalogues: Version → catalogue, of those that hold or will.
        filing: Signs and files what was signed by two.
        clock: Gives Unix seconds.
    """

    def __init__(
        self,
        database: Engine,
        catalogues: Mapping[str, Catalogue],
        filing: Filing,
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._catalogues = catalogues
        self._filing = filing
        acts = Acts(database, clock)
        self.drafting = Drafting(acts, catalogues, filing, clock)
        self.signing = Signing(acts, catalogues, filing, clock)

    @property
    def latest(self) -> Catalogue:
        """The list that drafts are made from: the one that holds last."""
        return latest_of(self._catalogues)

    @property
    def signs_here(self) -> bool:
        """Whether the platform has the operator's key."""
        return self._filing.signs

    def knows(self, version: str) -> bool:
        """Whether a list is known here, signed by the operator: then it is in use, or will be."""
        return version in self._catalogues

    def drafts(self, staff: Staff, limit: int = 100) -> list[Draft]:
        """The latest drafts, newest first; all who have to do with prices see all of them."""
        staff.check("prices-see")
        with reading(self._database) as connection:
            return latest_drafts(connection, limit)

    def shown(self, staff: Staff, draft_id: int) -> tuple[Draft, Catalogue, list[Difference]]:
        """A draft, the catalogue that it is, and what differs from the one it was made from.

        Raises:
            PriceError: `base-changed`: its base is not known here any more.
        """
        row = self._row(staff, draft_id)
        after = load_plain(row.content)
        return draft_of(row), after, differences(base_of(row, self._catalogues), after)

    def base_of(self, staff: Staff, draft_id: int) -> Catalogue:
        """The list that a draft was made from; PriceError `base-changed` where it is not here."""
        return base_of(self._row(staff, draft_id), self._catalogues)

    def edits(self, staff: Staff, draft_id: int) -> list[Edit]:
        """What was changed, to be made again in another draft."""
        return edits_of(self._row(staff, draft_id).edits)

    def unsigned(self, staff: Staff, draft_id: int) -> bytes:
        """The bytes that the hash is of, as a file for `kiosk catalogue sign`."""
        content: bytes = self._row(staff, draft_id).content
        return content

    def refused(self) -> dict[str, int]:
        """What was not done about prices, by code, ever since."""
        with reading(self._database) as connection:
            return refusals(connection)

    def _row(self, staff: Staff, draft_id: int) -> Row[Any]:
        staff.check("prices-see")
        with reading(self._database) as connection:
            return known_row(connection, draft_id)
