"""Field types that records, payloads and catalogue share, and how their errors read."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from contract.canonical import INT_MAX, readable


@lru_cache(maxsize=1024)  # days repeat: a kiosk names that of its calibration in each record
def _real_instant(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("bad-date", "is no day or time of the calendar") from error
    return value


Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
"""A kiosk, city, district, bay, stream or item code; goes into topics, so no dot, no space."""

Word = Annotated[str, Field(max_length=64)]
"""A short free identifier such as a session, a class label or a calibration."""

SENTENCE = 300
"""Letters of a sentence at most."""

Text = Annotated[str, Field(max_length=SENTENCE)]
"""One sentence for people who read logs."""

Account = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""A pseudonymous account: 8 bytes in hex, which say nothing about who it is."""

GUESTS = "0" * 16
"""The account of all who give their points away: nobody's, and no code is issued for it."""

Epoch = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""The birth of a journal, 8 random bytes in hex."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
Signature = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{85}[AQgw]$")]
"""64 bytes in base64url without padding, in its only spelling: the last 4 bits are 0."""

Instant = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"),
    AfterValidator(_real_instant),
]
"""A UTC time after ISO 8601. Clocks lie: nothing but a reader's patience depends on it."""

Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_instant)]
"""A day of the calendar after ISO 8601."""

Seq = Annotated[int, Field(ge=1, le=INT_MAX)]
Count = Annotated[int, Field(ge=0, le=INT_MAX)]
Grams = Annotated[int, Field(ge=0, le=1_000_000)]
"""A mass; a tonne is beyond any pan."""

Points = Annotated[int, Field(ge=0, le=10_000_000)]
"""100 points are 1 yuan."""

ZERO_HASH = "0" * 64
"""Stands where there is no record before: `prev` of the first one, `sha256` of an empty ack."""


class Agreed(BaseModel):
    """A part of what kiosk and platform agreed on: frozen, exact types, nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def is_residents(account: str) -> bool:
    """Whether it can be an account of somebody: 16 hex digits, and not the guests'."""
    return re.fullmatch(r"[0-9a-f]{16}", account) is not None and account != GUESTS


def is_sentence(text: str, longest: int = SENTENCE) -> bool:
    """Whether `text` is one line that says something, in up to `longest` letters.

    The wide space of Chinese, the hard space and emoji's joiner are letters of it.
    """
    shown = all(one.isprintable() or one in "\u3000\u00a0\u200d" for one in text)
    return bool(text.strip()) and len(text) <= longest and shown


def first_problem(error: ValidationError) -> str:
    """Say which field is wrong and how, in one line without the value's whole surroundings."""
    problem = error.errors(include_url=False, include_context=False)[0]
    field = readable(_dotted(problem["loc"])) or "(the whole)"
    more = error.error_count() - 1
    rest = f" (and {more} more)" if more else ""
    return f"field {field}: {problem['msg']}{_given(problem)}{rest}"


def problem_code(error: ValidationError) -> str:
    """The code of the first problem: our own validators' word, or one of a few common ones."""
    kind = error.errors(include_url=False, include_context=False, include_input=False)[0]["type"]
    common = {
        "missing": "missing-field",
        "extra_forbidden": "unknown-field",
        "json_invalid": "not-json",
    }
    return common.get(kind, kind if "-" in kind else "schema")


def _dotted(location: tuple[int | str, ...]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")


def _given(problem: Any) -> str:
    value = problem["input"]
    if problem["type"] == "missing" or not isinstance(value, (str, int, float, bool, type(None))):
        return ""
    shown = repr(value)
    return f", not {shown if len(shown) <= 40 else shown[:37] + '...'}"
