"""The sentences that all pages of staff share, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloud.screens.texts import Language

    Words = Mapping[Language, str]

TEXTS: dict[str, Words] = {
    "title": {"zh": "工作人员", "en": "Staff"},
    "other-language": {"zh": "English", "en": "中文"},
    "token": {"zh": "登录令牌", "en": "Your token"},
    "token-what": {
        "zh": "请输入运营方发给您的令牌。令牌不会显示，也不会保存在此设备上。",
        "en": "Enter the token that your operator gave you. It is not shown, nor kept here.",
    },
    "sign-in": {"zh": "登录", "en": "Sign in"},
    "sign-out": {"zh": "退出", "en": "Sign out"},
    "signed-in": {"zh": "{who} · {role} · {district}", "en": "{who} · {role} · {district}"},
    "whole-city": {"zh": "全市", "en": "whole city"},
    "pages": {"zh": "页面", "en": "Pages"},
    "home": {"zh": "首页", "en": "Start"},
    "no-pages": {
        "zh": "您的角色还没有页面。",
        "en": "There is no page for your role yet.",
    },
    "role-read": {"zh": "查看", "en": "reads"},
    "role-decide": {"zh": "核对", "en": "decides"},
    "role-prices": {"zh": "价目编制", "en": "drafts prices"},
    "role-sign": {"zh": "价目审签", "en": "signs prices"},
    "role-desk": {"zh": "服务台", "en": "service desk"},
    "role-fleet": {"zh": "设备", "en": "fleet"},
    "role-shop": {"zh": "兑换", "en": "redemption"},
    "refused-no-token": {
        "zh": "令牌无效。请检查是否完整，或向运营方重新领取。",
        "en": "This token is nobody's. Check that it is whole, or ask your operator for another.",
    },
    "refused-expired": {
        "zh": "令牌已过期，请向运营方重新领取。",
        "en": "This token has ended: ask your operator for another.",
    },
    "refused-signed-out": {
        "zh": "登录已结束，请重新登录。",
        "en": "You are not signed in any more: sign in again.",
    },
    "refused-role": {
        "zh": "您的角色无权使用此功能。",
        "en": "Your role may not do this.",
    },
    "refused-origin": {
        "zh": "请求来自其他网站，未处理。",
        "en": "This came from another site and was not done.",
    },
    "not-drawn": {
        "zh": "已完成，但无法显示结果：请重新打开本页。",
        "en": "It is done, but cannot be shown: open this page again.",
    },
    "refused-failed": {
        "zh": "暂时无法处理，请稍后再试。",
        "en": "This could not be done just now: please try again later.",
    },
}


def say(language: Language, text: str, **figures: str | int) -> str:
    """The sentence `text` in `language`, with its figures filled in."""
    return TEXTS[text][language].format(**figures)
