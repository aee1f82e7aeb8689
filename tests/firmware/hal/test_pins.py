"""The tables of docs/hardware.md say what the program says."""

from __future__ import annotations

import re
from pathlib import Path

from firmware.hal import pins

PAGE = (Path(__file__).parents[3] / "docs/hardware.md").read_text()


def documented(first: str) -> dict[str, str]:
    """Name to pin or bit, of the table's rows whose first cell looks like that."""
    rows = re.findall(rf"^\| ({first}) \| `(\w+)` \|", PAGE, re.MULTILINE)
    assert len({name for _, name in rows}) == len(rows)
    return {name: where for where, name in rows}


def test_the_table_of_pins_is_the_programs() -> None:
    """Every pin that the program names, and none besides; no pin twice."""
    named = {
        name: f"GP{number}"
        for name, number in vars(pins).items()
        if name.isupper() and isinstance(number, int) and name not in NO_PINS
    }
    guards = {name: f"GP{number}" for name, number, _, _ in pins.GUARDS}
    assert documented(r"GP\d+") == named | guards
    used = [*named.values(), *guards.values(), "GP20", "GP21", "GP22"]
    assert len(set(used)) == len(used)


NO_PINS = {
    *("OPENING", "CLOSING", "EITHER", "DIVERTER_SWITCHES"),
    *("LIGHT_BIT", "WARN_BIT", "SENDER_BIT"),
    *("EXPANDER", "DISTANCE", "FRAM", "THERMAL", "LEVEL", "LEVEL_CHANNELS"),
}


def test_the_table_of_the_expander_is_the_programs() -> None:
    """Inputs and outputs on one chip, no bit twice."""
    bits = {name: str(bit) for name, bit, _ in pins.EXPANDER_SWITCHES}
    bits |= {name: str(getattr(pins, name)) for name in ("LIGHT_BIT", "WARN_BIT", "SENDER_BIT")}
    assert documented(r"\d+") == bits
    places = [str(place) for place in range(pins.DIVERTER_SWITCHES)]
    assert len({*places, *bits.values()}) == len(places) + len(bits)


def test_the_levels_are_the_programs() -> None:
    """An open contact reads high: `open` in the table is level 1, `closed` level 0."""
    for name, number, level, _ in pins.GUARDS:
        row = re.search(rf"^\| GP{number} \| `{name}` \|.*\| (\w+): ", PAGE, re.MULTILINE)
        assert row is not None, name
        assert row[1] == ("open" if level else "closed"), name
    for name, bit, level in pins.EXPANDER_SWITCHES:
        row = re.search(rf"^\| {bit} \| `{name}` \|.*\| (\w+): ", PAGE, re.MULTILINE)
        assert row is not None, name
        assert row[1] == ("high" if level else "low"), name
