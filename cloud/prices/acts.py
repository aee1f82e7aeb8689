"""Acts of staff about drafts: each done wholly, alone, and in the audit log, or refused there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from cloud.errors import PriceError, StaffError
from cloud.prices.drafts import Draft, draft_of, known_row
from cloud.staff.acts import note_by
from cloud.store.alone import PRICES, alone
from cloud.store.database import writing
from cloud.store.schema import audit
from cloud.store.schema_prices import price_drafts
from contract.errors import CatalogueError, KeyFileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine, Row

    from cloud.staff.desk import Staff
    from cloud.staff.rights import Right

REFUSED = "prices-refused"
"""The action of the audit log for what was not done; its detail is `CODE WHAT`."""


class Acts:
    """Transactions about drafts.

    Args:
        database: The platform's.
        clock: Gives Unix seconds.
    """

    def __init__(self, database: Engine, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    @contextmanager
    def about(
        self, staff: Staff, right: Right, draft_id: int
    ) -> Iterator[tuple[Connection, Row[Any]]]:
        """A transaction about one draft, which nobody else is at; gives its row.

        Raises:
            StaffError: `role`.
            PriceError: `unknown-draft`.
            LedgerError: The database failed; nothing was done.
        """
        with self.one(staff, right, f"draft {draft_id}") as connection:
            yield connection, known_row(connection, draft_id)

    @contextmanager
    def one(self, staff: Staff, right: Right, what: str) -> Iterator[Connection]:
        """A transaction of staff who have `right`; `what` is what the log has of a refusal."""
        try:
            staff.check(right)
            with writing(self._database) as connection:
                alone(connection, PRICES)
                yield connection
        except (PriceError, StaffError, CatalogueError, KeyFileError) as error:
            self._note_refusal(staff, f"{error.code} {what}")
            raise

    def done(
        self, connection: Connection, staff: Staff, action: str, draft_id: int, detail: str = ""
    ) -> Draft:
        """Put an act into the log, under the district that the draft is of; the draft as it is."""
        draft = draft_of(known_row(connection, draft_id))
        said = f"{draft.version} {detail}".rstrip()
        self._note(connection, staff, f"prices-{action}", draft.scope, said)
        return draft

    def set(self, connection: Connection, draft_id: int, **values: Any) -> None:
        """Change columns of a draft."""
        row = update(price_drafts).where(price_drafts.c.id == draft_id)
        connection.execute(row.values(**values))

    def decide(
        self, connection: Connection, draft_id: int, staff: Staff, state: str, **values: Any
    ) -> None:
        """Give a draft the state in which it stays."""
        decided = {"decided_by": staff.staff_id, "decided_at": self._clock()}
        self.set(connection, draft_id, state=state, **decided, **values)

    def _note_refusal(self, staff: Staff, detail: str) -> None:
        with writing(self._database) as connection:
            self._note(connection, staff, REFUSED, staff.district, detail)

    def _note(
        self, connection: Connection, staff: Staff, action: str, where: str, detail: str
    ) -> None:
        note_by(connection, self._clock(), staff, action, where, detail=detail)


def refusals(connection: Connection) -> dict[str, int]:
    """What was not done about prices, by code, ever since."""
    refused = select(audit.c.detail, func.count()).where(audit.c.action == REFUSED)
    counts: Counter[str] = Counter()
    for detail, number in connection.execute(refused.group_by(audit.c.detail)):
        counts[detail.partition(" ")[0]] += number
    return dict(sorted(counts.items()))
