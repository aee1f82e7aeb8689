"""A kiosk's condition: its bays, what is wrong with them and since when, and what it runs.

It has a topic of its own, as the bins' levels have: it is always there to say, and a platform of
before, which would refuse a state with fields that it does not know, does not hear it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contract.fields import Agreed, Count, Day, Name, Sha256, Text, Word
from contract.payloads import Payload

FAULTS_MOST = 64
"""Faults of one bay that are told of: there are fewer codes."""

BAYS_MOST = 64

LISTS_MOST = 32
"""Price lists of one kiosk that are told of: the one in force, and those to come."""

REFUSED_MOST = 8
"""Refused price lists that are told of, the latest ones."""


class StandingFault(Agreed):
    """A fault that stands; `since` is in Unix seconds by the kiosk's clock.

    It is None where it began before this start of the controller. `detail` says what to do, or
    what is known of it.
    """

    code: Word
    since: Count | None = None
    detail: Text


class KeptList(Agreed):
    """A price list that the kiosk keeps: it is in force, or waits for its day, `valid_from`.

    `sha256` is the hash of the file as the operator signed it.
    """

    version: Word
    sha256: Sha256
    valid_from: Day


class RefusedList(Agreed):
    """A price list that came and was not taken, by the hash of what came; `code` says why."""

    sha256: Sha256
    code: Word


class BayCondition(Agreed):
    """One bay: whether it can be used, and why not.

    `closed_by` is the command that closed it. `calibration` is the id of the one in force, `node`
    the present start of its node; None while nobody hears it. `firmware` is its node's version, as
    it was heard last; None where it was never heard.
    """

    bay: Name
    usable: bool
    why_not: Text
    closed_by: Word | None = None
    calibration: Word
    node: Word | None = None
    firmware: Word | None = None
    faults: Annotated[list[StandingFault], Field(max_length=FAULTS_MOST)]


class KioskCondition(Payload):
    """`up/condition`, retained: how the kiosk is.

    `started_at` is when the controller started (Unix seconds by its clock, None while nobody
    vouches for that), `clock` whether somebody does. `free_bytes` are left on the journal's disk,
    as powers of two so that it is no news with every record. `model` names the eyes' model.
    `commands` says whether the kiosk takes any: it must know the ledger's key. `faults` are those
    that are no bay's. `lists` are the price lists that it keeps, None where it takes none over the
    wire; `refused_lists` what it did not take of late, None where there is none.
    """

    kiosk: Name
    software: Word
    catalogue: Word
    model: Word | None = None
    started_at: Count | None = None
    clock: Word
    free_bytes: Count | None = None
    commands: bool
    bays: Annotated[list[BayCondition], Field(min_length=1, max_length=BAYS_MOST)]
    faults: Annotated[list[StandingFault], Field(max_length=FAULTS_MOST)]
    lists: Annotated[list[KeptList], Field(max_length=LISTS_MOST)] | None = None
    refused_lists: Annotated[list[RefusedList], Field(max_length=REFUSED_MOST)] | None = None
