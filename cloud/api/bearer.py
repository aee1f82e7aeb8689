"""Who asks: the token that a call shows as `Authorization: Bearer TOKEN`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

Bearer = Annotated[str, Header(alias="Authorization")]
"""The header, as a route takes it."""


def token_of(authorization: str) -> str:
    """The token of an `Authorization` header; empty where it is none of a bearer."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
