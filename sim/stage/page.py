"""The visitor's page: the phone, the machine drawn live with all one can do, the kiosk's screen."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi import Request, Response
from nicegui import app, ui

from sim.stage.controls import Switches, ThingsTable, Verbs, box
from sim.stage.items import THINGS, cutout
from sim.stage.machine import StageMachine
from sim.stage.texts import Language, language_of, say
from sim.stage.trace import WeightTrace

if TYPE_CHECKING:
    from controller.app import Kiosk
    from sim.bay import SimBay
    from sim.stage.front import FrontPanel
    from sim.stage.processes import Broker
    from sim.stage.visitor import Visitor

LOOK_S = 0.1
GIVEN_BACK = ("returned-", "take-back", "store-failed")
"""How messages begin that ask for the load to be taken back."""

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
    panel: FrontPanel
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
    def page(request: Request, lang: str = "zh") -> None:
        StagePage(stage, language_of(lang), request.url.hostname or "")


class StagePage:
    """One visitor's browser.

    Args:
        stage: What it plays with.
        language: Of all its texts, and of the frames within.
        host: By which name this machine was asked.
    """

    def __init__(self, stage: Stage, language: Language, host: str) -> None:
        self._stage = stage
        self._language = language
        self._trace = WeightTrace()
        ui.add_css(STYLE.read_text(encoding="utf-8"))
        with box("stage", "main").props(f"lang={language}"):
            self._head()
            # Under another name the phone's sign-in would be another site's cookie.
            named = "localhost" if host == "localhost" else "127.0.0.1"
            platform = stage.platform.replace("127.0.0.1", named)
            account = f"{platform}/sign-in/demo?lang={language}"
            self._frame("phone", account, PHONE_PX)
            self._middle()
            self._frame("screen", f"/?lang={language}", KIOSK_PX)
        self._look()
        ui.timer(LOOK_S, self._look)
        ui.run_javascript(FIT)

    def _head(self) -> None:
        other = "zh" if self._language == "en" else "en"
        with box("top", "header"):
            ui.label(self._say("title")).classes("title")
            ui.label(self._say("simulated")).classes("note")
            ui.link(self._say("other-language"), f"/demo?lang={other}").classes("other")

    def _frame(self, name: str, address: str, size: tuple[int, int]) -> None:
        """Another page, as large as it is meant to be, scaled to the room there is."""
        with box(f"panel {name}", "section"):
            ui.label(self._say(name)).classes("name")
            with box("fit"):
                frame = box("frame", "iframe")
                frame.props(f'src="{address}" width={size[0]} height={size[1]}')
                frame.props(f'title="{self._say(name)}"')

    def _middle(self) -> None:
        bay = self._stage.kiosk.session.config.bays[0]
        streams = {one.stream: self._say(one.stream) for one in bay.bins}
        with box("panel middle", "section"):
            ui.label(self._say("machine")).classes("name")
            self._machine = StageMachine(
                bay, streams | {"refuse": self._say("refuse")}, self._say("machine")
            )
            with box("readings"):
                with box("figure"):
                    ui.label(self._say("weight")).classes("label")
                    self._mass = ui.label().classes("digits")
                with box("lamp-case"):
                    self._lamp = box("lamp")
                    self._lamp_words = ui.label().classes("label")
                with box("graph"):
                    self._line = ui.html("", sanitize=False).classes("line")
                    ui.label(self._say("seconds")).classes("label")
            self._next = ui.label().classes("next").props("role=status aria-live=polite")
            things = ThingsTable(self._language)
            stage = self._stage
            self._verbs = Verbs(stage.visitor, things, self._language)
            self._switches = Switches(stage.broker, stage.panel, self._language)
            ui.label(self._say("board", node=self._stage.node)).classes("label")

    def _look(self) -> None:
        """Follow the machine and the kiosk."""
        world = self._stage.bay.now()
        self._machine.update(world)
        self._read_scale(world.now_us / 1e6)
        lamp = self._stage.panel.lamp
        self._lamp.classes(replace=f"lamp {lamp}")
        self._lamp_words.set_text(self._say(f"lamp-{lamp or 'off'}"))
        step = self._step()
        self._next.set_text(self._say(f"next-{step}"))
        self._verbs.update(step)
        self._switches.update()

    def _read_scale(self, at_s: float) -> None:
        """Follow the controller's scale; between visits it is not zeroed and says nothing."""
        bay = self._stage.kiosk.session.bay
        gross_g = bay.scale.gross_g if bay is not None else None
        self._mass.set_text("–" if gross_g is None else f"{round(gross_g)} g")
        if gross_g is not None:
            self._trace.note(at_s, gross_g)
            self._line.set_content(self._trace.svg())

    def _step(self) -> str:
        """What a visitor would do next: a verb's name, `screen` or `wait`."""
        world, session = self._stage.bay.world, self._stage.kiosk.session
        if world.hand_inside:
            return "out"
        match session.state.value:
            case "IDLE":
                return "show"
            case "LOADING" if not world.on_pan:
                return "put"
            case "RETURNING" | "LOADING" if session.message.startswith(GIVEN_BACK):
                return "take" if world.on_pan else "wait"
            case "IDENTIFIED" | "ASKING" | "CREDITED" | "FAREWELL":
                return "screen"
        return "wait"

    def _say(self, key: str, **figures: str | int) -> str:
        return say(self._language, key, **figures)
