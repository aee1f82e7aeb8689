"""Why a bay rests, in the resident's words.

The controller and the node say it for staff, as `what: what to do about it` or as a fault's name;
what stands before the colon is the key here. What to do stays for the service pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.screens.texts import Text

REASONS: dict[str, Text] = {
    # the controller's own
    "the journal cannot be written": {"zh": "暂时不能记账", "en": "it cannot record"},
    "no mains": {"zh": "停电了，来电后恢复", "en": "the mains power is out"},
    "the hatch does not move as it should": {"zh": "舱门不灵活", "en": "its hatch sticks"},
    "in service": {"zh": "正在维护", "en": "staff are at work"},
    "a check failed in service": {"zh": "维护时发现故障", "en": "staff found something to mend"},
    "a load was left behind": {"zh": "里面有遗留物品", "en": "something was left inside"},
    "load did not leave the pan": {"zh": "物品没有落下", "en": "a load did not fall"},
    "pan did not come to rest after the drop": {"zh": "秤不稳", "en": "its scale is unsteady"},
    "an interrupted load could not be cleared": {
        "zh": "里面有未完成的物品",
        "en": "an interrupted load is inside",
    },
    "zero is too far from the calibrated one": {
        "zh": "秤需要校准",
        "en": "its scale must be calibrated",
    },
    "the scale failed its verification": {
        "zh": "秤未通过检定",
        "en": "its scale failed its verification",
    },
    "every bin is full": {"zh": "已全部装满", "en": "every bin is full"},
    "scale warming up": {"zh": "秤正在预热", "en": "its scale is warming up"},
    "temperature outside what the calibration was verified for": {
        "zh": "温度太低或太高",
        "en": "it is too cold or too warm",
    },
    "temperature unknown": {"zh": "温度未知", "en": "its temperature is unknown"},
    "the verification has run out": {
        "zh": "秤需要重新检定",
        "en": "its scale must be verified again",
    },
    "the clock is before the verification": {"zh": "时钟不准", "en": "its clock is wrong"},
    "zero is held for an open intent": {
        "zh": "里面有未完成的物品",
        "en": "an interrupted load is inside",
    },
    "an interrupted load is not cleared yet": {
        "zh": "里面有未完成的物品",
        "en": "an interrupted load is inside",
    },
    # what the load cell's signal shows (controller.core.symptoms.table)
    "cell-silent": {"zh": "秤没有读数", "en": "its scale gives no reading"},
    "cell-stuck": {"zh": "秤没有读数", "en": "its scale gives no reading"},
    "cell-saturated": {"zh": "秤坏了", "en": "its scale is broken"},
    "counts-wrapped": {"zh": "秤坏了", "en": "its scale is broken"},
    "converter-out-of-step": {"zh": "秤坏了", "en": "its scale is broken"},
    "readings-rough": {"zh": "秤坏了", "en": "its scale is broken"},
    "load-negative": {"zh": "秤盘没有放好", "en": "its pan is not in place"},
    "level-drifting": {"zh": "秤不稳", "en": "its scale is unsteady"},
    "pan not at rest": {"zh": "秤不稳", "en": "its scale is unsteady"},
    # the link to the node
    "node silent": {"zh": "控制板没有回应", "en": "its control board does not answer"},
    "the node does not hear the controller": {
        "zh": "控制板听不到指令",
        "en": "its control board does not hear",
    },
    "the node's words are garbled, or something else took its place": {
        "zh": "控制板通信异常",
        "en": "its control board cannot be understood",
    },
    "what is on this port does not speak the node's protocol": {
        "zh": "控制板没有接好",
        "en": "its control board is not connected",
    },
    "what is on this port echoes, or is another controller": {
        "zh": "控制板没有接好",
        "en": "its control board is not connected",
    },
    "the node restarted": {"zh": "控制板正在重启", "en": "its control board is restarting"},
    # the node's faults (wire.faults)
    "emergency-stop": {"zh": "急停按钮已按下", "en": "the emergency stop is pressed"},
    "fire": {"zh": "烟雾报警，请远离", "en": "smoke alarm: keep away"},
    "both-limits": {"zh": "舱门传感器故障", "en": "its hatch sensors disagree"},
    "hatch-stuck": {"zh": "舱门卡住了", "en": "its hatch is stuck"},
    "hatch-blocked": {"zh": "舱口被挡住", "en": "its hatch is blocked"},
    "hatch-forced": {"zh": "舱门被撬动过", "en": "its hatch was forced"},
    "motor-current": {"zh": "舱门电机故障", "en": "its hatch motor is faulty"},
    "edge-broken": {"zh": "防夹条故障", "en": "its safety edge is faulty"},
    "inner-release": {"zh": "里面的把手被拉动", "en": "the handle inside was pulled"},
    "person-inside": {"zh": "舱内可能有人", "en": "somebody may be inside"},
    "thermal-sensor": {"zh": "安全传感器故障", "en": "a safety sensor is faulty"},
    "distance-sensor": {"zh": "安全传感器故障", "en": "a safety sensor is faulty"},
    "curtain-stuck": {"zh": "安全光幕故障", "en": "its light curtain is faulty"},
    "hatch-limit": {"zh": "舱门传感器故障", "en": "a hatch sensor is faulty"},
    "motor-silent": {"zh": "舱门电机故障", "en": "its hatch motor is faulty"},
    "load-cell-stuck": {"zh": "秤没有读数", "en": "its scale gives no reading"},
    "counters-unstored": {"zh": "计数器需要检查", "en": "its counters must be checked"},
    "gate-stuck": {"zh": "落料门卡住了", "en": "its gate is stuck"},
    "gate-not-closed": {"zh": "落料门没关好", "en": "its gate is not closed"},
    "diverter-stuck": {"zh": "分流板卡住了", "en": "its diverter is stuck"},
    "load-cell-silent": {"zh": "秤没有读数", "en": "its scale gives no reading"},
    "undervoltage": {"zh": "供电不足", "en": "its power is low"},
    "tamper": {"zh": "柜门没关好", "en": "the cabinet is open"},
    "counters-lost": {"zh": "计数器需要检查", "en": "its counters must be checked"},
}
"""What is wrong → words."""

OTHER: Text = {"zh": "等待维修", "en": "waiting for repair"}
"""For anything else: the screen does not show residents what it has no words for."""


def reason_text(why_not: str) -> Text:
    """The words for `BayRow.why_not`."""
    return REASONS.get(why_not.partition(":")[0], OTHER)
