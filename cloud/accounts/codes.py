"""Residents' codes as the platform issues them, and the city's keys that sign them.

A shown code can only credit its owner. Who may have one shown is `cloud.residents`' to say.

The city's key is replaced without a gap. Its successor lies in `city.DAY.pem` and signs from that
day on; before, its public half goes to every kiosk, which knows both. What the one before signed
holds until kiosks are told to forget it: codes for minutes, cards for years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from contract import token
from contract.errors import KeyFileError, TokenError
from contract.fields import GUESTS
from contract.hours import LOCAL
from contract.keys import FileSigner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from contract.keys import Signer

RENEW_BEFORE_S = 15
"""A shown code is replaced this long before it expires, so that nobody shows one about to die."""

_SUCCESSOR = re.compile(r"city\.([0-9]{4}-[0-9]{2}-[0-9]{2})\.pem")


@dataclass(frozen=True, slots=True)
class Successor:
    """A key that signs from `from_s` on (Unix seconds), in place of those before it."""

    from_s: int
    signer: Signer


class CityKeys:
    """The city's keys, one of which signs at any time.

    Args:
        first: Signs until the first successor's time has come.
        successors: In any order.
    """

    def __init__(self, first: Signer, successors: Sequence[Successor] = ()) -> None:
        self._first = first
        self._successors = sorted(successors, key=lambda one: one.from_s)

    @classmethod
    def load(cls, folder: Path) -> CityKeys:
        """Read `city.pem` and every `city.DAY.pem` of `folder`; a day begins at midnight in China.

        Raises:
            KeyFileError: `city.pem` is missing or no key, or a successor is none, or has
                no day in its name (`not-a-day`).
        """
        paths = sorted(folder.glob("city.*.pem"))
        return cls(FileSigner.load(folder / "city.pem"), [_successor(path) for path in paths])

    @property
    def public(self) -> dict[str, bytes]:
        """Key id → public key of all of them, those to come included."""
        signers = [self._first, *(one.signer for one in self._successors)]
        return {signer.key_id: signer.public for signer in signers}

    def at(self, now_s: int) -> Signer:
        """Whose turn it is to sign at `now_s` (Unix seconds)."""
        begun = [one.signer for one in self._successors if one.from_s <= now_s]
        return begun[-1] if begun else self._first


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code to show: its text, and when it was made and ends (Unix seconds)."""

    text: str
    issued_at: int
    expires_at: int


class CodeIssuer:
    """Issues short-lived codes.

    Args:
        keys: The city's keys, or its only one.
        clock: Gives Unix seconds.
        new_id: Gives 8 fresh random bytes.
        ttl_s: Seconds that a code holds.
    """

    def __init__(
        self,
        keys: Signer | CityKeys,
        clock: Callable[[], int],
        new_id: Callable[[], bytes],
        ttl_s: int = token.TTL_S,
    ) -> None:
        self._keys = keys if isinstance(keys, CityKeys) else CityKeys(keys)
        self._clock = clock
        self._new_id = new_id
        self._ttl_s = ttl_s

    def issue(self, account: str) -> IssuedCode:
        """Make a code for `account`.

        Raises:
            TokenError: `malformed`: the account is not 16 hex digits. `nobodys`: it is that of all
                guests.
        """
        if account == GUESTS:
            raise TokenError("nobodys", "the guests' account is nobody's: it gets no code")
        now_s = self._clock()
        signer = self._keys.at(now_s)
        text = token.issue(signer, account, now_s, ttl_s=self._ttl_s, jti=self._new_id())
        return IssuedCode(text, now_s, now_s + self._ttl_s)


def _successor(path: Path) -> Successor:
    named = _SUCCESSOR.fullmatch(path.name)
    try:
        day = datetime.fromisoformat(named[1] if named else path.name)
    except ValueError as error:
        raise KeyFileError(
            "not-a-day",
            f"{path} names no day from which it signs: call it as in city.2027-01-31.pem",
        ) from error
    return Successor(int(day.replace(tzinfo=LOCAL).timestamp()), FileSigner.load(path))
