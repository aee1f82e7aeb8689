"""What staff's pages of the shop are made of: acts that count refusals, fields, a token once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from nicegui import ui

from cloud.errors import ShopError
from cloud.screens.staff.aside import aside
from cloud.screens.staff.parts import Outcome, heading, press
from cloud.screens.staff.shop_texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cloud.screens.staff.frame import Visit
    from cloud.shop.shop import Shop
    from cloud.staff.desk import Staff

ADDRESS = "/staff/shop"

Found = TypeVar("Found")

_WHOLE = re.compile(r"[+-]?\d{1,12}")
"""A number that somebody may have meant."""

_AS_TYPED = str.maketrans("－−＋", "--+")
"""Signs as a Chinese keyboard has them."""


class Acts:
    """What is done on one page, and the line that says what became of it; drawn where it is made.

    Args:
        visit: Who works there.
        shop: Counts what it refuses.
    """

    def __init__(self, visit: Visit, shop: Shop) -> None:
        self._visit = visit
        self._shop = shop
        self._outcome = Outcome(visit.language, TEXTS)

    async def attempt(
        self,
        work: Callable[[Staff], Found],
        done: str = "",
        then: Callable[[Found], Awaitable[None] | None] = lambda _found: None,
    ) -> bool:
        """Do it as whoever is signed in now, and say `done` or why not; whether it was done.

        `then` draws what has become of it, as `Outcome.attempt` says.
        """
        return await self._outcome.attempt(lambda: self._counted(work), done, then)

    async def read(self, work: Callable[[Staff], Found]) -> Found:
        """What whoever is signed in now may read, to draw it.

        Raises:
            KioskError: As `work`, or they may not.
        """
        return await aside(lambda: self._counted(work))

    def _counted(self, work: Callable[[Staff], Found]) -> Found:
        try:
            return work(self._visit.now())
        except ShopError as error:
            self._shop.refused[error.code] += 1
            raise

    def quiet(self) -> None:
        """What was said is no longer of use."""
        self._outcome.say("", good=True)


def field(label: str, longest: int, value: str = "", props: str = "") -> ui.input:
    """A field for a short text."""
    made = ui.input(label, value=value).classes("sentence")
    return made.props(f"outlined dense autocomplete=off maxlength={longest} {props}")


def text_of(asked: ui.input) -> str:
    """What stands in a field."""
    return str(asked.value or "").strip()


def whole(typed: str, code: str) -> int:
    """The whole number that stands in a field; nothing is 0.

    Raises:
        ShopError: `code`: it is none.
    """
    text = typed.translate(_AS_TYPED)
    if text and not _WHOLE.fullmatch(text):
        raise ShopError(code, f"{text[:24]!r} is no whole number")
    return int(text or 0)


def show_token(
    place: ui.element, say: Callable[..., str], partner: str, token: str, done: Callable[[], None]
) -> None:
    """A till's token, until somebody says that they have it; it is in no other place."""
    place.clear()
    with place, ui.element("section").classes("card form"):
        heading(say("token-of", partner=partner))
        ui.label(say("once")).classes("note-once").props("role=alert")
        ui.label(token).classes("mono secret")
        ui.label(say("token-what")).classes("small")

        def seen() -> None:
            place.clear()
            done()

        press(say("seen"), seen, "main")
