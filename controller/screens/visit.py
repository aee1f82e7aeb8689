"""A visit on the screen: where it stands, the load's weight and picture, and what to touch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from controller.core.flow.credit import MORE
from controller.core.touches import Answered, BayPicked, ResidentLeft
from controller.screens import paper
from controller.screens.idle import bay_face, standing
from controller.screens.machine import SOMETHING_G
from controller.screens.scenes import STEPS
from controller.screens.tags import box, button, drawing, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.element import Element

    from controller.core.touches import Touch
    from controller.screens.parts import Moment
    from controller.screens.scenes import Action

    Post = Callable[[Touch], None]

UNSURE = frozenset({"returned-unknown", "returned-dark", "returned-mixed"})
"""Messages under which the eyes' word is a guess, and must not look like a verdict."""


def progress(moment: Moment) -> None:
    """Which of the three steps the resident is at."""
    with box("progress", "ol"):
        for number, step in enumerate(STEPS):
            at = moment.scene.step
            classes = "done" if number < at else "now" if number == at else "next"
            with box(f"pace {classes}", "li").props("aria-current=step" if number == at else ""):
                text("✓" if number < at else str(number + 1), "number")
                text(moment.words.label(step))


def weight(moment: Moment) -> None:
    """The mass on the pan in grams, and whether it is final."""
    view, words = moment.view, moment.words
    text(words.label("weight"), "label")
    with box("figure"):
        text("–" if view.mass_g is None else f"{view.mass_g:,}", "digits")
        text(words.label("grams"), "unit")
    if (view.mass_g or 0) >= SOMETHING_G:
        settled = "settled" if view.settled else "settling"
        text(words.label(settled), f"steady {settled}")


def sighting(moment: Moment) -> object:
    """What `camera` depends on."""
    view = moment.view
    picture = moment.picture if moment.sighted else ""
    return picture, view.label, view.confidence_percent, view.message in UNSURE


def camera(moment: Moment) -> None:
    """The chamber's picture and what the eyes say of it."""
    view, words = moment.view, moment.words
    if moment.sighted:
        picture = box("chamber", "img")
        picture.props(f'src="{moment.picture}" alt="{words.label("camera")}"')
    else:
        drawing("camera", "chamber", words.label("camera"))
    if view.label and view.message in UNSURE:
        text(words.label("perhaps", what=words.seen(view.label)), "verdict")
    elif view.label:
        text(words.label("looks-like", what=words.seen(view.label)), "verdict")
        with box("sure"):
            box("bar").style(f"--sure: {view.confidence_percent}%")
            text(words.label("confidence", percent=view.confidence_percent))
    else:
        text(words.label("camera-privacy"), "label")


class Actions:
    """Everything that can be touched now, in the order of the scene (`page.Follows`).

    A slip that comes out changes its own button: no other one goes away under a finger.

    Args:
        post: Takes what is touched.
    """

    def __init__(self, post: Post) -> None:
        self._post = post
        self._box = box("actions")
        self._slot: Element | None = None
        self._read: object = None
        self._on_paper: object = None

    def update(self, moment: Moment) -> None:
        """Follow the view."""
        view = moment.view
        read = moment.words, _touchable(moment)
        if read != self._read:
            self._read, self._slot, self._on_paper = read, None, None
            self._box.clear()
            with self._box:
                self._draw(moment)
        # A receipt is read with the touch; its rows change only together with these.
        on_paper = view.paper, view.printed, len(view.receipt)
        if self._slot is not None and on_paper != self._on_paper:
            self._on_paper = on_paper
            self._slot.clear()
            with self._slot:
                _paper(moment, self._post)

    def _draw(self, moment: Moment) -> None:
        for action in moment.scene.actions:
            if action != "print":
                _action(action, moment, self._post)
            elif moment.view.paper:
                self._slot = box("paper")


def _touchable(moment: Moment) -> object:
    """What `_draw` depends on: bays only while one is to be picked, paper where a printer is."""
    offered, view = moment.scene.actions, moment.view
    bays = standing(moment) if "pick" in offered else ()
    return offered, view.choices, "print" in offered and bool(view.paper), bays


def _action(action: Action, moment: Moment, post: Post) -> None:
    words = moment.words
    match action:
        case "pick":
            _bays(moment, post)
        case "answers":
            for one in moment.view.choices:
                touch = partial(post, Answered(one.answer))
                button(words.name(one.names), touch, "answer")
        case "none":
            button(words.label("none-of-these"), partial(post, ResidentLeft()), "quiet")
        case "more":
            button(words.label("more"), partial(post, Answered(MORE)), "main")
        case "done" | "cancel":
            others = set(moment.scene.actions) - {"print", action}
            last = "quiet" if others else "main"
            button(words.label(action), partial(post, ResidentLeft()), last)


def _paper(moment: Moment, post: Post) -> None:
    """The button keeps its place while it prints, so that a second touch meets nothing else."""
    view, words = moment.view, moment.words
    is_offered = view.paper == "offered"
    touch = partial(post, paper.wish(view, words)) if is_offered else _nothing
    element = button(words.label(paper.LABELS[view.paper]), touch, "quiet print", stays="print")
    if not is_offered:
        element.props("aria-disabled=true")


def _nothing() -> None:
    """It is printing, or printed already."""


def _bays(moment: Moment, post: Post) -> None:
    with box("bays"):
        for bay in moment.view.bays:
            if not bay.usable:
                with box("card bay down"):
                    bay_face(bay, moment)
                continue
            touch = partial(post, BayPicked(bay.bay))
            with button("", touch, "card bay", stays=f"bay {bay.bay}"):
                bay_face(bay, moment)
                text(" · ".join(map(moment.words.stream, bay.streams)), "pick")
