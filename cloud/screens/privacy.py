"""What is kept about a resident: to read, to take along, and to have erased."""

from __future__ import annotations

import json
import logging
import re
from html import escape
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from cloud.errors import LedgerError, SignInError
from cloud.screens.plain import alert, button, is_ours, link, plain_page
from cloud.screens.sign_in import COOKIE, refusal, refused_text, signed_out
from cloud.screens.texts import Language, language_of, local_second, say

if TYPE_CHECKING:
    from cloud.residents.front import Residents
    from cloud.residents.sign_ins import SignIn
    from cloud.shop.left import Rest

_log = logging.getLogger(__name__)

Account = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="16 hex digits")]

Which = Annotated[str, Form(pattern="^([0-9a-f]{16})?$")]

KEPT = ("number", "deposits", "sealed", "appeals", "cards", "sign-ins", "shop", "log", "pictures")
"""What the page tells of; `docs/residents.md` has the same list."""

RESTS: tuple[Rest, ...] = ("donated", "forfeited")

_WHOLE = re.compile(r"-?[0-9]{1,15}")

ERASE = """<form class="card" method="post" action="erase?lang={lang}">
<input type="hidden" name="points" value="{points}">
<p>{what}</p>{rest}
<label class="choice"><input type="checkbox" name="really" value="yes">{really}</label>
<button class="plain-button wide danger">{do}</button></form>"""

REST = """<fieldset class="fields plain"><legend>{have}</legend>{waits}
<label class="choice"><input type="radio" name="rest" value="donated">{donated}</label>
<label class="choice"><input type="radio" name="rest" value="forfeited">{forfeited}</label>
</fieldset>"""


def privacy_pages(residents: Residents) -> APIRouter:
    """The pages below `/account/{account}/privacy`, for the account's own resident."""
    router = APIRouter(prefix="/account/{account}/privacy", include_in_schema=False)

    @router.get("")
    def privacy(request: Request, account: Account, lang: str = "zh") -> Any:
        language = language_of(lang)
        kept_out = refusal(residents, request, account, language)
        return kept_out or _page(residents, request, account, language)

    @router.get("/export.json")
    def export(request: Request, account: Account, lang: str = "zh") -> Any:
        kept_out = refusal(residents, request, account, language_of(lang))
        if kept_out is not None:
            return kept_out
        said = json.dumps(residents.privacy.export(account), ensure_ascii=False, indent=1)
        headers = {"Content-Disposition": f'attachment; filename="green-account-{account}.json"'}
        headers |= {"Cache-Control": "no-store"}
        return Response(said.encode("utf-8"), 200, headers, "application/json")

    @router.post("/sign-out")
    def sign_out(request: Request, account: Account, which: Which = "", lang: str = "zh") -> Any:
        """Of one sign-in, or of all where none is named."""
        kept_out = refusal(residents, request, account, language_of(lang))
        if kept_out is not None or not is_ours(request):
            return kept_out or _back(account, lang)
        if not which:
            residents.sign_ins.end_all(account)
            return signed_out(RedirectResponse(f"/?lang={language_of(lang)}", 303))
        try:
            residents.sign_ins.end(account, which)
        except SignInError:
            _log.info("event=signed-out-before")
        return _back(account, lang)

    @router.get("/erase")
    def ask(request: Request, account: Account, lang: str = "zh", refused: str = "") -> Any:
        language = language_of(lang)
        kept_out = refusal(residents, request, account, language)
        return kept_out or _erase_page(residents, account, language, refused)

    @router.post("/erase")
    def erase(
        request: Request,
        account: Account,
        points: Annotated[str, Form(max_length=20)] = "",
        rest: Annotated[str, Form(max_length=20)] = "",
        really: Annotated[str, Form(max_length=3)] = "",
        lang: str = "zh",
    ) -> Any:
        kept_out = refusal(residents, request, account, language_of(lang))
        if kept_out is not None or not is_ours(request):
            return kept_out or _back(account, lang)
        try:
            _erase(residents, request, account, (points, rest, really))
        except SignInError as error:
            _log.warning("event=not-erased code=%s", error.code)
            return _back(account, lang, f"/erase?refused={error.code}&")
        except LedgerError as error:
            _log.error("event=not-erased reason=%s", error)
            return _back(account, lang, "/erase?refused=failed&")
        return signed_out(RedirectResponse(f"/?done=erased&lang={language_of(lang)}", 303))

    return router


