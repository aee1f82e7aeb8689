"""Serves the resident's screen with scripted views, for tests and for looking at it.

`python -m tests.screens.serve PORT [RESET_S]` reads one command a line: the name of a view, a view
as JSON, `full` and a view as JSON with a picture where it has a verdict, `!` and a view's fields
as JSON to change what is shown, or `picture [FILE]` and `no-picture`. It writes one line of JSON
for each touch, and `ready` once the pages are up.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from controller.core.touches import Touch
from controller.core.view import View
from controller.screens import page
from controller.screens.resident import ResidentScreen
from controller.screens.server import listen, pages, serve_on
from tests.screens.views import AS_JSON, VIEWS

if TYPE_CHECKING:
    from controller.ports import Image


def tell(**facts: object) -> None:
    """Write one line for the test."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


@cache
def chamber() -> Image:
    """A picture of something bottle-like on a bright floor."""
    y, x = np.mgrid[0:480, 0:640]
    frame: Image = np.full((480, 640, 3), 205, np.uint8)
    frame -= (y[..., None] // 8).astype(np.uint8)
    body = (abs(x - 320) < 150 - abs(y - 250) // 9) & (abs(y - 250) < 70)
    cap = (abs(x - 490) < 26) & (abs(y - 250) < 30)
    frame[body] = (120, 170, 200)
    frame[cap] = (30, 90, 160)
    return frame


def posted(touch: Touch) -> None:
    """Tell the test what was touched."""
    tell(touch=type(touch).__name__, **asdict(touch))


def told(line: str, shown: View) -> View:
    """What to show next."""
    if line.startswith("!"):
        return replace(shown, **json.loads(line[1:]))
    return AS_JSON.validate_json(line) if line.startswith("{") else VIEWS[line]


async def commands(screen: ResidentScreen) -> None:
    """Obey standard input."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    view = VIEWS["idle"]
    screen.show(view)
    while line := (await reader.readline()).decode().strip():
        if line == "picture":
            screen.picture("a", chamber())
        elif line.startswith("picture "):
            screen.picture("a", np.load(line.removeprefix("picture ")))
        elif line.startswith("full "):
            view = told(line.removeprefix("full "), view)
            screen.picture("a", chamber() if view.label else None)
            screen.show(view)
        elif line == "no-picture":
            screen.picture("a", None)
        else:
            view = told(line, view)
            screen.show(view)
        tell(shown=time.time())


async def main(port: int) -> None:
    """Serve until standard input ends."""
    screen = ResidentScreen(posted)
    listening = listen(port)
    server = asyncio.create_task(serve_on(pages(), listening))
    tell(ready=listening.getsockname()[1])
    await commands(screen)
    server.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await server


if __name__ == "__main__":
    if len(sys.argv) > 2:
        page.RESET_S = float(sys.argv[2])  # a test that waited a minute would be no help
    asyncio.run(main(int(sys.argv[1])))
