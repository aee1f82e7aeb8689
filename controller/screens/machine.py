"""The bay as a living side view: hatch, hand, load, gate and bin, moved by CSS alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.screens.tags import box, drawing

if TYPE_CHECKING:
    from controller.screens.parts import Moment

SOMETHING_G = 5
"""From here on the picture shows a load on the pan, as the session does."""


class Machine:
    """The picture of the session's bay. Only its classes and its hatch change, never its SVG."""

    def __init__(self) -> None:
        self._box = box("machine")
        self._shown: tuple[str, int] | None = None
        with self._box:
            drawing("machine")

    def update(self, moment: Moment) -> None:
        """Follow the view."""
        shown = (_classes(moment), moment.view.hatch_percent)
        if shown == self._shown:
            return
        self._shown = shown
        self._box.classes(replace=f"machine {shown[0]}").style(f"--open: {shown[1] / 100}")


def _classes(moment: Moment) -> str:
    view = moment.view
    names = [f"scene-{moment.scene.picture}"]
    if (view.mass_g or 0) >= SOMETHING_G:
        names.append("loaded")
    if view.gate not in ("", "CLOSED"):
        names.append("gate-open")
    return " ".join(names)
