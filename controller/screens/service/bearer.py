"""The token that comes with a request to the desk."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header

from controller.screens.service.refusal import RefusedError


def _token(authorization: Annotated[str, Header()] = "") -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise RefusedError("no-token", "sign in first: POST a badge to /service/api/session")
    return token


Token = Annotated[str, Depends(_token)]
