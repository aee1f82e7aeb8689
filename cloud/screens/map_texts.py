"""The sentences of the map of kiosks, in Chinese and English."""

from __future__ import annotations

from typing import Literal

MAP_TEXTS: dict[str, dict[Literal["zh", "en"], str]] = {
    "kiosks": {"zh": "附近的回收机", "en": "Kiosks"},
    "no-kiosks": {"zh": "这里还没有回收机。", "en": "There is no kiosk here yet."},
    "choose-district": {"zh": "请选择城区：", "en": "Choose a district:"},
    "elsewhere": {"zh": "其他", "en": "Elsewhere"},
    "more-kiosks": {"zh": "更多回收机", "en": "More kiosks"},
    "look-takes": {"zh": "可投递", "en": "Takes everything"},
    "look-limited": {"zh": "已关门或有箱已满", "en": "Closed, or something is full"},
    "look-away": {"zh": "暂无联系", "en": "Not heard of"},
    "kiosk-online": {"zh": "在线", "en": "Online"},
    "kiosk-offline": {"zh": "离线（仍可投递）", "en": "Offline (it may still take things)"},
    "kiosk-silent": {"zh": "暂无消息", "en": "Not heard of yet"},
    "since": {"zh": "自 {at}", "en": "since {at}"},
    "open-always": {"zh": "全天开放", "en": "Open day and night"},
    "open-now": {"zh": "现在开放", "en": "Open now"},
    "closed-now": {"zh": "现在关闭", "en": "Closed now"},
    "daily": {"zh": "每天", "en": "daily"},
    "weekdays": {"zh": "周一 周二 周三 周四 周五 周六 周日", "en": "Mon Tue Wed Thu Fri Sat Sun"},
    "full": {"zh": "已满", "en": "full"},
    "percent-full": {"zh": "已装 {percent}%", "en": "{percent}% full"},
    "near": {"zh": "按距离排序", "en": "Nearest first"},
    "near-asking": {"zh": "正在定位……", "en": "Asking where you are …"},
    "near-sorted": {
        "zh": "已按距离排序。您的位置没有离开手机。",
        "en": "Sorted by distance. Your position did not leave your phone.",
    },
    "near-none": {
        "zh": "手机没有给出位置，列表没有排序",
        "en": "Your phone did not say where it is: the list is not sorted",
    },
    "stream-paper": {"zh": "纸类", "en": "Paper"},
    "stream-plastic": {"zh": "塑料", "en": "Plastic"},
    "stream-metal": {"zh": "金属", "en": "Metal"},
    "stream-glass": {"zh": "玻璃", "en": "Glass"},
    "stream-textile": {"zh": "织物", "en": "Textiles"},
}
