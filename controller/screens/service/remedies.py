"""What staff do about what a check found, in every language. What to do comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.screens.texts import Text

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
    "cover-open": {
        "zh": "打印机上盖没关：关好再查",
        "en": "the printer's cover is open: shut it, check again",
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
        "zh": "还没有空舱参考图：到“眼睛”页拍一张",
        "en": "there is no empty picture yet: take one under Eyes",
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
        "zh": "与参考图不同：清洁舱内，或到“眼睛”页重拍",
        "en": "it looks different: clean the chamber, or take it anew under Eyes",
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
    "agree-prices": {
        "zh": "价目约定已到期：请办公室续期或下发新价目",
        "en": "what was agreed on prices is over: have the office agree anew",
    },
    "change-hours": {
        "zh": "门牌上的营业时间与屏幕不同：换门牌，或请办公室改",
        "en": "the plate's hours are not the screen's: change it, or have the office change them",
    },
    "change-signs": {
        "zh": "箱体标识不是屏幕上的那一套：换标识",
        "en": "the cabinet's signs are of another set than the screen's: change them",
    },
    "journal-young": {
        "zh": "流水账不到一天或读不到：明天再看",
        "en": "the journal is not a day old, or cannot be read: look again tomorrow",
    },
    "make-rounds": {
        "zh": "巡查间隔太长：按周期派人巡查",
        "en": "rounds are too far apart: send somebody as often as agreed",
    },
    "mend-bays": {
        "zh": "投放口停用太久：看“故障”页，先修好",
        "en": "bays stood still for too long: see Faults, and mend them",
    },
    "name-hours": {
        "zh": "在配置 [site] hours 写明门牌上的时间",
        "en": "say in [site] hours what the plate says",
    },
    "name-prices-end": {
        "zh": "在配置 [site] prices_until 写明价目约定的最后一天",
        "en": "say in [site] prices_until until when prices are agreed on",
    },
    "name-rules": {
        "zh": "在配置 [site] rules 和 rules_until 写明张贴的制度版本",
        "en": "say in [site] rules and rules_until which rules hang out",
    },
    "name-signs": {
        "zh": "在配置 [site] signs 写明箱体上的标识",
        "en": "say in [site] signs which signs the cabinet has",
    },
    "renew-rules": {
        "zh": "张贴的制度已到期：换上新版本",
        "en": "the rules that hang out are over: hang out the new version",
    },
    "show-badges": {
        "zh": "一周内没有人出示工作证：上岗要着装并出示工作证",
        "en": "nobody showed a badge for a week: staff dress, and show theirs when they come",
    },
    "verify-scale": {
        "zh": "秤没有有效检定：请检定员检定",
        "en": "the scale has no verification that holds: have an inspector verify it",
    },
    "buzzer-silent": {
        "zh": "蜂鸣器不响：检查线和驱动",
        "en": "the buzzer is silent: check its cable and its driver",
    },
    "fan-still": {
        "zh": "风扇不转：清灰，检查线和驱动",
        "en": "the fan does not blow: clean it, check its cable and its driver",
    },
    "lamp-dark": {
        "zh": "有灯不亮：检查灯、线和驱动",
        "en": "a lamp stays dark: check it, its cable and its driver",
    },
    "mains-out": {
        "zh": "现在靠电池供电：恢复市电再查",
        "en": "the battery feeds the kiosk: bring the mains back, then check again",
    },
    "nobody-answered": {
        "zh": "没有人回答：再运行一次，看着听着再答",
        "en": "nobody answered: run it again, look and listen, then answer",
    },
    "not-wired": {
        "zh": "本机没有这个部件（配置 [panel]、[printer]）",
        "en": "this kiosk has none (see [panel] and [printer] of its configuration)",
    },
    "no-paper": {
        "zh": "打印纸用完：装上新纸卷，再查",
        "en": "the printer is out of paper: put a new roll in, check again",
    },
    "printer-blank": {
        "zh": "没打出来或不清楚：看纸装反没有，擦打印头，检查线",
        "en": "nothing clear came out: turn the roll round, clean the head, see to the cable",
    },
    "printer-fails": {
        "zh": "打印机出错或不接收：看纸和切刀，关机再开",
        "en": "it fails or takes nothing: see to paper and knife, switch it off and on",
    },
    "printer-lost": {
        "zh": "找不到打印机：检查电源、线和配置 [printer]",
        "en": "no printer there: see to its supply, cable and [printer] of the configuration",
    },
    "pull-mains": {
        "zh": "拔下市电插头，十秒后插回，再查",
        "en": "pull the mains plug, put it back after ten seconds, then check",
    },
    "screen-deaf": {
        "zh": "屏幕有触不到的地方：擦干净，重新校准，再不行就换",
        "en": "part of the screen feels nothing: clean it, calibrate it, else change it",
    },
    "speaker-silent": {
        "zh": "听不到声音：检查喇叭、线和音量",
        "en": "nothing is heard: check the loudspeaker, its cable and the volume",
    },
    "turn-key": {
        "zh": "转动维护钥匙，再查",
        "en": "turn the service key, then check",
    },
}
"""What to do (`controller.core.service.do`) → words."""
