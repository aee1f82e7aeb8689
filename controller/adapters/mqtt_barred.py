"""Tells a broker that does not let this kiosk in from one that is not there.

With TLS 1.3 a client has finished its part of the handshake when the broker judges its
certificate: the refusal comes as an alert (RFC 8446, 6.2) while the client waits for CONNACK.
paho logs it and forgets it, and aiomqtt never hears of it.
"""

from __future__ import annotations

import errno
import re
import socket

from controller.ports import UplinkBarredError

_ALERT = re.compile(r"ALERT_([A-Z_]+)")

_UNREACHABLE = frozenset({errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH})
_UNNAMED = frozenset({socket.EAI_AGAIN, socket.EAI_NONAME, socket.EAI_FAIL, -5})
"""Of getaddrinfo(3): nobody could be asked for the broker's name, or knows it; -5 has no name."""

_ERRNO = re.compile(r"\[Errno (-?\d+)\]")

NOT_AUTHORISED = frozenset({4, 5, 0x86, 0x87})
"""CONNACK's codes for "nobody by this name, or not here": MQTT 3.1.1, 3.2.2.3; MQTT 5, 3.2.2.2."""


def is_no_network(said: str) -> bool:
    """Whether an attempt ended before it could come to any broker, by the system's words."""
    found = _ERRNO.search(said)
    return found is not None and int(found[1]) in _UNREACHABLE | _UNNAMED


def barred(address: str, said: str, connack: int | None) -> UplinkBarredError | None:
    """What keeps this kiosk out, or None where it may just be the network.

    Args:
        address: The broker's.
        said: What became of the attempt, in OpenSSL's words where it was TLS.
        connack: The broker's answer, where there was one.
    """
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return UplinkBarredError(
            "broker-not-believed",
            f"broker {address} is not the one that it should be: {said}; "
            "check `uplink.host`, the authority's file and the clock",
        )
    if alert := _ALERT.search(said):
        return UplinkBarredError(
            alert[1].lower().replace("_", "-"),
            f"broker {address} refused this kiosk's certificate: {said}; enrol again",
        )
    if connack in NOT_AUTHORISED:
        return UplinkBarredError(
            "not-authorised",
            f"broker {address} knows no kiosk by this name, code {connack:#x}: check `uplink.tls`",
        )
    return None
