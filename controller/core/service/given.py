"""What the core cannot know by itself and a check needs: told along with the wish to run it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Picture:
    """What was measured in one picture of the lit chamber (`vision.quality`).

    `sharpness` is the Laplacian's variance, `bright_level` the level (0 to 255) below which all but
    the brightest twentieth lies; `problems` names what is wrong. `empty` is the classifier's word
    on an empty chamber; None where it cannot tell.
    """

    sharpness: float
    bright_level: float
    problems: tuple[str, ...]
    empty: bool | None


@dataclass(frozen=True, slots=True)
class FrameCount:
    """What came over a link since the controller started: whole frames from the node, and bad ones.

    Bad ones are counted at either end: what reached us, and what the node says reached it.
    """

    whole: int = 0
    bad: int = 0
    bad_at_node: int = 0

    @property
    def bad_share(self) -> float:
        """How much of it was bad, at the worse end; each hears about as many as the other."""
        bad = max(self.bad, self.bad_at_node)
        return bad / (self.whole + bad) if bad else 0.0


@dataclass(frozen=True, slots=True)
class Given:
    """The kiosk's surroundings at one moment. What nobody could tell is None.

    `load_g` is the known weight that staff have laid on the pan. `oldest_s` is for how long the
    oldest record has waited in the outbox. `certificate_s` is how long the certificate still
    holds, `tls` whether there is to be one. `today` is the day in China (ISO 8601), `utc_s` now.
    `wired` names what there is at the kiosk's front to be tried, `referenced` the bays
    whose empty chamber was taken in service, and `troubles` what a part of the front that was tried
    says of itself, in a word. `heard` is what came from each bay's node.
    """

    clock_quality: str = "unknown"
    today: str = ""
    room_bytes: int | None = None
    room_reason: str = ""
    waiting: int | None = None
    oldest_s: int | None = None
    aside: int | None = None
    online: bool = False
    tls: bool = False
    certificate_s: int | None = None
    picture: Picture | None = None
    camera_reason: str = ""
    load_g: int | None = None
    utc_s: int = 0
    wired: frozenset[str] = frozenset()
    referenced: frozenset[str] = frozenset()
    troubles: Mapping[str, str] = field(default_factory=dict)
    heard: Mapping[str, FrameCount] = field(default_factory=dict)
