"""The service desk over HTTP, before a kiosk that behaves and a real journal."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
from fastapi import FastAPI

from controller.adapters.store import ThreadedStore
from controller.ports import CameraLostError
from controller.screens.service.api import add_api
from controller.screens.service.around import Around
from controller.screens.service.bundle import Bundle, LogTail
from controller.screens.service.desk import Desk
from tests.controller.core.story import NOW_UTC_S, Story
from tests.controller.drafts import journal
from tests.controller.service.staffed import staffed

if TYPE_CHECKING:
    from controller.ports import Image


class Vouched:
    """A clock that is right."""

    def utc_s(self) -> int:
        """The story's time."""
        return NOW_UTC_S

    def quality(self) -> str:
        """As the port has it."""
        return "synchronised"


class Chamber:
    """A camera that sees a bright, sharp chamber; or nothing, once it is unplugged."""

    def __init__(self) -> None:
        self.unplugged = False

    async def frames(self, count: int) -> Sequence[Image]:
        """A chequered floor."""
        if self.unplugged:
            raise CameraLostError("camera 0 is not there: check its cable")
        y, x = np.mgrid[0:240, 0:320]
        grey = np.where((x // 16 + y // 16) % 2, 90, 200).astype(np.uint8)
        return [np.repeat(grey[..., None], 3, axis=2)] * count


async def is_empty(bay: str, frames: Sequence[Image]) -> bool | None:
    """Eyes that see nothing in the chamber."""
    return bool(bay and frames)


@dataclass
class Counter:
    """A kiosk with its desk, and a client that speaks to it from the kiosk itself."""

    story: Story
    desk: Desk
    client: httpx.AsyncClient
    camera: Chamber
    log: LogTail
    app: FastAPI

    async def sign_in(self, badge: str | None) -> httpx.Response:
        """Ask for a session; the client's next requests carry its token."""
        body = {} if badge is None else {"badge": badge}
        answer = await self.client.post("session", json=body)
        if answer.status_code == 201:
            self.client.headers["authorization"] = f"Bearer {answer.json()['token']}"
        return answer

    async def refused(self, method: str, path: str, **json: Any) -> tuple[int, str]:
        """Ask for what is refused; status and code of the problem."""
        answer = await self.client.request(method, path, json=json or None)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert problem["detail"]
        return answer.status_code, problem["code"]


def at_desk(folder: Path, visit: Callable[[Counter], Awaitable[None]], **bay: Any) -> None:
    """Let somebody visit the desk of an idle kiosk."""

    async def visited() -> None:
        async with open_counter(folder, **bay) as counter:
            await visit(counter)

    asyncio.run(visited())


@asynccontextmanager
async def open_counter(folder: Path, **bay: Any) -> AsyncIterator[Counter]:
    """The desk, over HTTP and without a network."""
    story, camera, log, app = staffed(**bay), Chamber(), LogTail(), FastAPI()
    tokens = (f"secret-{number}" for number in itertools.count())

    async def settle(event: object) -> None:
        story.happens(event)

    async with ThreadedStore(lambda: journal(folder / "journal.sqlite")) as store:
        around = Around(
            store,
            Vouched(),
            {},
            {"a": camera},
            is_empty,
            lambda: True,
            None,
            reports=folder / "acceptance",
        )
        now = (lambda: story.now_s), (lambda: next(tokens))
        desk = Desk(story.session, settle, around, Vouched(), *now)
        add_api(app, desk, Bundle(desk, log))
        async with client_at(app) as client:
            yield Counter(story, desk, client, camera, log, app)


def client_at(app: FastAPI, at: str = "127.0.0.1", **headers: str) -> httpx.AsyncClient:
    """A client at an address, without a token."""
    transport = httpx.ASGITransport(app, client=(at, 40_000))
    address = "http://127.0.0.1:8080/service/api/"
    return httpx.AsyncClient(transport=transport, base_url=address, headers=headers, verify=False)
