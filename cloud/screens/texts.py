"""Every sentence of the residents' pages, in Chinese and English, and how figures are written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from cloud.screens.map_texts import MAP_TEXTS
from cloud.screens.shop_texts import SHOP_TEXTS
from cloud.screens.sign_in_texts import SIGN_IN_TEXTS
from contract.hours import in_china

Language = Literal["zh", "en"]

TEXTS: dict[str, dict[Language, str]] = {
    "title": {"zh": "绿色账户", "en": "Green account"},
    "other-language": {"zh": "English", "en": "中文"},
    "code-alt": {"zh": "您的账户二维码", "en": "Your account's QR code"},
    "code-hint": {
        "zh": "请将此码对准回收机的扫码口",
        "en": "Hold this code up to the kiosk's reader",
    },
    "code-time": {"zh": "{seconds} 秒后自动换新码", "en": "A new code in {seconds} s"},
    "points": {"zh": "积分", "en": "Points"},
    "worth": {"zh": "合 {yuan} 元", "en": "worth ¥{yuan}"},
    "carbon": {"zh": "减碳量 CO₂e", "en": "CO₂e avoided"},
    "carbon-apart": {"zh": "单独记录，不折算积分", "en": "Counted apart from points"},
    "held": {
        "zh": "{count} 次投递正在人工核对，核对后才计入",
        "en": "Being checked by staff before they count: {count}",
    },
    "cases": {"zh": "人工核对", "en": "Looked at by staff"},
    "case-held": {"zh": "正在核对", "en": "Being checked"},
    "case-credited": {"zh": "核对后已计入", "en": "Checked and credited"},
    "case-refused": {"zh": "核对后未计入", "en": "Checked and not credited"},
    "held-uncertain": {
        "zh": "断电或故障，无法确认物品是否落入箱内",
        "en": "A power cut or fault: nobody knows whether the load fell into the bin",
    },
    "held-deposit-differs": {
        "zh": "同一编号已有另一次投递",
        "en": "Another deposit was credited under the same number",
    },
    "held-unknown-catalogue": {
        "zh": "平台还没有当时的价目表，收到后自动计入",
        "en": "The price list of then is still to come; it is credited by itself once it is here",
    },
    "held-phone-unread": {
        "zh": "平台无法读取输入的手机号",
        "en": "The phone number that was typed cannot be read here",
    },
    "held-other": {
        "zh": "平台无法识别这条记录（{code}）",
        "en": "The platform does not understand this record ({code})",
    },
    "staff-said": {"zh": "工作人员：{reason}", "en": "Staff: {reason}"},
    "you-said": {"zh": "您的申诉：{sentence}", "en": "You said: {sentence}"},
    "appeal": {"zh": "申诉", "en": "Appeal"},
    "appeal-what": {"zh": "用一句话说明（只能一次）", "en": "Say why, in one sentence, once"},
    "appeal-text": {
        "zh": "请写一句话，最多 300 字",
        "en": "Write one sentence, at most 300 letters",
    },
    "appeal-appealed": {"zh": "已经申诉过", "en": "You have appealed already"},
    "appeal-not-held": {"zh": "已经计入，无需申诉", "en": "It is credited: nothing to appeal"},
    "appeal-not-yours": {"zh": "这不是您的记录", "en": "This is not your record"},
    "appeal-unknown-record": {"zh": "没有这条记录", "en": "There is no such record"},
    "appeal-failed": {"zh": "暂时无法保存，请稍后再试", "en": "Not saved: please try again later"},
    "receipts": {"zh": "投递记录", "en": "Deposits"},
    "none-yet": {
        "zh": "还没有投递记录。投递完成后会立即显示在这里。",
        "en": "Nothing yet. A deposit shows here as soon as it is credited.",
    },
    "receipt": {"zh": "凭证", "en": "Receipt"},
    "pieces": {"zh": "{count} 件", "en": "{count} pc"},
    "below-min": {"zh": "不足最小称量，不计积分", "en": "Below the scale's minimum: no points"},
    "corrected": {
        "zh": "机上显示 {shown} 分，按价目表更正",
        "en": "The kiosk showed {shown}; corrected by the price list",
    },
    "front-title": {"zh": "绿色账户平台", "en": "Green account platform"},
    "front-what": {
        "zh": "这里记录居民的可回收物投递：积分和减碳量。",
        "en": "Residents' deposits of recyclables are kept here: points and carbon.",
    },
    "front-demo": {"zh": "打开演示账户", "en": "Open the demo account"},
    "front-map": {"zh": "附近的回收机", "en": "Kiosks near you"},
    "front-verify": {"zh": "核验凭证", "en": "Verify a receipt"},
    "demo-note": {
        "zh": "演示账户：本机上的任何人点一下就能登录，不需要验证码。",
        "en": "The demo account: anybody at this machine signs in to it with one touch, without "
        "a code.",
    },
    "code-stale": {
        "zh": "二维码已过期，正在重新连接……",
        "en": "This code has expired: connecting again …",
    },
    "bad-account": {
        "zh": "没有这个账户：地址里应有 16 位账户号。",
        "en": "No such account: the address must hold its 16 digits.",
    },
}


TEXTS |= SIGN_IN_TEXTS | MAP_TEXTS | SHOP_TEXTS


def say(language: Language, text: str, **figures: str | int) -> str:
    """The sentence `text` in `language`, with its figures filled in."""
    return TEXTS[text][language].format(**figures)


def why_held(language: Language, code: str) -> str:
    """Why a record is held, by its code, for whoever brought the load."""
    known = f"held-{code}" in TEXTS
    return say(language, f"held-{code}") if known else say(language, "held-other", code=code)


def stream_name(language: Language, stream: str) -> str:
    """A stream's name, or its code where it is none of GB/T 19095's five."""
    return say(language, f"stream-{stream}") if f"stream-{stream}" in TEXTS else stream


def language_of(wanted: str) -> Language:
    """The language that an address asks for; Chinese where it asks for none of ours."""
    return "en" if wanted == "en" else "zh"


def mass(grams: int) -> str:
    """A mass as it is read on a scale: grams below a kilogram."""
    return f"{grams} g" if grams < 1000 else f"{grams / 1000:.3f}".rstrip("0").rstrip(".") + " kg"


def yuan(points: int) -> str:
    """Points as money: 100 are 1 yuan."""
    return f"{points / 100:,.2f}"


def local_second(utc_s: int, language: Language) -> str:
    """Unix seconds as the clock on the wall shows them."""
    return local_time(datetime.fromtimestamp(utc_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), language)


def local_time(instant: str, language: Language) -> str:
    """A record's UTC time as the clock on the wall showed it."""
    at = in_china(instant)
    if language == "zh":
        return f"{at.month}月{at.day}日 {at:%H:%M}"
    return f"{at.day} {at:%b %H:%M}"
