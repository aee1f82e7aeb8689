"""The visitor's page in words."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]

TEXTS: dict[str, dict[Language, str]] = {
    "title": {"zh": "来当一回居民", "en": "Be the resident"},
    "other-language": {"zh": "English", "en": "中文"},
    "simulated": {
        "zh": "机器是模拟的，其余都是真的：板上固件、称重、识别、账本",
        "en": "The machine is simulated; firmware, weighing, seeing and ledger are the real ones",
    },
    "phone": {"zh": "您的手机", "en": "Your phone"},
    "machine": {"zh": "机器侧面", "en": "The machine from the side"},
    "screen": {"zh": "机器屏幕（可以点）", "en": "The kiosk's screen (touch it)"},
    "things": {"zh": "选一件东西", "en": "Pick something to bring"},
    "show": {"zh": "亮出二维码", "en": "Show my code to the kiosk"},
    "put": {"zh": "放进去", "en": "Put it in"},
    "out": {"zh": "把手拿开", "en": "Take my hand out"},
    "take": {"zh": "取回来", "en": "Take it back"},
    "unplug": {"zh": "拔掉网线", "en": "Unplug the network"},
    "plug": {"zh": "插上网线", "en": "Plug the network in"},
    "mains-off": {"zh": "断开市电", "en": "Cut the mains"},
    "mains-on": {"zh": "恢复市电", "en": "Mains back on"},
    "key-on": {"zh": "转动维护钥匙", "en": "Turn the service key"},
    "key-off": {"zh": "转回维护钥匙", "en": "Turn the key back"},
    "lamp-green": {"zh": "绿灯：可以投", "en": "green: come"},
    "lamp-yellow": {"zh": "黄灯：部分可投", "en": "yellow: some of it"},
    "lamp-red": {"zh": "红灯：暂不收", "en": "red: not now"},
    "lamp-off": {"zh": "灯未亮", "en": "no lamp"},
    "weight": {"zh": "秤的读数", "en": "What the scale reads"},
    "seconds": {"zh": "最近 20 秒", "en": "the last 20 s"},
    "board": {"zh": "控制板：{node}", "en": "Board: {node}"},
    "refuse": {"zh": "不收", "en": "refuse"},
    "paper": {"zh": "纸", "en": "paper"},
    "plastic": {"zh": "塑料", "en": "plastic"},
    "metal": {"zh": "金属", "en": "metal"},
    "glass": {"zh": "玻璃", "en": "glass"},
    "textile": {"zh": "织物", "en": "textile"},
    "next-show": {"zh": "先亮出手机上的二维码", "en": "First show the code on your phone"},
    "next-wait": {"zh": "看机器在做什么", "en": "Watch what the machine does"},
    "next-put": {"zh": "舱门开了：选一件，放进去", "en": "The hatch is open: pick and put in"},
    "next-out": {
        "zh": "手在里面，舱门不会关：把手拿开",
        "en": "It never closes on a hand: take your hand out",
    },
    "next-screen": {"zh": "请在机器屏幕上点选", "en": "Answer on the kiosk's screen"},
    "next-take": {"zh": "机器退给您了：取回来", "en": "It gives it back: take it"},
    "not-open": {"zh": "舱门没有开，手伸不进去", "en": "The hatch is not open"},
    "not-read": {"zh": "机器没有读到二维码", "en": "The kiosk did not read the code"},
    "nothing-there": {"zh": "里面没有东西", "en": "There is nothing to take"},
    "starting": {"zh": "正在启动", "en": "Starting"},
}
"""Key → language → words."""


def say(language: Language, key: str, **figures: str | int) -> str:
    """The words of `key`, with its figures filled in."""
    return TEXTS[key][language].format(**figures)


def language_of(wanted: str) -> Language:
    """The language an address asks for; Chinese where it asks for none of ours."""
    return "en" if wanted == "en" else "zh"
