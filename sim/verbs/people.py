"""What residents do in a scenario besides laying their things on the pan, by mishap or malice."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from pydantic import Field

from sim.verbs.stage import BayVerb, PersonVerb, Stage

KICK_G, KICK_HZ, KICK_S = 800.0, 12.0, 0.6
"""A kick against the cabinet: the pan shakes for so long (assumed; the frame is 150 kg)."""

SHOVE_N = 400.0
"""What an adult pushes with both arms, for seconds (300 to 600 N by rule of thumb)."""

SNATCH_S = 0.5
"""So long a hand is in that takes something out (assumed)."""

BAR_MM = 180
"""How high the thing stands that is put into the opening to hold it open."""


class WalkAway(PersonVerb):
    """The person goes, whatever they are doing, and leaves what lies there."""

    verb: Literal["walk_away"]

    def perform(self, stage: Stage) -> None:
        """Go."""
        stage.people[self.person - 1].walk_away()


class StringPull(PersonVerb):
    """The person's next thing hangs on a string, and is pulled back up when the leaves open."""

    verb: Literal["string_pull"]

    def perform(self, stage: Stage) -> None:
        """Tie it."""
        stage.people[self.person - 1].hands.tie(stage.cameras)


class Snatch(PersonVerb):
    """The person reaches in, if the hatch stands open enough, and takes what lies on the pan."""

    verb: Literal["snatch"]
    bay: str

    def perform(self, stage: Stage) -> None:
        """Reach in, and draw back."""
        hands = stage.people[self.person - 1].hands
        if hands.reach_into(self.bay):
            hands.take_back(self.bay)
            asyncio.get_running_loop().call_later(SNATCH_S, hands.draw_back)


class WaterBottle(PersonVerb):
    """The next thing that the person lays down has `ml` of water in it."""

    verb: Literal["water_bottle"]
    ml: Annotated[int, Field(ge=1, le=5_000)] = 300

    def perform(self, stage: Stage) -> None:
        """Fill it."""
        stage.people[self.person - 1].hands.weigh_down(self.ml)


class StoneInBag(PersonVerb):
    """The next thing that the person lays down has stones of `mass_g` in it."""

    verb: Literal["stone_in_bag"]
    mass_g: Annotated[int, Field(ge=1, le=50_000)] = 2_000

    def perform(self, stage: Stage) -> None:
        """Put them in."""
        stage.people[self.person - 1].hands.weigh_down(self.mass_g)


class QrReplay(PersonVerb):
    """The person shows the code that was last shown for the account `of`, not one of their own.

    Where none was shown yet there is nothing to copy, and they show nothing.
    """

    verb: Literal["qr_replay"]
    of: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]

    def perform(self, stage: Stage) -> None:
        """Copy it."""
        account = stage.identity.account(self.of)
        stage.people[self.person - 1].shows = lambda: stage.front.show_again(account)


class QrScreenshot(PersonVerb):
    """The person shows a picture of their own code, `age_s` old when they show it."""

    verb: Literal["qr_screenshot"]
    age_s: Annotated[int, Field(ge=1, le=30 * 86_400)] = 3_600

    def perform(self, stage: Stage) -> None:
        """Take it out."""
        person = stage.people[self.person - 1]
        person.shows = lambda: stage.front.show_text(
            stage.platform.code_of(person.account, self.age_s)
        )


class Vandal(BayVerb):
    """Somebody kicks the cabinet, shoves the leaf up or down, or blocks it, for `seconds`."""

    verb: Literal["vandal"]
    does: Literal["kicks", "shoves_up", "shoves_down", "blocks"] = "kicks"
    seconds: Annotated[float, Field(gt=0, le=3600)] = KICK_S

    def perform(self, stage: Stage) -> None:
        """Do it, and stop in time."""
        bay, loop = stage.bays[self.bay], asyncio.get_running_loop()
        match self.does:
            case "kicks":
                bay.shake(KICK_G, KICK_HZ)
                loop.call_later(self.seconds, bay.shake, 0.0)
            case "blocks":
                bay.obstruct(BAR_MM)
                loop.call_later(self.seconds, bay.obstruct, 0)
            case _:
                bay.push(SHOVE_N if self.does == "shoves_up" else -SHOVE_N)
                loop.call_later(self.seconds, bay.push, 0.0)


HappensToPeople = (
    WalkAway | StringPull | Snatch | WaterBottle | StoneInBag | QrReplay | QrScreenshot | Vandal
)
