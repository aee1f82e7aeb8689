"""The fixed phrases of the service pages, in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.screens.service.eyes_labels import EYES
from controller.screens.service.site_labels import SITE

if TYPE_CHECKING:
    from controller.screens.texts import Text

LABELS: dict[str, Text] = {
    **EYES,
    **SITE,
    "title": {"zh": "维护", "en": "Service"},
    "other-language": {"zh": "English", "en": "中文"},
    "staff-only": {"zh": "这里是工作人员专用", "en": "This page is for staff"},
    "staff-only-hint": {
        "zh": "投放请回首页。工作人员：出示工作证或转动钥匙，再按“进入维护”",
        "en": "To deposit, go back. Staff: show your badge or turn the key, then touch “Begin”",
    },
    "back": {"zh": "回首页", "en": "Back"},
    "begin": {"zh": "进入维护", "en": "Begin service"},
    "go-to-page": {"zh": "去维护页", "en": "To the service page"},
    "leave": {"zh": "结束维护", "en": "End service"},
    "waits": {
        "zh": "居民正在投放，结束后自动进入维护",
        "en": "A resident is being served; service begins after them",
    },
    "checks": {"zh": "检查", "en": "Checks"},
    "run": {"zh": "运行", "en": "Run"},
    "run-quiet": {"zh": "运行所有不动作的检查", "en": "Run all that move nothing"},
    "check": {"zh": "检查项", "en": "Check"},
    "result": {"zh": "结果", "en": "Result"},
    "figure": {"zh": "数值", "en": "Figure"},
    "limit": {"zh": "界限", "en": "Limit"},
    "when": {"zh": "时间", "en": "When"},
    "what-to-do": {"zh": "怎么办", "en": "What to do"},
    "ago": {"zh": "{seconds} 秒前", "en": "{seconds} s ago"},
    "ago-min": {"zh": "{minutes} 分钟前", "en": "{minutes} min ago"},
    "bay": {"zh": "{bay} 投放口", "en": "Bay {bay}"},
    "kiosk": {"zh": "整机", "en": "Kiosk"},
    "live": {"zh": "实时", "en": "Live"},
    "collection": {"zh": "清运", "en": "Collection"},
    "faults": {"zh": "故障", "en": "Faults"},
    "no-faults": {"zh": "没有故障", "en": "No faults"},
    "now": {"zh": "现在", "en": "now"},
    "refused": {"zh": "启动以来拒收的码、证和号码", "en": "Refused at the front since the start"},
    "refused-times": {"zh": "{code}：{count} 次", "en": "{code}: {count} times"},
    "history": {"zh": "最近的故障", "en": "Recent faults"},
    "began": {"zh": "开始", "en": "began"},
    "ended": {"zh": "结束", "en": "ended"},
    "clear-faults": {"zh": "清除故障", "en": "Clear faults"},
    "restart-node": {"zh": "重启控制板", "en": "Restart its node"},
    "open-bay": {"zh": "已查看，恢复使用", "en": "Looked at: open again"},
    "open-hatch": {"zh": "开舱门", "en": "Open hatch"},
    "close-hatch": {"zh": "关舱门", "en": "Close hatch"},
    "cycle-gate": {"zh": "落料门 → {bin}", "en": "Gate → {bin}"},
    "light-on": {"zh": "开灯", "en": "Light on"},
    "light-off": {"zh": "关灯", "en": "Light off"},
    "emptied": {"zh": "已清空", "en": "Emptied"},
    "bin": {"zh": "{index} 号箱 · {stream}", "en": "Bin {index} · {stream}"},
    "bin-number": {"zh": "{index} 号箱", "en": "Bin {index}"},
    "refuse": {"zh": "其他垃圾", "en": "Refuse"},
    "lot": {"zh": "批次 {lot}", "en": "Lot {lot}"},
    "first-lot": {"zh": "首批", "en": "first lot"},
    "in-lot": {
        "zh": "{deposits} 次，共 {mass_g} 克",
        "en": "{deposits} deposits, {mass_g} g",
    },
    "uncertain": {
        "zh": "另有 {uncertain} 次不确定，{uncertain_g} 克",
        "en": "and {uncertain} uncertain, {uncertain_g} g",
    },
    "weighed": {"zh": "称得（克，可不填）", "en": "Weighed (g, may be left out)"},
    "tag": {"zh": "新箱标签（可不填）", "en": "Tag of the new bin (may be left out)"},
    "closed-lot": {
        "zh": "已登记：批次 {lot}，记录 {mass_g} 克，称得 {weighed}，相差 {difference}",
        "en": "On record: lot {lot}, {mass_g} g by records, weighed {weighed}, difference "
        "{difference}",
    },
    "level": {"zh": "装满 {percent}%", "en": "{percent}% full"},
    "grams": {"zh": "{grams} 克", "en": "{grams} g"},
    "collectors-only": {
        "zh": "清空登记需要清运员的工作证",
        "en": "Emptying a bin takes a collector's badge",
    },
    "confirm": {"zh": "确认清空", "en": "Confirm: emptied"},
    "cancel": {"zh": "取消", "en": "Cancel"},
    "not-recorded": {
        "zh": "没能登记，批次继续：稍后再试",
        "en": "It could not be recorded, and the lot goes on: try again later",
    },
    "unrecorded": {
        "zh": "有 {missed} 项操作没能登记：先腾出日志空间",
        "en": "{missed} acts are not on record: make room for the journal",
    },
    "repaired": {"zh": "舱门已修好", "en": "Hatch repaired"},
    "done": {"zh": "已执行", "en": "Done"},
    "looks-on": {"zh": "只能查看：别处正在维护", "en": "Looking on: service is elsewhere"},
    "verifying": {"zh": "检定", "en": "Verify"},
    "verify": {"zh": "检定秤", "en": "Verify the scale"},
    "calibrate": {"zh": "校准并检定", "en": "Calibrate, then verify"},
    "verify-hint": {
        "zh": "舱门会打开。照屏幕放砝码，每次读数自动记下；重载要放半小时",
        "en": "The hatch opens. Lay on what is asked for: readings take themselves; the heaviest "
        "load stays for half an hour",
    },
    "inspectors-only": {
        "zh": "检定需要检定员的工作证",
        "en": "Verifying takes an inspector's badge",
    },
    "step-of": {"zh": "已读 {done} / {of}", "en": "{done} of {of} readings"},
    "clear-pan": {"zh": "清空秤盘", "en": "Clear the pan"},
    "lay-on": {"zh": "放 {load_g} 克：{where}", "en": "Lay on {load_g} g: {where}"},
    "leave-load": {
        "zh": "{load_g} 克不动，满 {minutes} 分钟",
        "en": "Leave {load_g} g there until {minutes} min have passed",
    },
    "at-centre": {"zh": "正中", "en": "centre"},
    "at-pan": {"zh": "秤盘", "en": "pan"},
    "at-front-left": {"zh": "左前角", "en": "front left corner"},
    "at-front-right": {"zh": "右前角", "en": "front right corner"},
    "at-back-left": {"zh": "左后角", "en": "back left corner"},
    "at-back-right": {"zh": "右后角", "en": "back right corner"},
    "take-reading": {"zh": "就是这个重量，读数", "en": "It is that weight: take it"},
    "give-up": {"zh": "放弃", "en": "Give up"},
    "since-day": {"zh": "（{day} 起）", "en": "(from {day})"},
    "platform": {"zh": "平台", "en": "Platform"},
    "reached": {"zh": "已连上", "en": "reached"},
    "unreached": {"zh": "连不上", "en": "not reached"},
    "calibration": {"zh": "校准", "en": "Calibration"},
    "node-start": {"zh": "控制板启动原因", "en": "Node started by"},
    "node-lost-times": {"zh": "失联次数", "en": "Times lost"},
    "node-refused": {"zh": "坏帧", "en": "Bad frames"},
    "bundle-hint": {
        "zh": "诊断包：状态、检查、故障、链路、版本和最近的日志；不含密钥、二维码和人的编号",
        "en": "The bundle: state, checks, faults, links, versions and the latest log, "
        "without keys, codes or anybody's id",
    },
    "bundle-save": {"zh": "保存诊断包", "en": "Save the bundle"},
    "bundle-saved": {"zh": "诊断包已保存", "en": "The bundle is saved"},
    "acts": {"zh": "本次操作", "en": "What was done"},
    "weight": {"zh": "砝码（克）", "en": "Weight (g)"},
    "hatch": {"zh": "舱门", "en": "Hatch"},
    "gate": {"zh": "落料门", "en": "Gate"},
    "hand": {"zh": "光幕", "en": "Curtain"},
    "presence": {"zh": "人体感应", "en": "Presence"},
    "motor": {"zh": "电机电流", "en": "Motor current"},
    "temperature": {"zh": "温度", "en": "Temperature"},
    "mass": {"zh": "质量", "en": "Mass"},
    "openings": {"zh": "开门次数", "en": "Hatch openings"},
    "cycles": {"zh": "落料次数", "en": "Gate cycles"},
    "yes": {"zh": "有", "en": "yes"},
    "no": {"zh": "无", "en": "no"},
    "yes-so": {
        "zh": "是",
        "en": "Yes",
    },
    "not-so": {
        "zh": "不是",
        "en": "No",
    },
    "speaker-test": {
        "zh": "喇叭测试。听到请按“是”。",
        "en": "This is a test of the loudspeaker. If you hear it, touch Yes.",
    },
    "feels-nothing": {
        "zh": "有格子没反应",
        "en": "A field feels nothing",
    },
}
"""Key → phrase."""
