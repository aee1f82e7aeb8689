"""The sentences of signing in and of privacy, in Chinese and English."""

from __future__ import annotations

from typing import Literal

SIGN_IN_TEXTS: dict[str, dict[Literal["zh", "en"], str]] = {
    "sign-in": {"zh": "登录", "en": "Sign in"},
    "sign-in-number": {"zh": "用手机号登录", "en": "By phone number"},
    "sign-in-number-what": {
        "zh": "我们会发一条短信，内有 6 位验证码。新号码会得到一个新账户。"
        "手机号不会保存，只保存无法还原的指纹。",
        "en": "A text message with a code of six digits is sent there. A new number gets a new "
        "account. The number is not kept, only a fingerprint that nobody can turn back.",
    },
    "number": {"zh": "手机号", "en": "Phone number"},
    "send-code": {"zh": "获取验证码", "en": "Send a code"},
    "code-sent": {
        "zh": "如果号码正确，验证码已发出，5 分钟内有效。",
        "en": "If the number is right a code is on its way. It holds five minutes.",
    },
    "code": {"zh": "6 位验证码", "en": "Code of six digits"},
    "other-code": {"zh": "重新获取验证码", "en": "Ask for another code"},
    "sign-in-card": {"zh": "用卡登录", "en": "By card"},
    "sign-in-card-what": {
        "zh": "没有手机也可以：用您的卡和 6 位密码。密码由服务台制作，忘了可以重做。",
        "en": "For people without a phone: your card and its PIN of six digits. The desk makes the "
        "PIN, and another one when it is forgotten.",
    },
    "card-text": {"zh": "卡上的文字（GR1: 开头）", "en": "The card's text (it begins with GR1:)"},
    "card-photo": {"zh": "拍下卡上的二维码", "en": "Take a picture of the card's code"},
    "card-photo-what": {
        "zh": "照片不会离开您的手机。",
        "en": "The picture does not leave your phone.",
    },
    "card-photo-none": {
        "zh": "照片里没有读到二维码，请再拍一张",
        "en": "No code was read in the picture: take another",
    },
    "pin": {"zh": "6 位密码", "en": "PIN of six digits"},
    "sign-out": {"zh": "退出登录", "en": "Sign out"},
    "sign-out-all": {"zh": "在所有设备上退出", "en": "Sign out everywhere"},
    "other-account": {
        "zh": "这不是您的账户。您登录的是另一个账户。",
        "en": "This is not your account: you are signed in to another one.",
    },
    "my-account": {"zh": "我的账户", "en": "My account"},
    "home": {"zh": "首页", "en": "Front page"},
    "refused-not-signed-in": {"zh": "请先登录", "en": "Please sign in first"},
    "refused-not-a-number": {
        "zh": "这不是中国大陆的手机号：请输入 1 开头的 11 位数字",
        "en": "This is no mobile number of mainland China: type its 11 digits, beginning with 1",
    },
    "refused-wrong-code": {
        "zh": "验证码不对、已用过或已超过 5 分钟",
        "en": "The code is wrong, was used, or is older than five minutes",
    },
    "refused-wrong-card": {
        "zh": "卡和密码不符，或卡已失效。可以在服务台重做密码。",
        "en": "Card and PIN do not fit, or the card is no longer good. The desk makes a new PIN.",
    },
    "refused-too-many": {
        "zh": "尝试次数太多，请稍后再试",
        "en": "Tried too often: please wait a while",
    },
    "refused-busy": {
        "zh": "现在要验证码的人很多：请过一分钟再试，或用卡登录",
        "en": "Many ask for a code just now: please try again in a minute, or use your card",
    },
    "refused-no-texts": {
        "zh": "这里不发短信：请用卡登录",
        "en": "No text messages are sent from here: please use your card",
    },
    "refused-text-failed": {
        "zh": "短信没有发出，请稍后再试",
        "en": "No message could be sent: please try again later",
    },
    "refused-not-here": {
        "zh": "演示账户只能在本机打开",
        "en": "The demo account opens on its own machine alone",
    },
    "refused-erased": {"zh": "这个账户已注销", "en": "This account was erased"},
    "refused-sign-in-again": {
        "zh": "注销前请先退出，再重新登录一次",
        "en": "Before you erase anything please sign out and in again",
    },
    "refused-changed": {
        "zh": "余额刚刚变了，请再看一遍",
        "en": "The balance has just changed: please look again",
    },
    "refused-reserved": {
        "zh": "还有商品预留着：请先领取或取消",
        "en": "Something is still reserved at a partner: fetch or cancel it first",
    },
    "refused-not-sure": {
        "zh": "请选择积分的去向，并勾选确认",
        "en": "Choose what becomes of the points, and tick that you are sure",
    },
    "refused-other": {"zh": "没有成功，请再试一次", "en": "That did not work: please try again"},
    "privacy": {"zh": "我的数据", "en": "My data"},
    "privacy-what": {"zh": "保存了什么，保存多久", "en": "What is kept, and how long"},
    "kept-number": {"zh": "手机号", "en": "Your phone number"},
    "kept-number-how": {
        "zh": "不保存。只保存带密钥的指纹，直到注销。",
        "en": "Not kept. Only a keyed fingerprint of it, until you erase your account.",
    },
    "kept-deposits": {"zh": "投递、积分和减碳量", "en": "Deposits, points and carbon"},
    "kept-deposits-how": {
        "zh": "在账户的随机号码下长期保存，因为账目经过签名，不能改动。"
        "注销后没有人知道这个号码是谁的。",
        "en": "For good, under the account's random number, for the books are signed and cannot be "
        "changed. Once you erase your account nobody can tell whose number it was.",
    },
    "kept-sealed": {"zh": "在回收机上输入的手机号", "en": "A number typed at a kiosk"},
    "kept-sealed-how": {
        "zh": "加密封存在那次投递的签名记录里，只有平台的密钥能打开；"
        "密钥更换并销毁后再也无法打开。",
        "en": "Sealed within that deposit's signed record. The platform's key alone opens it; once "
        "that key is replaced and destroyed, nothing does.",
    },
    "kept-appeals": {"zh": "您写的申诉", "en": "What you wrote in appeals"},
    "kept-appeals-how": {
        "zh": "作出决定后 180 天删除，注销时立即删除。",
        "en": "180 days after the decision; at once when you erase your account.",
    },
    "kept-cards": {"zh": "卡和密码", "en": "Cards and PINs"},
    "kept-cards-how": {
        "zh": "卡的编号和密码的指纹，直到注销。注销后卡的编号在失效名单上保留到原有效期。",
        "en": "The card's number and a fingerprint of its PIN, until you erase your account. The "
        "number of a revoked card stays on the list of lost ones until the card would have ended.",
    },
    "kept-sign-ins": {"zh": "登录", "en": "Sign-ins"},
    "kept-sign-ins-how": {
        "zh": "时间、方式、手机或电脑，30 天。验证码 5 分钟，尝试次数 1 天。不保存网络地址。",
        "en": "When, how, phone or computer: 30 days. Codes five minutes, what was tried a day. "
        "No network address is kept.",
    },
    "kept-shop": {"zh": "兑换", "en": "What you redeemed"},
    "kept-shop-how": {
        "zh": "和账目一起长期保存。商家只看到商品，看不到您是谁。",
        "en": "For good, with the books. Partners see the good and not who you are.",
    },
    "kept-log": {"zh": "办理记录", "en": "What was done"},
    "kept-log-how": {
        "zh": "申诉、兑换、注销和服务台办理的事项，记在账户和卡的编号下，长期保存。"
        "工作人员看不到是谁兑换的。",
        "en": "Appeals, what you reserved, erasure, and what the desk did for you: under the "
        "numbers of account and card, for good. Staff are not told who reserved something.",
    },
    "kept-pictures": {"zh": "照片", "en": "Pictures"},
    "kept-pictures-how": {
        "zh": "只拍投递舱内，留在回收机上，七天后删除，平台没有。",
        "en": "Of the chamber only; they stay at the kiosk for seven days and never come here.",
    },
    "sign-ins": {"zh": "在哪里登录着", "en": "Where you are signed in"},
    "device-phone": {"zh": "手机", "en": "Phone"},
    "device-computer": {"zh": "电脑", "en": "Computer"},
    "way-number": {"zh": "手机号", "en": "by number"},
    "way-card": {"zh": "卡", "en": "by card"},
    "way-demo": {"zh": "演示链接", "en": "by the demo's link"},
    "this-one": {"zh": "本机", "en": "this one"},
    "export": {"zh": "下载我的全部数据（JSON）", "en": "Download all my data (JSON)"},
    "erase": {"zh": "注销账户", "en": "Erase my account"},
    "erase-what": {
        "zh": "手机号、卡、密码、登录和您写过的话都会删除，卡立即失效。"
        "投递记录留在没有姓名的账目里。无法撤销。以后用同一个手机号登录会得到新账户。",
        "en": "Number, cards, PINs, sign-ins and what you wrote are deleted; no card counts any "
        "more. Deposits stay in books that name nobody. This cannot be undone. The same number "
        "gets a new account later.",
    },
    "erase-points": {"zh": "您还有 {points} 积分。", "en": "You still have {points} points."},
    "erase-waits": {
        "zh": "其中 {points} 积分还在人工核对，最多三天；核对后同样处理，不计入的除外。",
        "en": "{points} of them are being looked at by staff, for three days at most. After that "
        "they go the same way, unless staff refuse them.",
    },
    "erase-later": {
        "zh": "注销立即生效，没有等待期。之后退回或到账的积分也按您的选择处理。",
        "en": "It is done at once, without a time to think it over. Points that come back or come "
        "in later go the way that you choose here.",
    },
    "erase-later-none": {
        "zh": "注销立即生效，没有等待期。之后退回或到账的积分归还运营方。",
        "en": "It is done at once, without a time to think it over. Points that come back or come "
        "in later go to the operator.",
    },
    "erase-donated": {
        "zh": "捐给公益（访客账户）",
        "en": "Give them away: to the guests' account, for the city's causes",
    },
    "erase-forfeited": {"zh": "放弃，归还运营方", "en": "Let them lapse, back to the operator"},
    "erase-really": {
        "zh": "我确定：这无法撤销",
        "en": "I am sure: this cannot be undone",
    },
    "erase-do": {"zh": "确定注销", "en": "Erase it for good"},
    "erased": {
        "zh": "账户已注销。谢谢您一直以来的回收。",
        "en": "Your account was erased. Thank you for all that you brought.",
    },
}
