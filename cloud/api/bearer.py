"""Who asks: the token that a call shows as `Authorization: Bearer TOKEN`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

from fastapi import Header, Path

if TYPE_CHECKING:
    from collections.abc import Callable

Account = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="16 hex digits")]
"""A resident's account, in the path of a call."""

Found = TypeVar("Found")

Bearer = Annotated[str, Header(alias="Authorization")]
"""The header, as a route takes it."""


def token_of(authorization: str) -> str:
    """The token of an `Authorization` header; empty where it is none of a bearer."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def residents_own(check: Callable[[str, str], Found]) -> Callable[[str, str], Found]:
    """What calls over one account depend on: whoever asks is signed in to it.

    `check` takes a token and the account that it is to be of, gives what it knows of the sign-in,
    and raises what the application answers with where it is not.
    """

    def own(account: Account, authorization: Bearer = "") -> Found:
        return check(token_of(authorization), account)

    return own
