"""The page of the states is the tables."""

from __future__ import annotations

from pathlib import Path

from firmware import document
from firmware.core import hatch_table

PAGE = Path(__file__).parents[2] / "docs/states.md"


def test_the_page_is_up_to_date() -> None:
    """`python -m firmware.document > docs/states.md` after a change of a table."""
    assert PAGE.read_text(encoding="utf-8") == document.markdown()


def test_every_transition_is_on_it() -> None:
    """None is left out for the sake of the drawing."""
    hatch = document.markdown().split("## Gate")[0]
    rows = [line for line in hatch.splitlines() if line.startswith("| ")]
    assert len(rows) - 1 == sum(len(rows) for rows in hatch_table.TABLE.values())
