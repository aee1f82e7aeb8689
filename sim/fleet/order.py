"""What a kiosk's process is told when it starts, and what it tells while it lives; as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from sim.stage.folder import demo_config
from sim.world import Item, Part

if TYPE_CHECKING:
    from pathlib import Path

    from controller.core.config import KioskConfig

SCREEN_PORT = 8080
"""Written in the configuration; nobody looks at a fleet's screens, so none is served."""

TOLD = "told.json"
"""The file in the kiosk's folder in which its process tells what came of it."""

Bins = list[list[tuple[str, int]]]
"""What lies in each of a bay's bins: of which load, and how many grams."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which kiosk to be, in which folder, at which broker and platform, and for how long."""

    kiosk: str
    folder: str
    broker_port: int
    platform: str
    seed: int
    seconds: float


def config_of(order: Order) -> KioskConfig:
    """The usual simulated kiosk, by that name and on that broker."""
    usual = demo_config(order.broker_port, SCREEN_PORT)
    return usual.model_copy(update={"kiosk": order.kiosk})


@dataclass(slots=True)
class Told:
    """What came of a kiosk: visits, who gave up and why, and what lies in the bins by bay.

    `done` says that nobody comes any more.
    """

    visits: int = 0
    gave_up: list[str] = field(default_factory=list)
    bins: dict[str, Bins] = field(default_factory=dict)
    done: bool = False

    def write(self, folder: Path) -> None:
        """Tell it, whole or not at all: somebody may be reading."""
        draft = folder / f"{TOLD}.new"
        draft.write_text(json.dumps(asdict(self)), encoding="utf-8")
        draft.replace(folder / TOLD)

    @classmethod
    def read(cls, folder: Path) -> Told | None:
        """What was told last; None where nothing was yet."""
        try:
            return cls(**json.loads((folder / TOLD).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    @property
    def parts(self) -> dict[str, list[list[Part]]]:
        """What lies in the bins, as `sim.audit` reads it."""
        return {
            bay: [[Part(Item(load, "", mass_g), mass_g) for load, mass_g in one] for one in bins]
            for bay, bins in self.bins.items()
        }


def lying(bins: list[list[Part]]) -> Bins:
    """What lies in a bay's bins, as it is told."""
    return [[(part.item.load or part.item.name, part.mass_g) for part in one] for one in bins]
