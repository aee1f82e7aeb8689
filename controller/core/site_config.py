"""The site's part of the configuration: what hangs out there, and how often somebody comes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contract.fields import Day, Word
from contract.hours import Hours
from controller.core.config_table import ConfigTable


class SiteConfig(ConfigTable):
    """What staff have hung out at this site; what is left out, the audit calls unknown.

    `address` stands on an acceptance report. `signs` is the id of the set of signs on the cabinet,
    `hours` what its plate says (an empty list for always), `rules` the version of the operator's
    rules that hang out and `rules_until` the last day of it. `prices_until` is the last day for
    which the office has agreed on prices. Somebody of staff comes at least every `round_days`, and
    the bays may be used for at least `available_percent` of the time.
    """

    address: Annotated[str, Field(max_length=200)] = ""
    signs: Word = ""
    hours: tuple[Hours, ...] | None = None
    rules: Word = ""
    rules_until: Day | None = None
    prices_until: Day | None = None
    round_days: Annotated[int, Field(ge=1, le=7)] = 1
    available_percent: Annotated[int, Field(ge=1, le=100)] = 95
