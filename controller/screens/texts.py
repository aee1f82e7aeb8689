"""Every sentence of the resident's screen, in every language, as literal tables.

`MESSAGES` has one row for each `View.message` the session can set; `hints` has the second, smaller
line. Placeholders are the message's `figures`. Short, plain, and what to do comes first: they are
read by people with full hands.
"""

from __future__ import annotations

LANGUAGES = ("zh", "en")
"""The languages of the screen; the first is what a resident finds."""

Text = dict[str, str]
"""Language → words."""

MESSAGES: dict[str, Text] = {
    "idle": {
        "zh": "请把二维码对准扫码窗",
        "en": "Hold up your code",
    },
    "identified": {
        "zh": "您好！舱门马上打开",
        "en": "Welcome! The hatch is about to open",
    },
    "choose-bay": {
        "zh": "请选择投放口",
        "en": "Choose a bay",
    },
    "hatch-opening": {
        "zh": "舱门正在打开",
        "en": "The hatch is opening",
    },
    "put-in": {
        "zh": "放入同一种物品，再拿开手",
        "en": "Put in items of one kind, then take your hand out",
    },
    "closing": {
        "zh": "舱门正在关闭，请把手拿开",
        "en": "The hatch is closing, keep your hands clear",
    },
    "obstructed": {
        "zh": "舱门被挡住了，已重新打开",
        "en": "Something was in the way, so the hatch opened again",
    },
    "hand-inside": {
        "zh": "请把手从舱口拿开",
        "en": "Please take your hand out of the hatch",
    },
    "measuring": {
        "zh": "正在称重",
        "en": "Weighing",
    },
    "looking": {
        "zh": "正在识别物品",
        "en": "Looking at what it is",
    },
    "ask-which": {
        "zh": "您放入的是哪一种？",
        "en": "Which of these is it?",
    },
    "accepted": {
        "zh": "已收下，得 {points} 分",
        "en": "Taken: {points} points for you",
    },
    "given": {
        "zh": "已收下，{points} 分捐给社区，谢谢",
        "en": "Taken: you gave {points} points away, thank you",
    },
    "below-min": {
        "zh": "已收下，但太轻，称不准，不计分",
        "en": "Taken, but too light to weigh: no points",
    },
    "dropping": {
        "zh": "正在收入回收箱",
        "en": "Going into the bin",
    },
    "record-late": {
        "zh": "已收下，正在记账，请稍等",
        "en": "Taken; still writing it down, one moment",
    },
    "uncertain": {
        "zh": "这一件没能确认，已交工作人员核对",
        "en": "This load could not be confirmed; staff will check it",
    },
    "uncertain-given": {
        "zh": "这一件没能确认，已交工作人员核对",
        "en": "This load could not be confirmed; staff will check it",
    },
    "recovered": {
        "zh": "刚才中断了，您的物品已经入账",
        "en": "There was an interruption; your load is credited",
    },
    "returned-unknown": {
        "zh": "没认出来，请取回",
        "en": "Not recognised: please take it back",
    },
    "returned-not-here": {
        "zh": "这里不收这一类，请取回",
        "en": "This bay does not take that kind: please take it back",
    },
    "returned-too-heavy": {
        "zh": "太重了，请取回，分几次投放",
        "en": "Too heavy: please take it back and split it",
    },
    "returned-mass": {
        "zh": "重量和物品对不上，请取回",
        "en": "Weight and item do not match: please take it back",
    },
    "returned-too-heavy-for-kind": {
        "zh": "比空的重太多，请取回",
        "en": "Too heavy to be empty: please take it back",
    },
    "returned-barcode": {
        "zh": "条码和物品对不上，请取回",
        "en": "Barcode and item do not match: please take it back",
    },
    "returned-full": {
        "zh": "这一类的箱子满了，请取回",
        "en": "The bin for that kind is full: please take it back",
    },
    "returned-dark": {
        "zh": "摄像头看不清，请取回",
        "en": "The camera cannot see it clearly: please take it back",
    },
    "returned-string": {
        "zh": "有绳子伸出舱口，请整个放进来",
        "en": "Something hangs out of the hatch: please put it in whole",
    },
    "returned-at-hatch": {
        "zh": "物品挡在舱口，请往里放",
        "en": "It lies in the hatch: please put it further in",
    },
    "returned-mixed": {
        "zh": "混有不同种类，请取回，分开投放",
        "en": "Several kinds together: please take them back and sort them",
    },
    "returned-unsteady": {
        "zh": "秤没有稳住，请取回",
        "en": "The scale did not settle: please take it back",
    },
    "returned-gate": {
        "zh": "这次收不进去，请取回",
        "en": "It could not be taken in: please take it back",
    },
    "store-failed": {
        "zh": "暂时不能记账，所以不收，请取回",
        "en": "The kiosk cannot record now, so it takes nothing: please take it back",
    },
    "take-back": {
        "zh": "请取回您的物品",
        "en": "Please take your things back",
    },
    "refuse-bin": {
        "zh": "没取回的正在清走，不计分",
        "en": "What was left behind is being cleared, without points",
    },
    "idle-warning": {
        "zh": "还在吗？舱门就要关了",
        "en": "Still there? The hatch is about to close",
    },
    "still-there": {
        "zh": "还在吗？这次投放就要结束了",
        "en": "Still there? Your visit is about to end",
    },
    "farewell": {
        "zh": "谢谢！本次共得 {points} 分",
        "en": "Thank you! {points} points this time",
    },
    "farewell-given": {
        "zh": "谢谢！{points} 分已捐给社区",
        "en": "Thank you! You gave {points} points away",
    },
    "farewell-nothing": {
        "zh": "谢谢光临，这次没有收下物品",
        "en": "Goodbye; nothing was taken this time",
    },
    "printing": {
        "zh": "正在打印凭条",
        "en": "Printing your receipt",
    },
    "printed": {
        "zh": "凭条打好了，请取走",
        "en": "Your receipt is printed: please take it",
    },
    "printer-empty": {
        "zh": "打印纸用完了",
        "en": "The printer is out of paper",
    },
    "printer-open": {
        "zh": "打印机的盖子开着",
        "en": "The printer's cover is open",
    },
    "not-printed": {
        "zh": "凭条没打出来",
        "en": "The receipt could not be printed",
    },
    "code-unreadable": {
        "zh": "没读出来，请再对准一次",
        "en": "Could not read that: please hold it up again",
    },
    "code-foreign": {
        "zh": "这是{what}，不是绿色账户二维码",
        "en": "That is {what}, not a green account code",
    },
    "closed-hours": {
        "zh": "现在不在开放时间",
        "en": "Closed at this hour",
    },
    "code-expired": {
        "zh": "二维码过期了，请刷新",
        "en": "This code is too old: please refresh it",
    },
    "code-forged": {
        "zh": "这个二维码不是真的，不能使用",
        "en": "This code is not genuine and cannot be used",
    },
    "code-unknown-key": {
        "zh": "本机不认识这个发码方",
        "en": "This kiosk does not know who issued that code",
    },
    "code-replayed": {
        "zh": "这个二维码已经用过，请刷新",
        "en": "This code was used before: please refresh it",
    },
    "card-lost": {
        "zh": "这张卡已挂失",
        "en": "This card was reported lost",
    },
    "card-spent": {
        "zh": "这张卡今天已达上限",
        "en": "This card has reached its limit for today",
    },
    "phone-again": {
        "zh": "请再输入一次手机号",
        "en": "Please type your number once more",
    },
    "phone-wrong": {
        "zh": "手机号不对，请重新输入",
        "en": "That is no mobile number: please type it again",
    },
    "phone-differs": {
        "zh": "两次输入不一样，请重新输入",
        "en": "The two numbers differ: please begin again",
    },
    "phone-not-here": {
        "zh": "本机不能用手机号",
        "en": "This kiosk takes no phone numbers",
    },
    "badge-known": {
        "zh": "工作证已登记",
        "en": "Your badge is on record",
    },
    "bin-emptied": {
        "zh": "清运已登记",
        "en": "The emptied bin is on record",
    },
    "bin-not-recorded": {
        "zh": "暂时不能登记清运，请稍后再试",
        "en": "Not recorded: show your badge again later",
    },
    "badge-refused": {
        "zh": "工作证无效",
        "en": "This badge is not valid",
    },
    "bay-unknown": {
        "zh": "没有 {bay} 投放口，请另选",
        "en": "There is no bay {bay}: choose another",
    },
    "bay-down": {
        "zh": "{bay} 投放口暂停使用",
        "en": "Bay {bay} is out of service",
    },
    "out-of-service": {
        "zh": "抱歉，所有投放口都暂停使用",
        "en": "Sorry, every bay is out of service",
    },
    "in-service": {
        "zh": "正在维护，请稍后再来",
        "en": "In service: please come back in a while",
    },
    "recovering": {
        "zh": "刚才中断了，正在核对，请稍等",
        "en": "There was an interruption; checking, one moment",
    },
}
