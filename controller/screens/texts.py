"""Every sentence of the resident's screen, in every language, as literal tables.

`MESSAGES` has one row for each `View.message` the session can set, `HINTS` the second, smaller
line that some of them need. Placeholders are the message's `figures`. Short, plain, and what to
do comes first: they are read by people with full hands.
"""

from __future__ import annotations

LANGUAGES = ("zh", "en")
"""The languages of the screen; the first is what a resident finds."""

Text = dict[str, str]
"""Language → words."""

MESSAGES: dict[str, Text] = {
    "idle": {
        "zh": "请把二维码对准扫码窗",
        "en": "Hold your code up to the reader",
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
    "recovered": {
        "zh": "刚才中断了，您的物品已经入账",
        "en": "There was an interruption; your load is credited",
    },
    "returned-unknown": {
        "zh": "没认出来，请取回",
        "en": "Not recognised: please take it back",
    },
    "returned-not-here": {
        "zh": "这个投放口不收这一类，请取回",
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
        "zh": "有绳子或带子伸出舱口，请整个放进来",
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
        "zh": "未取回的物品正在清走，不计分",
        "en": "What was left behind is being cleared, without points",
    },
    "idle-warning": {
        "zh": "还在吗？舱门就要关了",
        "en": "Still there? The hatch is about to close",
    },
    "farewell": {
        "zh": "谢谢！本次共得 {points} 分",
        "en": "Thank you! {points} points this time",
    },
    "farewell-nothing": {
        "zh": "谢谢光临，这次没有收下物品",
        "en": "Goodbye; nothing was taken this time",
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
        "zh": "本机还不认识这个发码方",
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
        "en": "This could not be recorded: show your badge and try again later",
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

HINTS: dict[str, Text] = {
    "idle": {
        "zh": "断网也能投放，积分不会丢",
        "en": "Works without a network too; no points are lost",
    },
    "choose-bay": {
        "zh": "按您要投放的种类选择",
        "en": "Pick the one that takes what you brought",
    },
    "hatch-opening": {"zh": "请稍等，不要用手推", "en": "One moment; no need to push"},
    "put-in": {
        "zh": "手拿开后舱门会自动关上",
        "en": "The hatch closes by itself once your hand is out",
    },
    "obstructed": {
        "zh": "把物品放到里面，再把手拿开",
        "en": "Lay it further in, then take your hand out",
    },
    "hand-inside": {
        "zh": "有手在里面时，舱门不会关",
        "en": "The hatch never closes on a hand",
    },
    "measuring": {"zh": "数字稳定后才算数", "en": "It counts once the figure is steady"},
    "ask-which": {
        "zh": "点一下就好；都不是，或里面还有东西，就退给您",
        "en": "If it is none of these, or not empty, you get it back",
    },
    "below-min": {
        "zh": "多攒几件一起投放，就能计分",
        "en": "Bring a few together next time and they will count",
    },
    "record-late": {"zh": "不会丢，请不用担心", "en": "It will not be lost"},
    "uncertain": {
        "zh": "结果会记到您的账户里",
        "en": "The outcome will show in your account",
    },
    "returned-unknown": {
        "zh": "认不出的不会乱收；可以擦干净、摊开再试",
        "en": "What it cannot name it gives back; try it clean and unfolded",
    },
    "returned-not-here": {
        "zh": "请看上方标志，换一个投放口",
        "en": "Look at the signs and use another bay",
    },
    "returned-too-heavy": {"zh": "一次最多 {limit_kg} 公斤", "en": "{limit_kg} kg at most"},
    "returned-mass": {
        "zh": "瓶里请倒空，不同东西请分开",
        "en": "Empty the bottle, and keep different things apart",
    },
    "returned-too-heavy-for-kind": {
        "zh": "倒空，拿出别的东西；瓶罐每次少放几个",
        "en": "Empty it, take out what else is in it, or put in fewer at once",
    },
    "returned-barcode": {
        "zh": "一次只放一种，撕下的标签不算",
        "en": "One kind at a time; a label alone does not count",
    },
    "returned-full": {
        "zh": "请换一个投放口，或等清空后再来",
        "en": "Another bay or kiosk takes it, or this one once it is emptied",
    },
    "returned-dark": {
        "zh": "请再放一次；还不行请联系工作人员",
        "en": "Try once more; if it happens again, please tell staff",
    },
    "returned-string": {
        "zh": "松开绳子和提手，连同物品一起放进去",
        "en": "Let go of cords and handles and lay them on the pan as well",
    },
    "returned-at-hatch": {
        "zh": "放在秤盘中间，不要靠着舱门",
        "en": "Lay it in the middle of the pan, not against the hatch",
    },
    "returned-mixed": {"zh": "一次只放一种", "en": "One kind at a time"},
    "returned-unsteady": {"zh": "放平、放稳，再试一次", "en": "Lay it flat and try again"},
    "take-back": {
        "zh": "取走后才能结束",
        "en": "You can finish once the pan is empty",
    },
    "idle-warning": {
        "zh": "放入物品，或按“完成”",
        "en": "Put something in, or touch “Done”",
    },
    "code-foreign": {
        "zh": "请打开绿色账户，出示里面的二维码",
        "en": "Open your green account and show the code in it",
    },
    "code-unreadable": {
        "zh": "屏幕调亮一点，离扫码窗一拃远",
        "en": "Turn the brightness up and hold it a hand's length away",
    },
    "closed-hours": {
        "zh": "开放时间见价目下方",
        "en": "The opening hours stand below the prices",
    },
    "code-expired": {
        "zh": "刷新后再对准扫码窗",
        "en": "Then hold it up again",
    },
    "code-forged": {
        "zh": "请只用绿色账户里的二维码",
        "en": "Please use only the code in your green account",
    },
    "code-replayed": {
        "zh": "在绿色账户里刷新后再对准",
        "en": "Refresh it in your green account and hold it up again",
    },
    "card-lost": {
        "zh": "请用新换的卡",
        "en": "Please use the one that replaced it",
    },
    "card-spent": {
        "zh": "明天再来，或用手机上的二维码",
        "en": "Come again tomorrow, or use the code on a phone",
    },
    "phone-again": {
        "zh": "输入两次，免得记到别人账上",
        "en": "Twice, so that nobody else gets your points",
    },
    "phone-not-here": {
        "zh": "请用二维码或卡",
        "en": "Please use a code or a card",
    },
    "code-unknown-key": {
        "zh": "请联系工作人员更新本机",
        "en": "Please tell staff that this kiosk needs an update",
    },
    "bay-down": {
        "zh": "已收下的都已入账，请用别的投放口",
        "en": "What was taken is credited; please use another bay",
    },
    "out-of-service": {
        "zh": "原因写在各投放口上",
        "en": "Each bay says why",
    },
    "farewell": {
        "zh": "已记入您的绿色账户",
        "en": "They are in your green account",
    },
}

OFFLINE_HINTS: dict[str, Text] = {
    "farewell": {
        "zh": "已为您记下，联网后自动入账",
        "en": "Recorded; credited once the network is back",
    },
    "recovered": {
        "zh": "已为您记下，联网后自动入账",
        "en": "Recorded; credited once the network is back",
    },
}
"""Hints that say something else while the platform is not reached."""
