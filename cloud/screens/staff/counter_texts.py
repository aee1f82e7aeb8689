"""The sentences of the counter's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cloud.screens.staff.texts import Words

TITLE: Words = {"zh": "服务台", "en": "Service desk"}

TEXTS: dict[str, Words] = {
    "new": {"zh": "首次办卡", "en": "First card"},
    "new-what": {
        "zh": "为没有手机的居民新建账户并办卡。不登记姓名。",
        "en": "For somebody without a phone: a new account and its card. No name is kept.",
    },
    "issue-new": {"zh": "新建账户并办卡", "en": "Make account and card"},
    "known": {"zh": "已有账户", "en": "Has an account"},
    "asked": {
        "zh": "账户号、卡号或手机号",
        "en": "Account, card number or phone number",
    },
    "find": {"zh": "查找", "en": "Find"},
    "account": {"zh": "账户 {account}", "en": "Account {account}"},
    "no-cards": {"zh": "还没有卡。", "en": "It has no card yet."},
    "card": {"zh": "第 {number} 张 · {issued} 办理", "en": "Card {number} · made on {issued}"},
    "blocked": {"zh": "已停用", "en": "blocked"},
    "ended": {"zh": "已到期", "en": "ended"},
    "replace": {"zh": "挂失并补办", "en": "Lost: replace it"},
    "block": {"zh": "只挂失", "en": "Lost: block only"},
    "pin": {"zh": "新密码", "en": "New PIN"},
    "another": {"zh": "再办一张卡", "en": "Make another card"},
    "phone": {"zh": "登记手机号", "en": "Link a phone number"},
    "phone-what": {
        "zh": "仅在居民要求时登记；不保存号码本身。",
        "en": "Only when they ask for it; the number itself is not kept.",
    },
    "number": {"zh": "手机号", "en": "Phone number"},
    "link": {"zh": "登记", "en": "Link"},
    "linked": {"zh": "已登记。", "en": "Linked."},
    "is-blocked": {
        "zh": "已停用。回收站收到新名单后不再接受此卡。",
        "en": "Blocked: kiosks refuse it once they have the new list.",
    },
    "new-pin": {
        "zh": "第 {number} 张卡的新密码：{pin}。请写给居民，关闭后不再显示。",
        "en": "The new PIN of card {number}: {pin}. Write it down for them: it is not shown again.",
    },
    "print": {"zh": "打印", "en": "Print"},
    "done": {"zh": "完成，不再显示", "en": "Done: show it no more"},
    "once": {
        "zh": "请现在打印：此卡的码和密码不保存，离开页面后无法再显示。",
        "en": "Print it now: code and PIN are not kept, and cannot be shown again.",
    },
    "card-title": {"zh": "绿色账户卡", "en": "Green account card"},
    "card-hint": {
        "zh": "将此码对准回收机的扫码口",
        "en": "Hold this code up to the kiosk's reader",
    },
    "card-number": {"zh": "卡号", "en": "Card number"},
    "card-account": {"zh": "账户", "en": "Account"},
    "card-until": {"zh": "有效期至", "en": "Holds until"},
    "card-pin": {"zh": "查询密码（请勿写在卡上）", "en": "PIN, not to be kept with the card"},
    "code-alt": {"zh": "卡上的二维码", "en": "The card's QR code"},
    "refused-unknown-account": {
        "zh": "没有这个账户，请核对号码。",
        "en": "There is no such account: check its digits.",
    },
    "refused-unknown-number": {
        "zh": "这个手机号没有账户。",
        "en": "This phone number has no account.",
    },
    "refused-number-taken": {
        "zh": "这个手机号已登记在另一账户。",
        "en": "This number has another account already.",
    },
    "refused-not-a-number": {
        "zh": "既不是账户号、卡号，也不是手机号。",
        "en": "This is no account, card number or mobile number.",
    },
    "refused-no-phones": {
        "zh": "平台没有启用手机号。",
        "en": "Phone numbers are not in use here.",
    },
    "refused-revoked": {"zh": "此卡已挂失过。", "en": "This card was blocked before."},
    "refused-unknown-card": {"zh": "没有这张卡。", "en": "There is no such card."},
    "refused-erased": {
        "zh": "账户已按居民要求删除，请新建账户。",
        "en": "This account was erased on request: make a new one.",
    },
}
