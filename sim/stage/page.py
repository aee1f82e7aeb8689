"""The visitor's page: the phone, the machine drawn live with all one can do, the kiosk's screen."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi import Response
from nicegui import app, ui

from sim.stage.items import THINGS, cutout
from sim.stage.machine import StageMachine
from sim.stage.texts import Language, language_of, say
from sim.stage.trace import WeightTrace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nicegui.element import Element

    from controller.app import Kiosk
    from sim.bay import SimBay
    from sim.stage.processes import Broker
    from sim.stage.visitor import Visitor

LOOK_S = 0.1
KIOSK_PX = (1080, 1920)
PHONE_PX = (390, 844)
STYLE = files("sim.stage") / "assets" / "stage.css"

FIT = """
for (const room of document.querySelectorAll(".fit")) {
    const frame = room.firstElementChild;
    new ResizeObserver(() => {
        const scale = Math.min(
            room.clientWidth / frame.offsetWidth, room.clientHeight / frame.offsetHeight);
        frame.style.transform = `scale(${scale})`;
        frame.style.left = `${(room.clientWidth - frame.offsetWidth * scale) / 2}px`;
    }).observe(room);
}
"""
"""Scales the pages within to the room they have."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a visitor's page plays with."""

    kiosk: Kiosk
    bay: SimBay
    visitor: Visitor
    broker: Broker
    platform: str
    node: str


def add_stage(stage: Stage) -> None:
    """Define `/demo` and the pictures it needs; once a process."""

    @app.get("/demo/things/{kind}.png")
    def thing(kind: str) -> Response:
        if kind not in {one.kind for one in THINGS}:
            return Response(status_code=404)
        png = base64.b64decode(cutout(kind).partition(",")[2])
        return Response(png, media_type="image/png")

    @ui.page("/demo", title="Green account kiosk: demo")
    def page(lang: str = "zh") -> None:
        StagePage(stage, language_of(lang))


