"""All kiosks of a run with what they share, on one loop."""

from __future__ import annotations

from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING

from sim.city import City
from sim.identity import Identity
from sim.parts import Parts
from sim.stories import stories_of

if TYPE_CHECKING:
    from controller.adapters.onnx_classifier import OnnxClassifier
    from sim.camera import Photos
    from sim.scenario import Scenario
    from sim.stories import Story
    from sim.trace import Trace


class Fleet:
    """One kiosk or several. Make it on the loop that it runs on; `close` it.

    Args:
        scenario: Says what kiosks there are and who comes.
        seed: All their chance.
        classifier: Judges the pictures; each kiosk gets eyes of its own from it.
        trace: Gets every byte and record.
        node: What runs the firmware.
        photos: Photos for items; without them they are drawn.

    Attributes:
        city: What they share.
        parts: Each kiosk's parts, in the scenario's order.

    Raises:
        SimError: A node does not start, or a picture is broken.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        *,
        classifier: OnnxClassifier,
        trace: Trace,
        node: str,
        photos: Photos | None,
    ) -> None:
        self.scenario = scenario
        stories = stories_of(scenario, seed)
        # The platform knows the key that each kiosk should have, not the one that it was given.
        keys = {story.kiosk: Identity(story.seed, seed).kiosk.public for story in stories}
        with ExitStack() as resources:
            self.city = resources.enter_context(
                closing(City(keys, seed, scenario.starts_at, trace, commands=scenario.has_commands))
            )
            put_together = partial(
                Parts, city=self.city, classifier=classifier, trace=trace, node=node, photos=photos
            )
            self.parts = tuple(
                resources.enter_context(closing(put_together(one, _identity(one, seed))))
                for one in stories
            )
            self._resources = resources.pop_all()

    def close(self) -> None:
        """Let everything go."""
        self._resources.close()


def _identity(story: Story, seed: int) -> Identity:
    """Who a kiosk is, with the papers that it was given."""
    return Identity(story.seed, seed, story.key_seed)
