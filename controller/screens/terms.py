"""The fixed words of the resident's screen, and the names of what its figures speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controller.screens.texts import Text

LABELS: dict[str, Text] = {
    "title": {"zh": "绿色账户回收站", "en": "Green account kiosk"},
    "other-language": {"zh": "English", "en": "中文"},
    "online": {"zh": "已联网", "en": "Online"},
    "offline": {"zh": "离线，照常使用", "en": "Offline, works as usual"},
    "how": {"zh": "三步完成", "en": "How it works"},
    "step-show": {"zh": "亮出二维码", "en": "Show your code"},
    "step-put": {"zh": "放入一种物品", "en": "Put in one kind"},
    "step-points": {"zh": "称重得积分", "en": "Earn points"},
    "by-phone": {"zh": "输手机号", "en": "Phone number"},
    "by-phone-how": {"zh": "按键输入", "en": "on the keypad"},
    "as-guest": {"zh": "不留名", "en": "No name"},
    "as-guest-how": {"zh": "积分捐出", "en": "give points away"},
    "type-number": {"zh": "请输入手机号码", "en": "Type your phone number"},
    "number-right": {"zh": "这是您的号码吗？", "en": "Is this your number?"},
    "number-sealed": {
        "zh": "号码立即加密，本机不保存",
        "en": "Sealed at once; the kiosk keeps no number",
    },
    "number-is-mine": {"zh": "是的，开始投放", "en": "Yes, begin"},
    "correct-number": {"zh": "不对，改一改", "en": "No, correct it"},
    "keypad": {"zh": "数字键盘", "en": "Keypad"},
    "delete-digit": {"zh": "删除", "en": "Delete"},
    "cancel-typing": {"zh": "不输了", "en": "Cancel"},
    "aid-large": {"zh": "大字", "en": "Larger"},
    "aid-low": {"zh": "放低", "en": "Lower"},
    "aid-aloud": {"zh": "朗读", "en": "Aloud"},
    "prices": {"zh": "回收价目", "en": "Prices"},
    "price-version": {"zh": "价目版本 {version}", "en": "Price list {version}"},
    "price-from": {"zh": "{date} 起执行", "en": "in force from {date}"},
    "yuan-rule": {"zh": "100 分 = 1 元", "en": "100 points = 1 yuan"},
    "per-kg": {"zh": "分/公斤", "en": "points/kg"},
    "per-piece": {"zh": "分/件", "en": "points each"},
    "no-price": {"zh": "不计分", "en": "no points"},
    "light-rule": {
        "zh": "太轻称不准的按件计",
        "en": "light loads: by the piece",
    },
    "open-daily": {"zh": "每天 {opens}–{closes}", "en": "daily {opens}–{closes}"},
    "open-on": {"zh": "{days} {opens}–{closes}", "en": "{days} {opens}–{closes}"},
    "days-from-to": {"zh": "{first}至{last}", "en": "{first}–{last}"},
    "bays": {"zh": "投放口", "en": "Bays"},
    "bay": {"zh": "{bay} 投放口", "en": "Bay {bay}"},
    "usable": {"zh": "可以投放", "en": "Ready"},
    "not-usable": {"zh": "暂停使用", "en": "Out of service"},
    "closed-now": {"zh": "暂未开放", "en": "Closed now"},
    "full": {"zh": "{stream}已满", "en": "{stream}: full"},
    "staff-told": {"zh": "已通知清运", "en": "staff have been told"},
    "emptied-within-a-day": {"zh": "一天内清空", "en": "emptied within a day"},
    "at": {"zh": "{month}{day}日 {time}", "en": "{day} {month} {time}"},
    "since": {"zh": "{since} 起", "en": "since {since}"},
    "by-emptied-daily": {"zh": "{due} 前清空", "en": "emptied by {due}"},
    "late-emptied-daily": {"zh": "{due} 前未清空", "en": "not emptied by {due}"},
    "by-mended-within-a-day": {"zh": "{due} 前修好", "en": "mended by {due}"},
    "late-mended-within-a-day": {"zh": "{due} 前未修好", "en": "not mended by {due}"},
    "grams": {"zh": "克", "en": "g"},
    "weight": {"zh": "重量", "en": "Weight"},
    "settling": {"zh": "还在变化", "en": "settling"},
    "settled": {"zh": "已稳定", "en": "steady"},
    "camera": {"zh": "舱内画面", "en": "Inside the chamber"},
    "camera-privacy": {"zh": "只拍舱内，不拍人", "en": "Sees the chamber only"},
    "looks-like": {"zh": "看起来是 {what}", "en": "Looks like {what}"},
    "perhaps": {"zh": "有点像 {what}，不能确定", "en": "Perhaps {what}, but not sure"},
    "confidence": {"zh": "把握 {percent}%", "en": "{percent}% sure"},
    "none-of-these": {"zh": "都不是，退给我", "en": "None of these: give back"},
    "done": {"zh": "完成", "en": "Done"},
    "cancel": {"zh": "不投了", "en": "Leave"},
    "more": {"zh": "再投一次", "en": "Put in more"},
    "visit-points": {"zh": "本次积分", "en": "Points this visit"},
    "visit-carbon": {"zh": "本次减碳", "en": "Carbon avoided"},
    "points-unit": {"zh": "分", "en": "points"},
    "carbon-unit": {"zh": "克", "en": "g CO₂e"},
    "yuan": {"zh": "合 {yuan} 元", "en": "= {yuan} yuan"},
    "carbon-note": {"zh": "单独累计，不换钱", "en": "counted apart"},
    "this-visit": {"zh": "本次投放", "en": "This visit"},
    "so-far": {
        "zh": "已收下 {count} 次，共 {points} 分，减碳 {carbon_g} 克",
        "en": "So far: {count} taken, {points} points, {carbon_g} g CO₂e",
    },
    "earlier": {"zh": "之前还有 {count} 次", "en": "and {count} earlier"},
    "by-mass": {"zh": "按重量", "en": "by weight"},
    "by-piece": {"zh": "按件 × {pieces}", "en": "by piece × {pieces}"},
    "by-none": {"zh": "不计分", "en": "no points"},
    "receipt": {"zh": "刚投物品的凭证", "en": "Receipt of the last load"},
    "print": {"zh": "打印凭条", "en": "Print"},
    "printing-now": {"zh": "正在打印", "en": "Printing"},
    "printed-now": {"zh": "已打印", "en": "Printed"},
    "receipt-hint": {"zh": "拍下或扫码留存", "en": "Scan or photograph it to keep"},
}
"""Key → words that stand on the screen as they are, with placeholders."""

RULES: dict[str, Text] = {
    "empty-and-dry": {"zh": "瓶罐倒空再投", "en": "empty bottles and cans first"},
    "one-kind": {"zh": "一次一种", "en": "one kind at a time"},
    "no-batteries": {"zh": "不收电池灯管", "en": "no batteries or lamps"},
    "no-kitchen-waste": {"zh": "不收厨余", "en": "no kitchen waste"},
    "clean-textiles": {"zh": "衣物洗净干燥", "en": "clean, dry clothes"},
    "flat-cardboard": {"zh": "纸箱拆平", "en": "fold cardboard flat"},
    "emptied-daily": {"zh": "每天清运", "en": "emptied daily"},
    "mended-within-a-day": {"zh": "故障一天内修好", "en": "mended within a day"},
}
"""A catalogue's rules; one that is not listed here is for newer screens and is not shown."""

