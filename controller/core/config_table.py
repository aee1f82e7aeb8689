"""What the tables of a kiosk's configuration have in common: manner, and kinds of values."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
Grams = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0)]
Fen = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, lt=1)]
Pin = Annotated[int, Field(ge=2, le=27)]
"""A pin of a Pi's header; 0 and 1 are for the EEPROM of a board on top of it."""


class ConfigTable(BaseModel):
    """A table: an unknown key is refused by name, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
