"""The service desk's API from the other side: what `kiosk diag` speaks to. Blocks."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

from contract.errors import KioskError

TIMEOUT_S = 60.0
"""Longer than anything that is asked there takes: a printer that takes no slip says so last."""

LOCAL = ("127.0.0.1", "::1", "localhost")


class DeskError(KioskError):
    """The desk refuses, or nobody answers there; `code` says which in a word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DeskCall:
    """The desk at one address, and the token that was signed in with.

    Args:
        address: Where the kiosk's pages are, such as `http://127.0.0.1:8080`.

    Raises:
        DeskError: `not-local`: a badge is sent to no other machine.
    """

    def __init__(self, address: str) -> None:
        if urlsplit(address).hostname not in LOCAL or urlsplit(address).scheme != "http":
            raise DeskError(
                "not-local", f"{address} is not this machine: sign in at the kiosk, as over SSH"
            )
        self._address = f"{address.rstrip('/')}/service/api"
        self._token = ""

    def sign_in(self, badge: str, *, looks: bool) -> dict[str, Any]:
        """Sign in by a badge's text; `looks` begins no service.

        Raises:
            DeskError: The desk's own code, or `unreachable`.
        """
        signed: dict[str, Any] = self.ask("POST", "session", badge=badge, looks=looks)
        self._token = signed["token"]
        return signed

    def leave(self) -> None:
        """End service.

        Raises:
            DeskError: As `sign_in`.
        """
        self.ask("DELETE", "session")

    def get(self, path: str) -> Any:
        """What the desk tells there, as JSON.

        Raises:
            DeskError: As `sign_in`.
        """
        return self.ask("GET", path)

    def check(self, name: str, bay: str, load_g: int | None) -> dict[str, Any]:
        """Run a check.

        Raises:
            DeskError: As `sign_in`.
        """
        found: dict[str, Any] = self.ask(
            "POST", f"checks/{quote(name, safe='')}", bay=bay, load_g=load_g
        )
        return found

    def bundle(self) -> bytes:
        """The diagnostics bundle, a zip.

        Raises:
            DeskError: As `sign_in`.
        """
        return self._send("GET", "bundle", None)

    def ask(self, method: str, path: str, **body: object) -> Any:
        """Ask, and read the answer's JSON; None where there is none.

        Raises:
            DeskError: As `sign_in`.
        """
        answer = self._send(method, path, json.dumps(body).encode() if body else None)
        return json.loads(answer) if answer else None

    def _send(self, method: str, path: str, body: bytes | None) -> bytes:
        headers = {"content-type": "application/json"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(  # noqa: S310
            f"{self._address}/{path}", body, headers, method=method
        )
        # No proxy stands between a machine and itself.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=TIMEOUT_S) as answer:
                found: bytes = answer.read()
                return found
        except urllib.error.HTTPError as error:
            raise _refusal(error) from error
        except (OSError, HTTPException) as error:
            raise DeskError(
                "unreachable", f"no kiosk answers at {self._address}: is `kiosk run` up? ({error})"
            ) from error


def _refusal(error: urllib.error.HTTPError) -> DeskError:
    with error:
        try:
            problem = json.loads(error.read())
            return DeskError(problem["code"], problem["detail"])
        except (ValueError, KeyError, TypeError):
            return DeskError("no-desk", f"{error.url} answered {error.code}: no kiosk's desk there")
