"""Who comes to a kiosk in a scenario: residents with their things, and the truck."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sim.arrivals import DAY_S
from sim.drawn import ITEM_CLASS
from sim.habits import QUEUE_PATIENCE_S, HabitName

Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
Seconds = Annotated[float, Field(ge=0, le=7 * DAY_S)]


class Table(BaseModel):
    """A table of a scenario: an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemToBring(Table):
    """One thing that somebody brings; `kind` as in `sim.drawn.ITEM_CLASS`."""

    kind: Name
    mass_g: Annotated[int, Field(gt=0, le=100_000)]
    pieces: Annotated[int, Field(ge=1, le=100)] = 1
    size_mm: Annotated[int, Field(gt=0, le=2000)] = 100

    @field_validator("kind")
    @classmethod
    def _can_be_seen(cls, kind: str) -> str:
        if kind not in ITEM_CLASS:
            raise ValueError(f"no item kind {kind!r}; there are {', '.join(ITEM_CLASS)}")
        return kind


class Visitor(Table):
    """Somebody who comes at `arrives_s` and waits `patience_s` for their turn at most.

    People of one `account` share it; `habit` is one of `sim.habits.HABITS`. Of several kiosks they
    come to the first, if `kiosk` names no other.
    """

    arrives_s: Seconds
    kiosk: str | None = None
    items: tuple[ItemToBring, ...] = ()
    account: Name = "resident"
    habit: HabitName = "usual"
    patience_s: Annotated[float, Field(gt=0, le=DAY_S)] = QUEUE_PATIENCE_S


class Collection(Table):
    """A truck empties all bins of one kiosk, or of `all`, at `at_s`."""

    at_s: Seconds
    kiosk: str | None = None
