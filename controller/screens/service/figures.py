"""The words that stand among figures and limits, in Chinese; the API says them in English."""

from __future__ import annotations

import re
from collections.abc import Mapping

IN_CHINESE: Mapping[str, str] = {
    "CLOSED": "关着",
    "CLOSE_WARN": "将要关闭",
    "CLOSING": "正在关闭",
    "ESTOP": "急停",
    "FAULT": "故障",
    "FAULT_OPEN": "故障，开着",
    "FIRE": "火警",
    "HOLD": "停住",
    "INIT": "正在启动",
    "MOVING": "正在动",
    "OPEN": "开着",
    "OPENING": "正在打开",
    "PINCH": "夹到东西",
    "REVERSE": "正在退回",
    "SAFE_STOP": "安全停止",
    "UNLOCK": "正在解锁",
    "aside": "条另存",
    "bad of": "个坏帧，共",
    "badges": "枚工牌",
    "battery": "电池",
    "curtain-stuck": "光幕卡住",
    "d": "天",
    "distance-sensor": "测距传感器",
    "edge-broken": "安全边断线",
    "frames": "帧",
    "free": "无遮挡",
    "h": "小时",
    "hand": "有手",
    "inner-release": "内部开关",
    "light": "亮度",
    "lost": "次失联",
    "mains": "市电",
    "min": "分钟",
    "nobody": "无人",
    "offline": "离线",
    "online": "在线",
    "person-inside": "里面有人",
    "presence": "有人",
    "restarts": "次重启",
    "s": "秒",
    "sharpness": "清晰度",
    "synchronised": "已对时",
    "thermal-sensor": "热传感器",
    "undervoltage": "欠压",
    "unknown": "不明",
}
"""By the words as a finding has them. Units of physics stay as they are."""

_WORDS = re.compile(
    r"(?<![\w-])("
    + "|".join(sorted(map(re.escape, IN_CHINESE), key=len, reverse=True))
    + r")(?![\w-])"
)

_STANDARD = re.compile(r"\bgb-t-(\d+)-(\d{4})\b")


def with_standards(figure: str) -> str:
    """A figure or limit in which national standards are called as they call themselves."""
    return _STANDARD.sub(r"GB/T \1-\2", figure)


def in_chinese(figure: str) -> str:
    """A figure or limit with its words in Chinese; what is no such word stays as it is."""
    return _WORDS.sub(lambda found: IN_CHINESE[found[1]], figure)
