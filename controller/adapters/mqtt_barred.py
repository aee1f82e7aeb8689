"""Tells a broker that does not let this kiosk in from one that is not there.

With TLS 1.3 a client has finished its part of the handshake when the broker judges its
certificate: the refusal comes as an alert (RFC 8446, 6.2) while the client waits for CONNACK.
paho logs it and forgets it, and aiomqtt never hears of it.
"""

from __future__ import annotations

import re

from controller.ports import UplinkBarredError

_ALERT = re.compile(r"ALERT_([A-Z_]+)")

NOT_AUTHORISED = frozenset({4, 5, 0x86, 0x87})
"""CONNACK's codes for "nobody by this name, or not here": MQTT 3.1.1, 3.2.2.3; MQTT 5, 3.2.2.2."""


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
