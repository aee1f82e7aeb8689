"""The judge: of accept, ask and return, the one that is expected to cost least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.points import price
from controller.core.verdict import reasons
from controller.core.verdict.belief import Belief, believe
from controller.core.verdict.eyes import Eyes, contradicts
from controller.core.verdict.masses import Masses
from controller.core.verdict.stakes import Stakes
from controller.core.verdict.verdicts import MAX_CHOICES, Accept, Ask, Return, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contract.catalogue import Catalogue, Item
    from contract.container import Container
    from controller.core.config import VerdictConfig
    from controller.core.sight import Sight

E_IN_MIN = 20
"""Min is 20 e (OIML R 76-1, class III)."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges loads for one bay.

    `bins` maps a stream to the index of the bin that takes it, `full` names the streams of which
    every bin is full. `min_g` is Min of the bay's scale.
    """

    catalogue: Catalogue
    bins: Mapping[str, int]
    min_g: int
    config: VerdictConfig
    full: frozenset[str] = frozenset()

    def judge(self, sight: Sight, mass_g: int) -> Verdict:
        """Judge a load of `mass_g` grams that looks like `sight`."""
        if sight.problems:
            return Return("returned-dark")
        if len({one.item_code for one in self._containers(sight)}) > 1:
            return Return("returned-mixed")
        belief = self._belief(sight, mass_g)
        costs = self._costs(belief, mass_g, silently=self._may_be_taken_silently(sight))
        verdict = min(costs, key=costs.__getitem__)
        return self._back(sight, belief, mass_g) if isinstance(verdict, Return) else verdict

    def answered(self, sight: Sight, mass_g: int, choices: Sequence[Item], code: str) -> Verdict:
        """Judge the same load once the resident has named one of `choices`, or another word.

        The answer is evidence and no order: an item that eyes and mass rule out is not accepted.
        """
        stakes = self._stakes(mass_g)
        offered = tuple(one for one in choices if one in stakes.items)  # a bin may have filled up
        item = next((one for one in offered if one.code == code), None)
        if item is None:
            named = next((one for one in choices if one.code == code), None)
            is_full = named is not None and named.stream in self.full
            return Return("returned-full" if is_full else "returned-unknown")
        if mass_g > item.mass_g.max:
            return Return("returned-too-heavy-for-kind")
        told = stakes.after(code, offered, self._belief(sight, mass_g)).normed()
        if stakes.accepting(item, told) <= stakes.returning(told):
            return self.accept(item, mass_g)
        return self._back(sight, told, mass_g)

    def accept(self, item: Item, mass_g: int) -> Accept:
        """Accept a load as `item`."""
        pieces = self._pieces(item, mass_g)
        priced = price(item, mass_g, pieces, self.min_g)
        return Accept(item, self.bins[item.stream], pieces, priced)

    def _costs(self, belief: Belief, mass_g: int, *, silently: bool) -> dict[Verdict, float]:
        """What each verdict is expected to cost, in fen; the likeliest items are offered first."""
        stakes = self._stakes(mass_g)
        likely = sorted(stakes.items, key=lambda item: -belief.items[item.code])
        costs: dict[Verdict, float] = {Return("returned-unknown"): stakes.returning(belief)}
        if silently and likely:
            costs[self.accept(likely[0], mass_g)] = stakes.accepting(likely[0], belief)
        for count in range(1, min(MAX_CHOICES, len(likely)) + 1):
            choices = tuple(likely[:count])
            costs[Ask(choices)] = stakes.asking(choices, belief)
        return costs

    def _stakes(self, mass_g: int) -> Stakes:
        """What may be taken here now, and what it would earn."""
        open_streams = self.bins.keys() - self.full
        items = tuple(item for item in self.catalogue.items if item.stream in open_streams)
        points = {item.code: self.accept(item, mass_g).priced.points for item in items}
        return Stakes(items, points, self.config)

    def _belief(self, sight: Sight, mass_g: int) -> Belief:
        eyes = Eyes(sight, self.catalogue, self.config)
        known = self._containers(sight)
        # Two bottles of two makes are a bag of bottles, and no longer one of known mass.
        container = known[0] if len(known) == 1 else None
        return believe(eyes, self._masses(mass_g), container, self.config)

    def _masses(self, mass_g: int) -> Masses:
        """Good to half an e, the limit below 500 e on verification (OIML R 76-1, table 6)."""
        return Masses(mass_g, self.min_g / E_IN_MIN / 2)

    def _containers(self, sight: Sight) -> tuple[Container, ...]:
        found = (self.catalogue.container(ean) for ean in dict.fromkeys(sight.barcodes))
        return tuple(one for one in found if one is not None)

    def _may_be_taken_silently(self, sight: Sight) -> bool:
        """Not on two known barcodes, nor one on what looks like something else.

        What the eyes call unknown needs the one known barcode, of what it looks like.
        """
        known = self._containers(sight)
        if len(known) > 1 or any(contradicts(sight, one) for one in known):
            return False
        return bool(known) or not sight.unknown

    def _back(self, sight: Sight, belief: Belief, mass_g: int) -> Return:
        """Return, with the reason that says most to the resident."""
        if any(contradicts(sight, one) for one in self._containers(sight)):
            return Return("returned-barcode")
        return reasons.why(self.catalogue, self.bins.keys(), self.full, belief, sight.label, mass_g)

    def _pieces(self, item: Item, mass_g: int) -> int:
        """As many as the mass vouches for at the costs of a wrong deposit; else one.

        A piece too many is a wrong deposit, a piece too few costs the resident its price.
        """
        if item.piece_g is None:
            return 1
        shares = self._masses(mass_g).by_pieces(item.piece_g)
        a_piece = item.price.points_per_piece or 0
        sure = 1
        for count in range(2, len(shares) + 1):
            fewer, rest = sum(shares[: count - 1]), sum(shares[count - 1 :])
            if 0 < fewer * self.config.wrongly_accepted_fen <= rest * a_piece:
                sure = count
        return sure
