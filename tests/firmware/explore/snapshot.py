"""An object of the core as one tuple: everything that it will ever look at again.

A tuple is key and state at once: two objects with the same tuple behave alike from there on, and
`put` brings one back. What is left out of it must be named with the reason why nothing depends on
it; a new attribute that nobody names is part of the tuple.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

_PLAIN = (int, bool, str, type(None))


class Snapshot:
    """Takes and puts back the state of one object and of all that it is made of.

    Args:
        root: The object.
        left_out: Attribute path ("senses.hand", with shell wildcards) to the reason.
        at_most: Attribute path to the value above which all are alike.

    Raises:
        TypeError: An attribute is neither plain nor part of the core, and nobody named it.
        LookupError: A path in `left_out` or `at_most` is of no attribute.
    """

    def __init__(self, root: Any, left_out: dict[str, str], at_most: dict[str, int]) -> None:
        self._left_out = left_out
        self._slots: list[tuple[dict[str, Any], str]] = []
        self._lists: list[tuple[dict[str, Any], str]] = []
        self.paths: list[str] = []
        self.hidden: list[tuple[dict[str, Any], str, str]] = []
        self._visit(root, "")
        places = dict(zip(self.paths, self._slots, strict=True))
        hidden = [path for _, _, path in self.hidden]
        lost = [path for path in left_out if not any(fnmatchcase(one, path) for one in hidden)]
        lost += [path for path in at_most if path not in places]
        if lost:
            raise LookupError(f"no attribute {lost}")
        self._at_most = [(*places[path], most) for path, most in at_most.items()]

    def take(self) -> tuple[Any, ...]:
        """The state as it is now, ages cut to their limits."""
        for values, name, most in self._at_most:
            if values[name] > most:  # noqa: PLR1730 - `min` takes twice as long
                values[name] = most
        state = [values[name] for values, name in self._slots]
        state += [tuple(values[name]) for values, name in self._lists]
        return tuple(state)

    def put(self, state: tuple[Any, ...]) -> None:
        """Make the object what it was when `state` was taken."""
        for (values, name), value in zip(self._slots, state, strict=False):
            values[name] = value
        for (values, name), items in zip(self._lists, state[len(self._slots) :], strict=True):
            values[name] = list(items)

    def _visit(self, thing: Any, path: str) -> None:
        values = vars(thing)
        for name, value in values.items():
            here = f"{path}.{name}" if path else name
            if any(fnmatchcase(here, pattern) for pattern in self._left_out):
                self.hidden.append((values, name, here))
            elif type(value).__module__.startswith("firmware.core"):
                self._visit(value, here)
            elif isinstance(value, _PLAIN):
                self._slots.append((values, name))
                self.paths.append(here)
            elif isinstance(value, list) and all(isinstance(one, int) for one in value):
                self._lists.append((values, name))
            else:
                raise TypeError(
                    f"{here} is {value!r}: leave it out with a reason, or make it plain"
                )
