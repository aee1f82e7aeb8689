"""Faults of kiosks in the reader's language: what each is called, and what to do about it.

A kiosk tells its faults by code, with a sentence in English. The codes are those of docs/records.md
and docs/health.md; the tests hold these tables against the kiosk's own. A code of tomorrow is
shown with its sentence as it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cloud.screens.texts import Language
    from contract.condition import StandingFault

FAILING = "failing-"
"""What the code of a part that fails begins with."""


class Fault(NamedTuple):
    """A fault's names, and what to do about it in Chinese; in English the kiosk says that."""

    zh: str
    en: str
    do_zh: str


def _read(rows: dict[str, tuple[str, str, str]]) -> dict[str, Fault]:
    return {code: Fault(*row) for code, row in rows.items()}


OF_NODE = _read(
    {
        "emergency-stop": ("急停已按下", "Emergency stop", "确认没有人被夹住，再松开红色按钮"),
        "fire": ("火警", "Fire", "打 119；火灭后清空箱子，在维护中清除故障"),
        "both-limits": (
            "两个限位同时动作",
            "Both hatch limits at once",
            "两个舱门限位同时动作：检查接线，再清除故障",
        ),
        "hatch-stuck": (
            "舱门卡住",
            "Hatch stuck",
            "舱门没有按时到位：排除卡阻，检查电机和限位，清除故障",
        ),
        "hatch-blocked": (
            "舱门被挡",
            "Hatch blocked",
            "三次关门都碰到东西：清理舱口，查看防夹条，清除故障",
        ),
        "hatch-forced": (
            "舱门被撬动",
            "Hatch forced",
            "锁住的舱门被动过：查看有无损坏，检查锁和限位，清除故障",
        ),
        "motor-current": (
            "电机电流异常",
            "Motor current",
            "驱动关断后仍有电流：更换舱门驱动桥，清除故障",
        ),
        "edge-broken": ("防夹条断线", "Soft edge broken", "防夹条断线：检查电缆和 8.2 千欧电阻"),
        "inner-release": (
            "舱内把手被拉",
            "Inner release pulled",
            "有人拉了里面的把手：先查看舱内，再把把手推回",
        ),
        "person-inside": (
            "舱内可能有人",
            "Somebody inside",
            "关着的舱门后有热源：舱门会打开，查看舱内",
        ),
        "thermal-sensor": (
            "热感失灵",
            "Thermal sensor",
            "热阵列读数无意义或重复：检查其线，或更换",
        ),
        "gate-stuck": ("落料门卡住", "Gate stuck", "落料门没有打开：看是什么卡住门板，清除故障"),
        "gate-not-closed": ("落料门未关", "Gate not closed", "落料门板没有归位：取出卡住它的东西"),
        "diverter-stuck": (
            "分流板卡住",
            "Diverter stuck",
            "分流板没有到达箱位：排除卡阻，清除故障",
        ),
        "load-cell-silent": (
            "称重无读数",
            "Load cell silent",
            "称重传感器没有读数：检查 HX711 和其线",
        ),
        "undervoltage": ("电压过低", "Supply too low", "低于 20 V：检查电源、电池和电缆"),
        "tamper": ("柜门打开", "Cabinet open", "柜门开着：关上，或查明是谁打开的"),
        "counters-lost": (
            "计数丢失",
            "Counters lost",
            "FRAM 里的计数损坏，从 0 开始：再出现就更换 FRAM",
        ),
        "distance-sensor": (
            "测距失灵",
            "Distance sensor",
            "测距传感器读数无意义或重复：检查其线，或更换",
        ),
        "curtain-stuck": (
            "光幕失灵",
            "Light curtain stuck",
            "光幕自检不过或一直被挡：清洁，清除故障",
        ),
        "load-cell-stuck": (
            "称重读数不变",
            "Load cell stuck",
            "称重传感器一直是同一个值：检查 HX711 和其线",
        ),
        "hatch-limit": ("舱门限位异常", "Hatch limit", "舱门限位的信号不可能：检查开关，清除故障"),
        "limit-bouncing": ("限位抖动", "Limit chatters", "舱门限位抖动：拧紧或更换开关，清除故障"),
        "hatch-friction": (
            "舱门阻力大",
            "Hatch runs hard",
            "舱门比以前阻力大：清洁导轨并上润滑脂，重新学习",
        ),
        "hatch-slipping": (
            "舱门打滑",
            "Hatch slips",
            "舱门不费力却迟到：拧紧皮带或联轴器，重新学习",
        ),
        "motor-silent": (
            "电机无电流",
            "Motor silent",
            "电机通电却没有电流：检查其线和传感器，清除故障",
        ),
        "counters-unstored": (
            "计数存不住",
            "Counters not stored",
            "FRAM 存不进计数：检查其线，或更换",
        ),
    }
)
"""What a bay's node names."""