DAYS: dict[str, Text] = {
    "1": {"zh": "周一", "en": "Mon"},
    "2": {"zh": "周二", "en": "Tue"},
    "3": {"zh": "周三", "en": "Wed"},
    "4": {"zh": "周四", "en": "Thu"},
    "5": {"zh": "周五", "en": "Fri"},
    "6": {"zh": "周六", "en": "Sat"},
    "7": {"zh": "周日", "en": "Sun"},
}
"""ISO weekdays."""

MONTHS: dict[str, Text] = {
    "1": {"zh": "1月", "en": "Jan"},
    "2": {"zh": "2月", "en": "Feb"},
    "3": {"zh": "3月", "en": "Mar"},
    "4": {"zh": "4月", "en": "Apr"},
    "5": {"zh": "5月", "en": "May"},
    "6": {"zh": "6月", "en": "Jun"},
    "7": {"zh": "7月", "en": "Jul"},
    "8": {"zh": "8月", "en": "Aug"},
    "9": {"zh": "9月", "en": "Sep"},
    "10": {"zh": "10月", "en": "Oct"},
    "11": {"zh": "11月", "en": "Nov"},
    "12": {"zh": "12月", "en": "Dec"},
}
"""Months of the year."""

STREAMS: dict[str, Text] = {
    "paper": {"zh": "纸类", "en": "Paper"},
    "plastic": {"zh": "塑料", "en": "Plastic"},
    "metal": {"zh": "金属", "en": "Metal"},
    "glass": {"zh": "玻璃", "en": "Glass"},
    "textile": {"zh": "织物", "en": "Textiles"},
}
"""Streams of GB/T 19095's recyclables; a low-value sub-stream `plastic-low` reads as its own."""

SEEN: dict[str, Text] = {
    "paper": {"zh": "纸", "en": "paper"},
    "cardboard": {"zh": "纸板", "en": "cardboard"},
    "plastic": {"zh": "塑料", "en": "plastic"},
    "metal": {"zh": "金属", "en": "metal"},
    "glass": {"zh": "玻璃", "en": "glass"},
    "textile": {"zh": "衣物", "en": "clothes"},
    "trash": {"zh": "其他垃圾", "en": "other waste"},
}
"""What the eyes call a load."""

SHOWN: dict[str, Text] = {
    "a web address": {"zh": "网址", "en": "a web address"},
    "an Alipay payment code": {"zh": "支付宝付款码", "en": "an Alipay payment code"},
    "a WeChat payment code": {"zh": "微信付款码", "en": "a WeChat payment code"},
    "a wifi code": {"zh": "无线网络码", "en": "a wifi code"},
    "a container's barcode": {"zh": "商品条形码", "en": "a container's barcode"},
    "something else": {"zh": "别的码", "en": "another code"},
}
"""What was held before the reader instead of a resident's code (`contract.foreign`)."""
