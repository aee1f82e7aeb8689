"""Scenarios: what kiosk, who comes, what happens, and what must have come of it; as TOML.

Everything has a default but name, line and people (or arrivals). Errors name file, line and key.
"""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from controller.core.config import KioskConfig
from sim.arrivals import Arrivals
from sim.contradictions import check
from sim.errors import ContradictionError, ScenarioError
from sim.expectation import RunExpectation
from sim.kiosks import KIOSKS_MOST, KioskOfFleet, completed
from sim.toml_lines import dotted, line_of
from sim.verbs import Verb
from sim.visitors import Collection, ItemToBring, Name, Seconds, Table, Visitor
from sim.weather import Weather
from sim.world import BayFigures

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

SCENARIOS = Path(__file__).parent / "scenarios"
SEED_MAX = 2**32 - 1
DAY_S = 86_400.0

Seed = Annotated[int, Field(ge=0, le=SEED_MAX)]

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


class Scenario(Table):
    """One story, to be run with any seed.

    `kiosks` are several on one broker and one platform; without them there is one, `kiosk`.
    """

    name: Name
    line: Annotated[str, Field(min_length=1, max_length=120)]
    seed: Seed = 1
    duration_s: Seconds | None = None
    starts_at: Annotated[int, Field(ge=0)] = 1_796_000_000
    kiosk: KioskConfig = KioskConfig.model_validate(KIOSK)
    kiosks: Annotated[tuple[KioskOfFleet, ...], Field(max_length=KIOSKS_MOST)] = ()
    bay: BayFigures = BayFigures()
    weather: Weather = Weather()
    people: tuple[Visitor, ...] = ()
    arrivals: tuple[Arrivals, ...] = ()
    events: tuple[Verb, ...] = ()
    collections: tuple[Collection, ...] = ()
    expect: RunExpectation = RunExpectation()

    @model_validator(mode="before")
    @classmethod
    def _complete_kiosk(cls, data: Any) -> Any:
        """A scenario says only what differs from the usual kiosk."""
        return completed(data, KIOSK) if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _contradicts_nothing(self) -> Self:
        check(self)
        return self

    @property
    def has_commands(self) -> bool:
        """Whether the platform gives commands in it."""
        return any(event.verb == "command" for event in self.events)

    @property
    def fleet(self) -> tuple[KioskOfFleet, ...]:
        """All kiosks: those named, or the one."""
        return self.kiosks or (KioskOfFleet(config=self.kiosk),)


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
    if isinstance(cause, ContradictionError):
        return cause.path, str(cause)
    path = tuple(problem["loc"])
    if path[:1] == ("events",):
        path = path[:2] + path[3:]  # pydantic names the verb there, and no key of the file does
    if path[:1] == ("kiosks",) and path[2:3] == ("config",):
        path = path[:2] + path[3:]  # nor is it named there what a kiosk is called in the code
    why = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        why = "unknown key"
    if problem["type"] == "union_tag_invalid":
        path, tag = (*path, "verb"), problem["ctx"]["tag"]
        why = f"unknown verb {tag!r}; there are {problem['ctx']['expected_tags']}"
    return path, why
