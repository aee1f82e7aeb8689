"""What people hold before the kiosk's reader by mistake, told by its looks.

So the screen can say "this is a payment code" instead of "invalid". What is told here is never
acted upon.
"""

from __future__ import annotations

import re

SOMETHING_ELSE = "something else"

_LOOKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # 18 digits from 10 to 15, and 16 to 24 digits from 25 to 30: what the two wallets put into
    # the code that a payer shows.
    ("a WeChat payment code", re.compile(r"1[0-5][0-9]{16}|(wxp|weixin)://.*", re.IGNORECASE)),
    (
        "an Alipay payment code",
        re.compile(
            r"(2[5-9]|30)[0-9]{14,22}|alipays?:.*|https?://qr\.alipay\.com\b.*", re.IGNORECASE
        ),
    ),
    ("a wifi code", re.compile(r"WIFI:.*", re.IGNORECASE)),
    ("a web address", re.compile(r"https?://.*|www\..*", re.IGNORECASE)),
)
_ARTICLE_NUMBER = re.compile(r"[0-9]{8}|[0-9]{12,14}")


def what_is(text: str) -> str | None:
    """Name what `text` is, as in "a web address"; None where nothing legible was read."""
    line = text.strip()
    if not line or not line.isprintable() or "\ufffd" in line:
        return None
    if _ARTICLE_NUMBER.fullmatch(line) and _check_digit_fits(line):
        return "a container's barcode"
    for what, looks in _LOOKS:
        if looks.fullmatch(line):
            return what
    return SOMETHING_ELSE


def _check_digit_fits(digits: str) -> bool:
    """Whether a GTIN's last digit fits (GS1: weights 3 and 1 from the right, sum 0 mod 10)."""
    weighted = (int(digit) * (1, 3)[i % 2] for i, digit in enumerate(reversed(digits)))
    return sum(weighted) % 10 == 0
