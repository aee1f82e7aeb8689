"""Serves the service page over a kiosk that behaves, for tests and for looking at it.

`python -m tests.screens.serve_service PORT` reads one command a line: `badge ROLE`, `key`,
`fault NAME`, `well NAME`, `deposit`, `scan TEXT`, `hatch` (it opens and closes), `open`,
`shut`, `last` (all weights were laid on but for the last), `rest` or `state`. It answers
each with one line of JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from contract.badge import Role
from controller.adapters.chamber_teaching import ChamberTeaching
from controller.adapters.onnx_classifier import OnnxClassifier
from controller.adapters.store import ThreadedStore
from controller.core import events, touches
from controller.screens.server import listen, own_pages, pages, serve_on
from controller.screens.service.around import Around
from controller.screens.service.desk import Desk
from controller.screens.service.mount import add_service
from tests.controller.core.story import Story, sight
from tests.controller.drafts import journal
from tests.controller.service.desk import Chamber, Vouched, is_empty
from tests.controller.service.staffed import acts, badge, staffed
from tests.controller.service.test_eyes import at_once
from tests.controller.service.test_verifying import lay_on, lay_on_until
from vision.classify import Classifier

CARD_S = 0.3
"""So long the record of a collection takes to be on the card: whoever touches twice has time to."""


def tell(**facts: object) -> None:
    """Write one line for the test."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def happen(story: Story, command: str) -> None:
    """Obey one line."""
    name, _, rest = command.partition(" ")
    VERBS[name](story, rest)
    tell(state=story.state, acts=acts(story), seq=story.seq)


def _open(story: Story, _: str) -> None:
    story.rest(4)
    story.opened()


def _shut(story: Story, _: str) -> None:
    story.rest(8)
    story.closed()
    story.rest(2)


def _hatch(story: Story, _: str) -> None:
    _open(story, "")
    _shut(story, "")


def _last(story: Story, _: str) -> None:
    lay_on_until(story, "zero-return")
    lay_on(story, 0)


def _fault(story: Story, name: str, *, active: bool = True) -> None:
    story.happens(events.NodeFault("a", name, active))


def _deposit(story: Story, _: str) -> None:
    """Somebody brings a bottle and goes."""
    story.show(story.code(jti=story.seq.to_bytes(8, "big")))
    story.rest()
    story.opened()
    story.load(24)
    story.look(sight("plastic"))
    story.drop()
    story.empty()
    story.wait(200)


VERBS: dict[str, Callable[[Story, str], object]] = {
    "badge": lambda story, role: story.show(badge(Role[role])),
    "key": lambda story, _: story.happens(events.KeyTurned(True)),
    "fault": _fault,
    "well": partial(_fault, active=False),
    "scan": lambda story, text: story.show(text),
    "rest": lambda story, _: story.rest(4),
    "hatch": _hatch,
    "open": _open,
    "shut": _shut,
    "last": _last,
    "deposit": _deposit,
    "state": lambda story, _: story.state,
}


async def main(port: int) -> None:
    """Serve until standard input ends."""
    story = staffed(refuse_bin=3)
    tokens = (f"token-{number}" for number in itertools.count())

    async def settle(event: object) -> None:
        story.happens(event)
        if isinstance(event, touches.BinEmptied):
            await asyncio.sleep(CARD_S)

    with tempfile.TemporaryDirectory() as folder:
        async with ThreadedStore(lambda: journal(Path(folder) / "journal.sqlite")) as store:
            eyes = OnnxClassifier(Classifier.shipped(), run=at_once)
            teaching = ChamberTeaching(
                Path(folder) / "chambers", eyes, story.config.bays, Path(folder), None
            )
            around = Around(
                store,
                Vouched(),
                {},
                {"a": Chamber()},
                is_empty,
                lambda: True,
                None,
                teaching=teaching,
                reports=Path(folder) / "acceptance",
            )
            now = (lambda: story.now_s), (lambda: next(tokens))
            web = pages()
            add_service(own_pages(), Desk(story.session, settle, around, Vouched(), *now))
            listening = listen(port)
            server = asyncio.create_task(serve_on(web, listening))
            tell(ready=listening.getsockname()[1])
            await _obey(story)
            server.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await server


async def _obey(story: Story) -> None:
    reader, loop = asyncio.StreamReader(), asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().strip():
        happen(story, line)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
