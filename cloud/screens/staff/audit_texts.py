"""Every sentence of the audit log's page, in Chinese and English, and what each act is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloud.screens.staff.texts import Words

TITLE: Words = {"zh": "操作记录", "en": "Audit log"}

TEXTS: Mapping[str, Words] = {
    "look": {"zh": "查找", "en": "Look up"},
    "actor": {"zh": "操作人", "en": "Who"},
    "about": {"zh": "对象：设备、卡、账户、指令、商户……", "en": "What: kiosk, card, account …"},
    "day": {"zh": "日期", "en": "Day"},
    "show": {"zh": "查找", "en": "Show"},
    "all": {"zh": "全部显示", "en": "Show all"},
    "lines": {"zh": "记录", "en": "Lines"},
    "nothing": {"zh": "没有符合的记录。", "en": "No line fits."},
    "older": {"zh": "更早的记录", "en": "Older lines"},
    "when": {"zh": "时间", "en": "When"},
    "who": {"zh": "操作人", "en": "Who"},
    "act": {"zh": "操作", "en": "Act"},
    "detail": {"zh": "对象与说明", "en": "What, and why"},
    "district": {"zh": "区", "en": "District"},
    "record": {"zh": "{kiosk} 第 {seq} 条", "en": "{kiosk}, record {seq}"},
    "refused-no-day": {"zh": "请填写日期，如 2026-11-28。", "en": "Write a day as 2026-11-28."},
}

ACTS: Mapping[str, Words] = {
    "account-looked-up": {"zh": "查看账户", "en": "looked up an account"},
    "appealed": {"zh": "申诉", "en": "appealed"},
    "bundle-taken": {"zh": "下载诊断包", "en": "took diagnostics"},
    "cancelled": {"zh": "取消兑换", "en": "cancelled a redemption"},
    "card-blocked": {"zh": "停用卡", "en": "blocked a card"},
    "card-issued": {"zh": "制卡", "en": "made a card"},
    "card-replaced": {"zh": "换卡", "en": "replaced a card"},
    "command-withdrawn": {"zh": "撤回指令", "en": "withdrew a command"},
    "commanded": {"zh": "发出指令", "en": "gave a command"},
    "confirmed": {"zh": "确认兑换", "en": "confirmed a redemption"},
    "counter-refused": {"zh": "服务台被拒", "en": "refused at the desk"},
    "denied": {"zh": "无权操作", "en": "was denied"},
    "donated": {"zh": "捐出访客积分", "en": "gave guests' points"},
    "erased": {"zh": "注销账户", "en": "erased an account"},
    "expired": {"zh": "兑换过期", "en": "a redemption expired"},
    "good-put": {"zh": "更改商品", "en": "put a good"},
    "partner-admitted": {"zh": "加入商户", "en": "admitted a partner"},
    "partner-ended": {"zh": "终止商户", "en": "ended a partner"},
    "phone-linked": {"zh": "关联手机号", "en": "linked a number"},
    "pin-made": {"zh": "生成密码", "en": "drew a PIN"},
    "prices-approved": {"zh": "批准价目", "en": "approved prices"},
    "prices-changed": {"zh": "更改价目草案", "en": "changed a draft"},
    "prices-drafted": {"zh": "起草价目", "en": "drafted prices"},
    "prices-frozen": {"zh": "提交价目", "en": "handed in prices"},
    "prices-refused": {"zh": "价目操作被拒", "en": "refused about prices"},
    "prices-rejected": {"zh": "退回价目", "en": "rejected prices"},
    "prices-signed": {"zh": "审签价目", "en": "signed prices"},
    "prices-withdrawn": {"zh": "撤回价目", "en": "withdrew prices"},
    "redemption-looked-up": {"zh": "查看兑换", "en": "looked up a redemption"},
    "refunded": {"zh": "退回积分", "en": "refunded"},
    "refused": {"zh": "拒绝计入", "en": "refused a deposit"},
    "released": {"zh": "计入", "en": "credited a deposit"},
    "reserved": {"zh": "预约兑换", "en": "reserved"},
    "rest-settled": {"zh": "转出注销账户的积分", "en": "passed on an erased account's points"},
    "staff-admitted": {"zh": "加入工作人员", "en": "admitted staff"},
    "staff-ended": {"zh": "终止工作人员", "en": "dismissed staff"},
}
"""An act of the log → what it is called; one of tomorrow is told by its word."""
