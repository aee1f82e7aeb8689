"""What the page says about audit and acceptance of a site, in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.screens.texts import Text

SITE: dict[str, Text] = {
    "audit": {
        "zh": "七统一",
        "en": "Seven points",
    },
    "point": {
        "zh": "项目",
        "en": "Point",
    },
    "looking": {
        "zh": "正在查看…",
        "en": "Looking …",
    },
    "look-again": {
        "zh": "再查看一次",
        "en": "Look again",
    },
    "acceptance": {
        "zh": "站点验收",
        "en": "Acceptance",
    },
    "acceptance-not-yours": {
        "zh": "验收需要技术员或检定员的工作证",
        "en": "An acceptance takes a technician's or an inspector's badge",
    },
    "acceptance-hint": {
        "zh": "新站点逐项检查，可以中断后继续；结束时写报告并登记",
        "en": "Every check of a new site, one after the other; it may be interrupted. "
        "It ends with a report, on record",
    },
    "acceptance-begin": {
        "zh": "开始验收",
        "en": "Begin the acceptance",
    },
    "acceptance-done": {
        "zh": "已完成 {done} / {of}",
        "en": "{done} of {of} done",
    },
    "acceptance-over": {
        "zh": "还有 {open} 项未查",
        "en": "{open} are open",
    },
    "acceptance-end": {
        "zh": "结束并写报告",
        "en": "End it, write the report",
    },
    "acceptance-open-ones": {
        "zh": "回到未查的",
        "en": "Back to what is open",
    },
    "skip": {
        "zh": "跳过",
        "en": "Skip",
    },
    "again": {
        "zh": "重查",
        "en": "Again",
    },
    "report-there": {
        "zh": "报告已写好并登记",
        "en": "The report is written, and on record",
    },
    "report-save": {
        "zh": "保存打印页",
        "en": "Save the page to print",
    },
    "open-points": {
        "zh": "未解决",
        "en": "Open points",
    },
    "none-open": {
        "zh": "没有",
        "en": "None",
    },
    "report-hash": {
        "zh": "登记在流水账中的报告哈希（SHA-256）：",
        "en": "The journal's record names this report by its hash (SHA-256):",
    },
    "signature": {
        "zh": "签字",
        "en": "Signature",
    },
    "site": {
        "zh": "站点",
        "en": "Site",
    },
    "software": {
        "zh": "软件",
        "en": "Software",
    },
    "catalogue": {
        "zh": "价目",
        "en": "Catalogue",
    },
    "by-whom": {
        "zh": "检查人",
        "en": "By",
    },
    "prepare-nothing": {
        "zh": "不用准备",
        "en": "Nothing to do before it",
    },
}
"""Key → phrase."""
