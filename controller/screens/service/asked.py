"""What checks ask, what is done before them, and the seven points, in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.screens.texts import Text

ASKS: dict[str, Text] = {
    "lamp": {
        "zh": "绿、黄、红灯是否依次亮了一秒？",
        "en": "Were green, yellow and red lit, a second each?",
    },
    "buzzer": {"zh": "听到两声长音了吗？", "en": "Did you hear two long tones?"},
    "speaker": {"zh": "听到屏幕说话了吗？", "en": "Did you hear the screen speak?"},
    "touch": {"zh": "请逐个触摸每一格", "en": "Touch every field, one after the other"},
    "fan": {
        "zh": "把手放在风口前：十秒内感到风了吗？",
        "en": "Hold your hand before the grille: do you feel the fan within ten seconds?",
    },
    "printer": {
        "zh": "凭条打出来了吗？两行字和方码都清楚吗？",
        "en": "Has a slip come out, with two lines and a square code, all clear?",
    },
}
"""Check that asks → its question."""

PRINTER_TEST: Text = {"zh": "打印机测试", "en": "Printer test"}
"""What is printed to be looked for, all of it."""

PREPARE: dict[str, Text] = {
    "scale-load": {
        "zh": "放上 1 千克砝码，手离开秤盘",
        "en": "Lay 1 kg on the pan, take your hands off it",
    },
    "scale-zero": {
        "zh": "清空秤盘，不要碰机器",
        "en": "Clear the pan, touch nothing",
    },
    "hatch": {
        "zh": "舱口不要有手，舱门会开合",
        "en": "Keep clear: the hatch opens and closes",
    },
    "gate": {
        "zh": "清空秤盘，落料门会转一次",
        "en": "Clear the pan: the gate cycles once",
    },
    "diverter": {
        "zh": "清空秤盘，分流板会到每个位置",
        "en": "Clear the pan: the diverter goes to every bin",
    },
    "camera": {
        "zh": "关好舱门，擦净镜头",
        "en": "Close the hatch, clean the lens",
    },
    "empty-reference": {
        "zh": "清空秤盘，关好舱门",
        "en": "Clear the pan, close the hatch",
    },
    "code-reader": {
        "zh": "先在扫码窗前出示任意二维码",
        "en": "First hold any code before the reader",
    },
    "lamp": {
        "zh": "看着三个灯",
        "en": "Watch the three lamps",
    },
    "buzzer": {
        "zh": "听蜂鸣器",
        "en": "Listen to the buzzer",
    },
    "speaker": {
        "zh": "听屏幕说话",
        "en": "Listen to the screen",
    },
    "touch": {
        "zh": "准备逐格触摸屏幕",
        "en": "Touch every field that comes",
    },
    "fan": {
        "zh": "把手放在风口前",
        "en": "Hold a hand before the grille",
    },
    "printer": {
        "zh": "看着出纸口",
        "en": "Watch where the slip comes out",
    },
    "key": {
        "zh": "先转动维护钥匙",
        "en": "First turn the service key",
    },
    "mains": {
        "zh": "先拔下市电插头，十秒后插回",
        "en": "First pull the mains plug, and put it back after ten seconds",
    },
}
"""Check → what a person does before it; for any other there is nothing to do."""

POINTS: dict[str, Text] = {
    "signs": {"zh": "统一标识", "en": "Signs"},
    "prices": {"zh": "统一收购价格", "en": "Prices"},
    "measuring": {"zh": "统一计量工具", "en": "Measuring tools"},
    "hours": {"zh": "统一营业时间", "en": "Opening hours"},
    "rules": {"zh": "统一管理制度", "en": "Rules"},
    "dress": {"zh": "统一着装（工作证签到）", "en": "Staff dress (badges shown)"},
    "regular": {"zh": "规范经营", "en": "Regular operation"},
}
"""The seven unified points → what each is called."""
