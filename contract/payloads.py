"""What the messages between kiosk and platform hold, as pydantic models; JSON on the wire.

Within version 1 fields are only ever added, with a default, and are left out while they are None:
a reader of before refuses what it does not know, so whoever writes a new field waits until its
readers are updated. A break gets a topic `gr/v2`.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from contract.canonical import canonical
from contract.errors import PayloadError
from contract.fields import (
    Agreed,
    Count,
    Epoch,
    KeyId,
    Name,
    Sha256,
    Signature,
    Text,
    Word,
    first_problem,
    problem_code,
)
from contract.record import MAX_LINE

MAX_RECORDS = 50
"""Records in one batch: enough to drain a backlog quickly, small enough to repeat."""

MAX_BINS = 256
"""Bins of one kiosk that are told of: more than any cabinet has."""

MAX_PAYLOAD = 1_000_000
"""Bytes of the largest message that is read at all."""

Line = Annotated[str, Field(min_length=2, max_length=MAX_LINE)]

P = TypeVar("P", bound="Payload")


class Payload(Agreed):
    """Root of all messages."""

    v: Literal[1] = 1


class DepositBatch(Payload):
    """`up/deposit`: canonical lines of sent records, in the order of their seq.

    `historical` says that they waited in the outbox before, so nothing live hangs on them.
    """

    kiosk: Name
    epoch: Epoch
    historical: bool
    records: Annotated[list[Line], Field(min_length=1, max_length=MAX_RECORDS)]


class Rejected(Agreed):
    """A line that the ledger will never take: why, and its seq where its kiosk had signed it.

    Seq 0 stands for a line that nobody signed. `sha256` is the line's hash, by which the kiosk
    knows its own; only a ledger that signs its acks says it.
    """

    seq: Count
    code: Word
    sha256: Sha256 | None = None


class Ack(Payload):
    """`down/ack`: the ledger has every sent record of this epoch up to and with `upto`.

    `sha256` is the hash of the record at `upto`; where the kiosk's own differs, its journal is
    another one. `upto` 0 says that the ledger has nothing yet: `sha256` is then 64 zeros, and
    there is nothing to release or to compare. `key` and `sig` make it the ledger's own word
    (`contract.head`); a platform without a ledger key leaves both out.
    """

    epoch: Epoch
    upto: Count
    sha256: Sha256
    rejected: list[Rejected]
    key: KeyId | None = None
    sig: Signature | None = None


class BinState(Agreed):
    """One bin: how full it is in thousandths, whether it is to be collected, and takes no more.

    `by` says what that is known by: `sensor`, `sensor-alone` where no dropped masses explain it,
    `masses` where the sensor fails and it is reckoned from what was dropped.
    """

    bay: Name
    bin_index: Annotated[int, Field(ge=0, le=3)]
    stream: Name
    permille: Annotated[int, Field(ge=0, le=1000)]
    due: bool
    full: bool
    by: Word


class BinLevels(Payload):
    """`up/telemetry`, retained: how full the kiosk's bins are, all of them.

    It has a topic of its own, which a platform of before does not hear: it would refuse the state.
    """

    kiosk: Name
    bins: Annotated[list[BinState], Field(min_length=1, max_length=MAX_BINS)]


class KioskState(Payload):
    """`up/state`, retained: whether the kiosk is there. Its last will says `online` false.

    `boot` names this start of the kiosk's software, `outbox_depth` counts unacked records.
    `aside` counts the records that were set aside, by code: what the ledger rejected and what the
    kiosk can no longer read. `fault` says why nothing is sent although it could be. `refused`
    counts by code what came and was not the ledger's word, and what was refused at the kiosk's
    front, such as `code:expired`. Each is None where there is nothing.
    """

    kiosk: Name
    epoch: Epoch
    online: bool
    boot: Word
    outbox_depth: Count
    software: Word
    aside: dict[Word, Count] | None = None
    fault: Text | None = None
    refused: dict[Word, Count] | None = None


def encode(payload: Payload) -> bytes:
    """A message as canonical JSON, so that equal messages are equal bytes."""
    return canonical(payload.model_dump(exclude_none=True))


def decode(model: type[P], data: bytes) -> P:
    """Read a message as `model`.

    Raises:
        PayloadError: `too-long`, `not-json`, `missing-field`, `unknown-field`, or `schema`; the
            message names the field.
    """
    name = model.__name__
    if len(data) > MAX_PAYLOAD:
        raise PayloadError("too-long", f"{name} has {len(data)} bytes: at most {MAX_PAYLOAD}")
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        raise PayloadError(problem_code(error), f"{name}: {first_problem(error)}") from error
