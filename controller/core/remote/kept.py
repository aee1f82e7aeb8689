"""How a command is kept over a restart of the controller."""

from __future__ import annotations

from typing import Literal, NamedTuple

Stage = Literal["waiting", "begun", "done", "lifted", "refused", "forgotten"]
"""How far it is. `lifted` is done, and turned round by a later command; `forgotten` stands in the
one row of what is remembered no more."""


class OrderRow(NamedTuple):
    """One command: what, on which bay or none, by whom, until when, how far, and what came of it.

    `not_after` and `at` are Unix seconds; `at` is when it reached its present stage.
    """

    id: str
    verb: str
    bay: str
    by: str
    not_after: int
    stage: str
    code: str
    detail: str
    at: int


SHAPE = (str, str, str, str, int, str, str, str, int)
"""What stands in a row."""

FORGOTTEN = "forgotten"


def forgotten(floor_s: int) -> OrderRow:
    """The row that says: commands that held until `floor_s` or shorter may have been forgotten."""
    return OrderRow("", "", "", "", floor_s, FORGOTTEN, "", "", 0)
