"""Frames on the serial line: COBS, closed by a zero byte, sealed with CRC32.

A frame before stuffing is `seq | ack | kind | body | CRC32 (little endian)`. `seq` 0 marks a
frame that may be lost; 1 to 255 number those that are repeated until they are acknowledged.
`ack` is the last numbered frame that arrived in order, 0 for none. CRC32 costs nothing, since
`binascii.crc32` is C on both sides; it leaves one corruption in 2^32 unseen.
"""

import binascii

MAX_FRAME = 64
"""Bytes on the line, delimiter included: one USB full-speed packet."""

HEAD = 3
CRC = 4
MAX_BODY = MAX_FRAME - 2 - HEAD - CRC
"""Longest body: two bytes go to COBS and the delimiter."""

DELIMITER = b"\x00"
SEQS = 255
"""Numbered frames count 1 to 255 and begin again at 1."""


def next_seq(seq: int) -> int:
    """The number after `seq`; 1 after 0 and after 255."""
    return seq % SEQS + 1


class Frame:
    """A frame that arrived whole: its numbers, its kind and its body."""

    def __init__(self, seq: int, ack: int, kind: int, body: bytes) -> None:
        self.seq = seq
        self.ack = ack
        self.kind = kind
        self.body = body


def encode(seq: int, ack: int, kind: int, body: bytes) -> bytes:
    """The bytes of one frame on the line, delimiter included.

    Raises:
        ValueError: The body is longer than `MAX_BODY`, or a number is no byte.
    """
    if len(body) > MAX_BODY:
        raise ValueError("body of %d bytes: a frame holds %d" % (len(body), MAX_BODY))
    plain = bytes((seq, ack, kind)) + body
    return _stuff(plain + binascii.crc32(plain).to_bytes(CRC, "little")) + DELIMITER


class Decoder:
    """Cuts a stream of bytes into frames; whatever is no frame is counted and left out.

    Any bytes may be fed, in any pieces. After noise at most the frame that it touched is lost,
    and the next one where the noise ate the delimiter between them.
    """

    def __init__(self) -> None:
        self.bad_frames = 0
        self._rest = b""
        self._overlong = False

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that `data` completes, oldest first."""
        frames = []
        start = 0
        end = data.find(DELIMITER)
        while end >= 0:
            frame = self._close(data[start:end])
            if frame is not None:
                frames.append(frame)
            start = end + 1
            end = data.find(DELIMITER, start)
        self._keep(data[start:])
        return frames

    def _keep(self, piece: bytes) -> None:
        """Remember the beginning of a frame, but never more than a frame holds."""
        if len(self._rest) + len(piece) >= MAX_FRAME:
            self._overlong = True
            self._rest = b""
        elif not self._overlong:
            self._rest += piece

    def _close(self, piece: bytes) -> Frame | None:
        """A delimiter came after `piece`: a frame, or None where it is not one."""
        self._keep(piece)
        stuffed = self._rest
        overlong = self._overlong
        self._rest = b""
        self._overlong = False
        if not stuffed and not overlong:
            return None  # two delimiters in a row: nothing was lost
        plain = None if overlong else _unstuff(stuffed)
        if plain is None or not _is_sealed(plain):
            self.bad_frames += 1
            return None
        return Frame(plain[0], plain[1], plain[2], plain[HEAD:-CRC])


def _is_sealed(plain: bytes) -> bool:
    if len(plain) < HEAD + CRC:
        return False
    return binascii.crc32(plain[:-CRC]) == int.from_bytes(plain[-CRC:], "little")


def _stuff(plain: bytes) -> bytes:
    """COBS (Cheshire and Baker 1999) for less than 254 bytes: no zero is left."""
    stuffed = b""
    for run in plain.split(DELIMITER):
        stuffed += bytes((len(run) + 1,)) + run
    return stuffed


def _unstuff(stuffed: bytes) -> bytes | None:
    """Undo `_stuff`; None where no stuffing gives these bytes."""
    plain = bytearray(stuffed)
    length = len(plain)
    at = 0
    while at < length:
        ahead = plain[at]
        if ahead == 0:
            return None
        plain[at] = 0
        at += ahead
    return bytes(plain[1:]) if at == length else None
