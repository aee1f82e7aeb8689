"""What may happen in a scenario to a chamber's camera, its lamp and its lens."""

from __future__ import annotations

from typing import Literal

from sim.verbs.stage import BayVerb, Stage


class CameraDark(BayVerb):
    """The chamber's lamp is dead, or mended: the camera sees nothing."""

    verb: Literal["camera_dark"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Blow the lamp."""
        stage.cameras[self.bay].chamber.lamp_dead = self.on


class CameraFrozen(BayVerb):
    """The camera gives what it sees now again and again, or lives again."""

    verb: Literal["camera_frozen"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Freeze it."""
        stage.cameras[self.bay].freeze(self.on)


class CameraLost(BayVerb):
    """The camera's cable is out, or in again: no picture comes."""

    verb: Literal["camera_lost"]
    on: bool = True

    def perform(self, stage: Stage) -> None:
        """Pull it."""
        stage.cameras[self.bay].lost = self.on


class LensDirty(BayVerb):
    """The lens is `spotted`, half or wholly `covered`, out of `focus`, or `clean` again."""

    verb: Literal["lens_dirty"]
    how: Literal["spotted", "half_covered", "covered", "defocused", "clean"] = "spotted"

    def perform(self, stage: Stage) -> None:
        """Soil it."""
        stage.cameras[self.bay].soil(self.how)


HappensToCamera = CameraDark | CameraFrozen | CameraLost | LensDirty
