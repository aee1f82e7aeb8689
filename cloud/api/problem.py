"""What every call of the API answers where it does not do it: problem details (RFC 9457).

    {"type":"about:blank","title":"Not Found","status":404,"code":"unknown-kiosk",
     "detail":"nobody has registered hz-xihu-0009: ..."}

`code` says why in one word, which stays the same; `detail` what was wrong, and what to do.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"


class Problem(JSONResponse):
    """An answer that says why there is none.

    Args:
        status: Of HTTP.
        code: Why, in one word.
        detail: A sentence for people; what UTF-8 cannot carry is spelt out.
        headers: Besides those of every answer.
    """

    media_type = MEDIA_TYPE

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        said = {
            # RFC 9457, 4.2.1: no more is meant than the status says, so the title is its phrase.
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "code": code,
            "detail": detail.encode("utf-8", "backslashreplace").decode(),
        }
        super().__init__(said, status, headers)
