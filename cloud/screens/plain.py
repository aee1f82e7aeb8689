"""Plain pages: HTML that needs no connection once it is there, in the style of the others.

Forms work without any script, on old phones and with every reader. Nothing of them is kept by
browsers or proxies, for most are one person's.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from fastapi.responses import HTMLResponse

from cloud.screens.texts import Language, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request

STYLE = "".join(
    Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("page.css", "plain.css")
)

TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}

PAGE = """<!doctype html>
<html lang="{tag}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
<div class="page">
<header class="head"><h1>{title}</h1>
<a class="plain-button" lang="{other_tag}" href="?{other}">{other_name}</a></header>
<main>
{body}
</main>
</div>
</html>
"""


def plain_page(
    language: Language,
    title: str,
    body: str,
    query: Mapping[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """A page of `body`, which is HTML already, under the text named `title`.

    `query` is what the address must keep when the language is changed.
    """
    other = OTHER[language]
    html = PAGE.format(
        tag=TAGS[language],
        title=escape(say(language, title)),
        style=STYLE,
        other_tag=TAGS[other],
        other=escape(urlencode(dict(query or {}) | {"lang": other})),
        other_name=say(language, "other-language"),
        body=body,
    )
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def paragraph(text: str, classes: str = "card") -> str:
    """A sentence as HTML."""
    return f'<p class="{classes}">{escape(text)}</p>'


def link(text: str, address: str) -> str:
    """A way on, as a button."""
    return f'<p><a class="plain-button wide" href="{escape(address)}">{escape(text)}</a></p>'


def alert(text: str) -> str:
    """What went wrong, read out at once; nothing where there is no text."""
    return f'<p class="card held" role="alert">{escape(text)}</p>' if text else ""


def button(text: str, address: str, language: Language, inner: str = "", kind: str = "") -> str:
    """A form with nothing but a button, of the class `kind` too, and what is hidden in it."""
    classes = f"plain-button wide {kind}".rstrip()
    return (
        f'<form method="post" action="{escape(address)}?lang={language}">{inner}'
        f'<button class="{classes}">{escape(text)}</button></form>'
    )


def is_ours(request: Request) -> bool:
    """Whether a form was sent from a page of this address, as far as the browser says.

    Another site's form would sign somebody in as somebody else.
    """
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
