"""A scenario written down as the TOML that people write."""

from __future__ import annotations

import json
from typing import Any

Tale = dict[str, Any]
"""A scenario as TOML holds it: tables, lists, numbers and texts."""


def toml_of(tale: Tale) -> str:
    """The text of a scenario; `sim.scenario.parse_scenario` reads it back."""
    plain = {key: value for key, value in tale.items() if not _is_table(value)}
    blocks = [_lines(plain)]
    for key, value in tale.items():
        if isinstance(value, dict):
            blocks.append(f"[{key}]\n{_lines(value)}")
        elif _is_table(value):
            blocks += [f"[[{key}]]\n{_lines(one)}" for one in value]
    return "\n".join(blocks)


def _is_table(value: object) -> bool:
    """Whether a value has a header of its own; a list of tables has one for each."""
    return isinstance(value, dict) or (isinstance(value, list) and _holds_tables(value))


def _holds_tables(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(one, dict) for one in value)


def _lines(table: Tale) -> str:
    return "".join(f"{key} = {_inline(value)}\n" for key, value in table.items())


def _inline(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        pairs = ", ".join(f"{key} = {_inline(one)}" for key, one in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return json.dumps(value)
