"""The city's catalogue: item codes with their prices and carbon factors, signed by the operator.

The catalogue a deposit names governs its price, whatever the clocks say, so a version is never
changed once it is signed: a new price is a new version.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from contract.canonical import canonical
from contract.container import Container, check_containers
from contract.districts import District, DistrictItem, check_districts
from contract.errors import CanonicalError, CatalogueError
from contract.fields import (
    Agreed,
    Day,
    KeyId,
    Name,
    Signature,
    Word,
    first_problem,
    problem_code,
)
from contract.hours import Hours
from contract.items import Item, ItemPrice, MassRange, Names, PieceMass
from contract.keys import is_signed, key_id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.keys import Signer

__all__ = [
    "Catalogue",
    "Item",
    "ItemPrice",
    "MassRange",
    "Names",
    "PieceMass",
    "canonical_form",
    "example",
    "in_force",
    "load_plain",
    "load_signed",
    "sign",
]

MAX_BYTES = 500_000
"""A thousand items are about 300 kB, a thousand containers about 120 kB."""


class Catalogue(Agreed):
    """The list as it holds from `valid_from` on in `city`. `factor_set` names the factors.

    `containers` are the barcodes whose item is known; `districts` what differs where; `hours` when
    kiosks are open, always where none are given; `rules` the ids of the texts that say what is
    taken. None of these is needed.
    """

    version: Annotated[Word, Field(min_length=1)]
    city: Name
    valid_from: Day
    currency: Literal["CNY"]
    factor_set: Word
    items: Annotated[tuple[Item, ...], Field(min_length=1, strict=False)]
    containers: Annotated[tuple[Container, ...], Field(strict=False)] = ()
    districts: Annotated[tuple[District, ...], Field(strict=False)] = ()
    hours: Annotated[tuple[Hours, ...], Field(strict=False)] = ()
    rules: Annotated[tuple[Name, ...], Field(max_length=20, strict=False)] = ()

    @model_validator(mode="after")
    def _codes_are_distinct(self) -> Self:
        rows: dict[str, int] = {}
        for row, item in enumerate(self.items):
            if item.code in rows:
                raise PydanticCustomError(
                    "duplicate-item",
                    "items[{row}].code {code} stands in items[{first}] already",
                    {"row": row, "code": repr(item.code), "first": rows[item.code]},
                )
            rows[item.code] = row
        return self

    @model_validator(mode="after")
    def _containers_belong_to_items(self) -> Self:
        classes = {item.code: item.classes for item in self.items}
        check_containers(self.containers, classes)
        return self

    @model_validator(mode="after")
    def _districts_are_distinct(self) -> Self:
        check_districts(self.districts, {item.code for item in self.items})
        return self

    @property
    def order(self) -> tuple[str, str]:
        """What says which of two catalogues is the later one: day of effect, then version."""
        return self.valid_from, self.version

    def for_kiosk(self, kiosk: str) -> Catalogue:
        """The same version as it holds at `kiosk`: its district's terms in the city's place.

        Kiosk and ledger both price by this, or by `item` with the kiosk, so that they agree.
        """
        district = self._district(kiosk)
        if district is None:
            return self
        terms = {one.item_code: one for one in district.items}
        items = tuple(_in_district(item, terms.get(item.code)) for item in self.items)
        return self.model_copy(update={"items": items, "hours": district.hours or self.hours})

    def item(self, code: str, kiosk: str = "") -> Item:
        """The row with this item code, as it holds at `kiosk`; without one, as in the city.

        Raises:
            CatalogueError: `unknown-item`.
        """
        for item in self.items:
            if item.code == code:
                district = self._district(kiosk)
                terms = district.items if district else ()
                return _in_district(item, next((t for t in terms if t.item_code == code), None))
        raise CatalogueError("unknown-item", f"catalogue {self.version} has no item {code!r}")

    def _district(self, kiosk: str) -> District | None:
        return next((one for one in self.districts if kiosk in one.kiosks), None)

    def container(self, ean: str) -> Container | None:
        """What the barcode `ean` stands for; None where the catalogue does not know it."""
        return next((one for one in self.containers if one.ean == ean), None)

    def candidates(self, label: str) -> tuple[Item, ...]:
        """The items that the vision model's class `label` may be."""
        return tuple(item for item in self.items if label in item.classes)


