"""Frames on a line that flips, drops and repeats bytes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.samples import SAMPLES
from wire.frame import MAX_BODY, MAX_FRAME, Decoder, Frame, encode, next_seq

GOOD = [encode(1, 0, 0x08, b""), encode(2, 1, 0x09, b"\x00\x01\x00\x02\x00\x03")]


def said(frames: list[Frame]) -> list[tuple[int, int, int, bytes]]:
    """Frames as comparable tuples."""
    return [(one.seq, one.ack, one.kind, one.body) for one in frames]


def through(data: bytes) -> list[tuple[int, int, int, bytes]]:
    """What a fresh decoder makes of `data`."""
    return said(Decoder().feed(data))


def test_the_bytes_on_the_line_are_these() -> None:
    """Two whole frames by hand: a node of any age must produce exactly them."""
    assert encode(0, 0, 0x08, b"").hex() == "0101060820519af100"
    assert encode(5, 9, 0x21, b"\x34\x12").hex() == "0a05092134128f99d60200"


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255), st.binary(max_size=MAX_BODY))
def test_whatever_is_encoded_is_decoded(seq: int, ack: int, kind: int, body: bytes) -> None:
    """Every frame fits its limit, holds one zero byte, its last, and comes back as it was."""
    data = encode(seq, ack, kind, body)
    assert len(data) <= MAX_FRAME
    assert data.index(0) == len(data) - 1
    assert through(data) == [(seq, ack, kind, body)]


def test_a_body_too_long_is_refused_by_its_length() -> None:
    """The sender hears of it; the line does not."""
    with pytest.raises(ValueError, match="56 bytes: a frame holds 55"):
        encode(1, 0, 1, bytes(MAX_BODY + 1))


def test_numbers_run_from_1_to_255_and_begin_again() -> None:
    """0 is kept for frames without a number."""
    seqs = [0]
    for _ in range(256):
        seqs.append(next_seq(seqs[-1]))
    assert seqs[1] == 1
    assert seqs[255] == 255
    assert seqs[256] == 1
    assert 0 not in seqs[1:]


@pytest.mark.parametrize("name", SAMPLES)
def test_no_changed_byte_is_taken_for_another_frame(name: str) -> None:
    """Each byte of each kind of frame, changed to every other value: never a wrong frame."""
    data = encode(3, 4, *SAMPLES[name])
    right = through(data)
    for at in range(len(data)):
        for value in range(256):
            if value != data[at]:
                got = through(data[:at] + bytes((value,)) + data[at + 1 :])
                assert got in ([], right), (at, value)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_lost_or_repeated_byte_costs_at_most_one_more_frame(name: str) -> None:
    """Each byte of each kind of frame, dropped or doubled: the second frame after it arrives."""
    data = encode(3, 4, *SAMPLES[name])
    right = through(data)[0]
    follow = said(Decoder().feed(b"".join(GOOD)))
    for at in range(len(data)):
        for bent in (data[:at] + data[at + 1 :], data[:at] + data[at : at + 1] + data[at:]):
            got = through(bent + b"".join(GOOD))
            assert got[-1] == follow[-1], at
            assert set(got) <= {right, *follow}, at


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_noise_never_raises_and_is_over_within_two_frames(pieces: list[bytes]) -> None:
    """Whatever bytes come, in whatever pieces, the second good frame is understood."""
    decoder = Decoder()
    for piece in pieces:
        decoder.feed(piece)
    assert said(decoder.feed(b"".join(GOOD)))[-1] == through(GOOD[1])[0]


def test_a_line_that_never_pauses_fills_no_memory(seed: int) -> None:
    """A megabyte without a delimiter is one bad frame and nothing kept."""
    noise = bytes(1 + random.Random(seed).randrange(255) for _ in range(4096))
    decoder = Decoder()
    for _ in range(256):
        assert decoder.feed(noise) == []
        assert len(decoder._rest) < MAX_FRAME
    assert decoder.bad_frames == 0
    assert said(decoder.feed(b"\x00" + GOOD[0])) == through(GOOD[0])
    assert decoder.bad_frames == 1


@given(st.randoms(use_true_random=False))
def test_pieces_do_not_matter(chance: random.Random) -> None:
    """One byte at a time or all at once: the same frames in the same order."""
    frames = [encode(n % 256, 7, *body) for n, body in enumerate(SAMPLES.values())]
    data = b"".join(frames)
    decoder = Decoder()
    got: list[Frame] = []
    while data:
        cut = chance.randrange(1, 20)
        got += decoder.feed(data[:cut])
        data = data[cut:]
    assert said(got) == through(b"".join(frames))
    assert len(got) == len(frames)
    assert decoder.bad_frames == 0


def test_bad_frames_are_counted_and_empty_ones_are_not() -> None:
    """Two delimiters in a row are silence; a frame with a wrong seal is a loss."""
    decoder = Decoder()
    decoder.feed(b"\x00\x00\x00")
    assert decoder.bad_frames == 0
    decoder.feed(b"\x05abc\x00" + GOOD[0][:-2] + b"\x01\x00")
    assert decoder.bad_frames == 2
