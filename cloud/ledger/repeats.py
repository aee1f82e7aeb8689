"""Which lines of a batch the ledger has already, told before anything is read or proved.

A kiosk that heard no ack sends again, so after an outage most of what comes is known. The end of a
canonical line says where it belongs. Nothing of that is believed: only where the hash that is
posted in that place is the line's own is it the very line that was proved when it posted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from cloud.ledger.known import hashes_at
from contract.canonical import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from cloud.ledger.known import Place
    from contract.payloads import DepositBatch

_PLACE = re.compile(
    rb'"epoch":"([0-9a-f]{16})","key":"[0-9a-f]{8}","kind":"[^"]{1,64}","kiosk":"([a-z0-9-]{1,32})"'
    rb',"prev":"[0-9a-f]{64}","seq":([0-9]{1,16}),"sig":"[A-Za-z0-9_-]{86}","v":1}\Z'
)

_LONGEST_END = 480
"""Bytes of a line that the place takes at most, from its end."""


def without(connection: Connection, came: Sequence[tuple[str, DepositBatch]]) -> list[list[bytes]]:
    """The lines of batches that came under kiosks' names, without those that are posted."""
    lines = [[one.encode("utf-8", "surrogatepass") for one in batch.records] for _, batch in came]
    told: defaultdict[Place, list[tuple[int, int]]] = defaultdict(list)
    for at, (kiosk, _) in enumerate(came):
        for row, line in enumerate(lines[at]):
            place = _PLACE.search(line, max(0, len(line) - _LONGEST_END))
            if place and place[2].decode() == kiosk:
                told[kiosk, place[1].decode(), int(place[3])].append((at, row))
    repeated: set[tuple[int, int]] = set()
    for posted, sha256 in hashes_at(connection, told).items():
        repeated |= {one for one in told[posted] if sha256_hex(lines[one[0]][one[1]]) == sha256}
    return [
        [line for row, line in enumerate(some) if (at, row) not in repeated]
        for at, some in enumerate(lines)
    ]
