"""The card's two pictures: what is taken for what, and what trusting less is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vision.figures import UNKNOWN

SHOWN = {"tune": "TrashNet val", "field_val": "field_val"}
"""Measuring sets that are drawn, with their titles."""


def draw(figures: Mapping[str, Mapping[str, Any]], known: Sequence[str], folder: Path) -> None:
    """Write `confusion.png` and `risk.png` from a card's figures; `known` are its classes."""
    named = {SHOWN[name]: part for name, part in figures.items() if name in SHOWN}
    sheet = Figure(figsize=(6.0 * len(named), 5.2), layout="constrained")
    axes = sheet.subplots(1, len(named), squeeze=False)[0]
    for axis, (title, part) in zip(axes, named.items(), strict=True):
        _confusion(axis, title, part["confusion"], (*known, UNKNOWN))
    sheet.savefig(folder / "confusion.png", dpi=80)
    sheet = Figure(figsize=(6.4, 4.6), layout="constrained")
    axis = sheet.subplots()
    for title, part in named.items():
        coverage, risk = zip(*part["risk_coverage"], strict=True)
        axis.plot(coverage, risk, marker=".", label=f"{title}, n = {part['n_known']}")
    axis.set(xlabel="known things taken (share)", ylabel="wrong labels among them (share)")
    axis.set(xlim=(0, 1), ylim=(0, None))
    axis.grid(alpha=0.3)
    axis.legend(frameon=False)
    sheet.savefig(folder / "risk.png", dpi=80)


def _confusion(
    axis: Axes, title: str, table: Mapping[str, Mapping[str, int]], names: Sequence[str]
) -> None:
    """Rows are what things are, columns the likeliest class."""
    cells = np.array([[table.get(row, {}).get(name, 0) for name in names] for row in names])
    shares = cells / np.maximum(cells.sum(axis=1, keepdims=True), 1)
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(cells):
        if count:
            ink = "white" if shares[row, column] > 0.5 else "black"
            axis.text(column, row, str(count), ha="center", va="center", color=ink)
    axis.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axis.set_yticks(range(len(names)), names)
    axis.set(title=f"{title}, n = {cells.sum()}", xlabel="likeliest class", ylabel="what it is")
