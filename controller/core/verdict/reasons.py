"""Why a load goes back: what it most probably is, as a key of the screens' text table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.verdict.verdicts import Return

if TYPE_CHECKING:
    from collections.abc import Collection

    from contract.catalogue import Catalogue, Item
    from controller.core.verdict.belief import Belief


def why(
    catalogue: Catalogue,
    streams: Collection[str],
    full: Collection[str],
    belief: Belief,
    label: str,
    mass_g: int,
) -> Return:
    """The reason that says most to the resident.

    `streams` are those that the bay collects, `full` those of them that take no more; `label` is
    the class that the load looks like.
    """
    shares = dict.fromkeys(("returned-unknown", "returned-not-here", "returned-full"), 0.0)
    for item in catalogue.items:
        shares[_place(item, streams, full)] += belief.items[item.code]
    shares["returned-unknown"] += belief.foreign
    if sum(belief.adulterated.values()) > max(shares.values()):
        return _adulterated(catalogue, belief, mass_g)
    reason = max(shares, key=shares.__getitem__)
    looks_like = catalogue.candidates(label)
    if reason != "returned-full" and looks_like and not _may_weigh(looks_like, mass_g):
        return Return("returned-mass")
    return Return(reason)


def _place(item: Item, streams: Collection[str], full: Collection[str]) -> str:
    if item.stream not in streams:
        return "returned-not-here"
    return "returned-full" if item.stream in full else "returned-unknown"


def _may_weigh(items: Collection[Item], mass_g: int) -> bool:
    return any(item.mass_g.min <= mass_g <= item.mass_g.max for item in items)


def _adulterated(catalogue: Catalogue, belief: Belief, mass_g: int) -> Return:
    """Too heavy for the kind that it looks like, or else simply not that kind's mass."""
    like = catalogue.item(max(belief.adulterated, key=belief.adulterated.__getitem__))
    usual_g = like.piece_g.median if like.piece_g is not None else like.mass_g.max
    heavy = mass_g > usual_g
    return Return("returned-too-heavy-for-kind" if heavy else "returned-mass")