class StagePage:
    """One visitor's browser.

    Args:
        stage: What it plays with.
        language: Of all its texts, and of the frames within.
    """

    def __init__(self, stage: Stage, language: Language) -> None:
        self._stage = stage
        self._language = language
        self._kind = THINGS[0].kind
        self._trace = WeightTrace()
        self._buttons: dict[str, Element] = {}
        self._things: dict[str, Element] = {}
        ui.add_css(STYLE.read_text(encoding="utf-8"))
        with _box("stage", "main").props(f"lang={language}"):
            self._head()
            account = f"{stage.platform}/account/{stage.visitor.account}?lang={language}"
            self._frame("phone", account, PHONE_PX)
            self._middle()
            self._frame("screen", f"/?lang={language}", KIOSK_PX)
        self._look()
        ui.timer(LOOK_S, self._look)
        ui.run_javascript(FIT)

    def _head(self) -> None:
        other = "zh" if self._language == "en" else "en"
        with _box("top", "header"):
            ui.label(self._say("title")).classes("title")
            ui.label(self._say("simulated")).classes("note")
            ui.link(self._say("other-language"), f"/demo?lang={other}").classes("other")

    def _frame(self, name: str, address: str, size: tuple[int, int]) -> None:
        """Another page, as large as it is meant to be, scaled to the room there is."""
        with _box(f"panel {name}", "section"):
            ui.label(self._say(name)).classes("name")
            with _box("fit"):
                frame = _box("frame", "iframe")
                frame.props(f'src="{address}" width={size[0]} height={size[1]}')
                frame.props(f'title="{self._say(name)}"')

    def _middle(self) -> None:
        bay = self._stage.kiosk.session.config.bays[0]
        streams = {one.stream: self._say(one.stream) for one in bay.bins}
        with _box("panel middle", "section"):
            ui.label(self._say("machine")).classes("name")
            self._machine = StageMachine(
                bay, streams | {"refuse": self._say("refuse")}, self._say("machine")
            )
            with _box("readings"):
                with _box("figure"):
                    ui.label(self._say("weight")).classes("label")
                    self._mass = ui.label().classes("digits")
                with _box("graph"):
                    self._line = ui.html("", sanitize=False).classes("line")
                    ui.label(self._say("seconds")).classes("label")
            self._next = ui.label().classes("next").props("role=status aria-live=polite")
            self._table()
            self._verbs()
            ui.label(self._say("board", node=self._stage.node)).classes("label")

    def _table(self) -> None:
        with _box("things").props(f'role=radiogroup aria-label="{self._say("things")}"'):
            for one in THINGS:
                thing = _box("thing-button", "button").props("type=button role=radio")
                thing.on("click", lambda kind=one.kind: self._pick(kind), args=[])
                with thing:
                    _box("picture", "img").props(f'src="/demo/things/{one.kind}.png" alt=""')
                    ui.label(one.names[self._language]).classes("what")
                    ui.label(f"{one.mass_g} g").classes("label")
                self._things[one.kind] = thing
        self._pick(self._kind)

    def _verbs(self) -> None:
        with _box("verbs"):
            self._verb("show", self._show)
            self._verb("put", self._put)
            self._verb("out", self._out)
            self._verb("take", self._take)
            self._verb("unplug", self._plug)

    def _verb(self, name: str, do: Callable[[], Awaitable[None]]) -> None:
        button = _box(f"verb {name}", "button").props("type=button").on("click", do, args=[])
        with button:
            ui.label(self._say(name))
        self._buttons[name] = button

    def _pick(self, kind: str) -> None:
        self._kind = kind
        for one, thing in self._things.items():
            thing.props(f"aria-checked={'true' if one == kind else 'false'}")

    async def _show(self) -> None:
        if not await self._stage.visitor.show_code():
            self._tell("not-read")

    async def _put(self) -> None:
        if not await self._stage.visitor.put_in(self._kind):
            self._tell("not-open")

    async def _out(self) -> None:
        self._stage.visitor.hand_out()

    async def _take(self) -> None:
        if not await self._stage.visitor.take_back():
            self._tell("nothing-there")

    async def _plug(self) -> None:
        broker = self._stage.broker
        await (broker.stop() if broker.pid is not None else broker.start())

    def _tell(self, key: str) -> None:
        ui.notify(self._say(key), position="top", type="info", timeout=3000)

    def _look(self) -> None:
        """Follow the machine and the kiosk."""
        world = self._stage.bay.now()
        self._machine.update(world)
        scale = self._stage.kiosk.session.bays[self._stage.bay.name].scale
        gross_g = scale.gross_g or 0.0
        self._trace.note(world.now_us / 1e6, gross_g)
        self._line.set_content(self._trace.svg())
        self._mass.set_text(f"{gross_g:.0f} g")
        step = self._step()
        self._next.set_text(self._say(f"next-{step}"))
        for name, button in self._buttons.items():
            wanted = name == step
            button.classes(add="wanted" if wanted else "", remove="" if wanted else "wanted")
        plugged = self._stage.broker.pid is not None
        label = next(iter(self._buttons["unplug"]))
        assert isinstance(label, ui.label)
        label.set_text(self._say("unplug" if plugged else "plug"))

    def _step(self) -> str:
        """What a visitor would do next: a verb's name, `screen` or `wait`."""
        world = self._stage.bay.world
        if world.hand_inside:
            return "out"
        match self._stage.kiosk.session.state.value:
            case "IDLE":
                return "show"
            case "LOADING" if not world.on_pan:
                return "put"
            case "RETURNING" if world.on_pan:
                return "take"
            case "IDENTIFIED" | "ASKING" | "CREDITED" | "FAREWELL":
                return "screen"
        return "wait"

    def _say(self, key: str, **figures: str | int) -> str:
        return say(self._language, key, **figures)


def _box(classes: str, tag: str = "div") -> Element:
    return ui.element(tag).classes(classes)
