"""The routes by which kiosks get certificates.

POST /api/enrol {contract.enrolment.Enrol}   with a claim code, the first time
POST /api/renew {contract.enrolment.Renew}   with the certificate of before

What is refused is a problem (`cloud.api.problem`). To be reached over https alone: a
claim code that somebody reads on the way is theirs.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from cloud.api.problem import Problem
from cloud.errors import EnrolError, LedgerError
from contract.enrolment import ENROL_PATH, RENEW_PATH, Enrol, Enrolled, Renew
from contract.errors import CertificateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.fleet.enrol import Enrolment

_log = logging.getLogger(__name__)

STATUS = {"unknown-kiosk": 404, "key-on-file": 409, "used-code": 409, "too-many-tries": 429}
"""Where it is not 403 (a wrong or old code) or 422 (a request that cannot be signed)."""


def enrol_api(enrolment: Enrolment) -> APIRouter:
    """The routes over the platform's enrolment."""
    router = APIRouter()

    @router.post(ENROL_PATH, response_model=None)
    def enrol(asked: Enrol) -> dict[str, Any] | Problem:
        return _answered(asked.kiosk, lambda: enrolment.enrol(asked))

    @router.post(RENEW_PATH, response_model=None)
    def renew(asked: Renew) -> dict[str, Any] | Problem:
        return _answered("renewal", lambda: enrolment.renew(asked))

    return router


def _answered(who: str, answer: Callable[[], Enrolled]) -> dict[str, Any] | Problem:
    try:
        made = answer()
    except EnrolError as error:
        _log.warning("event=not-enrolled who=%s code=%s", who, error.code)
        return Problem(STATUS.get(error.code, 403), error.code, str(error))
    except CertificateError as error:
        _log.warning("event=not-enrolled who=%s code=%s", who, error.code)
        return Problem(422, error.code, error.message)
    except LedgerError as error:
        _log.error("event=not-enrolled who=%s reason=%s", who, error)
        return Problem(503, "ledger-failed", str(error))
    _log.info("event=enrolled who=%s", who)
    return made.model_dump(exclude_none=True)
