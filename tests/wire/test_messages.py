"""The table of messages: every row fits a frame, and whatever is no row is refused by name."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import faults, messages
from wire.errors import WireError
from wire.frame import MAX_BODY, encode

ROWS = {name: (layout, fields) for name, layout, fields in messages.TABLE.values()}


def extremes(name: str, high: bool) -> dict[str, int]:
    """The smallest or largest value of every field."""
    layout, fields = ROWS[name]
    values: dict[str, int] = {}
    for code, field in zip(layout[1:].rstrip("*"), fields, strict=False):
        bits = 8 * struct.calcsize("<" + code)
        top = 2**bits - 1 if code.isupper() else 2 ** (bits - 1) - 1
        values[field] = top if high else (0 if code.isupper() else -top - 1)
    return values


@pytest.mark.parametrize("high", [False, True])
@pytest.mark.parametrize("name", ROWS)
def test_every_row_comes_back_as_it_was(name: str, high: bool) -> None:
    """With the smallest and the largest of every field, in one frame."""
    fields = extremes(name, high)
    tail = b"\x07" * 32 if ROWS[name][0].endswith("*") else b""
    kind, body = messages.pack(name, tail, **fields)
    encode(255, 255, kind, body)
    assert messages.unpack(kind, body) == (name, fields, tail)


def test_the_longest_name_of_a_bay_fits_a_welcome() -> None:
    """Bay names have up to 32 letters."""
    _, body = messages.pack("welcome", b"a" * 32, **extremes("welcome", True))
    assert len(body) <= MAX_BODY


def test_the_handshake_begins_the_same_in_every_version() -> None:
    """A controller of any age finds version and hash in the welcome of a node of any age."""
    for name in ("hello", "welcome"):
        _, body = messages.pack(
            name, b"", **(extremes(name, False) | {"version": 7, "table_hash": 99})
        )
        assert messages.peer(body + b"whatever came later") == (7, 99)
    assert messages.KINDS["hello"] == 0x01
    assert messages.KINDS["welcome"] == 0x02
    with pytest.raises(WireError, match="4 bytes"):
        messages.peer(b"\x01\x02\x03\x04")


@given(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=messages.MAX_SAMPLES))
def test_conversions_keep_their_sign(raw: list[int]) -> None:
    """Whatever the converter said, odd values too, comes through unchanged."""
    tail = messages.pack_raw(raw)
    kind, body = messages.pack("samples", tail, number=1, node_ms=2)
    assert messages.unpack_raw(messages.unpack(kind, body)[2]) == tuple(raw)


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("open_hutch", {}, "no message 'open_hutch'"),
        ("light", {"session": 1, "command": 2}, "light has the fields session, command, on"),
        ("light", {"session": 1, "command": 2, "of": 3}, "light has the fields"),
        ("light", {"session": 1, "command": 2, "on": 256}, "light cannot hold"),
        ("light", {"session": -1, "command": 2, "on": 1}, "light cannot hold"),
    ],
)
def test_what_does_not_fit_a_row_is_refused(name: str, fields: dict[str, int], words: str) -> None:
    """The error names the message and what it has."""
    with pytest.raises(WireError, match=words):
        messages.pack(name, b"", **fields)


def test_a_tail_needs_a_row_that_has_one() -> None:
    """Bytes are not smuggled behind a message, nor beyond a frame."""
    with pytest.raises(WireError, match="ack has the fields"):
        messages.pack("ack", b"more")
    with pytest.raises(WireError, match="a frame holds 55"):
        messages.pack("samples", bytes(60), number=0, node_ms=0)


def test_bodies_that_are_no_message_are_refused() -> None:
    """Too short, too long, half a conversion, an id that is not in the table."""
    kind, body = messages.pack("light", session=1, command=2, on=1)
    for wrong in (body[:-1], body + b"\x00", b""):
        with pytest.raises(WireError, match="light has"):
            messages.unpack(kind, wrong)
    with pytest.raises(WireError, match="0x7f"):
        messages.unpack(0x7F, b"")
    with pytest.raises(WireError, match="3 bytes"):
        messages.unpack_raw(b"abc")


@given(st.integers(0, 255), st.binary(max_size=MAX_BODY))
def test_any_body_is_a_message_or_an_error_of_the_wire(kind: int, body: bytes) -> None:
    """Nothing else comes out, whatever a foreign device sends."""
    try:
        name, fields, tail = messages.unpack(kind, body)
    except WireError:
        return
    assert messages.pack(name, tail, **fields) == (kind, body)


def test_the_hash_covers_rows_words_and_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sides that differ in a field, format, state, refusal or fault refuse each other."""
    before = messages._table_hash()
    assert before == messages.TABLE_HASH

    def changed(target: object, key: object, value: object) -> bool:
        with monkeypatch.context() as patch:
            if isinstance(target, dict):
                patch.setitem(target, key, value)
            else:
                patch.setattr(target, str(key), value)
            return messages._table_hash() != before

    name, layout, fields = messages.TABLE[0x12]
    assert changed(messages.TABLE, 0x12, (name, layout.replace("B", "H"), fields))
    assert changed(messages.TABLE, 0x12, (name, layout, (*fields[:-1], "bin")))
    assert changed(messages, "HATCH_STATES", messages.HATCH_STATES[::-1])
    assert changed(messages, "REFUSALS", (*messages.REFUSALS, "tired"))
    assert changed(faults.TABLE, faults.FIRE, ("blaze", *faults.TABLE[faults.FIRE][1:]))


def test_every_fault_says_what_to_do() -> None:
    """Codes fit a report's bits, names are words of their own, hints are sentences."""
    names = [row[0] for row in faults.TABLE.values()]
    assert len(set(names)) == len(names)
    for code, (name, severity, latching, hint) in faults.TABLE.items():
        assert 1 <= code <= 31
        assert name.replace("-", "").isalpha()
        assert name.islower()
        assert severity in ("danger", "stop", "soon")
        assert isinstance(latching, bool)
        assert len(hint) > 20
