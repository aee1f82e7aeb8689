"""How many frames a second the codec makes and understands; runs under MicroPython as it is.

Started as `micropython link_codec.py` it prints that number.
"""

import time

from wire import messages
from wire.frame import Decoder, encode

FRAMES = 20_000


def report_frame() -> bytes:
    """The longest frame that comes often: a report."""
    _, _, names = messages.TABLE[messages.KINDS["report"]]
    numbers = {name: 3 * at for at, name in enumerate(names)}
    return encode(0, 7, *messages.pack("report", b"", **numbers))


def frames_per_s() -> float:
    """Frames packed, sealed, cut out of the stream again and unpacked, per second."""
    _, _, names = messages.TABLE[messages.KINDS["report"]]
    numbers = {name: 3 * at for at, name in enumerate(names)}
    decoder = Decoder()
    began_ns = time.time_ns()
    for number in range(FRAMES):
        kind, body = messages.pack("report", b"", **numbers)
        for one in decoder.feed(encode(0, number & 0xFF, kind, body)):
            messages.unpack(one.kind, one.body)
    return FRAMES * 1e9 / (time.time_ns() - began_ns)


if __name__ == "__main__":
    print(frames_per_s())
