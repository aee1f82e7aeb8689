"""What may happen in a scenario at the kiosk's front: service key, mains, and printer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.verbs.stage import Stage, StageVerb

MOST_S = 3600.0


class ServiceKey(StageVerb):
    """The service key is turned for `seconds`: whoever is being served finishes first."""

    verb: Literal["service_key"]
    seconds: Annotated[float, Field(gt=0, le=MOST_S)]

    def perform(self, stage: Stage) -> None:
        """Turn it."""
        stage.panel.turn_key(self.seconds)


class MainsLost(StageVerb):
    """The mains is gone for `seconds`, and the UPS's battery feeds everything."""

    verb: Literal["mains_lost"]
    seconds: Annotated[float, Field(gt=0, le=MOST_S)]

    def perform(self, stage: Stage) -> None:
        """Let it go."""
        stage.panel.lose_mains(self.seconds)


class PaperOut(StageVerb):
    """The receipt printer, which the kiosk must have, is without paper for `seconds`."""

    verb: Literal["paper_out"]
    seconds: Annotated[float, Field(gt=0, le=MOST_S)]

    def perform(self, stage: Stage) -> None:
        """Take the roll out."""
        stage.printer.run_out(self.seconds)


HappensToPanel = ServiceKey | MainsLost | PaperOut
