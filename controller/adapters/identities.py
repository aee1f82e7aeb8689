"""Keys for codes, cards, badges and typed numbers, read from the kiosk's folder."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

from contract.keys import key_id_of, load_public
from contract.sealed import seal
from controller.core.bounds import CardDay
from controller.core.identity import Doorkeeper, PhoneDesk

if TYPE_CHECKING:
    from pathlib import Path

    from controller.core.config import KioskConfig


def doorkeeper_of(config: KioskConfig, folder: Path) -> Doorkeeper:
    """Who knows the city's and the office's keys, and what a card may bring in a day.

    Raises:
        KeyFileError: A key is missing or none; the message names its file.
    """
    files, cards = config.files, config.cards
    return Doorkeeper(
        _by_id(folder, files.token_keys),
        _by_id(folder, files.badge_keys),
        CardDay(cards.deposits_a_day, cards.points_a_day),
    )


def phone_desk_of(config: KioskConfig, folder: Path) -> PhoneDesk | None:
    """Who seals typed numbers to the platform; None where its key is not named.

    Raises:
        KeyFileError: The key is missing or none; the message names its file.
    """
    if not config.files.phone_key:
        return None
    public = load_public(folder / config.files.phone_key)

    def sealed(number: str, account: str) -> str:
        return seal(number, public, kiosk=config.kiosk, account=account)

    return PhoneDesk(sealed, partial(secrets.token_hex, 8), partial(secrets.token_bytes, 16))


def _by_id(folder: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    keys = [load_public(folder / name) for name in names]
    return {key_id_of(key): key for key in keys}
