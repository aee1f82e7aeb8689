"""The platform as one process: pages and API on one port, the listener beside them."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import run, ui

from cloud.api.accounts import accounts_api
from cloud.api.audit import audit_api
from cloud.api.cards import cards_api
from cloud.api.document import document_refusals
from cloud.api.enrol import enrol_api
from cloud.api.fleet import fleet_api
from cloud.api.held import held_api
from cloud.api.kiosk_map import map_api
from cloud.api.nowhere import refuse_the_rest
from cloud.api.prices import prices_api
from cloud.api.public import api
from cloud.api.refusals import answer_refusals
from cloud.api.shop import shop_api
from cloud.api.shop_found import shop_found_api
from cloud.api.shop_till import shop_staff_api, till_api
from cloud.api.sign_in import sign_in_api
from cloud.errors import CloudError, LedgerError
from cloud.fleet.heard import online_since
from cloud.fleet.kiosk_map import MapKiosk, kiosk_map
from cloud.keys.looking import looked_after
from cloud.screens.door import Door
from cloud.screens.kiosks import kiosk_pages
from cloud.screens.pages import add_pages
from cloud.screens.privacy import privacy_pages
from cloud.screens.receipt import receipt_pages
from cloud.screens.shop import add_shop_page
from cloud.screens.sign_in import sign_in_pages
from cloud.screens.staff.audit import audit_page
from cloud.screens.staff.counter import counter_page
from cloud.screens.staff.fleet import fleet_page
from cloud.screens.staff.fleet_bundle import bundle_route
from cloud.screens.staff.fleet_kiosk import kiosk_page
from cloud.screens.staff.frame import StaffFrame
from cloud.screens.staff.held import held_page
from cloud.screens.staff.prices import price_pages
from cloud.screens.staff.shop import staff_shop_pages
from cloud.screens.staff.sign_in import sign_in_routes
from cloud.screens.till import till_pages
from cloud.shop.sessions import till_sessions
from cloud.staff.sessions import staff_sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.accounts.codes import CodeIssuer
    from cloud.build import Platform
    from cloud.counter.counter import Counter
    from cloud.ingest.mqtt import Listener
    from cloud.ingest.nats import NatsListener
    from cloud.residents.front import Residents
    from cloud.shop.shop import Shop

_log = logging.getLogger(__name__)

FORGET_EVERY_S = 300.0
"""How often what has ended is forgotten: no code, try or message stands much longer than it holds.
"""

EXPIRE_EVERY_S = 5.0
"""How often what nobody confirmed is given back, also while nobody looks at the shop."""

HOURLY_S = 3600.0
"""How often points that came to erased accounts are passed on, and what residents wrote half a year
ago is forgotten: nobody waits for either."""


def web(
    platform: Platform,
    issuer: CodeIssuer,
    residents: Residents,
    counter: Counter,
    clock: Callable[[], int],
) -> FastAPI:
    """Pages and API over a platform. Once a process: NiceGUI keeps its pages globally."""
    # No interactive API pages: they would fetch their scripts from elsewhere.
    app = FastAPI(title="Green account platform", docs_url=None, redoc_url=None)
    answer_refusals(app)
    app.include_router(api(platform.ledger, platform.ingest))
    app.include_router(sign_in_api(residents))
    app.include_router(accounts_api(platform.ledger, issuer, residents))
    app.include_router(held_api(platform.ledger.decisions, platform.staff))
    app.include_router(audit_api(platform.audit, platform.staff))
    app.include_router(cards_api(counter, platform.staff))
    app.include_router(fleet_api(platform.fleet, platform.staff))
    app.include_router(prices_api(platform.prices, platform.shelf, platform.staff, clock))
    if platform.enrolment is not None:
        app.include_router(enrol_api(platform.enrolment))
    app.include_router(receipt_pages(platform.ledger.proof, platform.ledger.catalogues))
    _add_map(app, platform, clock)
    app.include_router(sign_in_pages(residents))
    app.include_router(privacy_pages(residents))
    add_pages(platform.ledger, issuer, residents, clock)
    _often(FORGET_EVERY_S, "forgotten", residents.forget)
    _often(HOURLY_S, "forgotten", platform.ledger.decisions.forget)
    if platform.shop is not None:
        _add_shop(app, platform, platform.shop, residents, clock)
    _add_staff_pages(app, platform, counter, clock)
    document_refusals(app)
    refuse_the_rest(app)
    ui.run_with(app, tailwind=False, show_welcome_message=False, reconnect_timeout=10.0)
    return app


def _often(every_s: float, what: str, work: Callable[[], object]) -> None:
    """Do it again and again; where the database fails, the next time does.

    On a thread: it waits for other writers, and every page would with it.
    """

    def tried() -> None:
        try:
            work()
        except LedgerError as error:
            _log.error("event=not-%s reason=%s", what, error)

    nicegui_app.timer(every_s, lambda: run.io_bound(tried))


def _add_map(app: FastAPI, platform: Platform, clock: Callable[[], int]) -> None:
    """Where kiosks are, for everybody."""

    def kiosks() -> list[MapKiosk]:
        heard = platform.ingest
        known, since = platform.ledger.catalogues, online_since(platform.database)
        return kiosk_map(platform.places(), heard.states, heard.levels, known, clock(), since)

    app.include_router(map_api(kiosks))
    app.include_router(kiosk_pages(kiosks))


def _add_shop(
    app: FastAPI, platform: Platform, shop: Shop, residents: Residents, clock: Callable[[], int]
) -> None:
    """Redeeming points: the API, the residents' page, the tills' pages."""
    app.include_router(shop_api(shop, residents.sign_ins.check))
    app.include_router(till_api(shop))
    app.include_router(shop_staff_api(shop, platform.staff))
    app.include_router(shop_found_api(shop, platform.staff))
    sessions = till_sessions(platform.database, shop.partners, clock, _secret)
    _often(FORGET_EVERY_S, "forgotten", sessions.forget)
    app.include_router(till_pages(shop, sessions))
    add_shop_page(shop, Door(residents), clock)
    _often(EXPIRE_EVERY_S, "expired", shop.expiry.expire)
    _often(HOURLY_S, "passed-on", shop.rests.settle)


def _add_staff_pages(
    app: FastAPI, platform: Platform, counter: Counter, clock: Callable[[], int]
) -> None:
    """Signing in, and a page for each thing that staff do; they are linked in this order."""
    sessions = staff_sessions(platform.database, platform.staff, clock, _secret)
    _often(FORGET_EVERY_S, "forgotten", sessions.forget)
    app.include_router(sign_in_routes(sessions))
    frame = StaffFrame(sessions)
    frame.home()
    held_page(frame, platform.ledger.decisions, platform.ledger.catalogues)
    price_pages(frame, platform.prices, platform.ledger.catalogues, clock)
    counter_page(frame, counter, clock)
    fleet_page(frame, platform.fleet, platform.places)
    app.include_router(bundle_route(platform.fleet, sessions))
    kiosk_page(frame, platform.fleet)
    if platform.shop is not None:
        staff_shop_pages(frame, platform.shop, clock)
    audit_page(frame, platform.audit)


def _secret() -> str:
    return secrets.token_urlsafe(24)


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


async def serve(
    app: FastAPI,
    listener: Listener | NatsListener,
    listening: socket.socket,
    look: Callable[[], None],
) -> None:
    """Serve on `listening` until a signal ends it; the listener ends with the server.

    `look` is called every minute, for what the operator put into the platform's folder.
    """
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on")
    server = _Server(config)
    hearing = asyncio.create_task(looked_after(listener.run(), look), name="listener")
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
