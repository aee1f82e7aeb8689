"""The sentences of the shop's pages, the resident's and the till's, in Chinese and English."""

from __future__ import annotations

from typing import Literal

SHOP_TEXTS: dict[str, dict[Literal["zh", "en"], str]] = {
    "shop": {"zh": "积分兑换", "en": "Redeem points"},
    "shop-back": {"zh": "返回账户", "en": "Back to the account"},
    "shop-can-spend": {"zh": "可用积分", "en": "Points to spend"},
    "shop-short": {
        "zh": "积分为负：有投递核对后未计入。新的投递补足后即可兑换。",
        "en": "Below zero: deposits were not credited after a check. New deposits fill it up.",
    },
    "shop-waiting": {
        "zh": "另有 {points} 积分正在核对，三天内可用",
        "en": "{points} more are being looked at, for three days at most",
    },
    "shop-no-looked-at": {
        "zh": "部分积分正在核对，三天内可用",
        "en": "Some points are being looked at, for three days at most",
    },
    "shop-open": {"zh": "请向店员出示", "en": "Show this at the till"},
    "shop-code-alt": {"zh": "兑换二维码", "en": "QR code for the till"},
    "shop-left": {
        "zh": "{minutes} 分 {seconds:02d} 秒内有效",
        "en": "Holds {minutes}:{seconds:02d}",
    },
    "shop-no-code": {
        "zh": "此码已无法显示，请取消后重新兑换",
        "en": "This code cannot be shown again: cancel it and reserve anew",
    },
    "shop-cancel": {"zh": "取消", "en": "Cancel"},
    "shop-cancel-what": {"zh": "取消：{name}", "en": "Cancel: {name}"},
    "shop-goods": {"zh": "可兑换商品", "en": "What there is"},
    "shop-none": {"zh": "暂时没有商品", "en": "Nothing is offered at the moment"},
    "shop-price": {"zh": "{points} 积分", "en": "{points} points"},
    "shop-stock": {"zh": "剩 {stock} 件", "en": "{stock} left"},
    "shop-sold-out": {"zh": "已兑完", "en": "Sold out"},
    "shop-missing": {"zh": "还差 {points} 积分", "en": "{points} points missing"},
    "shop-reserve": {"zh": "兑换", "en": "Reserve"},
    "shop-reserve-what": {"zh": "兑换：{name}", "en": "Reserve: {name}"},
    "shop-more": {"zh": "更多", "en": "More"},
    "shop-history": {"zh": "兑换记录", "en": "Redemptions"},
    "shop-no-history": {"zh": "还没有兑换", "en": "None yet"},
    "shop-state-reserved": {"zh": "待领取", "en": "Reserved"},
    "shop-state-confirmed": {"zh": "已领取", "en": "Taken"},
    "shop-state-cancelled": {"zh": "已取消，积分已退回", "en": "Cancelled, points are back"},
    "shop-state-expired": {"zh": "已过期，积分已退回", "en": "Time was over, points are back"},
    "shop-state-refunded": {"zh": "已退货，积分已退回", "en": "Refunded, points are back"},
    "shop-said-reserved": {
        "zh": "已预留：{name}。积分已扣，未领取会退回。",
        "en": "Reserved: {name}. The points are set aside, and come back if you do not take it.",
    },
    "shop-said-cancelled": {"zh": "已取消，积分已退回", "en": "Cancelled: the points are back"},
    "shop-no-not-enough": {"zh": "积分不足", "en": "Not enough points"},
    "shop-no-sold-out": {"zh": "刚刚兑完了", "en": "The last one has just gone"},
    "shop-no-price-changed": {"zh": "价格已变，请再看一次", "en": "The price changed: look again"},
    "shop-no-not-on-sale": {"zh": "商品已下架", "en": "It is no longer offered"},
    "shop-no-too-many-open": {
        "zh": "最多同时预留 5 件，请先领取或取消",
        "en": "Five are reserved: take or cancel one first",
    },
    "shop-no-confirmed": {"zh": "此码已使用过", "en": "This code was used already"},
    "shop-no-cancelled": {"zh": "此码已取消", "en": "This code was cancelled"},
    "shop-no-expired": {"zh": "此码已过期", "en": "The time of this code is over"},
    "shop-no-refunded": {"zh": "此码已退货", "en": "This was refunded"},
    "shop-no-unknown-code": {
        "zh": "不是本店的兑换码，请重新扫码或输入",
        "en": "No code of this shop: scan or type it again",
    },
    "shop-no-unknown-redemption": {"zh": "没有这笔兑换", "en": "There is no such redemption"},
    "shop-no-not-confirmed": {"zh": "尚未领取，不能退货", "en": "Not taken yet: nothing to refund"},
    "shop-no-too-late": {"zh": "超过 7 天，不能退货", "en": "Refunds end after seven days"},
    "shop-no-text": {"zh": "请写一句话说明原因", "en": "Write the reason in one sentence"},
    "shop-no-no-token": {"zh": "令牌无效", "en": "This token is no shop's"},
    "shop-no-token-ended": {
        "zh": "令牌已过期，请向运营方索取新的",
        "en": "The token has ended: ask the operator for another",
    },
    "shop-no-signed-out": {"zh": "请重新登录", "en": "Sign in again"},
    "shop-no-origin": {"zh": "请从本页提交", "en": "Send it from this page"},
    "shop-no-other": {"zh": "没有成功，请再试一次", "en": "That did not work: try once more"},
    "shop-no-failed": {
        "zh": "系统暂时不可用，请稍后再试",
        "en": "Not possible just now: try again in a while",
    },
    "till": {"zh": "合作商户", "en": "Partner's till"},
    "till-token": {"zh": "商户令牌", "en": "The shop's token"},
    "till-enter": {"zh": "登录", "en": "Sign in"},
    "till-out": {"zh": "退出", "en": "Sign out"},
    "till-has": {
        "zh": "已收 {points} 积分，待领取 {reserved} 积分",
        "en": "{points} points earned, {reserved} reserved",
    },
    "till-code": {"zh": "兑换码", "en": "Code"},
    "till-code-what": {
        "zh": "扫码枪扫描，或输入顾客手机上的 12 位码",
        "en": "Scan it, or type the 12 letters and digits on the customer's phone",
    },
    "till-photo": {"zh": "用相机拍二维码", "en": "Photograph the QR code"},
    "till-photo-none": {"zh": "照片里没有兑换码", "en": "No code in this picture"},
    "till-look": {"zh": "查看", "en": "Look"},
    "till-give": {"zh": "请交付", "en": "Hand over"},
    "till-confirm": {"zh": "确认已交付", "en": "Confirm: handed over"},
    "till-turn-down": {"zh": "无法交付，退回积分", "en": "Cannot: points go back"},
    "till-back": {"zh": "返回", "en": "Back"},
    "till-not-drawn": {
        "zh": "已完成，但暂时无法显示结果",
        "en": "It is done, but cannot be shown just now",
    },
    "till-again": {"zh": "重试", "en": "Try again"},
    "till-done": {"zh": "已完成", "en": "Done"},
    "till-latest": {"zh": "最近的兑换", "en": "Latest redemptions"},
    "till-refund": {"zh": "退货", "en": "Refund"},
    "till-reason": {"zh": "原因（勿写姓名）", "en": "Reason (no names)"},
}


def why_not(code: str) -> str:
    """The text that says why the shop refused, by its code."""
    return f"shop-no-{code}" if f"shop-no-{code}" in SHOP_TEXTS else "shop-no-other"
