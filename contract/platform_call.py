"""Calls the platform to enrol and to renew. Blocks: not for an event loop's thread."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contract.enrolment import Enrol, Enrolled
from contract.errors import CertificateError
from contract.payloads import decode, encode

if TYPE_CHECKING:
    from pathlib import Path

    from contract.enrolment import Renew

TIMEOUT_S = 30.0

MAX_ANSWER = 65_536
"""Bytes; an answer is two certificates."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class PlatformCall:
    """The platform's API at one address.

    Args:
        address: Such as `https://platform.example`; plain http on loopback alone, since a claim
            code would be read on the way.
        authority: The city's `ca.crt`, believed beside the machine's own where it exists.

    Raises:
        CertificateError: `not-https`.
    """

    def __init__(self, address: str, authority: Path) -> None:
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or parts.hostname in LOOPBACK
        if parts.scheme not in ("http", "https") or not is_safe:
            raise CertificateError(
                "not-https",
                f"platform {address!r} is no https address, as https://platform.example",
            )
        self._address = address.rstrip("/")
        self._authority = authority

    def send(self, path: str, message: Enrol | Renew) -> Enrolled:
        """Hand in a request.

        Raises:
            CertificateError: With the platform's own code where it gave one; else `refused`, or
                `unreachable`.
            PayloadError: The answer is none.
        """
        # The constructor took https and http alone.
        asked = urllib.request.Request(  # noqa: S310
            self._address + path,
            data=encode(message),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(  # noqa: S310
                asked, timeout=TIMEOUT_S, context=self._context()
            ) as reply:
                return decode(Enrolled, reply.read(MAX_ANSWER))
        except urllib.error.HTTPError as error:
            raise _refusal(error.code, _page(error)) from error
        except (OSError, HTTPException) as error:
            raise CertificateError(
                "unreachable", f"platform {self._address} is not reached: {error}"
            ) from error

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._authority.exists():
            context.load_verify_locations(self._authority)
        return context


def _page(error: urllib.error.HTTPError) -> bytes:
    """What a refusal came with; empty where it breaks off."""
    try:
        with error:
            return error.read(MAX_ANSWER)
    except (OSError, HTTPException):
        return b""


def _refusal(status: int, body: bytes) -> CertificateError:
    try:
        said = json.loads(body)
        return CertificateError(str(said["code"]), str(said["detail"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return CertificateError("refused", f"the platform answers with status {status}")
