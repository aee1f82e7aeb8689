"""Runs scenarios by chance, and shortens what fails."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import SimError
from sim.random_scenarios.draw import draw_tale
from sim.random_scenarios.shrink import Shrinker
from sim.random_scenarios.toml import toml_of
from sim.run import Options, run_scenario
from sim.scenario import parse_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from controller.adapters.onnx_classifier import OnnxClassifier
    from sim.random_scenarios.toml import Tale

_log = logging.getLogger(__name__)

NEVER_CAME = "which was never shown"
"""A verb that waits for a state in vain is a mistake of whoever wrote it, and none of chance."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A scenario that fails: `failures` of what was drawn, and the shortest `script` for it."""

    seed: int
    failures: Sequence[str]
    script: str
    tries: int


class Trial:
    """Runs scenarios on one node host.

    Args:
        classifier: Judges the pictures.
        node: What runs the firmware.
    """

    def __init__(self, classifier: OnnxClassifier, node: str = "cpython") -> None:
        self._classifier = classifier
        self._options = Options(node=node)

    def failures(self, tale: Tale) -> list[str]:
        """What was not as it must be; an error that no run may raise is one of them.

        Raises:
            ScenarioError: It is no scenario.
        """
        story = parse_scenario(toml_of(tale), tale["name"])
        try:
            failures = run_scenario(story, self._options, self._classifier).failures
        except SimError as error:
            return [f"the run ended: {error}"]
        except Exception as error:  # noqa: BLE001  whatever falls out of a run is looked for
            _log.info("event=run-fell scenario=%s", tale["name"], exc_info=True)
            return [f"the run fell: {error!r}"]
        return [one for one in failures if not one.endswith(NEVER_CAME)]

    def finding(self, seed: int) -> Finding | None:
        """Draw the scenario of `seed` and run it; None where all is well."""
        tale = draw_tale(seed)
        failures = self.failures(tale)
        return self.shortened(tale, failures) if failures else None

    def shortened(self, tale: Tale, failures: Sequence[str]) -> Finding:
        """The shortest scenario that fails in the same way."""
        way = _way(failures)
        shrinker = Shrinker(lambda shorter: _way(self.failures(shorter)) == way)
        script = toml_of(shrinker.shortest(tale))
        return Finding(tale.get("seed", 1), tuple(failures), script, shrinker.tries)


def _way(failures: Sequence[str]) -> str:
    """How a run fails, whatever its ids and figures are: its first failure without them."""
    return re.sub(r"[0-9a-f]*[0-9][0-9a-f-]*", "#", failures[0]) if failures else ""
