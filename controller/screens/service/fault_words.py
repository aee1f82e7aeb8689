"""What staff do about a fault, in Chinese; `wire.faults` and the core say the same in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core.faults import FAILING
from controller.core.health.chinese import DO_ZH

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_PARTS: Mapping[str, str] = {FAILING + part: do for part, do in DO_ZH.items()}
"""Parts that fail."""

OF_NODE: Mapping[str, str] = {
    "emergency-stop": "确认没有人被夹住，再松开红色按钮",
    "fire": "打 119；火灭后清空箱子，在维护中清除故障",
    "both-limits": "两个舱门限位同时动作：检查接线，再清除故障",
    "hatch-stuck": "舱门没有按时到位：排除卡阻，检查电机和限位，清除故障",
    "hatch-blocked": "三次关门都碰到东西：清理舱口，查看防夹条，清除故障",
    "hatch-forced": "锁住的舱门被动过：查看有无损坏，检查锁和限位，清除故障",
    "motor-current": "驱动关断后仍有电流：更换舱门驱动桥，清除故障",
    "edge-broken": "防夹条断线：检查电缆和 8.2 千欧电阻",
    "inner-release": "有人拉了里面的把手：先查看舱内，再把把手推回",
    "person-inside": "关着的舱门后有热源：舱门会打开，查看舱内",
    "thermal-sensor": "热阵列读数无意义或重复：检查其线，或更换",
    "gate-stuck": "落料门没有打开：看是什么卡住门板，清除故障",
    "gate-not-closed": "落料门板没有归位：取出卡住它的东西",
    "diverter-stuck": "分流板没有到达箱位：排除卡阻，清除故障",
    "load-cell-silent": "称重传感器没有读数：检查 HX711 和其线",
    "undervoltage": "低于 20 V：检查电源、电池和电缆",
    "tamper": "柜门开着：关上，或查明是谁打开的",
    "counters-lost": "FRAM 里的计数损坏，从 0 开始：再出现就更换 FRAM",
    "distance-sensor": "测距传感器读数无意义或重复：检查其线，或更换",
    "curtain-stuck": "光幕自检不过或一直被挡：清洁，清除故障",
    "load-cell-stuck": "称重传感器一直是同一个值：检查 HX711 和其线",
    "hatch-limit": "舱门限位的信号不可能：检查开关，清除故障",
    "limit-bouncing": "舱门限位抖动：拧紧或更换开关，清除故障",
    "hatch-friction": "舱门比以前阻力大：清洁导轨并上润滑脂，重新学习",
    "hatch-slipping": "舱门不费力却迟到：拧紧皮带或联轴器，重新学习",
    "motor-silent": "电机通电却没有电流：检查其线和传感器，清除故障",
    "counters-unstored": "FRAM 存不进计数：检查其线，或更换",
}
"""What a node tells by name; all of it is said here."""

OF_BAY: Mapping[str, str] = {
    "bay-closed": "投放口已关闭：处理原因后开放",
    "node-lost": "控制板没有回应：检查 USB 线、插头和电源",
    "scale-signal": "称重信号异常：检查秤盘、称重线和 HX711",
    "camera-lost": "没有画面：检查摄像头的线和插头",
    "journal-full": "不能记账：检查存储卡，腾出空间",
    "intent-unreadable": "有未完成的记录读不出：保留存储卡，联系后台",
    "calibration-refused": "最新的标定不能用：重新标定",
    "calibration-lapsed": "检定不再有效：重新检定",
}
"""What the controller finds by itself; its own sentence says more, and stands behind it."""
