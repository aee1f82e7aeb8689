"""The page `/staff/shop/giving`: what guests' points gave to causes, and giving more."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from nicegui import ui

from cloud.screens.staff.aside import aside
from cloud.screens.staff.parts import cell, heading, press, sentence, table
from cloud.screens.staff.shop_parts import Acts, field, text_of, whole
from cloud.screens.staff.shop_texts import TEXTS
from cloud.screens.texts import local_second
from cloud.staff.desk import WHOLE_CITY
from contract.fields import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from cloud.screens.staff.frame import Visit
    from cloud.shop.shop import Shop
    from cloud.staff.desk import Staff


class GivingPage:
    """All causes, and what erased accounts left; its place is where it is made.

    Staff of the whole city give.

    Args:
        visit: Who works there.
        shop: Has the guests' points.
    """

    def __init__(self, visit: Visit, shop: Shop) -> None:
        self._visit = visit
        self._key = _new_key()
        self._say = visit.words(TEXTS)
        self._shop = shop
        self._acts = Acts(visit, shop)
        self._list = ui.element("section").classes("card")
        if visit.staff.covers(WHOLE_CITY):
            self._form()
        else:
            ui.label(self._say("not-city")).classes("small")

    async def draw(self) -> None:
        """Draw the causes as they are now.

        Raises:
            LedgerError: The database failed.
        """
        given = await aside(self._shop.giving.given)
        self._list.clear()
        with self._list:
            ui.label(self._say("left", points=f"{given.points_left:,}")).classes("left")
            if not given.causes:
                heading(self._say("causes"))
                ui.label(self._say("no-causes")).classes("small")
            causes = [(one.cause, one.points, one.donations, one.last_at) for one in given.causes]
            self._table("causes", causes)
            erased = [
                (self._say(f"{one.rest}-{one.cause}"), one.points, one.times, one.last_at)
                for one in given.erased
            ]
            self._table("erased", erased)

    def _table(self, name: str, rows: Sequence[tuple[str, int, int, int]]) -> None:
        """What, points, how often and when last (Unix seconds); nothing where there is nothing."""
        if not rows:
            return
        heading(self._say(name))
        headings = ("cause" if name == "causes" else "left-how", "points", "times", "last")
        with table(self._say(name), [self._say(one) for one in headings], figures=(1, 2)):
            for what, points, times, last_at in rows:
                with ui.element("tr"):
                    cell(what)
                    cell(f"{points:,}", figure=True)
                    cell(f"{times:,}", figure=True)
                    cell(local_second(last_at, self._visit.language))

    def _form(self) -> None:
        with ui.element("section").classes("card form"):
            heading(self._say("give"))
            ui.label(self._say("give-what")).classes("small")
            cause = field(self._say("cause-id"), 32)
            points = field(self._say("how-many"), 12, props="inputmode=numeric")
            reason = sentence(self._say("why"), SENTENCE)

            async def act() -> None:
                if await self._give(text_of(cause), text_of(points), text_of(reason)):
                    self._key = _new_key()
                    for one in (cause, points, reason):
                        one.set_value("")

            press(self._say("give"), act, "main")

    def _give(self, cause: str, points: str, reason: str) -> Awaitable[bool]:
        # The same until it is done: whoever presses again after a failure gives once.
        key = self._key

        def give(staff: Staff) -> None:
            self._shop.giving.donate(staff, cause, whole(points, "points"), reason, key)

        said = self._say("given", points=points)
        return self._acts.attempt(give, said, lambda _: self.draw())


def _new_key() -> str:
    return secrets.token_urlsafe(16)
