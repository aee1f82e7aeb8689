"""The sentences of staff's pages of the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud.screens.shop_texts import SHOP_TEXTS

if TYPE_CHECKING:
    from cloud.screens.staff.texts import Words

TITLE: Words = {"zh": "合作商户", "en": "Partners"}
PARTNER_TITLE: Words = {"zh": "商户与商品", "en": "Partner and goods"}
FOUND_TITLE: Words = {"zh": "兑换记录", "en": "Redemptions"}
GIVING_TITLE: Words = {"zh": "访客积分捐赠", "en": "Guests' points"}

_PARTNERS: dict[str, Words] = {
    "partner": {"zh": "商户", "en": "Partner"},
    "none": {"zh": "还没有商户。", "en": "There is no partner yet."},
    "district": {"zh": "区", "en": "District"},
    "till": {"zh": "收银令牌", "en": "Till"},
    "holds": {"zh": "有效至 {day}", "en": "holds until {day}"},
    "ended": {"zh": "已停用", "en": "ended"},
    "earned": {"zh": "已收积分", "en": "Earned"},
    "reserved": {"zh": "待领取", "en": "Reserved"},
    "new": {"zh": "新增商户", "en": "New partner"},
    "id": {"zh": "代号（小写字母、数字和 -）", "en": "Id: a-z, 0-9 and -"},
    "zh": {"zh": "中文名称", "en": "Chinese name"},
    "en": {"zh": "英文名称", "en": "English name"},
    "in-district": {"zh": "所在区：{district}", "en": "In district {district}"},
    "admit": {"zh": "新增并生成令牌", "en": "Add, and make its token"},
    "once": {
        "zh": "请现在交给商户：令牌不保存，离开页面后无法再显示。",
        "en": "Hand it to the partner now: the token is not kept, and cannot be shown again.",
    },
    "token-of": {"zh": "{partner} 的收银令牌", "en": "The till's token of {partner}"},
    "token-what": {
        "zh": "在收银页面 /partner 登录时输入。有效 90 天。",
        "en": "It is typed at the page /partner, and holds for 90 days.",
    },
    "seen": {"zh": "完成，不再显示", "en": "Done: show it no more"},
    "back": {"zh": "返回商户列表", "en": "Back to the partners"},
}

_TILL: dict[str, Words] = {
    "has": {
        "zh": "{district} · 已收 {points} 积分，待领取 {reserved} 积分",
        "en": "{district} · {points} points earned, {reserved} reserved",
    },
    "till-holds": {"zh": "收银令牌有效至 {day}", "en": "The till's token holds until {day}"},
    "till-ended": {
        "zh": "收银令牌已停用：商品不再提供兑换。",
        "en": "The till's token has ended: its goods are not offered.",
    },
    "renew": {"zh": "新令牌或改名", "en": "New token, or another name"},
    "renew-what": {
        "zh": "旧令牌立即失效，收银台须用新令牌重新登录。",
        "en": "The token of before ends at once: the till signs in anew.",
    },
    "renew-yes": {"zh": "是，生成新令牌", "en": "Yes, make a new token"},
    "end": {"zh": "停用商户", "en": "End this partner"},
    "end-what": {
        "zh": "收银台立即退出，商品下架；已预留的会过期退回。确定要停用 {partner} 吗？",
        "en": "Its till is out at once and its goods are not offered; what is reserved expires and"
        " comes back. End {partner}: are you sure?",
    },
    "end-yes": {"zh": "是，停用", "en": "Yes, end it"},
    "no": {"zh": "不，返回", "en": "No, go back"},
    "is-ended": {"zh": "已停用。", "en": "It has ended."},
    "its-redemptions": {"zh": "查看兑换记录", "en": "See its redemptions"},
}

_GOODS: dict[str, Words] = {
    "goods": {"zh": "商品", "en": "Goods"},
    "no-goods": {"zh": "还没有商品。", "en": "It offers nothing yet."},
    "good": {"zh": "商品", "en": "Good"},
    "points": {"zh": "积分", "en": "Points"},
    "good-has": {"zh": "{points} 积分 · 剩 {stock} 件", "en": "{points} points · {stock} left"},
    "off": {"zh": "已下架", "en": "not offered"},
    "change": {"zh": "修改", "en": "Change"},
    "change-it": {"zh": "修改：{name}", "en": "Change: {name}"},
    "take-off": {"zh": "下架", "en": "End"},
    "take-off-it": {"zh": "下架：{name}", "en": "End: {name}"},
    "put-on": {"zh": "重新上架", "en": "Offer again"},
    "put-on-it": {"zh": "重新上架：{name}", "en": "Offer again: {name}"},
    "add": {"zh": "新增商品", "en": "New good"},
    "good-id": {"zh": "商品代号（如 soap）", "en": "Code, such as soap"},
    "price": {"zh": "积分（100 = 1 元）", "en": "Points; 100 are 1 yuan"},
    "first-stock": {"zh": "库存", "en": "How many there are"},
    "stock-by": {"zh": "库存增减（如 20 或 -3）", "en": "Stock by, as in 20 or -3"},
    "stock-what": {
        "zh": "现有 {stock} 件无人预留。已预留的保持原价。",
        "en": "{stock} are there that nobody reserved. What is reserved keeps its price.",
    },
    "save": {"zh": "保存", "en": "Save"},
    "put": {"zh": "已保存：{name}", "en": "Saved: {name}"},
}

_FOUND: dict[str, Words] = {
    "by-code": {"zh": "按兑换码查找", "en": "By code"},
    "the-code": {"zh": "12 位兑换码", "en": "The code, 12 letters and digits"},
    "find": {"zh": "查找", "en": "Find"},
    "found": {"zh": "兑换记录", "en": "Redemptions"},
    "by-day": {"zh": "按商户和日期查找", "en": "By partner and day"},
    "all-partners": {"zh": "所有商户", "en": "All partners"},
    "day": {"zh": "日期（留空为全部）", "en": "Day; empty for all"},
    "show": {"zh": "显示", "en": "Show"},
    "nothing": {"zh": "没有兑换。", "en": "Nothing was redeemed."},
    "number": {"zh": "编号", "en": "No."},
    "at": {"zh": "时间", "en": "When"},
    "state": {"zh": "状态", "en": "State"},
    "older": {"zh": "更早的", "en": "Older ones"},
    "refund": {"zh": "退积分", "en": "Refund"},
    "refund-it": {"zh": "退积分：{number} 号", "en": "Refund: no. {number}"},
    "refund-what": {
        "zh": "{number} 号 · {name} · {partner}：{points} 积分由商户退回居民。",
        "en": "No. {number} · {name} · {partner}: {points} points go from the partner back.",
    },
    "reason": {"zh": "原因（勿写姓名）", "en": "Reason (no names)"},
    "refund-yes": {"zh": "退回积分", "en": "Give the points back"},
    "is-refunded": {
        "zh": "已退回 {number} 号的积分。",
        "en": "The points of no. {number} are back.",
    },
}

_GIVING: dict[str, Words] = {
    "left": {"zh": "访客账户还有 {points} 积分。", "en": "Guests' points that are left: {points}."},
    "causes": {"zh": "公益项目", "en": "Causes"},
    "cause": {"zh": "项目", "en": "Cause"},
    "times": {"zh": "次数", "en": "Times"},
    "last": {"zh": "最近", "en": "Last"},
    "no-causes": {"zh": "还没有捐赠。", "en": "Nothing was given yet."},
    "erased": {"zh": "已注销账户留下的积分", "en": "What erased accounts left"},
    "left-how": {"zh": "去向", "en": "Where it went"},
    "donated-erasure": {"zh": "捐入访客账户 · 注销时", "en": "To the guests, at the erasure"},
    "donated-refund": {"zh": "捐入访客账户 · 之后退款", "en": "To the guests, by a later refund"},
    "donated-later": {"zh": "捐入访客账户 · 之后到账", "en": "To the guests, came later"},
    "forfeited-erasure": {"zh": "归还运营方 · 注销时", "en": "To the operator, at the erasure"},
    "forfeited-refund": {"zh": "归还运营方 · 之后退款", "en": "To the operator, by a later refund"},
    "forfeited-later": {"zh": "归还运营方 · 之后到账", "en": "To the operator, came later"},
    "give": {"zh": "捐赠", "en": "Give"},
    "give-what": {
        "zh": "所有人都能看到项目与积分；不能撤回。",
        "en": "Everybody sees cause and points; it cannot be taken back.",
    },
    "cause-id": {"zh": "项目代号（如 trees）", "en": "Cause, such as trees"},
    "how-many": {"zh": "积分", "en": "Points"},
    "why": {"zh": "说明", "en": "Reason"},
    "given": {"zh": "已捐赠 {points} 积分。", "en": "{points} points were given."},
    "not-city": {
        "zh": "只有全市的工作人员可以捐赠。",
        "en": "Staff of the whole city give; you see it.",
    },
}

_REFUSED: dict[str, Words] = {
    "name": {
        "zh": "代号只能有 1 至 32 个小写字母、数字和 -；名称 1 至 40 个字。",
        "en": "An id has 1 to 32 of a-z, 0-9 and -; a name 1 to 40 letters.",
    },
    "points": {
        "zh": "积分须为 1 至 10000000 的整数。",
        "en": "Points are a whole number, 1 to 10000000.",
    },
    "stock": {
        "zh": "库存须为整数，且不能少于 0 或多于 1000000。",
        "en": "Stock is a whole number, and stays between 0 and 1000000.",
    },
    "text": {"zh": "请写一句话，最多 300 字。", "en": "Write one sentence of at most 300 letters."},
    "cause": {
        "zh": "项目代号只能有 1 至 32 个小写字母、数字和 -。",
        "en": "A cause has 1 to 32 of a-z, 0-9 and -.",
    },
    "no-day": {"zh": "日期无效。", "en": "This is no day: write it as in 2026-11-28."},
    "other-district": {"zh": "不在您的区内。", "en": "That is another district's."},
    "unknown-partner": {"zh": "没有这个商户。", "en": "There is no such partner."},
    "partner-there": {
        "zh": "已有此代号的商户：请在其页面更换令牌。",
        "en": "There is a partner of this id: change its token on its page.",
    },
    "good-there": {
        "zh": "已有此代号的商品：请在列表中修改。",
        "en": "There is a good of this code: change it in the list.",
    },
    "unknown-code": {
        "zh": "没有这个兑换码，请核对。",
        "en": "There is no such code: read it once more.",
    },
    "unknown-redemption": {"zh": "没有这笔兑换。", "en": "There is no such redemption."},
    "refunded": {"zh": "已经退过。", "en": "It was refunded before."},
    "not-confirmed": {"zh": "尚未领取或已退回。", "en": "It was not taken: nothing to refund."},
    "too-late": {"zh": "领取已超过 7 天。", "en": "It was taken more than seven days ago."},
    "not-enough": {"zh": "访客账户没有这么多积分。", "en": "Guests have not given so many points."},
    "looked-at": {
        "zh": "其中一部分积分要先核对，最多三天。",
        "en": "Some of these points are looked at first, for up to three days.",
    },
    "key-reused": {
        "zh": "上一笔已经给出：请重新打开本页。",
        "en": "What you asked for before was given: open this page again.",
    },
    "changed": {
        "zh": "刚刚有人改过：请核对后再操作。",
        "en": "Somebody changed it meanwhile: look again.",
    },
}

TEXTS: dict[str, Words] = {
    **_PARTNERS,
    **_TILL,
    **_GOODS,
    **_FOUND,
    **_GIVING,
    **{name: one for name, one in SHOP_TEXTS.items() if name.startswith("shop-state-")},
    **{f"refused-{code}": one for code, one in _REFUSED.items()},
}
