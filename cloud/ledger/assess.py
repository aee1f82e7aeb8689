"""What a record means for the ledger: credit, hold for staff, or just note. Pure.

A validly signed record is never refused here. What is suspicious or not understood is held with
a code, and can be assessed again when more is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contract.bodies import DepositBody, Load, UncertainBody
from contract.errors import CatalogueError, RecordError
from contract.points import Priced, price

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.catalogue import Catalogue, Item
    from contract.record import Record

UNCERTAIN = "uncertain"
"""Code of a load of which nobody can tell whether it fell."""

FOR_STAFF = (UNCERTAIN, "deposit-differs", "nul")
"""Codes of holds that more knowledge will not end: somebody must decide."""

NUL = "nul"
"""Code of a load with U+0000 in a name: no kiosk of ours writes it, and PostgreSQL has none."""

AGAIN = "deposit-again"
"""Code of a load that was credited, or is held, under another seq or epoch."""

_ONE_LOAD = ("deposit_id", "account", "item_code", "mass_g", "pieces")
"""What two records of one load say alike."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A load of `item`, worth what the ledger's own calculation says."""

    body: Load
    item: Item
    priced: Priced
    code: str = ""

    @property
    def account(self) -> str:
        """Whose it is."""
        return self.body.account


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody must look; `account` is whose it would be, where the record says so."""

    code: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Nothing to credit: the record only has its place in the chain."""

    code: str = ""
    account: str | None = None


Assessment = Credit | Hold | Note


def assess(record: Record, catalogues: Mapping[str, Catalogue]) -> Assessment:
    """Say what `record` means, given catalogue version → catalogue.

    The version that the record names governs its price, with what it says of the kiosk's district:
    clocks lie, signatures do not.
    """
    try:
        body = record.read()
    except RecordError as error:
        return Hold(error.code)
    if isinstance(body, Load) and "\0" in "".join((body.deposit_id, body.jti, *body.barcodes)):
        return Hold(NUL, body.account)
    if isinstance(body, UncertainBody):
        return Hold(UNCERTAIN, body.account)
    return priced(record.kiosk, body, catalogues) if isinstance(body, DepositBody) else Note()


def priced(
    kiosk: str, body: Load, catalogues: Mapping[str, Catalogue], code: str = ""
) -> Credit | Hold:
    """What a load at `kiosk` is worth, or why nobody knows; `code` is what the record is to say."""
    catalogue = catalogues.get(body.catalogue_version)
    if catalogue is None:
        return Hold("unknown-catalogue", body.account)
    try:
        item = catalogue.item(body.item_code, kiosk)
    except CatalogueError as error:
        return Hold(error.code, body.account)
    return Credit(body, item, price(item, body.mass_g, body.pieces), code)


def only_once(credit: Credit, earlier: tuple[str, str, int, int] | None) -> Assessment:
    """Keep a deposit from being credited twice.

    A kiosk whose journal was restored from a backup seals again, in a new epoch, what the ledger
    may have had before. `earlier` is account, item code, mass and pieces of the deposit that was
    credited under the same deposit id, if any.
    """
    body = credit.body
    if earlier is None:
        return credit
    if earlier == (body.account, body.item_code, body.mass_g, body.pieces):
        return Note(AGAIN, body.account)
    return Hold("deposit-differs", body.account)


def load_of(body: Mapping[str, Any]) -> tuple[Any, ...]:
    """What two bodies, as they stand in their lines, say alike where they tell of one load.

    A kiosk may seal as uncertain, in a new epoch, what the ledger has as a deposit or as uncertain.
    """
    return tuple(body.get(name) for name in _ONE_LOAD)
