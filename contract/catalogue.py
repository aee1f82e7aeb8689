"""The city's catalogue: item codes with their prices and carbon factors, signed by the operator.

The catalogue a deposit names governs its price, whatever the clocks say, so a version is never
changed once it is signed: a new price is a new version.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from contract.canonical import canonical
from contract.container import Container, check_containers
from contract.errors import CanonicalError, CatalogueError
from contract.fields import (
    Agreed,
    Day,
    Grams,
    KeyId,
    Name,
    Signature,
    Word,
    first_problem,
    problem_code,
)
from contract.keys import is_signed, key_id_of

if TYPE_CHECKING:
    from contract.keys import Signer

MAX_BYTES = 500_000
"""A thousand items are about 300 kB, a thousand containers about 120 kB."""


def _price(value: int) -> int:
    if value < 0:
        raise PydanticCustomError("negative-price", "a price must not be negative")
    return value


ShownName = Annotated[str, Field(min_length=1, max_length=40)]
Price = Annotated[int, Field(le=100_000), AfterValidator(_price)]


class Names(Agreed):
    """What residents read."""

    zh: ShownName
    en: ShownName


class MassRange(Agreed):
    """Lightest and heaviest that one load of the item is believed to be, in grams."""

    min: Annotated[Grams, Field(ge=1)]
    max: Grams

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.min > self.max:
            raise PydanticCustomError("mass-range", "min is above max")
        return self


class PieceMass(Agreed):
    """What one empty piece of an item weighs, where it comes by the piece, in grams.

    Half of the pieces weigh less than `median`, 95 of 100 less than `heavy`. `most` is how many
    pieces of one kind are believed to be brought in one load.
    """

    median: Annotated[Grams, Field(ge=1)]
    heavy: Grams
    most: Annotated[int, Field(ge=1, le=100)]

    @model_validator(mode="after")
    def _is_a_spread(self) -> Self:
        if self.heavy <= self.median:
            raise PydanticCustomError("piece-mass", "heavy must be above median")
        return self


class ItemPrice(Agreed):
    """What the resident gets, in points; None where there is no such price."""

    points_per_kg: Price | None
    points_per_piece: Price | None


class Item(Agreed):
    """One row: what it is, what vision may call it, what it weighs, what it is worth.

    `classes` are labels of the vision model that may turn out to be this item.
    `carbon_g_per_kg` is g CO2e avoided per kg recycled. `low_value` marks what is collected
    with the operator's subsidy. `piece_g` is None for what comes in any amount. `frequency` is
    how often it comes relative to the other items, from the operator's books; equal where unknown.
    """

    code: Name
    stream: Name
    names: Names
    classes: Annotated[tuple[Word, ...], Field(min_length=1, strict=False)]
    mass_g: MassRange
    piece_g: PieceMass | None = None
    price: ItemPrice
    carbon_g_per_kg: Annotated[int, Field(ge=0, le=100_000)]
    low_value: bool
    frequency: Annotated[int, Field(ge=1, le=10_000)] = 100


class Catalogue(Agreed):
    """The list as it holds from `valid_from` on in `city`. `factor_set` names the factors.

    `containers` are the barcodes whose item is known; none are needed.
    """

    version: Annotated[Word, Field(min_length=1)]
    city: Name
    valid_from: Day
    currency: Literal["CNY"]
    factor_set: Word
    items: Annotated[tuple[Item, ...], Field(min_length=1, strict=False)]
    containers: Annotated[tuple[Container, ...], Field(strict=False)] = ()

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

    def item(self, code: str) -> Item:
        """The row with this item code.

        Raises:
            CatalogueError: `unknown-item`.
        """
        for item in self.items:
            if item.code == code:
                return item
        raise CatalogueError("unknown-item", f"catalogue {self.version} has no item {code!r}")

    def container(self, ean: str) -> Container | None:
        """What the barcode `ean` stands for; None where the catalogue does not know it."""
        return next((one for one in self.containers if one.ean == ean), None)

    def candidates(self, label: str) -> tuple[Item, ...]:
        """The items that the vision model's class `label` may be."""
        return tuple(item for item in self.items if label in item.classes)


class _Signed(Agreed):
    catalogue: dict[str, Any]
    key: KeyId
    sig: Signature


def sign(catalogue: Catalogue, signer: Signer) -> bytes:
    """The signed form: canonical JSON `{"catalogue": ..., "key": ..., "sig": ...}`."""
    content = {"catalogue": catalogue.model_dump(), "key": signer.key_id}
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


def load_plain(data: bytes) -> Catalogue:
    """Read a catalogue that nobody has signed yet.

    Raises:
        CatalogueError: `not-json`, `missing-field`, `unknown-field`, `negative-price`,
            `duplicate-item`, `bad-date`, `mass-range`, `piece-mass`, `bad-ean`,
            `duplicate-container`, `container-item`, `container-material` or `schema`; the message
            names row and field.
    """
    return _read(_parse(data))


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


def _canonical(content: dict[str, Any]) -> bytes:
    try:
        return canonical(content)
    except CanonicalError as error:
        raise CatalogueError(error.code, f"catalogue: {error}") from error


def _read(value: Any) -> Catalogue:
    try:
        return Catalogue.model_validate(value)
    except ValidationError as error:
        raise CatalogueError(problem_code(error), f"catalogue: {first_problem(error)}") from error
