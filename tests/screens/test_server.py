"""The pages' server: a port that is taken is named, and cancelling it lets everything go."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI

from controller.screens.server import PortTakenError, listen, serve_on


def test_a_port_that_is_taken_is_named() -> None:
    with listen(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"port {port} .* choose another port"):
            listen(port)


def test_a_cancelled_server_has_closed_its_port_and_shut_its_app_down() -> None:
    async def story() -> None:
        ended = asyncio.Event()
        app = FastAPI()
        app.router.add_event_handler("shutdown", ended.set)
        listening = listen(0)
        port = listening.getsockname()[1]
        serving = asyncio.create_task(serve_on(app, listening))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /nothing HTTP/1.1\r\nHost: kiosk\r\nConnection: close\r\n\r\n")
        assert b"404" in await reader.readline()
        writer.close()
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
        assert ended.is_set()
        with pytest.raises(ConnectionRefusedError), socket.socket() as probe:
            probe.connect(("127.0.0.1", port))

    with ThreadPoolExecutor(1) as away:  # from the loop that Playwright keeps in this thread
        away.submit(asyncio.run, story()).result()
