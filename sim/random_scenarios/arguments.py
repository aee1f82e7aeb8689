"""Arguments of a verb by chance, from what its model declares: types, bounds, choices, defaults."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

import annotated_types

from sim.board_faults import KINDS, WELL
from sim.verbs import Verb

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic.fields import FieldInfo

    from sim.verbs.stage import StageVerb

MOST_S = 90.0
"""No outage of a drawn scenario is longer, whatever its verb allows: patience is shorter."""

CEILINGS: Mapping[str, float] = {
    "seconds": MOST_S,
    "delay_s": 30.0,
    "dead_s": 30.0,
    "ms": 10_000.0,
    "height_mm": 400.0,
    "messages": 5,
    "times": 3,
    "force_n": 60.0,
    "force_g": 20_000.0,
}
"""Of arguments without an upper bound, or with one that only physics fears: a push of 5,000 N
breaks the bolt, and what the leaf then does to a hand is not the node's doing."""

YEAR_S = 366 * 86_400
EDGES, USUAL = 0.15, 0.25
"""How often an argument is one of its bounds, and how often what it is when nothing is said."""

TIMES = frozenset({"verb", "kiosk", "at_s", "when", "later_s"})
"""What says when and where, which is drawn elsewhere, or the same in every drawn scenario."""


class NoChoiceError(ValueError):
    """An argument of a verb cannot be drawn; the message names it."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what there is for verbs to name."""

    bays: Sequence[str]
    people: int
    accounts: Sequence[str]


def kinds() -> dict[str, type[StageVerb]]:
    """The model of every verb by its name."""
    models = get_args(get_args(Verb)[0])
    return {get_args(model.model_fields["verb"].annotation)[0]: model for model in models}


def arguments(model: type[StageVerb], cast: Cast, chance: random.Random) -> dict[str, Any]:
    """What a verb is called with, its times left out.

    Raises:
        NoChoiceError: A field is of a kind that nobody has said how to draw.
    """
    drawn: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if name in TIMES:
            continue
        if not field.is_required() and chance.random() < USUAL:
            continue
        drawn[name] = _named(name, cast, drawn, chance)
        if drawn[name] is None:
            drawn[name] = _of_type(name, field, chance)
    return drawn


def _named(name: str, cast: Cast, drawn: Mapping[str, Any], chance: random.Random) -> Any:
    """What names somebody or something of the scenario; None where it is a plain value."""
    match name:
        case "bay":
            return chance.choice(cast.bays)
        case "other":
            return chance.choice([bay for bay in cast.bays if bay != drawn["bay"]])
        case "person":
            return chance.randint(1, cast.people)
        case "of":
            return chance.choice(cast.accounts)
        case "kind" if "part" in drawn:
            return chance.choice([*KINDS[drawn["part"]], WELL])
    return None


def _of_type(name: str, field: FieldInfo, chance: random.Random) -> Any:
    kind = _plain(field.annotation)
    if get_origin(kind) is Literal:
        return chance.choice(get_args(kind))
    if kind is bool:
        return chance.random() < 0.5
    if kind in (int, float):
        return _number(name, field, kind, chance)
    if kind is str and name == "part":
        return chance.choice(sorted(KINDS))
    raise NoChoiceError(f"{name}: nobody has said how to draw a {kind}")


def _plain(kind: Any) -> Any:
    """A type that may be None, without the None."""
    if get_origin(kind) in (Union, UnionType):
        return next(one for one in get_args(kind) if one is not NoneType)
    return kind


def _number(name: str, field: FieldInfo, kind: type, chance: random.Random) -> float:
    least, most = _bounds(name, field)
    draw = chance.random()
    if draw < EDGES:
        value = chance.choice((least, most))
    elif least > 0 and most / least > 100:
        value = math.exp(chance.uniform(math.log(least), math.log(most)))
    else:
        value = chance.uniform(least, most)
    if kind is int:
        return round(value)
    return min(most, max(least, float(f"{value:.3g}")))


def _bounds(name: str, field: FieldInfo) -> tuple[float, float]:
    """From where to where; both may be drawn."""
    least, most = -math.inf, math.inf
    for bound in _flat(field.metadata):
        match bound:
            case annotated_types.Ge(ge=value):
                least = float(value)  # type: ignore[arg-type]
            case annotated_types.Gt(gt=value):
                least = float(value) + 0.01  # type: ignore[arg-type]
            case annotated_types.Le(le=value):
                most = float(value)  # type: ignore[arg-type]
            case annotated_types.Lt(lt=value):
                most = float(value) - 0.01  # type: ignore[arg-type]
    ceiling = CEILINGS.get(name, YEAR_S) if math.isfinite(least) else YEAR_S
    ceiling = min(most, ceiling)
    return max(least, -ceiling), ceiling


def _flat(metadata: Iterable[Any]) -> Iterable[Any]:
    for one in metadata:
        if isinstance(one, annotated_types.GroupedMetadata):
            yield from one
        else:
            yield one
