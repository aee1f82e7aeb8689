"""Breadth-first through every state that a machine can reach; the shortest way to what is wrong."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

Move = tuple[Any, Any, str]
"""What happens in a scan, the state after it, and which property it breaks ("" for none)."""


class Machine(Protocol):
    """Something with states and moves between them."""

    def starts(self) -> list[Any]:
        """The states in which it may begin."""

    def moves(self, state: Any) -> Iterator[Move]:
        """Everything that can happen in that state."""

    def tell(self, state: Any) -> str:
        """A state in words, for the story."""


@dataclass
class Walk:
    """What a walk has found."""

    states: int = 0
    transitions: int = 0
    complete: bool = False
    wrong: str = ""
    path: list[str] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)

    def story(self) -> str:
        """What is wrong, and the shortest way there, a scan a line."""
        return "\n".join([self.wrong, *self.path])


def walk(
    machine: Machine,
    most_states: int = 1 << 30,
    ways_out: Ways | None = None,
) -> Walk:
    """Visit every state of `machine`, nearest first, until one move is wrong.

    Args:
        machine: What to explore.
        most_states: Give up after so many.
        ways_out: Takes note of every move that people of good will can make.
    """
    found = Walk()
    numbers: dict[Any, int] = {}
    states: list[Any] = []
    came_from: list[tuple[int, Any]] = []

    def number_of(state: Any, before: int, happening: Any) -> int:
        number = numbers.setdefault(state, len(states))
        if number == len(states):
            states.append(state)
            came_from.append((before, happening))
        return number

    def way_to(number: int) -> list[str]:
        steps = []
        while number >= 0:
            before, happening = came_from[number]
            steps.append(f"{happening or 'begin'}: {machine.tell(states[number])}")
            number = before
        return steps[::-1]

    for state in machine.starts():
        number_of(state, -1, "")
    at = 0
    while at < len(states) and len(states) <= most_states and not found.wrong:
        for happening, following, wrong in machine.moves(states[at]):
            found.transitions += 1
            if wrong:
                found.wrong = wrong
                found.path = [*way_to(at), f"{happening}: {machine.tell(following)}"]
                break
            number = number_of(following, at, happening)
            if ways_out is not None:
                ways_out.note(at, happening, number)
        at += 1
    found.states = len(states)
    found.complete = at == len(states) and not found.wrong
    found.kept = states
    return found


class Ways:
    """The moves of people of good will: nobody in the way, causes gone, faults cleared."""

    def __init__(self, good: Callable[[Any], bool]) -> None:
        self._good = good
        self._from = array("i")
        self._to = array("i")

    def note(self, one: int, happening: Any, other: int) -> None:
        """There is a move from state number `one` to `other`."""
        if one != other and self._good(happening):
            self._from.append(one)
            self._to.append(other)

    def without(self, states: list[Any], is_goal: Callable[[Any], bool]) -> list[int]:
        """Numbers of the states from which no way leads to a goal."""
        before: list[list[int]] = [[] for _ in states]
        for one, other in zip(self._from, self._to, strict=True):
            before[other].append(one)
        reached = [is_goal(state) for state in states]
        todo = [number for number, yes in enumerate(reached) if yes]
        while todo:
            for one in before[todo.pop()]:
                if not reached[one]:
                    reached[one] = True
                    todo.append(one)
        return [number for number, yes in enumerate(reached) if not yes]
