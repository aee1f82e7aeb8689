"""What the screen shows in each state of a session, as one literal table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from controller.core.view import View

Layout = Literal["idle", "visit", "farewell"]
Picture = Literal["rest", "load", "close", "weigh", "look", "drop", "back", "out"]
Action = Literal["pick", "answers", "none", "more", "print", "done", "cancel"]

STEPS = ("step-show", "step-put", "step-points")
"""The three steps that the idle screen promises and a visit goes through."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One state on the screen.

    `layout` is the page's arrangement, `picture` the machine's scene, `step` which of `STEPS`
    the resident is at, `actions` what can be touched, in reading order; `print` stands only where
    a printer is fitted and something can be printed.
    """

    layout: Layout
    picture: Picture = "rest"
    step: int = 0
    actions: tuple[Action, ...] = ()


SCENES = MappingProxyType(
    {
        "IDLE": Scene("idle"),
        "IDENTIFIED": Scene("visit", step=1, actions=("pick", "cancel")),
        "PREPARING": Scene("visit", step=1),
        "OPENING": Scene("visit", step=1),
        "LOADING": Scene("visit", "load", 1, ("done",)),
        "CLOSING": Scene("visit", "close", 1),
        "MEASURING": Scene("visit", "weigh", 2),
        "DECIDING": Scene("visit", "look", 2),
        "ASKING": Scene("visit", "look", 2, ("answers", "none")),
        "PROMISING": Scene("visit", "drop", 2),
        "DROPPING": Scene("visit", "drop", 2),
        "CHECKING": Scene("visit", "drop", 2),
        "CREDITING": Scene("visit", "drop", 2),
        "CREDITED": Scene("visit", "rest", 3, ("more", "print", "done")),
        "RETURNING": Scene("visit", "back", 1),
        "CLEARING": Scene("visit", "drop", 1),
        "LEAVING": Scene("visit", "close", 1),
        "FAREWELL": Scene("farewell", actions=("print", "done")),
        "RECOVERING": Scene("visit", step=2),
        "SERVICE": Scene("farewell"),
    }
)
"""Session state → scene."""

ATTENTION = frozenset(
    {
        "obstructed",
        "hand-inside",
        "take-back",
        "refuse-bin",
        "idle-warning",
        "still-there",
        "bay-unknown",
        "bay-down",
        "closed-hours",
        "card-lost",
        "card-spent",
        "phone-wrong",
        "phone-differs",
        "phone-not-here",
        "badge-refused",
        "bin-not-recorded",
        "out-of-service",
        "in-service",
        "store-failed",
        "uncertain",
        "uncertain-given",
        "record-late",
        "printer-empty",
        "printer-open",
        "not-printed",
        "recovering",
    }
)
"""Messages that ask for attention, besides every `returned-…` and `code-…`."""

GOOD = frozenset(
    {"accepted", "given", "below-min", "recovered", "printed", "farewell", "farewell-given"}
)
"""Messages that bring the good news."""


FURTHER_IN = ("returned-string", "returned-at-hatch")
"""Messages of a load that lies badly: it is to be put in, and not to be taken back."""


def scene_of(view: View) -> Scene:
    """The scene of the view's state; with an open hatch the message says which way the hand goes.

    Raises:
        KeyError: The state has no row in `SCENES`.
    """
    scene, message = SCENES[view.state], view.message
    if scene.picture != "load" or message in FURTHER_IN:
        return scene
    if message == "hand-inside":
        return replace(scene, picture="out")
    back = message.startswith(("returned-", "take-back"))
    return replace(scene, picture="back") if back else scene


def message_of(view: View) -> str:
    """The message that is said: a kiosk that takes nothing asks nobody for a code."""
    idle = view.message == "idle" and view.bays
    return "out-of-service" if idle and not view.takes_something else view.message


def tone(message: str) -> Literal["plain", "attention", "good"]:
    """The colour in which a message is said; it never carries the meaning alone."""
    if message in ATTENTION or message.startswith(("returned-", "code-")):
        return "attention"
    return "good" if message in GOOD else "plain"
