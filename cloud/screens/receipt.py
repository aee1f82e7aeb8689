"""A deposit's receipt as a page to read, print or scan, and the page that checks receipts.

Both are plain pages: they need no connection once they are there, and can be kept as files.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from cloud.accounts.square import square
from cloud.screens.texts import Language, language_of
from contract.receipt import encode, open_receipt, split
from contract.receipt_text import as_text
from contract.verify_page import verify_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contract.catalogue import Catalogue

    Find = Callable[[str, str], tuple[bytes, bytes] | None]

PAGE = """<!doctype html>
<html lang="{lang}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  body {{ font: 18px/1.5 system-ui, "Noto Sans SC", sans-serif; max-width: 40rem; margin: 0 auto;
    padding: 1rem; color: #10241c; background: #fff; }}
  pre {{ font: inherit; white-space: pre-wrap; word-break: break-all; }}
  svg {{ width: 100%; max-width: 26rem; display: block; }}
</style>
<main>
<h1>{title}</h1>
<pre>{text}</pre>
{codes}
<p><a href="/verify?lang={lang}">{check}</a></p>
</main>
</html>
"""


WORDS: dict[str, dict[Language, str]] = {
    "key": {"zh": "回收站公钥：", "en": "The kiosk's public key: "},
    "check": {"zh": "核验这张凭证", "en": "Check this receipt"},
}


def receipt_pages(find: Find, catalogues: Mapping[str, Catalogue]) -> APIRouter:
    """The pages `/receipt/{kiosk}/{deposit_id}` and `/verify`.

    A receipt's address is as good a secret as the deposit's id, 8 random bytes.

    Args:
        find: Kiosk and deposit id → the record's line and the kiosk's public key that signed it;
            None where there is no such deposit.
        catalogues: Version → catalogue, for the names of items.
    """
    router = APIRouter(default_response_class=HTMLResponse)

    # No return annotations: FastAPI would take them for models of the response.
    @router.get("/verify")
    def verify() -> Any:
        return HTMLResponse(verify_page())

    @router.get("/receipt/{kiosk}/{deposit_id}")
    def receipt(kiosk: str, deposit_id: str, lang: str = "zh") -> Any:
        found = find(kiosk, deposit_id)
        if found is None:
            raise HTTPException(404, f"no deposit {deposit_id!r} of kiosk {kiosk!r}")
        return HTMLResponse(page(*found, language_of(lang), catalogues))

    return router


def page(
    line: bytes, public: bytes, language: Language, catalogues: Mapping[str, Catalogue]
) -> str:
    """A receipt as one HTML page: in words, and as the codes that prove it.

    Raises:
        ReceiptError, RecordError: `line` is no receipt that the holder of `public` signed.
    """
    text = encode(line)
    record = open_receipt(text, public)
    catalogue = catalogues.get(record.body.get("catalogue_version", ""))
    words = as_text(record, language, catalogue)
    title, _, rest = words.partition("\n")
    codes = "\n".join(square(code) for code in split(text))
    return PAGE.format(
        lang=language,
        title=escape(title),
        text=escape(f"{rest}\n{WORDS['key'][language]}{public.hex()}"),
        codes=codes,
        check=WORDS["check"][language],
    )
