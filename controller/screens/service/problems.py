"""Why the desk does not do what it was asked, in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.screens.texts import Text

PROBLEMS: dict[str, Text] = {
    "no-badge": {
        "zh": "没有看到工作证：在扫码窗出示，或转动钥匙",
        "en": "No badge was seen: show it at the reader, or turn the key",
    },
    "occupied": {
        "zh": "已有人在维护。是您本人？请再出示工作证，或把钥匙拧回再拧开",
        "en": "Somebody is in service. You? Show your badge again, or turn the key off and on",
    },
    "nothing-to-open": {
        "zh": "没有需要开放的：投放口没有关闭，或原因还在（见“实时”）",
        "en": "Nothing to open: the bay is not closed, or its cause still stands (see Live)",
    },
    "no-such-bin": {"zh": "没有这个箱子", "en": "There is no such bin"},
    "forbidden": {"zh": "您的工作证不能做这件事", "en": "Your badge is not for this"},
    "read-only": {"zh": "只能查看", "en": "This screen looks on only"},
    "waiting": {"zh": "居民正在投放，请等一下", "en": "A resident is being served: wait"},
    "busy": {"zh": "另一项检查正在进行", "en": "Another check is running: wait"},
    "too-many": {"zh": "太频繁，请等五分钟", "en": "Too often: wait five minutes"},
    "no-token": {"zh": "维护已结束，请重新进入", "en": "Service has ended: begin again"},
    "not-now": {
        "zh": "现在不行：秤盘上有东西，或有未完成的投放",
        "en": "Not now: something lies on the pan, or a load waits to be seen to",
    },
    "bad-request": {"zh": "填写有误，请检查", "en": "That entry cannot be right: check it"},
    "nothing-before": {
        "zh": "没有可撤销的",
        "en": "There is nothing from before to go back to",
    },
    "hatch-open": {
        "zh": "先关上舱门",
        "en": "Close the hatch first",
    },
    "pan-loaded": {
        "zh": "先清空秤盘",
        "en": "Clear the pan first",
    },
    "pan-empty": {
        "zh": "秤盘上没有东西：放上物品",
        "en": "Nothing lies on the pan: lay the item there",
    },
    "bad-picture": {
        "zh": "照片太暗、太亮、模糊或被挡住：处理后再拍",
        "en": "The picture is dark, burnt, blurred or covered: see to that, take it again",
    },
    "same-picture": {
        "zh": "和以前的照片一样：换个角度再拍",
        "en": "The same picture was taken before: turn the item",
    },
    "moving": {
        "zh": "舱内有东西在动：等一下再拍",
        "en": "Something moves in the chamber: wait, take it again",
    },
    "too-few": {
        "zh": "照片太少：至少两类，每类两张以上",
        "en": "Too few pictures: two classes at least, with two each",
    },
    "enough": {
        "zh": "这一类已有 20 张：可以学习了",
        "en": "20 of this class are enough: let it learn",
    },
    "node-lost": {
        "zh": "控制板没有回应：检查 USB 线和电源，步骤不变",
        "en": "The node does not answer: check its cable and power; the step waits",
    },
    "camera-lost": {
        "zh": "没有画面：检查摄像头的线和插头",
        "en": "No picture: check the camera's cable and plug",
    },
    "not-kept": {
        "zh": "存不下：检查存储卡",
        "en": "It cannot be kept: check the card",
    },
    "no-eyes": {
        "zh": "本机不能学习",
        "en": "This kiosk's eyes cannot be taught here",
    },
    "no-such-item": {
        "zh": "价目里没有这个物品",
        "en": "The catalogue has no such item",
    },
    "begun-before": {
        "zh": "验收已经开始：继续，或放弃",
        "en": "An acceptance is on its way: go on, or give it up",
    },
    "not-begun": {
        "zh": "没有进行中的验收",
        "en": "No acceptance is on its way",
    },
    "no-report": {
        "zh": "还没有验收报告",
        "en": "No acceptance has ended here yet",
    },
}
"""Code of a refusal → words; any other shows its own message."""
