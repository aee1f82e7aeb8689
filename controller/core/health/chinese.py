"""What staff do about each part, in Chinese; `DO` and `DO_AT_KIOSK` say the same in English."""

from __future__ import annotations

from controller.core.health.kiosk_parts import KioskPart
from controller.core.health.parts import Part

DO_ZH: dict[Part | KioskPart, str] = {
    Part.LEAF: "舱门不动：排除卡阻后清除故障",
    Part.RAILS: "舱门阻力变大：清洁导轨并上润滑脂",
    Part.COUPLING: "舱门跟不上电机：拧紧皮带或联轴器",
    Part.LOCK: "锁住的舱门被动过：查看有无损坏，检查锁和锁舌",
    Part.MOTOR: "电机通电却不动也不耗电：检查电机线和插头",
    Part.BRIDGE: "驱动关断后电机仍有电流：更换驱动桥",
    Part.CURRENT_SENSOR: "电机电流读数不可能：检查电流传感器和线",
    Part.CLOSED_LIMIT: "关门限位不反映门的位置：检查开关和线",
    Part.OPEN_LIMIT: "开门限位不反映门的位置：检查开关和线",
    Part.OPENING: "舱口有东西挡住：取出后清除故障",
    Part.EDGE: "防夹条误报：检查其线，或更换",
    Part.CURTAIN: "安全光幕被挡或失灵：清洁两侧，检查其线",
    Part.THERMAL: "热阵列读数无意义：检查其线，或更换",
    Part.DISTANCE: "测距传感器读数无意义：检查其线，或更换",
    Part.LEAVES: "落料门板不到位：排除卡阻",
    Part.GATE_SWITCH: "落料门开关不反映门板位置：检查该开关",
    Part.DIVERTER: "分流板到不了箱位：排除卡阻后清除故障",
    Part.CELL: "称重传感器读数不可能：检查四根线和屏蔽层",
    Part.CONVERTER: "HX711 读数无意义：检查其线，断电重启，或更换",
    Part.PAN: "秤盘不自由：看是什么碰着或晃动它",
    Part.SUPPLY: "供电不足：检查市电、电池和电缆",
    Part.COUNTERS: "FRAM 存不住计数：检查其线，或更换",
    Part.NODE: "控制板运行不稳：查看其日志，或更换",
    Part.CABLE: "控制板没有回应：检查 USB 线、插头和供电",
    Part.CAMERA: "摄像头没有画面或画面不更新：检查其线，或更换",
    Part.LENS: "摄像头看不清：清洁镜头，检查位置和对焦",
    Part.LAMP: "舱内不亮：检查灯和线",
    Part.LEVEL: "箱满传感器读数无意义：清洁盖板，检查其线，或更换",
    KioskPart.NETWORK: "连不上外网：检查路由器、SIM 卡、天线和网线",
    KioskPart.BROKER: "网络正常但消息服务器不应答：通知平台运营方",
    KioskPart.CERTIFICATE: "与消息服务器互不信任：检查时钟和根证书文件，重新登记",
    KioskPart.LEDGER: "消息已送出但账本不确认：通知平台运营方",
    KioskPart.ROOM: "记账磁盘已满：查看占用并腾出空间",
    KioskPart.DISK: "记账磁盘拒写、出错或太慢：先备份，再更换存储卡",
    KioskPart.MIRROR: "账本副本落后：插好 U 盘，或更换",
    KioskPart.CLOCK: "时间无人担保或发生跳变：检查校时服务和时钟电池",
    KioskPart.READER: "前面的读码器没有画面：检查其线，或更换",
    KioskPart.PRINTER: "凭条打印机不出纸：检查纸卷、上盖和线",
    KioskPart.CONTROLLER: "控制程序反复重启：查看其日志，更新程序",
    KioskPart.COMPUTER: "电脑反复重启：检查其供电、线和存储卡",
    KioskPart.MAINS: "正在用电池运行：检查市电、保险丝和插头",
}
"""Part → what to do; a part that the table lacks has its English sentence alone."""
