"""A port for a server that is started in a moment, in whatever process."""

from __future__ import annotations

import contextlib
import secrets
import socket

LOOPBACK = "127.0.0.1"

OURS = range(20_000, 32_768)
"""Linux gives none of them to whoever asks for just any (`ip_local_port_range`): no connection, and
no other server, gets one by chance between being found and being listened on."""

_found: set[int] = set()


def free_port() -> int:
    """A loopback port that nobody listens on, another one each time that a process asks."""
    while True:
        port = secrets.choice(OURS)
        with contextlib.suppress(OSError), socket.socket() as probe:
            if port not in _found:
                probe.bind((LOOPBACK, port))
                _found.add(port)
                return port