OF_BAY = _read(
    {
        "bay-closed": ("投口停用", "Bay closed", "投放口已关闭：处理原因后开放"),
        "node-lost": ("控制板失联", "Node lost", "控制板没有回应：检查 USB 线、插头和电源"),
        "scale-signal": ("称重信号异常", "Scale signal", "称重信号异常：检查秤盘、称重线和 HX711"),
        "camera-lost": ("摄像头无画面", "Camera lost", "没有画面：检查摄像头的线和插头"),
        "journal-full": ("无法记账", "Journal full", "不能记账：检查存储卡，腾出空间"),
        "intent-unreadable": (
            "有记录读不出",
            "Record unreadable",
            "有未完成的记录读不出：保留存储卡，联系后台",
        ),
        "calibration-refused": ("标定不能用", "Calibration refused", "最新的标定不能用：重新标定"),
        "calibration-lapsed": ("检定已失效", "Calibration lapsed", "检定不再有效：重新检定"),
    }
)
"""What the controller finds; its own sentence says more, and stands behind it."""

OF_PARTS = _read(
    {
        "hatch-leaf": ("舱门门板", "hatch leaf", "舱门不动：排除卡阻后清除故障"),
        "hatch-rails": ("舱门导轨", "hatch rails", "舱门阻力变大：清洁导轨并上润滑脂"),
        "hatch-coupling": ("舱门传动", "hatch coupling", "舱门跟不上电机：拧紧皮带或联轴器"),
        "hatch-lock": ("舱门锁", "hatch lock", "锁住的舱门被动过：查看有无损坏，检查锁和锁舌"),
        "hatch-motor": ("舱门电机", "hatch motor", "电机通电却不动也不耗电：检查电机线和插头"),
        "hatch-bridge": ("电机驱动桥", "motor bridge", "驱动关断后电机仍有电流：更换驱动桥"),
        "motor-current-sensor": (
            "电机电流传感器",
            "motor current sensor",
            "电机电流读数不可能：检查电流传感器和线",
        ),
        "closed-limit": ("关门限位", "closed limit", "关门限位不反映门的位置：检查开关和线"),
        "open-limit": ("开门限位", "open limit", "开门限位不反映门的位置：检查开关和线"),
        "hatch-opening": ("舱口", "hatch opening", "舱口有东西挡住：取出后清除故障"),
        "soft-edge": ("防夹条", "soft edge", "防夹条误报：检查其线，或更换"),
        "light-curtain": ("安全光幕", "light curtain", "安全光幕被挡或失灵：清洁两侧，检查其线"),
        "thermal-array": ("热阵列", "thermal array", "热阵列读数无意义：检查其线，或更换"),
        "distance-sensor": (
            "测距传感器",
            "distance sensor",
            "测距传感器读数无意义：检查其线，或更换",
        ),
        "gate-leaves": ("落料门门板", "gate leaves", "落料门板不到位：排除卡阻"),
        "gate-switch": ("落料门开关", "gate switch", "落料门开关不反映门板位置：检查该开关"),
        "diverter": ("分流板", "diverter", "分流板到不了箱位：排除卡阻后清除故障"),
        "load-cell": ("称重传感器", "load cell", "称重传感器读数不可能：检查四根线和屏蔽层"),
        "converter": (
            "称重转换器",
            "scale's converter",
            "HX711 读数无意义：检查其线，断电重启，或更换",
        ),
        "pan": ("秤盘", "pan", "秤盘不自由：看是什么碰着或晃动它"),
        "supply": ("供电", "supply", "供电不足：检查市电、电池和电缆"),
        "counter-memory": ("计数存储器", "counter memory", "FRAM 存不住计数：检查其线，或更换"),
        "node": ("控制板", "node", "控制板运行不稳：查看其日志，或更换"),
        "node-cable": ("控制板连线", "node's cable", "控制板没有回应：检查 USB 线、插头和供电"),
        "level-sensor": (
            "箱满传感器",
            "level sensor",
            "箱满传感器读数无意义：清洁盖板，检查其线，或更换",
        ),
        "camera": ("摄像头", "camera", "摄像头没有画面或画面不更新：检查其线，或更换"),
        "camera-lens": ("镜头", "camera lens", "摄像头看不清：清洁镜头，检查位置和对焦"),
        "chamber-lamp": ("舱内灯", "chamber lamp", "舱内不亮：检查灯和线"),
        "network": ("外网", "network", "连不上外网：检查路由器、SIM 卡、天线和网线"),
        "broker": ("消息服务器", "broker", "网络正常但消息服务器不应答：通知平台运营方"),
        "certificate": (
            "证书",
            "certificate",
            "与消息服务器互不信任：检查时钟和根证书文件，重新登记",
        ),
        "ledger": ("账本", "ledger", "消息已送出但账本不确认：通知平台运营方"),
        "disk-room": ("磁盘空间", "disk room", "记账磁盘已满：查看占用并腾出空间"),
        "disk": ("记账磁盘", "journal's disk", "记账磁盘拒写、出错或太慢：先备份，再更换存储卡"),
        "mirror": ("账本副本", "journal's copy", "账本副本落后：插好 U 盘，或更换"),
        "clock": ("时钟", "clock", "时间无人担保或发生跳变：检查校时服务和时钟电池"),
        "code-reader": ("读码器", "code reader", "前面的读码器没有画面：检查其线，或更换"),
        "printer": ("凭条打印机", "receipt printer", "凭条打印机不出纸：检查纸卷、上盖和线"),
        "controller": ("控制程序", "controller", "控制程序反复重启：查看其日志，更新程序"),
        "computer": ("电脑", "computer", "电脑反复重启：检查其供电、线和存储卡"),
        "mains": ("市电", "mains", "正在用电池运行：检查市电、保险丝和插头"),
    }
)
"""Parts of a bay or of the kiosk that fail."""


def fault_name(code: str, language: Language) -> str:
    """What a fault is called, and its code, by which it stands in records."""
    found = _known(code)
    if found is None:
        return code
    name = found.zh if language == "zh" else found.en
    if code.startswith(FAILING):
        name = f"{name}故障" if language == "zh" else f"Fails: {name}"
    return f"{name} · {code}"


def what_to_do(fault: StandingFault, language: Language) -> list[str]:
    """What staff do about a fault that stands, and what the kiosk says where that is more."""
    found = _known(fault.code)
    if language == "en" or found is None:
        said = [fault.detail]
    else:
        said = [found.do_zh, fault.detail if fault.code in OF_BAY else ""]
    return [one for one in said if one]


def _known(code: str) -> Fault | None:
    if code.startswith(FAILING):
        return OF_PARTS.get(code.removeprefix(FAILING))
    return OF_NODE.get(code) or OF_BAY.get(code)
