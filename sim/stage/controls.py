"""What a visitor of the demo can touch: the things on the table, and the verbs below them."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Plugs:
    """What can be pulled out and put in again: the network, and the mains."""

    broker: Broker
    panel: FrontPanel


class Verbs:
    """The buttons; the one that a visitor would touch next stands out.

    Args:
        visitor: Does it.
        plugs: Are pulled and put in.
        things: Says what is put in.
        language: Of their words.
    """

    def __init__(
        self, visitor: Visitor, plugs: Plugs, things: ThingsTable, language: Language
    ) -> None:
        self._visitor = visitor
        self._plugs = plugs
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
            self._network_words = self._plug("network", self._switch_network)
            self._mains_words = self._plug("mains", self._switch_mains)

    def update(self, step: str) -> None:
        """Let the verb `step` stand out."""
        for name, button in self._buttons.items():
            button.classes(replace=f"verb {name} wanted" if name == step else f"verb {name}")
        network = "unplug" if self._plugs.broker.pid is not None else "plug"
        self._network_words.set_text(say(self._language, network))
        mains = "mains-off" if self._plugs.panel.has_mains else "mains-on"
        self._mains_words.set_text(say(self._language, mains))

    def _button(self, name: str, do: Callable[[], Awaitable[None]]) -> Element:
        button = box(f"verb {name}", "button").props("type=button").on("click", do, args=[])
        with button:
            ui.label(say(self._language, name))
        return button

    def _plug(self, name: str, do: Callable[[], Awaitable[None]]) -> ui.label:
        with box(f"verb {name}", "button").props("type=button").on("click", do, args=[]):
            return ui.label()

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

    async def _switch_network(self) -> None:
        broker = self._plugs.broker
        await (broker.stop() if broker.pid is not None else broker.start())

    async def _switch_mains(self) -> None:
        self._plugs.panel.switch_mains(on=not self._plugs.panel.has_mains)

    def _tell(self, key: str) -> None:
        ui.notify(say(self._language, key), position="top", type="info", timeout=3000)
