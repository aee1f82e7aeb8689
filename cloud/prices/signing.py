"""The second pair of eyes: another member of staff signs exactly what was frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud.prices.rules import check_reason
from cloud.prices.standing import check_hash, check_second, check_state, check_unused, ready

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cloud.prices.acts import Acts
    from cloud.prices.drafts import Draft
    from cloud.prices.filing import Filing
    from cloud.staff.desk import Staff
    from contract.catalogue import Catalogue


class Signing:
    """What staff with the right `prices-sign` do.

    Args:
        acts: Transactions about drafts.
        catalogues: Version → catalogue, of those that hold or will.
        filing: Signs with the operator's key, and files what is signed.
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

    def sign(self, staff: Staff, draft_id: int, saw: str) -> Draft:
        """The second signature, for exactly the draft whose hash is `saw`; then it is filed.

        Raises:
            StaffError: `role`.
            PriceError: `unknown-draft`, `own-draft`, `other-district`, `not-frozen`, `decided`,
                `changed`, `damaged`, `too-late`, `base-changed`, `not-later` or `wrong-key`.
            CatalogueError: A carbon factor is not that of its set.
            KeyFileError: The operator's key cannot be used.
            LedgerError: The database failed; nothing was signed.
        """
        with self._acts.about(staff, "prices-sign", draft_id) as (connection, row):
            check_second(staff, row)
            check_state(row, "frozen")
            check_hash(row, saw)
            catalogue = ready(connection, row, self._catalogues, self._clock(), "too-late")
            here = self._filing.signs
            file = self._filing.signed(catalogue) if here else row.content
            state = "signed" if here else "approved"
            self._acts.decide(connection, row.id, staff, state, file=file)
            draft = self._acts.done(connection, staff, state, row.id, saw)
        self._filing.look_now()
        return draft

    def reject(self, staff: Staff, draft_id: int, reason: str) -> Draft:
        """Whoever could sign it says why they do not.

        Also of a list that waits for the operator's key: its author may have left, and no other
        list is signed before it. Not once the operator has signed it.

        Raises:
            As `sign`, and PriceError: `text`.
        """
        self._filing.look_now()  # for what the operator has signed a moment ago
        with self._acts.about(staff, "prices-sign", draft_id) as (connection, row):
            check_second(staff, row)
            check_state(row, "frozen", "approved")
            check_unused(row, self._catalogues)
            check_reason(reason)
            self._acts.decide(connection, row.id, staff, "rejected", reason=reason)
            draft = self._acts.done(connection, staff, "rejected", row.id, reason)
        self._filing.look_now()
        return draft
