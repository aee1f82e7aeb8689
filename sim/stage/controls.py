"""What a visitor of the demo can touch: the things on the table, verbs, and switches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from sim.stage.items import THINGS
from sim.stage.texts import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nicegui.element import Element

    from sim.stage.front import FrontPanel
    from sim.stage.processes import Broker
    from sim.stage.texts import Language
    from sim.stage.visitor import Visitor


def box(classes: str, tag: str = "div") -> Element:
    """An element that holds others."""
    return ui.element(tag).classes(classes)


class ThingsTable:
    """The eight things; `kind` is the one that is picked."""

    def __init__(self, language: Language) -> None:
        self.kind = THINGS[0].kind
        self._things: dict[str, Element] = {}
        with box("things").props(f'role=radiogroup aria-label="{say(language, "things")}"'):
            for one in THINGS:
                thing = box("thing-button", "button").props("type=button role=radio")
                thing.on("click", lambda kind=one.kind: self._pick(kind), args=[])
                with thing:
                    box("picture", "img").props(f'src="/demo/things/{one.kind}.png" alt=""')
                    ui.label(one.names[language]).classes("what")
                    ui.label(f"{one.mass_g} g").classes("label")
                self._things[one.kind] = thing
        self._pick(self.kind)

    def _pick(self, kind: str) -> None:
        self.kind = kind
        for one, thing in self._things.items():
            thing.props(f"aria-checked={'true' if one == kind else 'false'}")


class Verbs:
    """The buttons; the one that a visitor would touch next stands out.

    Args:
        visitor: Does it.
        things: Says what is put in.
        language: Of their words.
    """

    def __init__(self, visitor: Visitor, things: ThingsTable, language: Language) -> None:
        self._visitor = visitor
        self._things = things
        self._language = language
        self._buttons: dict[str, Element] = {}
        with box("verbs"):
            for name, do in (
                ("show", self._show),
                ("put", self._put),
                ("out", self._out),
                ("take", self._take),
            ):
                self._buttons[name] = self._button(name, do)

    def update(self, step: str) -> None:
        """Let the verb `step` stand out."""
        for name, button in self._buttons.items():
            button.classes(replace=f"verb {name} wanted" if name == step else f"verb {name}")

    def _button(self, name: str, do: Callable[[], Awaitable[None]]) -> Element:
        button = box(f"verb {name}", "button").props("type=button").on("click", do, args=[])
        with button:
            ui.label(say(self._language, name))
        return button

    async def _show(self) -> None:
        if not await self._visitor.show_code():
            self._tell("not-read")

    async def _put(self) -> None:
        if not await self._visitor.put_in(self._things.kind):
            self._tell("not-open")

    async def _out(self) -> None:
        self._visitor.hand_out()

    async def _take(self) -> None:
        if not await self._visitor.take_back():
            self._tell("nothing-there")

    def _tell(self, key: str) -> None:
        ui.notify(say(self._language, key), position="top", type="info", timeout=3000)


class Switches:
    """What can be unplugged and plugged in again, and the service key.

    Args:
        broker: What the network leads to.
        panel: Has the mains and the key.
        language: Of their words.
    """

    def __init__(self, broker: Broker, panel: FrontPanel, language: Language) -> None:
        self._broker = broker
        self._panel = panel
        self._language = language
        with box("switches"):
            self._network = self._switch("network", self._switch_network)
            self._mains = self._switch("mains", self._switch_mains)
            self._key = self._switch("key", self._turn_key)

    def update(self) -> None:
        """Say what a touch would do now."""
        self._say(self._network, "unplug" if self._broker.pid is not None else "plug")
        self._say(self._mains, "mains-off" if self._panel.has_mains else "mains-on")
        self._say(self._key, "key-off" if self._panel.in_service else "key-on")

    def _say(self, words: ui.label, key: str) -> None:
        words.set_text(say(self._language, key))

    def _switch(self, name: str, do: Callable[[], Awaitable[None]]) -> ui.label:
        with box(f"verb {name}", "button").props("type=button").on("click", do, args=[]):
            return ui.label()

    async def _switch_network(self) -> None:
        await (self._broker.stop() if self._broker.pid is not None else self._broker.start())

    async def _switch_mains(self) -> None:
        self._panel.switch_mains(on=not self._panel.has_mains)

    async def _turn_key(self) -> None:
        self._panel.turn_key(on=not self._panel.in_service)
