"""The states of a session and the shape of a row in its transition table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Handler = Callable[[Any, Any, float], None]
"""(session, event, now in seconds); moves the session on and asks for commands."""


class State(Enum):
    """Where a session stands (DESIGN of a deposit, step by step)."""

    IDLE = "IDLE"
    IDENTIFIED = "IDENTIFIED"
    PREPARING = "PREPARING"
    OPENING = "OPENING"
    LOADING = "LOADING"
    CLOSING = "CLOSING"
    MEASURING = "MEASURING"
    DECIDING = "DECIDING"
    ASKING = "ASKING"
    PROMISING = "PROMISING"
    DROPPING = "DROPPING"
    CHECKING = "CHECKING"
    CREDITING = "CREDITING"
    CREDITED = "CREDITED"
    RETURNING = "RETURNING"
    CLEARING = "CLEARING"
    LEAVING = "LEAVING"
    FAREWELL = "FAREWELL"
    RECOVERING = "RECOVERING"
    SERVICE = "SERVICE"


@dataclass(frozen=True, slots=True)
class Row:
    """What a state waits for, how long (a field of `SessionConfig`), and what comes then.

    An event that is neither in `on` nor one that every state hears is refused and counted.
    """

    message: str
    on: Mapping[type, Handler] = field(default_factory=dict)
    timeout: str = ""
    on_timeout: Handler | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """All rows by state, and what every state hears; a state's own row comes first.

    `answers` take the journal's word on a kind of record that no state waits for; `afterwards` is
    what follows an event whatever was done with it.
    """

    rows: Mapping[State, Row]
    anywhere: Mapping[type, Handler]
    answers: Mapping[str, Handler] = field(default_factory=dict)
    afterwards: Mapping[type, Handler] = field(default_factory=dict)

    def handler(self, state: State, kind: type) -> Handler | None:
        """What a state does with an event of this kind; None where it refuses it."""
        return self.rows[state].on.get(kind) or self.anywhere.get(kind)
