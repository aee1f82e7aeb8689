"""What a till's pages are made of, as HTML."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from cloud.screens.plain import alert, button, link
from cloud.screens.texts import Language, local_second, say
from cloud.shop.codes import in_groups, typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloud.ledger.redeemed import Redeemed
    from cloud.shop.partners import Partner
    from cloud.shop.takings import Takings

SHUT = """<form class="card" method="post" action="/partner/sign-in?lang={lang}">
<label>{token}<input type="password" name="token" autocomplete="current-password" required
 maxlength="200"></label>
<button class="plain-button wide primary">{enter}</button></form>"""

CODE = """<form class="card" method="post" action="/partner/look?lang={lang}" id="shown">
<label>{code}<span class="small">{what}</span>
<input type="text" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false"
 required maxlength="64" autofocus></label>
<label id="photo" hidden>{photo}<input type="file" accept="image/*" capture="environment"></label>
<p id="unread" class="small" role="status"></p>
<button class="plain-button wide primary">{look}</button></form>
<script>
if ("BarcodeDetector" in window) {{
  const label = document.getElementById("photo"), form = document.getElementById("shown");
  label.hidden = false;
  label.querySelector("input").onchange = async (event) => {{
    const picture = await createImageBitmap(event.target.files[0]);
    const found = await new BarcodeDetector({{formats: ["qr_code"]}}).detect(picture);
    document.getElementById("unread").textContent = found.length ? "" : {unread};
    if (found.length) {{ form.code.value = found[0].rawValue; form.submit(); }}
  }};
}}
</script>"""

ASKED = """<div class="card"><p>{give}</p><p class="good">{name}</p>
<p>{price}</p><p class="small">{code}</p></div>"""

ONCE = """<script>
let sent = false;
addEventListener("pageshow", () => { sent = false; });
addEventListener("submit", (event) => { if (sent) event.preventDefault(); sent = true; });
</script>"""
"""Whoever clicks twice would be told of the second: that the code was used already."""

ROW = """<li><p class="what">{name}</p><p class="small">{at} · {price} · {state}</p>{refund}</li>"""

REFUND = """<details><summary>{title}</summary>
<form class="fields" method="post" action="/partner/refund?lang={lang}">
<input type="hidden" name="redemption" value="{id}">
<label>{reason}<input type="text" name="reason" required maxlength="300" autocomplete="off"></label>
<button class="plain-button wide danger">{title}</button></form></details>"""


def shut_till(language: Language, said: str) -> str:
    """The way in."""
    words = {"token": say(language, "till-token"), "enter": say(language, "till-enter")}
    return alert(said) + SHUT.format(lang=language, **words)


def failing_till(language: Language, done: int) -> str:
    """What there is while the database fails: what was done before, as number `done`, is done."""
    again = f"/partner?lang={language}" + (f"&done={done}" if done else "")
    words = say(language, "till-not-drawn" if done else "shop-no-failed")
    return alert(words) + link(say(language, "till-again"), again)


def open_till(
    language: Language,
    who: Partner,
    takings: Takings,
    latest: Sequence[Redeemed],
    just: Redeemed | None,
    said: str,
) -> str:
    """Where a code is read, what came of the last one, and what was redeemed here."""
    body = alert(said)
    if just is not None:
        state = say(language, f"shop-state-{just.state}")
        words = f"{say(language, 'till-done')}: {just.names[language]} · {state}"
        body += f'<p class="card done" role="status">{escape(words)}</p>'
    body += CODE.format(
        lang=language,
        code=say(language, "till-code"),
        what=say(language, "till-code-what"),
        photo=say(language, "till-photo"),
        unread=json.dumps(say(language, "till-photo-none")),
        look=say(language, "till-look"),
    )
    has = say(language, "till-has", points=takings.points, reserved=takings.reserved)
    body += f'<p class="card"><strong>{escape(who.names[language])}</strong><br>{has}</p>'
    body += _rows(language, latest)
    return body + button(say(language, "till-out"), "/partner/sign-out", language)


def asked(language: Language, redeemed: Redeemed, code: str) -> str:
    """What to hand over for a code, and whether that was done."""
    hidden = f'<input type="hidden" name="code" value="{escape(typed(code))}">'
    body = ASKED.format(
        give=say(language, "till-give"),
        name=escape(redeemed.names[language]),
        price=say(language, "shop-price", points=f"{redeemed.points:,}"),
        code=escape(in_groups(typed(code))),
    )
    body += button(say(language, "till-confirm"), "/partner/confirm", language, hidden, "primary")
    body += button(say(language, "till-turn-down"), "/partner/turn-down", language, hidden)
    body += f'<p><a href="/partner?lang={language}">{say(language, "till-back")}</a></p>'
    return body + ONCE


def _rows(language: Language, latest: Sequence[Redeemed]) -> str:
    rows = "".join(_row(language, one) for one in latest)
    title = say(language, "till-latest")
    empty = "" if rows else f'<p class="small">{say(language, "shop-no-history")}</p>'
    return f'<section class="card"><h2>{title}</h2>{empty}<ul class="lines">{rows}</ul></section>'


def _row(language: Language, one: Redeemed) -> str:
    words = {"title": say(language, "till-refund"), "reason": say(language, "till-reason")}
    refund = REFUND.format(lang=language, id=one.id, **words) if one.state == "confirmed" else ""
    return ROW.format(
        name=escape(one.names[language]),
        at=local_second(one.refunded_at or one.ended_at or one.reserved_at, language),
        price=say(language, "shop-price", points=f"{one.points:,}"),
        state=say(language, f"shop-state-{one.state}"),
        refund=refund,
    )
