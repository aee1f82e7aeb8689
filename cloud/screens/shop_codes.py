"""The codes that a resident shows at the till, with the time that each has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from cloud.accounts.square import square
from cloud.screens.texts import Language, say
from cloud.shop.codes import in_groups

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cloud.shop.redeeming import Reserved


class OpenCodes:
    """What an account has reserved; drawn where it is made.

    Args:
        clock: Gives Unix seconds.
        language: Of all texts.
        cancel: Called with a redemption's id.
    """

    def __init__(
        self, clock: Callable[[], int], language: Language, cancel: Callable[[int], Awaitable[None]]
    ) -> None:
        self._clock = clock
        self._language = language
        self._cancel = cancel
        self._times: list[tuple[ui.label, int]] = []
        self._place = ui.element("div").classes("news")

    def draw(self, reserved: list[Reserved]) -> None:
        """Show these, the latest first."""
        self._times.clear()
        self._place.clear()
        with self._place:
            for one in reserved:
                with ui.element("section").classes("card code reserved"):
                    self._one(one)
        self.tick()

    def tick(self) -> None:
        """Say how long each code still holds."""
        for label, ends_at in self._times:
            minutes, seconds = divmod(max(0, ends_at - self._clock()), 60)
            label.set_text(say(self._language, "shop-left", minutes=minutes, seconds=seconds))

    def _one(self, one: Reserved) -> None:
        name = one.redeemed.names[self._language]
        ui.html(say(self._language, "shop-open"), tag="h2", sanitize=False)
        if one.code:
            # q: a phone may be scratched
            picture = ui.html(square(one.code, "q"), sanitize=False)
            picture.props(f'role=img aria-label="{say(self._language, "shop-code-alt")}"')
            ui.label(in_groups(one.code)).classes("letters")
        else:
            ui.label(say(self._language, "shop-no-code")).classes("small")
        shop = one.redeemed.partner_names[self._language]
        ui.label(f"{name} · {shop}").classes("hint")
        self._times.append((ui.label().classes("time"), one.redeemed.expires_at))
        button = ui.element("button").classes("plain-button")
        button.props["aria-label"] = say(self._language, "shop-cancel-what", name=name)
        button.on("click", lambda: self._cancel(one.redeemed.id))
        with button:
            ui.label(say(self._language, "shop-cancel"))
