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
}
"""Check → what it is called."""

DO: dict[str, Text] = {
    "camera-blurred": {
        "zh": "擦净镜头，重新对焦，再查一次",
        "en": "clean the lens, focus it, check again",
    },
    "camera-covered": {
        "zh": "镜头被挡住：取下遮挡物，擦净",
        "en": "something covers the lens: take it away, clean it",
    },
    "camera-dark": {
        "zh": "舱内太暗：检查灯和灯线",
        "en": "the chamber is dark: check its light and cable",
    },
    "camera-lost": {
        "zh": "没有画面：检查摄像头的线和插头",
        "en": "no picture: check the camera's cable and plug",
    },
    "camera-overexposed": {
        "zh": "太亮：检查灯罩，关上舱门再查",
        "en": "too bright: check the lamp's cover, close the hatch, check again",
    },
    "cannot-tell-empty": {
        "zh": "看不出是否空舱：清空秤盘，再查一次",
        "en": "it cannot tell: clear the pan and check again",
    },
    "catalogue-early": {
        "zh": "价目还没生效：请办公室下发现行价目",
        "en": "the catalogue has not begun: have the office send the one in force",
    },
    "certificate-ends": {
        "zh": "证书快到期：让它联网更新，或请办公室换发",
        "en": "it ends soon: let it renew online, or have the office issue one",
    },
    "certificate-unreadable": {
        "zh": "证书读不了：请办公室换发",
        "en": "it cannot be read: have the office issue one",
    },
    "clock-unknown": {
        "zh": "时钟没有校准：检查网络和时间服务",
        "en": "nobody vouches for the clock: check network and time service",
    },
    "curtain-blocked": {
        "zh": "光幕里有东西：拿开再查",
        "en": "something is in the curtain: take it out, check again",
    },
    "curtain-stuck": {
        "zh": "擦净光幕两侧，检查线，再清除故障",
        "en": "clean both sides, check the cable, clear the fault",
    },
    "diverter-slow": {
        "zh": "清掉分流板上的东西，检查电机",
        "en": "free the diverter, check its motor",
    },
    "edge-broken": {
        "zh": "检查防夹条的线和 8.2 千欧电阻",
        "en": "check the edge's cable and its 8.2 kΩ resistor",
    },
    "gate-refused": {
        "zh": "控制板不让落料门动：先处理所示原因",
        "en": "the node does not move the gate: see to what it names first",
    },
    "gate-slow": {
        "zh": "落料门太慢：清掉门叶上的东西，上油",
        "en": "the gate is slow: free its leaves, grease them",
    },
    "hatch-hard": {
        "zh": "舱门太紧或太慢：清洁导轨并上油",
        "en": "the hatch runs hard or slowly: clean and grease its rails",
    },
    "hatch-refused": {
        "zh": "控制板不让舱门动：先处理所示原因",
        "en": "the node does not move the hatch: see to what it names first",
    },
    "journal-full": {
        "zh": "存储卡没有空间或坏了：换卡或清理",
        "en": "the card is full or fails: make room, or change it",
    },
    "journal-silent": {
        "zh": "读不到流水账：检查存储卡",
        "en": "the journal cannot be read: check the card",
    },
    "motion-refused": {
        "zh": "控制板不让动：先处理所示原因",
        "en": "the node does not move it: see to what it names first",
    },
    "no-reference": {
        "zh": "还没有空舱参考图：拍一张并写入配置",
        "en": "there is no empty picture yet: take one and name it in the configuration",
    },
    "no-samples": {
        "zh": "秤没有读数：检查 HX711 和线",
        "en": "no conversions came: check the HX711 and its cable",
    },
    "no-tls": {
        "zh": "本机不用证书",
        "en": "this kiosk shows no certificate",
    },
    "no-weight": {
        "zh": "放上砝码，填写质量，再查",
        "en": "lay a weight on the pan, say its mass, check again",
    },
    "node-lost": {
        "zh": "控制板没有回应：检查 USB 线和电源",
        "en": "the node does not answer: check its USB cable and power",
    },
    "node-unsteady": {
        "zh": "控制板时断时续：固定插头，换线，再查",
        "en": "the node comes and goes: fix its plugs, change the cable, check again",
    },
    "offline": {
        "zh": "没有联网：检查网线、路由器和流量卡；投放照常",
        "en": "offline: check cable, router and SIM; deposits go on meanwhile",
    },
    "outbox-old": {
        "zh": "记录积压超过一天：检查联网，通知办公室",
        "en": "records have waited for more than a day: check the network, tell the office",
    },
    "presence-broken": {
        "zh": "检查热感和测距传感器的线，必要时更换",
        "en": "check the cables of thermal array and distance sensor, replace what fails",
    },
    "presence-felt": {
        "zh": "感应到人：看看舱内，离开后再查",
        "en": "somebody is felt: look into the chamber, step back, check again",
    },
    "records-aside": {
        "zh": "有记录被平台拒收：通知办公室",
        "en": "the platform refused records: tell the office",
    },
    "reference-differs": {
        "zh": "与参考图不同：清洁舱内，或重新拍参考图",
        "en": "it looks different: clean the chamber, or take the reference anew",
    },
    "scale-fault": {
        "zh": "秤有故障：按所示处理",
        "en": "the scale has a fault: do as it says",
    },
    "scale-noisy": {
        "zh": "秤不安静：检查线、屏蔽和周围震动",
        "en": "the scale is not quiet: check cable, shield and what shakes it",
    },
    "show-a-code": {
        "zh": "在扫码窗前出示任意二维码，再查",
        "en": "hold any code before the reader, then check again",
    },
    "supply-low": {
        "zh": "供电不足：检查电源、电池和线",
        "en": "the supply is low: check mains, battery and cable",
    },
    "temperature-off": {
        "zh": "温度超出秤的范围：通风或加热",
        "en": "outside what the scale allows: air it, or heat it",
    },
    "thermometer-silent": {
        "zh": "没有温度读数：检查温度传感器",
        "en": "no temperature: check the thermometer",
    },
    "weight-off": {
        "zh": "砝码读数不准：清空再查，仍不准就校准",
        "en": "it reads wrong: clear the pan and check again, then calibrate",
    },
    "zero-off": {
        "zh": "零点偏离：清空秤盘，仍偏离就校准",
        "en": "zero is off: clear the pan; if it stays, calibrate",
    },
}
"""What to do (`controller.core.service.do`) → words."""

VERDICTS: dict[str, Text] = {
    "good": {"zh": "正常", "en": "good"},
    "bad": {"zh": "不正常", "en": "bad"},
    "unknown": {"zh": "不能判断", "en": "unknown"},
    "not-run": {"zh": "未检查", "en": "not run"},
    "running": {"zh": "检查中", "en": "running"},
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
    "node-lost": {"zh": "控制板没有回应", "en": "the node does not answer"},
    "obstructed": {"zh": "关门时碰到东西", "en": "the closing hatch met something"},
    "late": {"zh": "没有按时到位", "en": "it did not arrive in time"},
}
"""Why a motion was not done: the node's word, or that it did not arrive → words."""
