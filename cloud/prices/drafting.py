"""The author's part: a draft is begun, changed, frozen, or taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cloud.errors import PriceError
from cloud.prices.drafts import Draft, as_text, next_version
from cloud.prices.edits import MOST, Edit, changed
from cloud.prices.rules import check_day, check_later, check_reason, latest_of, scope_of
from cloud.prices.standing import (
    base_of,
    check_author,
    check_covers,
    check_hash,
    check_state,
    check_unused,
    ready,
)
from cloud.store.database import added
from cloud.store.schema_prices import price_drafts
from contract.canonical import sha256_hex
from contract.catalogue import load_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cloud.prices.acts import Acts
    from cloud.prices.filing import Filing
    from cloud.staff.desk import Staff
    from contract.catalogue import Catalogue


class Drafting:
    """What staff with the right `prices-draft` do.

    Args:
        acts: Transactions about drafts.
        catalogues: Version → catalogue, of those that hold or will.
        filing: Takes away the file of what is withdrawn.
        clock: Gives Unix seconds.
    """

    def __init__(
        self,
        acts: Acts,
        catalogues: Mapping[str, Catalogue],
        filing: Filing,
        clock: Callable[[], int],
    ) -> None:
        self._acts = acts
        self._catalogues = catalogues
        self._filing = filing
        self._clock = clock

    def draft(self, staff: Staff, valid_from: str, edits: Sequence[Edit] = ()) -> Draft:
        """Begin a draft from the latest list, to hold from `valid_from` (ISO 8601) on.

        Raises:
            StaffError: `role`.
            PriceError: `bad-date`, `too-early`, `not-later`, `too-many`, `unknown-item`,
                `unknown-district` or `other-district`.
            CatalogueError: A figure is none that the contract takes.
            LedgerError: The database failed; nothing was drafted.
        """
        with self._acts.one(staff, "prices-draft", "new draft") as connection:
            base = latest_of(self._catalogues)
            check_day(valid_from, self._clock())
            used = set(connection.execute(select(price_drafts.c.version)).scalars())
            version = next_version(valid_from, used | set(self._catalogues))
            made = self._made(staff, base, version, valid_from, edits)
            row: dict[str, Any] = {
                "version": version,
                "base": base.version,
                "author": staff.staff_id,
            }
            row |= {"state": "open", "drafted_at": self._clock(), "decided_by": "", "reason": ""}
            draft_id = added(connection, price_drafts, **row, **made)
            return self._acts.done(connection, staff, "drafted", draft_id)

    def change(
        self, staff: Staff, draft_id: int, saw: str, valid_from: str, edits: Sequence[Edit]
    ) -> Draft:
        """Make an open draft say something else; `saw` is the hash of what its author looked at.

        Its name stays, which says the month that it was begun for.

        Raises:
            As `draft`, and PriceError: `unknown-draft`, `not-open`, `not-yours` or `changed`.
        """
        with self._acts.about(staff, "prices-draft", draft_id) as (connection, row):
            check_author(staff, row)
            check_state(row, "open")
            check_hash(row, saw)
            check_day(valid_from, self._clock())
            base = base_of(row, self._catalogues)
            made = self._made(staff, base, row.version, valid_from, edits)
            self._acts.set(connection, row.id, **made)
            return self._acts.done(connection, staff, "changed", row.id)

    def freeze(self, staff: Staff, draft_id: int, saw: str) -> Draft:
        """Its author is done: from now on it is signed as it is, or not at all.

        Raises:
            As `change`, and PriceError: `no-change` or `base-changed`; CatalogueError: a carbon
                factor is not that of its set.
        """
        with self._acts.about(staff, "prices-draft", draft_id) as (connection, row):
            check_author(staff, row)
            check_state(row, "open")
            check_hash(row, saw)
            ready(connection, row, self._catalogues, self._clock(), "too-early")
            self._acts.set(connection, row.id, state="frozen")
            return self._acts.done(connection, staff, "frozen", row.id, row.sha256)

    def withdraw(self, staff: Staff, draft_id: int, reason: str) -> Draft:
        """Its author takes it back, unless kiosks may have it: then another list must follow.

        Raises:
            As `change`, and PriceError: `decided` or `text`.
        """
        self._filing.look_now()  # for what the operator has signed a moment ago
        with self._acts.about(staff, "prices-draft", draft_id) as (connection, row):
            check_author(staff, row)
            check_state(row, "open", "frozen", "approved")
            check_unused(row, self._catalogues)
            check_reason(reason)
            self._acts.decide(connection, row.id, staff, "withdrawn", reason=reason)
            draft = self._acts.done(connection, staff, "withdrawn", row.id, reason)
        self._filing.look_now()
        return draft

    def _made(
        self,
        staff: Staff,
        base: Catalogue,
        version: str,
        valid_from: str,
        edits: Sequence[Edit],
    ) -> dict[str, Any]:
        """The columns that say what a draft is."""
        if len(edits) > MOST:
            raise PriceError("too-many", f"{len(edits)} edits: at most {MOST} in a draft")
        content = changed(base, version, valid_from, edits)
        catalogue = load_plain(content)
        check_later(catalogue, base)
        scope = scope_of(base, catalogue)
        if edits:
            check_covers(staff, scope)
        made = {"valid_from": valid_from, "scope": scope, "edits": as_text(edits)}
        return made | {"content": content, "sha256": sha256_hex(content)}
