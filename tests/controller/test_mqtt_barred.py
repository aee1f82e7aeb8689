"""What an attempt to connect died of tells whether there is a network at all."""

from __future__ import annotations

import pytest

from controller.adapters.mqtt_barred import barred, is_no_network


@pytest.mark.parametrize(
    ("said", "no_network"),
    [
        ("[Errno -2] Name or service not known", True),
        ("[Errno -3] Temporary failure in name resolution", True),
        ("[Errno 101] Network is unreachable", True),
        ("[Errno 113] No route to host", True),
        ("[Errno 100] Network is down", True),
        ("[Errno 111] Connection refused", False),
        ("Operation timed out", False),
        ("it hung up before it answered", False),
        ("", False),
    ],
)
def test_no_way_at_all_is_told_from_a_broker_that_does_not_answer(
    said: str, no_network: bool
) -> None:
    """In the system's words, as aiomqtt hands them on."""
    assert is_no_network(said) is no_network
    assert barred("broker:8883", said, None) is None
