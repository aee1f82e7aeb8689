"""What people lay on the pan, of what mass, with which barcode, and what they say when asked.

Masses are the usual ones of such things, weighed by nobody here (grams: PET bottles of 0.33, 0.5
and 1.5 l 10 to 18, 10 to 25 and 28 to 40; drink cans of aluminium 13 to 15, of steel 21 to 28; beer
bottles 170 to 250, wine bottles 400 to 550; cartons 100 to 800; jeans 400 to 700, T-shirts 120 to
200; a bottle with water in it above 100; food tins, newspapers, mixed plastic and stones are
guesses). They know nothing of the catalogue that a verdict is reached by. How often each comes, and
who lies, are guesses too: nobody has counted, and wrong acceptances grow as fast as the lies.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.chance import rng

if TYPE_CHECKING:
    import random

Says = Literal["what-it-is", "what-pays", "what-passes"]
"""How somebody answers a question: truly, by the best price, or by the first answer offered."""

WATER_G_ML = 1.0
SHOWN = 0.3
"""So many bottles and cans lie with their barcode to the camera."""

LIARS = 0.03
"""Of those who bring what the kiosk takes."""

CHEATS = 0.1
"""Of those who bring what must come back: most did not know, or forgot to empty a bottle."""


@dataclass(frozen=True, slots=True)
class Brought:
    """One load.

    `story` says what it is, `kind` what it looks like (as in `sim.drawn.ITEM_CLASS`; two side by
    side are joined by `+`), `code` the item code that is right, empty where the load must come
    back. `barcodes` are what the camera can read of it.
    """

    story: str
    kind: str
    code: str
    mass_g: float
    pieces: int = 1
    barcodes: tuple[str, ...] = ()
    says: Says = "what-it-is"


def brought(seed: int) -> Brought:
    """What the person of that seed brings."""
    chance = rng(seed, "load")
    story = chance.choices(list(_STORIES), [share for share, _ in _STORIES.values()])[0]
    return _STORIES[story][1](story, chance)


def _pure(
    kind: str,
    code: str,
    one_g: Callable[[random.Random], float],
    most: int = 1,
    eans: tuple[str, ...] = (),
) -> Callable[[str, random.Random], Brought]:
    """One thing, or where `most` allows a bag of two or more alike."""

    def bring(story: str, chance: random.Random) -> Brought:
        pieces = chance.randint(2, most) if most > 1 else 1
        grams = one_g(chance)
        mass_g = sum(grams * chance.uniform(0.95, 1.05) for _ in range(pieces))
        shown = (chance.choice(eans),) if eans and chance.random() < SHOWN else ()
        says: Says = "what-pays" if chance.random() < LIARS else "what-it-is"
        return Brought(story, kind, code, mass_g, pieces, shown, says)

    return bring


def _returned(
    kinds: Sequence[str],
    grams: Callable[[random.Random], float],
    eans: tuple[str, ...] = (),
) -> Callable[[str, random.Random], Brought]:
    """What must come back, and looks like one of `kinds`."""

    def bring(story: str, chance: random.Random) -> Brought:
        kind = chance.choice(kinds)
        lie: Says = chance.choice(("what-pays", "what-passes"))
        says: Says = lie if chance.random() < CHEATS else "what-it-is"
        shown = (chance.choice(eans),) if eans else ()
        return Brought(story, kind, "", grams(chance), 1, shown, says)

    return bring


def _one_of(*ranges: tuple[float, float]) -> Callable[[random.Random], float]:
    return lambda chance: chance.uniform(*chance.choice(ranges))


def _any_size(least_g: float, most_g: float) -> Callable[[random.Random], float]:
    """Each order of magnitude alike."""
    return lambda chance: math.exp(chance.uniform(math.log(least_g), math.log(most_g)))


def _filled(chance: random.Random) -> float:
    """A bottle of 0.33 to 1.5 l with at least a good gulp in it, and at most full."""
    bottle_g, holds_ml = chance.choice(((14, 330), (20, 500), (34, 1500)))
    return bottle_g + WATER_G_ML * chance.uniform(100, holds_ml)


_PET = _one_of((10, 18), (10, 25), (28, 40))
_CAN = _one_of((13, 15))
_STEEL = _one_of((21, 28), (45, 95))
_PET_EAN, _CAN_EAN = ("2000000001012",), ("2000000001036",)

_STORIES: Mapping[str, tuple[float, Callable[[str, random.Random], Brought]]] = {
    "bottle": (0.26, _pure("pet-bottle", "pet-bottle", _PET)),
    "bottle of a known make": (
        0.06,
        _pure("pet-bottle", "pet-bottle", _one_of((20, 22.5)), eans=_PET_EAN),
    ),
    "bag of bottles": (0.05, _pure("pet-bottle", "pet-bottle", _PET, most=4)),
    "can": (0.12, _pure("can", "can", _CAN, eans=_CAN_EAN)),
    "bag of cans": (0.05, _pure("can", "can", _CAN, most=8)),
    "steel can": (0.05, _pure("steel-can", "steel-can", _STEEL)),
    "mixed plastic": (0.02, _pure("pet-bottle", "plastic-mixed", _any_size(45, 500))),
    "newspapers": (0.14, _pure("newspaper", "newspaper", _any_size(120, 5000))),
    "carton": (0.11, _pure("carton", "cardboard", _any_size(100, 800))),
    "glass": (0.04, _returned(("glass-bottle",), _one_of((170, 250), (400, 550)))),
    "clothes": (0.03, _returned(("t-shirt",), _one_of((120, 200), (400, 700)))),
    "foreign": (0.04, _returned(("banana", "plant", "battery"), _any_size(20, 600))),
    "water in a bottle": (0.010, _returned(("pet-bottle",), _filled)),
    "stones in a bag": (
        0.010,
        _returned(("pet-bottle", "can"), _any_size(600, 6000)),
    ),
    "label around a stone": (0.005, _returned(("battery",), _any_size(60, 900), _PET_EAN)),
    "mixed bag": (
        0.005,
        _returned(
            ("pet-bottle+can", "can+newspaper", "newspaper+pet-bottle"),
            _any_size(60, 600),
        ),
    ),
}
"""Story → its share of loads, and who tells it."""
