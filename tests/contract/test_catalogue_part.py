"""A signed list in parts: every byte arrives, and what is no part of one is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract.catalogue import MAX_BYTES
from contract.catalogue_part import MAX_PART, PARTS_MOST, open_part, parts_of
from contract.errors import PayloadError
from contract.parts import PART_BYTES
from contract.payloads import encode


@pytest.mark.parametrize("size", [1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES, MAX_BYTES])
def test_a_list_comes_out_as_it_went_in(size: int) -> None:
    """To the byte, in messages that are small enough for any broker."""
    signed = bytes(at * 7 % 251 for at in range(size))
    messages = [encode(part) for part in parts_of(signed)]
    assert len(messages) == -(-size // PART_BYTES) <= PARTS_MOST
    assert max(map(len, messages)) <= MAX_PART
    assert b"".join(open_part(one)[1] for one in messages) == signed


@pytest.mark.parametrize("size", [0, MAX_BYTES + 1])
def test_what_is_no_list_is_not_sent(size: int) -> None:
    """Empty, or longer than any."""
    with pytest.raises(PayloadError) as error:
        parts_of(bytes(size))
    assert error.value.code == "catalogue-size"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"data": "####"}, "catalogue-part"),
        ({"data": "纸" * 136}, "catalogue-part"),
        ({"data": "aGFsZg=="}, "catalogue-part"),
        ({"parts": 2}, "catalogue-part"),
        ({"part": 1}, "catalogue-part"),
        ({"size_bytes": 101}, "catalogue-part"),
        ({"size_bytes": MAX_BYTES + 1}, "schema"),
        ({"part": PARTS_MOST}, "schema"),
        ({"sha256": "a"}, "schema"),
        ({"kind": "command"}, "schema"),
        ({"kiosk": "hz-xihu-0001"}, "unknown-field"),
        ({"data": "A" * MAX_PART}, "too-long"),
    ],
)
def test_what_is_no_part_is_named(change: dict[str, Any], code: str) -> None:
    """Whoever sent it."""
    part = json.loads(encode(parts_of(bytes(100))[0]))
    with pytest.raises(PayloadError) as error:
        open_part(json.dumps(part | change).encode())
    assert error.value.code == code
