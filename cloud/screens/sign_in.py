"""Signing in and out on plain pages: forms become a cookie that holds a random token.

The cookie is HttpOnly and SameSite=Lax: no script reads it, and no other site's form uses it.
Numbers, codes, cards and PINs stand in the body of one request, and in no address and no log.
"""

from __future__ import annotations

import contextlib
import json
import logging
from html import escape
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from cloud.errors import LedgerError, SignInError
from cloud.residents.asking import address_of, device_of
from cloud.residents.sign_ins import HOLDS_S
from cloud.screens.plain import alert, is_ours, link, paragraph, plain_page
from cloud.screens.texts import TEXTS, Language, language_of, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloud.residents.front import Residents
    from cloud.residents.sign_ins import SignedIn, SignIn

_log = logging.getLogger(__name__)

COOKIE = "green-account"

NUMBER = """<form class="card" method="post" action="/sign-in/number?lang={lang}">
<h2>{title}</h2><p class="small">{what}</p>
<label>{number}<input type="tel" name="number" autocomplete="tel" required maxlength="40"></label>
<button class="plain-button wide primary">{send}</button></form>"""

CODE = """<form class="card" method="post" action="/sign-in/code?lang={lang}">
<p>{sent}</p><input type="hidden" name="challenge" value="{challenge}">
<label>{code}<input type="text" name="code" inputmode="numeric" autocomplete="one-time-code"
 required maxlength="12" autofocus></label>
<button class="plain-button wide primary">{enter}</button></form>"""

CARD = """<form class="card" method="post" action="/sign-in/card?lang={lang}">
<h2>{title}</h2><p class="small">{what}</p>
<label id="photo" hidden>{photo}<span class="small">{photo_what}</span>
<input type="file" accept="image/*" capture="environment"></label>
<p id="unread" class="small" role="status"></p>
<label>{card}<textarea name="card" rows="4" required maxlength="600" autocomplete="off"
 autocapitalize="characters" spellcheck="false"></textarea></label>
<label>{pin}<input type="text" name="pin" inputmode="numeric" autocomplete="off" required
 maxlength="12"></label>
<button class="plain-button wide primary">{enter}</button></form>
<script>
if ("BarcodeDetector" in window) {{
  const label = document.getElementById("photo"), file = label.querySelector("input");
  label.hidden = false;
  file.onchange = async () => {{
    const picture = await createImageBitmap(file.files[0]);
    const found = await new BarcodeDetector({{formats: ["qr_code"]}}).detect(picture);
    const card = found.map((one) => one.rawValue).find((text) => text.startsWith("GR1:"));
    document.getElementById("unread").textContent = card ? "" : {unread};
    if (card) document.querySelector("textarea[name=card]").value = card;
  }};
}}
</script>"""