def _erase(
    residents: Residents, request: Request, account: str, said: tuple[str, str, str]
) -> None:
    points, rest, really = said
    residents.sign_ins.check_fresh(request.cookies.get(COOKIE, ""), account)
    has = int(points) if _WHOLE.fullmatch(points) else None
    chosen = next((one for one in RESTS if one == rest), None)
    if chosen is None and has is not None and has <= 0:
        chosen = "forfeited"  # there is nothing to choose about
    if really != "yes" or has is None or chosen is None:
        raise SignInError("not-sure", "say what becomes of the points, and that you are sure")
    residents.erasure.erase(account, chosen, has)


def _back(account: str, lang: str, where: str = "?") -> RedirectResponse:
    return RedirectResponse(f"/account/{account}/privacy{where}lang={language_of(lang)}", 303)


def _page(residents: Residents, request: Request, account: str, language: Language) -> Any:
    here = f"/account/{account}/privacy"
    mine = residents.sign_ins.check(request.cookies.get(COOKIE, ""), account)
    rows = "".join(_kept(name, language) for name in KEPT)
    body = f'<section class="card"><h2>{escape(say(language, "privacy-what"))}</h2>'
    body += f'<ul class="lines">{rows}</ul></section>'
    shown = "".join(
        _sign_in(one, one == mine, here, language) for one in residents.sign_ins.of_account(account)
    )
    body += f'<section class="card"><h2>{escape(say(language, "sign-ins"))}</h2>'
    body += f'<ul class="lines">{shown}</ul>'
    body += button(say(language, "sign-out-all"), f"{here}/sign-out", language) + "</section>"
    body += link(say(language, "export"), f"{here}/export.json")
    body += link(say(language, "erase"), f"{here}/erase?lang={language}")
    body += link(say(language, "my-account"), f"/account/{account}?lang={language}")
    return plain_page(language, "privacy", body)


def _kept(name: str, language: Language) -> str:
    what, how = escape(say(language, f"kept-{name}")), escape(say(language, f"kept-{name}-how"))
    return f'<li><div class="what">{what}</div><div class="small">{how}</div></li>'


def _sign_in(one: SignIn, this: bool, here: str, language: Language) -> str:
    comma = ", " if language == "en" else "，"
    words = say(language, f"device-{one.device}") + comma + say(language, f"way-{one.way}")
    words += f" · {say(language, 'this-one')}" if this else ""
    at = local_second(one.at, language)
    which = f'<input type="hidden" name="which" value="{escape(one.sign_in_id)}">'
    end = "" if this else button(say(language, "sign-out"), f"{here}/sign-out", language, which)
    return f'<li><div class="what">{escape(words)}</div><div class="small">{at}</div>{end}</li>'


def _erase_page(residents: Residents, account: str, language: Language, refused: str) -> Any:
    has = residents.erasure.means(account)
    points = has.points
    rest = f'<p class="small">{escape(say(language, "erase-later-none"))}</p>'
    if points > 0:
        waits = say(language, "erase-waits", points=f"{min(has.waiting, points):,}")
        rest = REST.format(
            have=escape(say(language, "erase-points", points=f"{points:,}")),
            waits=f'<p class="small">{escape(waits)}</p>' if has.waiting else "",
            donated=escape(say(language, "erase-donated")),
            forfeited=escape(say(language, "erase-forfeited")),
        )
        rest += f'<p class="small">{escape(say(language, "erase-later"))}</p>'
    body = alert(refused_text(language, refused)) + ERASE.format(
        lang=language,
        points=points,
        what=escape(say(language, "erase-what")),
        rest=rest,
        really=escape(say(language, "erase-really")),
        do=escape(say(language, "erase-do")),
    )
    if refused == "sign-in-again":
        body += button(say(language, "sign-out"), "/sign-out", language)
    body += link(say(language, "privacy"), f"/account/{account}/privacy?lang={language}")
    return plain_page(language, "erase", body)
