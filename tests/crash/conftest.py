"""What the crash tests need besides."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest


@pytest.fixture
def ports() -> tuple[int, int, int]:
    """Three TCP ports on loopback that nobody listens on."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(3)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        first, second, third = (probe.getsockname()[1] for probe in probes)
    return first, second, third
