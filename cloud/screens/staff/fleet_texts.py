"""Every sentence of the fleet's pages, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloud.screens.staff.texts import Words

TITLE: Words = {"zh": "设备", "en": "Fleet"}
KIOSK_TITLE: Words = {"zh": "设备详情", "en": "Kiosk"}

TEXTS: Mapping[str, Words] = {
    "count": {
        "zh": "共 {count} 台，{troubled} 台需要处理",
        "en": "{count} kiosks, of which to look at: {troubled}",
    },
    "none": {"zh": "您的区内还没有设备。", "en": "There is no kiosk in your district yet."},
    "more": {"zh": "下一页", "en": "Next page"},
    "no-places": {
        "zh": "没有位置文件 places.json，因此没有地图。",
        "en": "There is no places.json that says where kiosks are, so there is no map.",
    },
    "stale": {
        "zh": "此页未能更新，显示的是旧数据。请刷新页面或重新登录。",
        "en": "This page is not up to date any more: reload it, or sign in again.",
    },
    "kiosk": {"zh": "设备", "en": "Kiosk"},
    "trouble": {"zh": "状态", "en": "State"},
    "since": {"zh": "自", "en": "Since"},
    "faults": {"zh": "故障", "en": "Faults"},
    "bins": {"zh": "最满的箱", "en": "Fullest bin"},
    "outbox": {"zh": "待传记录", "en": "Records waiting"},
    "versions": {"zh": "版本", "en": "Versions"},
    "orders": {"zh": "未结指令", "en": "Open commands"},
    "well": {"zh": "正常", "en": "Well"},
    "never": {"zh": "从未上线", "en": "Never heard"},
    "offline": {"zh": "离线", "en": "Offline"},
    "closed": {"zh": "全部停用", "en": "All bays closed"},
    "bays": {"zh": "部分停用", "en": "A bay is closed"},
    "full": {"zh": "箱满", "en": "A bin is full"},
    "list": {"zh": "缺少价目", "en": "It lacks a price list"},
    "unknown-time": {"zh": "本次启动之前", "en": "before its last start"},
    "online-since": {"zh": "在线，自 {at}", "en": "Online since {at}"},
    "offline-since": {"zh": "离线，自 {at}", "en": "Offline since {at}"},
    "last-seen": {"zh": "最后消息 {at}", "en": "Last heard {at}"},
    "why-gone": {"zh": "离线原因：{why}", "en": "It went because: {why}"},
    "started": {"zh": "控制程序启动于 {at}", "en": "Its controller started {at}"},
    "clock-unknown": {"zh": "时钟不可信", "en": "Nobody vouches for its clock"},
    "disk": {"zh": "磁盘剩余约 {gb} GB", "en": "About {gb} GB free on its disk"},
    "runs": {
        "zh": "软件 {software} · 价目 {catalogue} · 识别模型 {model}",
        "en": "Software {software} · prices {catalogue} · model {model}",
    },
    "firmware": {"zh": "节点固件 {version}", "en": "Node firmware {version}"},
    "lists": {"zh": "价目表", "en": "Price lists"},
    "no-lists": {
        "zh": "此设备的软件不能从平台接收价目，只能用文件。",
        "en": "This kiosk's software takes price lists as files alone.",
    },
    "list-lacks": {"zh": "{version}：等待发送", "en": "{version}: waits to be sent"},
    "list-sent": {
        "zh": "{version}：已发送 {sends} 次，最近 {at}，设备尚未收下",
        "en": "{version}: sent, {sends} in all, last {at}; not there yet",
    },
    "list-has": {"zh": "{version}：设备已有", "en": "{version}: there"},
    "list-refused": {
        "zh": "{version}：设备拒绝（{code}）",
        "en": "{version}: refused there ({code})",
    },
    "waiting-records": {"zh": "{count} 条记录待传", "en": "{count} records wait to be sent"},
    "aside": {"zh": "搁置的记录：{what}", "en": "Records set aside: {what}"},
    "refused": {"zh": "拒绝的内容：{what}", "en": "Refused there: {what}"},
    "bay": {"zh": "投口 {bay}", "en": "Bay {bay}"},
    "usable": {"zh": "可用", "en": "can be used"},
    "not-usable": {"zh": "停用：{why}", "en": "closed: {why}"},
    "by-command": {
        "zh": "由指令 {command} 远程停用",
        "en": "closed from afar by command {command}",
    },
    "of-kiosk": {"zh": "整机", "en": "The kiosk itself"},
    "no-faults": {"zh": "没有故障。", "en": "No fault stands."},
    "fault-since": {"zh": "{code}，自 {at}", "en": "{code}, since {at}"},
    "no-condition": {
        "zh": "此设备尚未报告各投口的情况（软件较旧或从未上线）。",
        "en": "This kiosk has not said how its bays are: older software, or never online.",
    },
    "levels": {"zh": "箱内余量", "en": "Bins"},
    "level": {
        "zh": "投口 {bay} 箱 {bin} · {stream} · {percent}%",
        "en": "Bay {bay} bin {bin} · {stream} · {percent} %",
    },
    "is-full": {"zh": "已满", "en": "full"},
    "is-due": {"zh": "待清运", "en": "to be collected"},
    "ask": {"zh": "远程操作", "en": "From afar"},
    "only-sees": {"zh": "您的角色只能查看。", "en": "Your role sees and asks nothing."},
    "no-commands": {
        "zh": "此设备不接受指令：其配置中没有平台公钥（ledger_keys）。",
        "en": "This kiosk takes no commands: its `ledger_keys` name no key of the platform's.",
    },
    "no-key": {
        "zh": "平台没有签名密钥 ledger.pem，不能发指令。",
        "en": "The platform has no ledger.pem to sign commands with.",
    },
    "no-motion": {
        "zh": "任何指令都不会驱动投口门或倾倒门。有人使用时，指令等到使用结束后执行。",
        "en": "No command moves a hatch or a gate. It waits while somebody is served.",
    },
    "close-bay": {"zh": "停用投口 {bay}", "en": "Close bay {bay}"},
    "open-bay": {"zh": "恢复投口 {bay}", "en": "Open bay {bay}"},
    "reload-catalogue": {"zh": "重新读取价目", "en": "Read price lists anew"},
    "send-diagnostics": {"zh": "上传诊断包", "en": "Send diagnostics"},
    "restart-controller": {"zh": "重启控制程序", "en": "Restart the controller"},
    "restart-node": {"zh": "重启投口 {bay} 的控制板", "en": "Restart the node of bay {bay}"},
    "holds": {"zh": "指令有效期", "en": "The command holds for"},
    "hours-1": {"zh": "1 小时", "en": "1 hour"},
    "hours-24": {"zh": "1 天", "en": "1 day"},
    "hours-168": {"zh": "7 天", "en": "7 days"},
    "sure": {"zh": "确定要在 {kiosk} 上“{what}”吗？", "en": "{what} at {kiosk}: are you sure?"},
    "yes": {"zh": "是，发出指令", "en": "Yes, send it"},
    "no": {"zh": "不，返回", "en": "No, go back"},
    "given": {"zh": "指令已发出。", "en": "The command is on its way."},
    "history": {"zh": "指令记录", "en": "Commands"},
    "no-history": {"zh": "还没有指令。", "en": "There were no commands yet."},
    "what": {"zh": "指令", "en": "Command"},
    "who": {"zh": "发出人", "en": "By"},
    "when": {"zh": "发出时间", "en": "Given"},
    "became": {"zh": "结果", "en": "What became of it"},
    "state-issued": {"zh": "等待设备上线", "en": "waits for the kiosk"},
    "state-sent": {"zh": "已发送，等待回复", "en": "sent, not answered yet"},
    "state-waiting": {"zh": "设备已收到，等使用结束", "en": "there, waits until nobody is served"},
    "state-done": {"zh": "已执行", "en": "done"},
    "state-refused": {"zh": "被拒绝（{code}）", "en": "refused ({code})"},
    "state-expired": {"zh": "过期未回复", "en": "expired without an answer"},
    "state-withdrawn": {"zh": "已撤回", "en": "withdrawn"},
    "withdraw": {"zh": "撤回", "en": "Withdraw"},
    "withdraw-it": {"zh": "撤回指令：{what}", "en": "Withdraw: {what}"},
    "is-withdrawn": {
        "zh": "已撤回，设备不会收到。",
        "en": "It is withdrawn: the kiosk never gets it.",
    },
    "is-withdrawn-late": {
        "zh": "已撤回，不再发送。之前已发出 {sends} 次，设备可能已收到，以其回复为准。",
        "en": "It is withdrawn, and sent no more. It left before ({sends}), so it may have arrived:"
        " what the kiosk says of it counts.",
    },
    "refused-under-way": {
        "zh": "设备已收到该指令，将会执行，不能撤回。请另发相反的指令。",
        "en": "The kiosk has it and will do it: give the opposite command.",
    },
    "refused-over": {
        "zh": "该指令已结束，无法撤回。",
        "en": "It is over already: nothing is left to take back.",
    },
    "refused-unknown-command": {
        "zh": "此设备没有这条指令。",
        "en": "This kiosk was given no such command.",
    },
    "download": {"zh": "下载诊断包", "en": "Save the bundle"},
    "back": {"zh": "返回列表", "en": "Back to the list"},
    "refused-unknown-kiosk": {"zh": "没有这台设备。", "en": "There is no such kiosk."},
    "refused-other-district": {
        "zh": "此设备不在您的区内。",
        "en": "This kiosk is in another district.",
    },
    "refused-already": {
        "zh": "同样的指令已在途中，尚未结束。",
        "en": "The same command is on its way already.",
    },
    "refused-too-many": {
        "zh": "此设备未结的指令太多，请等待。",
        "en": "Too many commands of this kiosk are not over: wait.",
    },
    "refused-no-key": {
        "zh": "平台没有签名密钥 ledger.pem，不能发指令。",
        "en": "The platform has no ledger.pem to sign commands with.",
    },
    "refused-no-such-bay": {"zh": "没有这个投口。", "en": "There is no such bay."},
}
