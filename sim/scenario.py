"""Scenarios: what kiosk, who comes, what happens, and what must have come of it; as TOML.

Everything has a default but name, line and people (or arrivals). Errors name file, line and key.
"""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from controller.core.config import KioskConfig
from controller.core.states import State
from sim.arrivals import Arrivals
from sim.drawn import ITEM_CLASS
from sim.errors import ScenarioError
from sim.habits import QUEUE_PATIENCE_S, HabitName
from sim.toml_lines import dotted, line_of
from sim.verbs import Verb
from sim.weather import Weather
from sim.world import BayFigures
from wire import faults, messages

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

STATES = tuple(State.__members__)
NODE_STATES = tuple(dict.fromkeys((*messages.HATCH_STATES, *messages.GATE_STATES)))
FAULTS = tuple(name for name, *_ in faults.TABLE.values())
SCENARIOS = Path(__file__).parent / "scenarios"
SEED_MAX = 2**32 - 1
DAY_S = 86_400.0

Seed = Annotated[int, Field(ge=0, le=SEED_MAX)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
Seconds = Annotated[float, Field(ge=0, le=7 * DAY_S)]

KIOSK: dict[str, Any] = {
    "kiosk": "hz-xihu-0001",
    "city": "hangzhou",
    "district": "xihu",
    "bays": [
        {
            "name": "a",
            "bins": [
                {"index": 0, "stream": "paper"},
                {"index": 1, "stream": "plastic"},
                {"index": 2, "stream": "metal"},
            ],
            "refuse_bin": 3,
        }
    ],
}
"""The kiosk of a scenario that says nothing else."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemToBring(_Table):
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


class Visitor(_Table):
    """Somebody who comes at `arrives_s` and waits `patience_s` for their turn at most.

    People of one `account` share it; `habit` is one of `sim.habits.HABITS`.
    """

    arrives_s: Seconds
    items: tuple[ItemToBring, ...] = ()
    account: Name = "resident"
    habit: HabitName = "usual"
    patience_s: Annotated[float, Field(gt=0, le=DAY_S)] = QUEUE_PATIENCE_S


class Collection(_Table):
    """A truck empties all bins at `at_s`."""

    at_s: Seconds


class Expectation(_Table):
    """What must have come of the run; what is not named is not asked, but loss always is."""

    accepted: Annotated[int, Field(ge=0)] | None = None
    returned: Annotated[int, Field(ge=0)] | None = None
    points_at_least: Annotated[int, Field(ge=0)] | None = None
    credited: Annotated[int, Field(ge=0)] | None = None
    lost: Annotated[int, Field(ge=0)] = 0
    doubled: Annotated[int, Field(ge=0)] = 0
    uncertain: Annotated[int, Field(ge=0)] | None = None
    refuse_bin: Annotated[int, Field(ge=0)] | None = None
    gave_up: Annotated[int, Field(ge=0)] | None = None
    states: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    node: tuple[str, ...] = ()
    faults: tuple[str, ...] | None = None

    @field_validator("states")
    @classmethod
    def _are_states(cls, states: tuple[str, ...]) -> tuple[str, ...]:
        return _known(states, STATES, "state")

    @field_validator("node")
    @classmethod
    def _are_states_of_the_node(cls, states: tuple[str, ...]) -> tuple[str, ...]:
        return _known(states, NODE_STATES, "state of hatch or gate")

    @field_validator("faults")
    @classmethod
    def _are_faults(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if names is None else _known(names, FAULTS, "fault")


def _known(names: tuple[str, ...], there_are: Sequence[str], what: str) -> tuple[str, ...]:
    for name in names:
        if name not in there_are:
            raise ValueError(f"no {what} {name!r}; there are {', '.join(there_are)}")
    return names


class Scenario(_Table):
    """One story, to be run with any seed."""

    name: Name
    line: Annotated[str, Field(min_length=1, max_length=120)]
    seed: Seed = 1
    duration_s: Seconds | None = None
    starts_at: Annotated[int, Field(ge=0)] = 1_796_000_000
    kiosk: KioskConfig = KioskConfig.model_validate(KIOSK)
    bay: BayFigures = BayFigures()
    weather: Weather = Weather()
    people: tuple[Visitor, ...] = ()
    arrivals: tuple[Arrivals, ...] = ()
    events: tuple[Verb, ...] = ()
    collections: tuple[Collection, ...] = ()
    expect: Expectation = Expectation()

    @model_validator(mode="before")
    @classmethod
    def _complete_kiosk(cls, data: Any) -> Any:
        """A scenario says only what differs from the usual kiosk."""
        if isinstance(data, dict) and isinstance(data.get("kiosk"), dict):
            return data | {"kiosk": KIOSK | data["kiosk"]}
        return data

    @model_validator(mode="after")
    def _contradicts_nothing(self) -> Self:
        for number, visitor in enumerate(self.people):
            self._is_before_the_end(visitor.arrives_s, "people", number, "arrives_s")
        bays = {bay.name for bay in self.kiosk.bays}
        for number, event in enumerate(self.events):
            self._is_before_the_end(event.at_s, "events", number, "at_s")
            for key in ("bay", "other"):
                bay = getattr(event, key, None)
                if bay is not None and bay not in bays:
                    why = f"no bay {bay!r}; the kiosk has {', '.join(sorted(bays))}"
                    raise _ContradictionError(why, ("events", number, key))
            self._is_somebody(getattr(event, "person", None), number)
            self._comes(getattr(event, "of", None), number)
        if not self.people and not self.arrivals:
            raise _ContradictionError("nobody comes: give people or arrivals", ("people",))
        if not self.arrivals:
            self._expects_what_is_brought()
        return self

    def _is_before_the_end(self, at_s: float, *path: str | int) -> None:
        if self.duration_s is not None and at_s >= self.duration_s:
            raise _ContradictionError(
                f"{at_s:g} is not before duration_s = {self.duration_s:g}", path
            )

    def _is_somebody(self, person: int | None, number: int) -> None:
        if person is not None and person > len(self.people):
            why = f"no person {person}; {len(self.people)} come, counted from 1"
            raise _ContradictionError(why, ("events", number, "person"))

    def _comes(self, account: str | None, number: int) -> None:
        """Whose code is copied comes; who comes by itself is not known before the run."""
        coming = {visitor.account for visitor in self.people}
        if account is not None and not self.arrivals and account not in coming:
            who = ", ".join(sorted(coming)) or "nobody"
            why = f"nobody of account {account!r} comes; those who come are of {who}"
            raise _ContradictionError(why, ("events", number, "of"))

    def _expects_what_is_brought(self) -> None:
        brought = sum(len(visitor.items) for visitor in self.people)
        for key in ("accepted", "returned"):
            wanted = getattr(self.expect, key)
            if wanted is not None and wanted > brought:
                raise _ContradictionError(f"{wanted} of {brought} items brought", ("expect", key))


class _ContradictionError(ValueError):
    """Two parts of a scenario cannot both hold; `path` is where it shows."""

    def __init__(self, why: str, path: tuple[str | int, ...]) -> None:
        super().__init__(why)
        self.path = path


def visitors_of(scenario: Scenario, chance: random.Random) -> tuple[Visitor, ...]:
    """Everybody who comes: those with a story first, then who comes by itself, from `chance`."""
    drawn = [one for few in scenario.arrivals for one in few.drawn(scenario.starts_at, chance)]
    return scenario.people + tuple(
        Visitor(
            arrives_s=one.at_s,
            account=one.account,
            habit=one.habit,
            items=tuple(
                ItemToBring(kind=kind, mass_g=mass_g, pieces=pieces)
                for kind, mass_g, pieces in one.things
            ),
        )
        for one in drawn
    )


def parse_scenario(text: str, name: str) -> Scenario:
    """Read a scenario from TOML text; `name` is what errors call the file.

    Raises:
        ScenarioError: It is no TOML, or a key is unknown, missing, wrong or contradicted.
    """
    try:
        return Scenario.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{name}: not TOML: {error}") from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        path, why = _where_and_why(problem)
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise ScenarioError(
            f"{name}:{line_of(text, path)}: {dotted(path) or 'scenario'}: {why}{more}; "
            "see docs/simulator.md"
        ) from error


def load_scenario(which: str) -> Scenario:
    """Read a scenario: the name of one that is shipped, or the path of a TOML file.

    Raises:
        ScenarioError: There is none of that name, or it cannot be used.
    """
    path = Path(which) if which.endswith(".toml") else SCENARIOS / f"{which}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ScenarioError(f"no scenario {which!r}; {_what_there_is(which)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"scenario {which} cannot be read: {error}") from error
    return parse_scenario(text, path.name)


def _what_there_is(like: str) -> str:
    """The names that somebody may have meant, and where all are."""
    names = [one.stem for one in shipped()]
    close = ", ".join(get_close_matches(like, names)) or names[0]
    return f"there are {close} and others: see `kiosk sim list`, or give a file"


def shipped() -> Sequence[Path]:
    """The files of the scenarios that come with the kiosk, by name."""
    return sorted(SCENARIOS.glob("*.toml"))


def _where_and_why(problem: Any) -> tuple[tuple[str | int, ...], str]:
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, _ContradictionError):
        return cause.path, str(cause)
    path = tuple(problem["loc"])
    if path[:1] == ("events",):
        path = path[:2] + path[3:]  # pydantic names the verb there, and no key of the file does
    why = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        why = "unknown key"
    if problem["type"] == "union_tag_invalid":
        path, tag = (*path, "verb"), problem["ctx"]["tag"]
        why = f"unknown verb {tag!r}; there are {problem['ctx']['expected_tags']}"
    return path, why
