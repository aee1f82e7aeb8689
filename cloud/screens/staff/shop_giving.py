"""The page `/staff/shop/giving`: what guests' points gave to causes, and giving more."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from nicegui import ui

from cloud.screens.staff.parts import cell, heading, press, sentence, table
from cloud.screens.staff.shop_parts import Acts, field, text_of, whole
from cloud.screens.staff.shop_texts import TEXTS
from cloud.screens.texts import local_second
from cloud.staff.desk import WHOLE_CITY
from contract.fields import SENTENCE

if TYPE_CHECKING:
    from cloud.screens.staff.frame import Visit
    from cloud.shop.giving import Cause
    from cloud.shop.shop import Shop
    from cloud.staff.desk import Staff


class GivingPage:
    """All causes; drawn where it is made. Staff of the whole city give.

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
        self._draw()
        if visit.staff.covers(WHOLE_CITY):
            self._form()
        else:
            ui.label(self._say("not-city")).classes("small")

    def _draw(self) -> None:
        given = self._shop.giving.given()
        self._list.clear()
        with self._list:
            ui.label(self._say("left", points=f"{given.points_left:,}")).classes("left")
            heading(self._say("causes"))
            if not given.causes:
                ui.label(self._say("no-causes")).classes("small")
                return
            headings = ("cause", "points", "times", "last")
            with table(self._say("causes"), [self._say(one) for one in headings], figures=(1, 2)):
                for one in given.causes:
                    self._row(one)

    def _row(self, one: Cause) -> None:
        with ui.element("tr"):
            cell(one.cause)
            cell(f"{one.points:,}", figure=True)
            cell(f"{one.donations:,}", figure=True)
            cell(local_second(one.last_at, self._visit.language))

    def _form(self) -> None:
        with ui.element("section").classes("card form"):
            heading(self._say("give"))
            ui.label(self._say("give-what")).classes("small")
            cause = field(self._say("cause-id"), 32)
            points = field(self._say("how-many"), 12, props="inputmode=numeric")
            reason = sentence(self._say("why"), SENTENCE)

            def give(staff: Staff) -> None:
                figures = whole(points, "points")
                # The same until it is done: whoever presses again after a failure gives once.
                self._shop.giving.donate(staff, text_of(cause), figures, text_of(reason), self._key)

            def act() -> None:
                said = self._say("given", points=text_of(points))
                if self._acts.attempt(give, said, lambda _staff: self._draw()):
                    self._key = _new_key()
                    for one in (cause, points, reason):
                        one.set_value("")

            press(self._say("give"), act, "main")


def _new_key() -> str:
    return secrets.token_urlsafe(16)
