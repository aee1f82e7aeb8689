"""The kiosk's pages, served on loopback inside the controller's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from nicegui import app as _own
from nicegui import ui

from contract.errors import KioskError

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
"""The screen belongs to the cabinet: it is never served to a network."""

RECONNECT_S = 10.0
"""A browser that was away for less than this goes on where it was; later it loads anew."""

GRACE_S = 1
"""How long open pages may take to say goodbye when the kiosk stops."""


class PortTakenError(KioskError):
    """The pages' port cannot be had."""


class _Server(uvicorn.Server):
    """uvicorn as a guest in somebody else's loop: signals stay with the host."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def pages() -> FastAPI:
    """A web application with every NiceGUI page of this process; one a process."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # A bar for requests would run across the top for as long as a page is open.
    _own.config.quasar_config["loadingBar"]["skipHijack"] = True
    ui.run_with(
        app,
        title="Green account kiosk",
        language="zh-CN",  # a page that begins in another language says so itself
        reconnect_timeout=RECONNECT_S,
        tailwind=False,
        binding_refresh_interval=None,
        show_welcome_message=False,
    )
    return app


def own_pages() -> FastAPI:
    """Where pages and routes are added that `pages` serves; one a process."""
    return _own


def listen(port: int, host: str = HOST) -> socket.socket:
    """Take a port for the pages; 0 takes any that is free. Browsers may knock from here on.

    Raises:
        PortTakenError: Another program has it, or it may not be had.
    """
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise PortTakenError(
            f"port {port} of {host} cannot be served ({error.strerror}): "
            "end the program that has it, or choose another port"
        ) from error
    return listening


async def serve(app: FastAPI, port: int) -> None:
    """Serve `app` on loopback until cancelled, then let every browser go and close the port.

    Raises:
        PortTakenError: Another program has the port, or it may not be had.
    """
    await serve_on(app, listen(port))


async def serve_on(app: FastAPI, listening: socket.socket) -> None:
    """As `serve`, on a port that was taken with `listen`."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE_S
    )
    server = _Server(config)
    running = asyncio.ensure_future(server.serve(sockets=[listening]))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        server.should_exit = True
        await running
        raise
