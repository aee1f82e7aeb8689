"""The platform as one process: pages and API on one port, the listener beside them."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from nicegui import ui

from cloud.api.enrol import enrol_api
from cloud.api.held import held_api
from cloud.api.public import api
from cloud.api.refusals import answer_refusals
from cloud.errors import CloudError
from cloud.screens.pages import add_pages
from cloud.screens.receipt import receipt_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.accounts.codes import CodeIssuer
    from cloud.build import Platform
    from cloud.ingest.mqtt import Listener

_log = logging.getLogger(__name__)


def web(
    platform: Platform, issuer: CodeIssuer, clock: Callable[[], int], demo_account: str | None
) -> FastAPI:
    """Pages and API over a platform. Once a process: NiceGUI keeps its pages globally."""
    # No interactive API pages: they would fetch their scripts from elsewhere.
    app = FastAPI(title="Green account platform", docs_url=None, redoc_url=None)
    answer_refusals(app)
    app.include_router(api(platform.ledger, issuer, platform.ingest))
    app.include_router(held_api(platform.ledger.decisions, platform.staff))
    if platform.enrolment is not None:
        app.include_router(enrol_api(platform.enrolment))
    app.include_router(receipt_pages(platform.ledger.proof, platform.ledger.catalogues))
    add_pages(platform.ledger, issuer, clock, demo_account)
    ui.run_with(app, tailwind=False, show_welcome_message=False, reconnect_timeout=10.0)
    return app


def open_port(host: str, port: int) -> socket.socket:
    """A listening socket, so that a port that is taken is known before anything starts.

    Raises:
        CloudError: The address cannot be listened on.
    """
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise CloudError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; choose another --port"
        ) from error


async def serve(app: FastAPI, listener: Listener, listening: socket.socket) -> None:
    """Serve on `listening` until a signal ends it; the listener ends with the server."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on")
    server = _Server(config)
    hearing = asyncio.create_task(listener.run(), name="listener")
    serving = asyncio.create_task(server.serve(sockets=[listening]), name="server")
    try:
        await asyncio.wait({hearing, serving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        hearing.cancel()
        await asyncio.gather(serving, hearing, return_exceptions=True)
    for task in (serving, hearing):
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error


class _Server(uvicorn.Server):
    """Says in one line when the port is served."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for one in sockets or []:
            _log.info("platform ready address=http://%s:%d", *one.getsockname()[:2])
