"""The sentences of the page about held deposits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cloud.screens.staff.texts import Words

TITLE: Words = {"zh": "人工核对", "en": "Held deposits"}

TEXTS: dict[str, Words] = {
    "nothing": {"zh": "没有等待核对的记录。", "en": "Nothing waits for a decision."},
    "waiting": {"zh": "等待核对：{count}", "en": "Waiting for a decision: {count}"},
    "more": {"zh": "另有 {count} 条，处理后显示。", "en": "{count} more show once these are done."},
    "where": {
        "zh": "{kiosk} · 记录 {seq} · {at}",
        "en": "{kiosk} · record {seq} · {at}",
    },
    "appeal": {"zh": "居民申诉：{sentence}", "en": "The resident says: {sentence}"},
    "reason": {"zh": "理由（居民可见）", "en": "Reason, which the resident reads"},
    "release": {"zh": "计入", "en": "Credit it"},
    "refuse": {"zh": "不计入", "en": "Do not credit"},
    "released": {"zh": "已计入。", "en": "Credited."},
    "refused": {"zh": "已决定不计入。", "en": "Decided: not credited."},
    "refused-text": {
        "zh": "请写一句理由，最多 300 字。",
        "en": "Write a reason: one sentence, at most 300 letters.",
    },
    "refused-already": {
        "zh": "已有人处理过，请刷新。",
        "en": "Somebody has decided already: reload.",
    },
    "refused-changed": {"zh": "记录已改变，请刷新。", "en": "It has changed by now: reload."},
    "refused-other-district": {
        "zh": "这台回收机不在您的区域。",
        "en": "This kiosk is not in your district.",
    },
    "refused-cannot-credit": {
        "zh": "无法计入：{message}",
        "en": "It cannot be credited: {message}",
    },
    "refused-before": {"zh": "此前未计入，居民已申诉", "en": "Refused before, and appealed"},
    "only-read": {
        "zh": "您的角色只能查看。",
        "en": "Your role reads and does not decide.",
    },
}
