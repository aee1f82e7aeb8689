"""What the page says about the kiosk's eyes, in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.screens.texts import Text

EYES: dict[str, Text] = {
    "eyes": {
        "zh": "眼睛",
        "en": "Eyes",
    },
    "foreign-kind": {
        "zh": "异物",
        "en": "foreign",
    },
    "choose-item": {
        "zh": "先选择物品",
        "en": "Choose an item first",
    },
    "focus": {
        "zh": "对焦：转动镜头，数值越大越清晰",
        "en": "Focus: turn the lens; the larger, the sharper",
    },
    "focus-start": {
        "zh": "开始对焦",
        "en": "Focus",
    },
    "focus-stop": {
        "zh": "停止",
        "en": "Stop",
    },
    "sharpness-limit": {
        "zh": "界限 ≥ {limit}，最好 {best}，亮度 {light}",
        "en": "limit ≥ {limit}, best {best}, light {light}",
    },
    "empty-title": {
        "zh": "空舱参考图",
        "en": "Empty reference",
    },
    "empty-hint": {
        "zh": "清空秤盘，擦净，关上舱门，再拍",
        "en": "Clear and clean the pan, close the hatch, then take it",
    },
    "empty-none": {
        "zh": "还没有",
        "en": "none yet",
    },
    "empty-there": {
        "zh": "已有",
        "en": "there",
    },
    "take-empty": {
        "zh": "拍参考图",
        "en": "Take it",
    },
    "undo": {
        "zh": "撤销",
        "en": "Undo",
    },
    "teach-title": {
        "zh": "教物品",
        "en": "Teach items",
    },
    "teach-hint": {
        "zh": "选物品，放上一件，关门，拍；换个角度或换一件再拍。每类 3 到 20 张，至少两类",
        "en": "Choose the item, lay one on, close the hatch, take it; turn or change it, again. "
        "3 to 20 pictures a class, two classes at least",
    },
    "take-picture": {
        "zh": "拍一张",
        "en": "Take a picture",
    },
    "finish-lesson": {
        "zh": "学习",
        "en": "Learn",
    },
    "forget-lesson": {
        "zh": "扔掉照片",
        "en": "Throw pictures away",
    },
    "undo-lesson": {
        "zh": "撤销上次学习",
        "en": "Undo the last lesson",
    },
    "learning": {
        "zh": "正在学习，几秒钟…",
        "en": "Learning, some seconds …",
    },
    "foreign": {
        "zh": "不收的东西",
        "en": "Not taken",
    },
    "class-count": {
        "zh": "{name}（{label}）{count} 张",
        "en": "{name} ({label}): {count}",
    },
    "lesson-holds": {
        "zh": "学会了：答对 {before}% → {after}%（{pictures} 张）",
        "en": "It holds: {before} % right before, {after} % after ({pictures} pictures)",
    },
    "lesson-not": {
        "zh": "没有改变：{before}% → {after}%（{pictures} 张），没有把握更好",
        "en": "Nothing changed: {before} % → {after} %, not surely better ({pictures} pictures)",
    },
    "eyes-not-here": {
        "zh": "您的工作证不能做这件事，或本机不能学习",
        "en": "Your badge is not for this, or this kiosk's eyes cannot be taught here",
    },
}
"""Key → phrase."""