def _in_district(item: Item, terms: DistrictItem | None) -> Item:
    if terms is None:
        return item
    changes = {"price": terms.price, "subsidy_fen_per_t": terms.subsidy_fen_per_t}
    return item.model_copy(update={name: one for name, one in changes.items() if one is not None})


class _Signed(Agreed):
    catalogue: dict[str, Any]
    key: KeyId
    sig: Signature


def sign(catalogue: Catalogue, signer: Signer) -> bytes:
    """The signed form: canonical JSON `{"catalogue": ..., "key": ..., "sig": ...}`.

    What was left out stays out, so that a kiosk whose software is older than an optional field
    reads every catalogue that does without it.
    """
    content = {"catalogue": catalogue.model_dump(exclude_unset=True), "key": signer.key_id}
    sig = urlsafe_b64encode(signer.sign(canonical(content))).rstrip(b"=").decode()
    return canonical(content | {"sig": sig})


def load_signed(data: bytes, public: bytes) -> Catalogue:
    """Read a catalogue that the operator, who holds `public`'s private half, must have signed.

    Raises:
        CatalogueError: `too-long`, `not-json`, `unknown-key`, `bad-signature`, or as `load_plain`.
    """
    value = _parse(data)
    try:
        signed = _Signed.model_validate(value)
    except ValidationError as error:
        raise CatalogueError(
            problem_code(error), f"signed catalogue: {first_problem(error)}"
        ) from error
    if signed.key != key_id_of(public):
        raise CatalogueError(
            "unknown-key",
            f"catalogue is signed by key {signed.key}, not by {key_id_of(public)}: "
            "use the operator's public key",
        )
    content = _canonical({"catalogue": signed.catalogue, "key": signed.key})
    if not is_signed(public, urlsafe_b64decode(signed.sig + "=="), content):
        raise CatalogueError(
            "bad-signature", "catalogue was not signed like this: fetch it from the operator again"
        )
    return _read(signed.catalogue)


def canonical_form(data: bytes) -> bytes:
    """The only spelling of a signed catalogue that goes over the wire, as `sign` makes it.

    The signature is over what is said, so every spelling of it is signed; by this one a list that
    is known is known by its hash.

    Raises:
        CatalogueError: `too-long`, `not-json`, or a number or key that has no such spelling.
    """
    return _canonical(_parse(data))


def load_plain(data: bytes) -> Catalogue:
    """Read a catalogue that nobody has signed yet.

    Raises:
        CatalogueError: `not-json`, `missing-field`, `unknown-field`, `negative-price`,
            `absurd-price` (so for `subsidy` and `carbon`), `duplicate-item`, `bad-date`,
            `mass-range`, `piece-mass`, `hours-order`, `hours-days`, or a word of
            `contract.container` or `contract.districts`, or `schema`; the message names row and
            field.
    """
    return _read(_parse(data))


def in_force(catalogues: Mapping[str, Catalogue], day: str) -> Catalogue | None:
    """Of catalogues by version, the one that holds on a day in China; None where none has begun."""
    begun = [one for one in catalogues.values() if one.valid_from <= day]
    return max(begun, key=lambda one: one.order, default=None)


def example() -> Catalogue:
    """The catalogue that ships as an example, with Hangzhou's price levels of 2018 to 2024."""
    return load_plain(
        resources.files("contract").joinpath("data/catalogue-example.json").read_bytes()
    )


def _parse(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise CatalogueError("too-long", f"catalogue has {len(data)} bytes: at most {MAX_BYTES}")
    try:
        return json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise CatalogueError("not-json", f"catalogue is not JSON in UTF-8: {error}") from error


def _canonical(content: Any) -> bytes:
    try:
        return canonical(content)
    except CanonicalError as error:
        raise CatalogueError(error.code, f"catalogue: {error}") from error


def _read(value: Any) -> Catalogue:
    try:
        return Catalogue.model_validate(value)
    except ValidationError as error:
        raise CatalogueError(problem_code(error), f"catalogue: {first_problem(error)}") from error
