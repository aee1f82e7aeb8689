"""How the shop's API answers: pages of a list, and what is refused."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Header, Path, Query
from fastapi.responses import JSONResponse

from cloud.api.problem import Problem
from cloud.errors import ShopError, StaffError
from contract.canonical import INT_MAX

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence

_log = logging.getLogger(__name__)

RedemptionId = Annotated[int, Path(ge=1, le=INT_MAX, description="a redemption's id")]
Key = Annotated[str, Header(alias="Idempotency-Key")]
Limit = Annotated[int, Query(ge=1, le=100, description="so many at most")]
Cursor = Annotated[int | None, Query(ge=1, le=INT_MAX, description="`next` of the page before")]

STATUS = {
    "no-token": 401,
    "token-ended": 401,
    "expired-token": 401,
    "role": 403,
    "other-district": 403,
    "account": 403,
    "unknown-good": 404,
    "unknown-code": 404,
    "unknown-redemption": 404,
    "unknown-partner": 404,
    "key": 422,
    "name": 422,
    "points": 422,
    "text": 422,
    "no-month": 422,
    "no-day": 422,
    "cause": 422,
}
"""By code; what is not named is a 409: points, goods or redemption do not stand as they would have
to."""


class Answers:
    """Answers calls, and counts what is refused.

    Args:
        refused: Code → how often since the start.
    """

    def __init__(self, refused: Counter[str]) -> None:
        self._refused = refused

    def to(self, work: Callable[[], Any], status: int = 200) -> Any:
        """What came of it, with `status`; nothing to say is an empty object."""
        try:
            found = work()
        except StaffError as error:
            # For staff `expired` is their token; for a till it is a redemption.
            code = "expired-token" if error.code == "expired" else error.code
            return self._refuse(code, str(error))
        except ShopError as error:
            return self._refuse(error.code, str(error))
        return JSONResponse({} if found is None else found, status)

    def _refuse(self, code: str, detail: str) -> Problem:
        _log.warning("event=refused code=%s", code)
        self._refused[code] += 1
        return Problem(STATUS.get(code, 409), code, detail)


def page(name: str, rows: Sequence[Any], limit: int) -> dict[str, Any]:
    """The first `limit` of `rows`, each with an `id`, and where the next page begins.

    One more was asked for than is shown: None says that there is no further page.
    """
    shown = rows[:limit]
    return {
        name: [asdict(one) for one in shown],
        "next": shown[-1].id if len(rows) > limit else None,
    }
