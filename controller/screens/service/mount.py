"""Puts the service desk on the kiosk's pages: its API, and its page."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from controller.screens.service.api import add_api
from controller.screens.service.bundle import Bundle, LogTail
from controller.screens.service.page import add_page

if TYPE_CHECKING:
    from fastapi import FastAPI

    from controller.screens.service.desk import Desk


def add_service(app: FastAPI, desk: Desk) -> Bundle:
    """Serve the desk on `app`; gives what makes its bundle."""
    log = LogTail()
    logging.getLogger().addHandler(log)
    bundle = Bundle(desk, log)
    add_api(app, desk, bundle)
    add_page(desk, bundle)
    return bundle
