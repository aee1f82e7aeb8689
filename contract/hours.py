"""When a kiosk is open, and which day it is where it stands."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contract.fields import Agreed

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCAL = timezone(timedelta(hours=8))
"""China has one zone and no summer time (GB/T 7408)."""

_LAST = datetime.max.replace(tzinfo=LOCAL)
"""A kiosk's clock may say anything, and a calendar has an end."""

_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")

DayTime = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
"""Hours and minutes of China's time; 24:00 ends a day (ISO 8601)."""


class Hours(Agreed):
    """One stretch of opening hours, on the ISO weekdays `days` (Monday is 1)."""

    days: Annotated[
        tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1, strict=False)
    ]
    opens: DayTime
    closes: DayTime

    @model_validator(mode="after")
    def _is_a_stretch(self) -> Self:
        if self.opens >= self.closes:
            raise PydanticCustomError(
                "hours-order", "closes must be later than opens: write a night as two stretches"
            )
        if len(set(self.days)) != len(self.days):
            raise PydanticCustomError("hours-days", "a weekday stands twice in days")
        return self


def is_open(hours: Sequence[Hours], utc_s: int) -> bool:
    """Whether a kiosk with these hours is open at `utc_s` (Unix s); with none it always is."""
    now = datetime.fromtimestamp(utc_s, LOCAL)
    at = now.strftime("%H:%M")
    return not hours or any(
        now.isoweekday() in one.days and one.opens <= at < one.closes for one in hours
    )


def day_of(utc_s: int) -> str:
    """The calendar day in China at `utc_s` (Unix s), ISO 8601."""
    return datetime.fromtimestamp(utc_s, LOCAL).date().isoformat()


def bounds_of_day(day: str) -> tuple[int, int]:
    """The first second of a day in China, as in 2026-11-28, and of the next (Unix s).

    Raises:
        ValueError: It is no day of this century.
    """
    if not _DAY.fullmatch(day):
        raise ValueError(f"{day[:24]!r} is no day: write it as in 2026-11-28")
    first = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=LOCAL)
    return int(first.timestamp()), int((first + timedelta(days=1)).timestamp())


def local_time(instant: str) -> str:
    """A record's UTC instant as people in China write it, with its offset."""
    return in_china(instant).strftime("%Y-%m-%d %H:%M:%S +08:00")


def in_china(instant: str) -> datetime:
    """A record's UTC instant by the clocks of China; a day beyond the calendar is its last one."""
    moment = datetime.fromisoformat(instant.removesuffix("Z")).replace(tzinfo=UTC)
    return min(moment, _LAST).astimezone(LOCAL)
