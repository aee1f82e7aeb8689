"""The smaller line below a sentence: why, or the way out; in every language, as literal tables.

Every sentence that asks for attention has one. Placeholders are those of `texts.MESSAGES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.screens.texts import Text

HINTS: dict[str, Text] = {
    "idle": {
        "zh": "手机上的、卡上的都行；断网也能投放",
        "en": "At the reader; phone or card, even offline",
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
    "printer-empty": {
        "zh": "没有凭条，积分也不会丢；可以拍下屏幕上的码",
        "en": "Your points are safe without it; the code here can be photographed",
    },
    "printer-open": {
        "zh": "没有凭条，积分也不会丢；可以拍下屏幕上的码",
        "en": "Your points are safe without it; the code here can be photographed",
    },
    "not-printed": {
        "zh": "积分不会丢；再按一次，或拍下屏幕上的码",
        "en": "Your points are safe; try again, or photograph the code here",
    },
    "uncertain": {
        "zh": "结果会记到您的账户里",
        "en": "The outcome will show in your account",
    },
    "uncertain-given": {
        "zh": "核对后，积分照样捐出",
        "en": "Once checked, its points are given all the same",
    },
    "returned-unknown": {
        "zh": "认不出的不会乱收；可以擦干净、摊开再试",
        "en": "What it cannot name it gives back; try it clean and unfolded",
    },
    "returned-not-here": {
        "zh": "标志上有的才收；可换一个投放口或回收站",
        "en": "Its signs show what it takes; try another bay or kiosk",
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
    "returned-gate": {
        "zh": "可以换一个投放口，或过一会儿再来",
        "en": "Use another bay, or come back in a while",
    },
    "store-failed": {
        "zh": "之前收下的不会丢；请过一会儿再来",
        "en": "What was taken before is safe; please come back in a while",
    },
    "refuse-bin": {
        "zh": "没收下的物品，请当场取回",
        "en": "Please take back at once what was not taken",
    },
    "take-back": {
        "zh": "取走后才能结束",
        "en": "You can finish once the pan is empty",
    },
    "idle-warning": {
        "zh": "放入物品，或按“完成”",
        "en": 'Put something in, or touch "Done"',
    },
    "still-there": {
        "zh": "要继续，请按一下；已收下的都会入账",
        "en": "To go on, touch a button; what was taken counts",
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
        "zh": "开放时间：{hours}",
        "en": "Open {hours}",
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
    "phone-wrong": {
        "zh": "手机号是 1 开头的 11 位数字",
        "en": "It has 11 digits and begins with 1",
    },
    "phone-differs": {
        "zh": "两次要输入同一个号码",
        "en": "Type the same one twice",
    },
    "badge-refused": {
        "zh": "请出示有效的工作证，或联系主管",
        "en": "Show a valid one, or ask your supervisor",
    },
    "bin-not-recorded": {
        "zh": "登记之前，这一批不算清空",
        "en": "Until then this lot stays open",
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
    "bay-unknown": {
        "zh": "点一下您要用的投放口",
        "en": "Touch the one that you want to use",
    },
    "in-service": {
        "zh": "已收下的都会入账",
        "en": "Everything that was taken counts",
    },
    "recovering": {
        "zh": "已收下的不会丢",
        "en": "Nothing that was taken is lost",
    },
    "bay-down": {
        "zh": "已收下的都会入账，请用别的投放口",
        "en": "What was taken counts; please use another bay",
    },
    "out-of-service": {
        "zh": "原因写在各投放口上",
        "en": "Each bay says why",
    },
    "farewell": {
        "zh": "会记入您的绿色账户",
        "en": "They go to your green account",
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