def sign_in_pages(residents: Residents) -> APIRouter:
    """The pages `/sign-in`, `/sign-in/code`, and what their forms post to."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in")
    def ways(lang: str = "zh", refused: str = "") -> Any:
        return _ways(residents, language_of(lang), refused)

    @router.post("/sign-in/number")
    def ask(
        request: Request, number: Annotated[str, Form(max_length=40)] = "", lang: str = "zh"
    ) -> Any:
        def sent() -> RedirectResponse:
            asked = residents.by_number().ask(number, address_of(request))
            return _to(f"/sign-in/code?asked={asked.challenge}&", lang)

        return _tried(request, lang, sent)

    @router.get("/sign-in/code")
    def code(asked: str = "", lang: str = "zh", refused: str = "") -> Any:
        return _code(language_of(lang), asked[:64], refused)

    @router.post("/sign-in/code")
    def enter_code(
        request: Request,
        challenge: Annotated[str, Form(max_length=64)] = "",
        code: Annotated[str, Form(max_length=12)] = "",
        lang: str = "zh",
    ) -> Any:
        def entered() -> RedirectResponse:
            device = device_of(request)
            made = residents.by_number().enter(challenge, code.strip(), device)
            return _signed_in(residents, request, made, lang)

        return _tried(request, lang, entered, f"/sign-in/code?asked={quote(challenge)}&")

    @router.post("/sign-in/card")
    def enter_card(
        request: Request,
        card: Annotated[str, Form(max_length=600)] = "",
        pin: Annotated[str, Form(max_length=12)] = "",
        lang: str = "zh",
    ) -> Any:
        def entered() -> RedirectResponse:
            address, device = address_of(request), device_of(request)
            made = residents.cards.enter(card, pin.strip(), address, device)
            return _signed_in(residents, request, made, lang)

        return _tried(request, lang, entered)

    @router.get("/sign-in/demo")
    def enter_demo(request: Request, lang: str = "zh", account: str = "") -> Any:
        def entered() -> RedirectResponse:
            made = residents.enter_demo(address_of(request), device_of(request), account)
            return _signed_in(residents, request, made, lang)

        return _tried(request, lang, entered)

    @router.post("/sign-out")
    def sign_out(request: Request, lang: str = "zh") -> Any:
        answer = _to("/?", lang)
        if not is_ours(request):
            return answer
        _end_shown(residents, request)
        return signed_out(answer)

    @router.get("/account")
    def mine(request: Request, lang: str = "zh") -> Any:
        found = shown_by(residents, request)
        return _to(f"/account/{found.account}?" if found else "/sign-in?", lang)

    return router


def shown_by(residents: Residents, request: Request) -> SignIn | None:
    """The sign-in whose cookie a request shows; None where there is none that holds."""
    try:
        return residents.sign_ins.whose(request.cookies.get(COOKIE, ""))
    except SignInError:
        return None


def refusal(residents: Residents, request: Request, account: str, language: Language) -> Any | None:
    """What a page of `account` answers to whoever did not sign in to it; None where they did."""
    try:
        residents.sign_ins.check(request.cookies.get(COOKIE, ""), account)
    except SignInError as error:
        if error.code == "not-signed-in":
            return _to("/sign-in?refused=not-signed-in&", language)
        body = paragraph(say(language, "other-account"))
        body += link(say(language, "my-account"), f"/account?lang={language}")
        return plain_page(language, "title", body, status=403)
    return None


def _signed_in(
    residents: Residents, request: Request, made: SignedIn, lang: str
) -> RedirectResponse:
    """To the account, with the cookie that shows it; what the cookie showed before ends."""
    _end_shown(residents, request)
    answer = _to(f"/account/{made.sign_in.account}?", lang)
    answer.set_cookie(
        COOKIE,
        made.token,
        max_age=HOLDS_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def _end_shown(residents: Residents, request: Request) -> None:
    """End the sign-in whose cookie a request shows, where one holds."""
    shown = shown_by(residents, request)
    if shown is not None:
        with contextlib.suppress(SignInError):  # it has just ended elsewhere
            residents.sign_ins.end(shown.account, shown.sign_in_id)


def signed_out(answer: RedirectResponse) -> RedirectResponse:
    """The same answer, which takes the cookie away."""
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


def refused_text(language: Language, code: str) -> str:
    """Why something was refused, by its code; empty for none."""
    if not code:
        return ""
    return say(language, f"refused-{code}" if f"refused-{code}" in TEXTS else "refused-other")


def _tried(
    request: Request, lang: str, work: Callable[[], RedirectResponse], back: str = "/sign-in?"
) -> RedirectResponse:
    """What came of a form: on, or back with the reason."""
    try:
        if not is_ours(request):
            raise SignInError("origin", "the form was another site's")
        return work()
    except SignInError as error:
        _log.warning("event=not-signed-in code=%s", error.code)
        return _to(f"{back}refused={error.code}&", lang)
    except LedgerError as error:
        _log.error("event=not-signed-in reason=%s", error)
        return _to(f"{back}refused=failed&", lang)


def _to(address: str, lang: str) -> RedirectResponse:
    return RedirectResponse(f"{address}lang={language_of(lang)}", 303)


def _ways(residents: Residents, language: Language, refused: str) -> Any:
    words = {"lang": language, "enter": say(language, "sign-in")}
    body = alert(refused_text(language, refused))
    if residents.demo_accounts:
        body += link(say(language, "front-demo"), f"/sign-in/demo?lang={language}")
        body += paragraph(say(language, "demo-note"), "note")
    if residents.numbers is not None:
        body += NUMBER.format(
            title=say(language, "sign-in-number"),
            what=say(language, "sign-in-number-what"),
            number=say(language, "number"),
            send=say(language, "send-code"),
            **words,
        )
    body += CARD.format(
        title=say(language, "sign-in-card"),
        what=say(language, "sign-in-card-what"),
        photo=say(language, "card-photo"),
        photo_what=say(language, "card-photo-what"),
        unread=json.dumps(say(language, "card-photo-none"), ensure_ascii=False),
        card=say(language, "card-text"),
        pin=say(language, "pin"),
        **words,
    )
    return plain_page(language, "sign-in", body + _home(language))


def _code(language: Language, asked: str, refused: str) -> Any:
    body = alert(refused_text(language, refused)) + CODE.format(
        lang=language,
        sent=say(language, "code-sent"),
        challenge=escape(asked),
        code=say(language, "code"),
        enter=say(language, "sign-in"),
    )
    body += link(say(language, "other-code"), f"/sign-in?lang={language}")
    return plain_page(language, "sign-in", body, {"asked": asked})


def _home(language: Language) -> str:
    return link(say(language, "home"), f"/?lang={language}")
