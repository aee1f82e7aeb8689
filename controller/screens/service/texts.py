"""Every word of service, in every language, as literal tables: checks, remedies, refusals, labels.

Read at night, in gloves, with a radio at the ear: what to do comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.screens.texts import Text

CHECKS: dict[str, Text] = {
    "node-link": {"zh": "控制板通信", "en": "Node link"},
    "supply": {"zh": "供电", "en": "Supply"},
    "temperature": {"zh": "温度", "en": "Temperature"},
    "edge": {"zh": "防夹条", "en": "Soft edge"},
    "curtain": {"zh": "安全光幕", "en": "Light curtain"},
    "presence": {"zh": "人体感应", "en": "Presence sensors"},
    "scale-zero": {"zh": "秤零点和噪声", "en": "Scale: zero and noise"},
    "scale-load": {"zh": "秤：已知砝码", "en": "Scale: known weight"},
    "hatch": {"zh": "舱门开合", "en": "Hatch opens and closes"},
    "gate": {"zh": "落料门空转一次", "en": "Gate cycles empty"},
    "diverter": {"zh": "分流板各位置", "en": "Diverter reaches every bin"},
    "camera": {"zh": "摄像头清晰和亮度", "en": "Camera sharp and lit"},
    "empty-reference": {"zh": "空舱参考图", "en": "Empty reference"},
    "code-reader": {"zh": "扫码窗", "en": "Code reader"},
    "journal": {"zh": "流水账空间", "en": "Journal has room"},
    "outbox": {"zh": "待上传记录", "en": "Outbox"},
    "uplink": {"zh": "平台连接", "en": "Uplink"},
    "certificate": {"zh": "证书有效期", "en": "Certificate"},
    "clock": {"zh": "时钟", "en": "Clock"},
    "catalogue": {"zh": "价目", "en": "Catalogue"},
    "lamp": {"zh": "指示灯", "en": "Lamps"},
    "buzzer": {"zh": "蜂鸣器", "en": "Buzzer"},
    "speaker": {"zh": "喇叭", "en": "Loudspeaker"},
    "touch": {"zh": "触摸屏", "en": "Touch screen"},
    "fan": {"zh": "风扇", "en": "Fan"},
    "printer": {"zh": "凭条打印机", "en": "Receipt printer"},
    "key": {"zh": "维护钥匙", "en": "Service key"},
    "mains": {"zh": "市电信号（UPS）", "en": "Mains line (UPS)"},
}
"""Check → what it is called."""

VERDICTS: dict[str, Text] = {
    "good": {"zh": "正常", "en": "good"},
    "bad": {"zh": "不正常", "en": "bad"},
    "unknown": {"zh": "不能判断", "en": "unknown"},
    "not-run": {"zh": "未检查", "en": "not run"},
    "running": {"zh": "检查中", "en": "running"},
    "pass": {"zh": "合格", "en": "pass"},
    "fail": {"zh": "不合格", "en": "fail"},
}

REFUSALS: dict[str, Text] = {
    "expired": {"zh": "指令过时，再试一次", "en": "the command came too late: try again"},
    "no-lease": {"zh": "连接刚恢复，再试一次", "en": "the link has just come back: try again"},
    "busy": {"zh": "正在动作", "en": "it is moving"},
    "hand-inside": {"zh": "舱口有手", "en": "a hand is in the hatch"},
    "presence": {"zh": "舱内感应到人", "en": "somebody is felt inside"},
    "edge": {"zh": "防夹条被压", "en": "the soft edge is pressed"},
    "inner-release": {"zh": "里面的把手被拉动", "en": "the inner release is pulled"},
    "overload": {"zh": "秤盘上太重", "en": "too much lies on the pan"},
    "load-unknown": {"zh": "不知道秤盘上有多重", "en": "the load on the pan is unknown"},
    "gate-not-closed": {"zh": "落料门没关好", "en": "the gate is not closed"},
    "hatch-not-closed": {"zh": "舱门没关好", "en": "the hatch is not closed"},
    "gate-stuck": {"zh": "落料门卡住", "en": "the gate is stuck"},
    "diverter-stuck": {"zh": "分流板卡住", "en": "the diverter is stuck"},
    "undervoltage": {"zh": "供电不足", "en": "the supply is low"},
    "emergency-stop": {"zh": "急停按钮已按下", "en": "the emergency stop is pressed"},
    "fire": {"zh": "烟雾报警", "en": "smoke alarm"},
    "fault": {"zh": "有故障未清除", "en": "a fault stands"},
    "no-such-bin": {"zh": "没有这个箱子", "en": "there is no such bin"},
    "not-ready": {"zh": "控制板还在自检", "en": "the node still tests itself"},
    "curtain": {"zh": "光幕未通过自检", "en": "the light curtain failed its test"},
    "counters-unstored": {"zh": "计数存不进控制板", "en": "the node cannot store its counts"},
    "node-lost": {"zh": "控制板没有回应", "en": "the node does not answer"},
    "obstructed": {"zh": "关门时碰到东西", "en": "the closing hatch met something"},
    "late": {"zh": "没有按时到位", "en": "it did not arrive in time"},
}
"""Why a motion was not done: the node's word, or that it did not arrive → words."""
