"""The line between the world and a controller's process: questions and answers over a socket."""

from __future__ import annotations

import asyncio
import pickle
import socketserver
import struct
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from tests.crash.world import World

_LENGTH = struct.Struct("<I")


class WorldServer:
    """Answers whoever is alive; a context manager. One thread for each connection."""

    def __init__(self, path: Path, world: World) -> None:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(ConnectionError):  # who was killed hears no answer
                    while len(head := self.rfile.read(_LENGTH.size)) == _LENGTH.size:
                        name, values = pickle.loads(self.rfile.read(*_LENGTH.unpack(head)))
                        answer = pickle.dumps(getattr(world, name)(*values))
                        self.wfile.write(_LENGTH.pack(len(answer)) + answer)

        self._server = socketserver.ThreadingUnixStreamServer(str(path), Handler)
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Line:
    """A controller's end: `ask` the world's method `name`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = asyncio.Lock()
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, name: str, *values: object) -> Any:
        """What it answers."""
        async with self._turn:
            if self._ends is None:
                self._ends = await asyncio.open_unix_connection(str(self._path))
            reader, writer = self._ends
            question = pickle.dumps((name, values))
            writer.write(_LENGTH.pack(len(question)) + question)
            head = await reader.readexactly(_LENGTH.size)
            return pickle.loads(await reader.readexactly(*_LENGTH.unpack(head)))
