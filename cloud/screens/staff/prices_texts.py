"""The sentences of the pages about price lists, and a difference in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloud.prices.differences import Difference
    from cloud.screens.staff.texts import Words
    from cloud.screens.texts import Language

TITLE: Words = {"zh": "价目表", "en": "Price lists"}
DRAFT_TITLE: Words = {"zh": "价目草案", "en": "Draft of a price list"}

TEXTS: dict[str, Words] = {
    "in-force": {"zh": "现行：{version}，自 {day} 起", "en": "In force: {version}, since {day}"},
    "none-in-force": {"zh": "尚无现行价目表", "en": "No price list has begun yet"},
    "coming": {"zh": "将生效：{version}，自 {day} 起", "en": "To come: {version}, from {day}"},
    "file": {"zh": "下载签名文件", "en": "Signed file"},
    "signs-here": {
        "zh": "审签后由平台用运营方密钥签名并启用。",
        "en": "Once signed by a second person, the platform signs with the operator's key.",
    },
    "signs-elsewhere": {
        "zh": "平台没有运营方密钥：审签后生成待签文件，由运营方离线签名。",
        "en": "The operator's key is not here: once approved, a file waits to be signed with it.",
    },
    "new": {"zh": "新草案", "en": "New draft"},
    "from": {"zh": "生效日期（最早明天）", "en": "First day, tomorrow at the earliest"},
    "begin": {"zh": "建立草案", "en": "Begin a draft"},
    "base": {"zh": "以 {version} 为基础", "en": "Made from {version}"},
    "drafts": {"zh": "草案", "en": "Drafts"},
    "none": {"zh": "还没有草案。", "en": "There are no drafts yet."},
    "col-version": {"zh": "版本", "en": "Version"},
    "col-from": {"zh": "生效", "en": "From"},
    "col-author": {"zh": "编制", "en": "Drafted by"},
    "col-scope": {"zh": "范围", "en": "Concerns"},
    "col-state": {"zh": "状态", "en": "State"},
    "refusals": {"zh": "被拒绝的操作", "en": "What was refused so far"},
    "low-value": {"zh": "低值可回收物与补贴（{version}）", "en": "Low-value items, {version}"},
    "no-low-value": {"zh": "没有低值品类。", "en": "None are of low value."},
    "col-item": {"zh": "品类", "en": "Item"},
    "col-where": {"zh": "范围", "en": "Where"},
    "col-what": {"zh": "内容", "en": "What"},
    "col-now": {"zh": "现在", "en": "Now"},
    "col-then": {"zh": "改为", "en": "Then"},
    "city": {"zh": "全市", "en": "Whole city"},
    "fen-per-t": {"zh": "补贴（分/吨）", "en": "Subsidy, fen/t"},
    "per-kg": {"zh": "积分/公斤", "en": "Points/kg"},
    "per-piece": {"zh": "积分/件", "en": "Points/piece"},
    "low": {"zh": "低值", "en": "Low value"},
    "name-zh": {"zh": "中文名称", "en": "Chinese name"},
    "name-en": {"zh": "英文名称", "en": "English name"},
    "place": {"zh": "适用范围", "en": "Prices of"},
    "city-hint": {
        "zh": "空着的价格表示没有这种价格。100 积分为 1 元。",
        "en": "An empty price is none. 100 points are 1 yuan.",
    },
    "district-hint": {
        "zh": "空着的与全市相同（灰色数字）。只写一种价格时，另一种写 -。",
        "en": "What is empty is as in the city, shown in grey. Where there is one price only, "
        "write - for the other.",
    },
    "no-district": {
        "zh": "价目表中没有 {district} 区，请联系运营方。",
        "en": "The price list has no district {district}: ask your operator.",
    },
    "save": {"zh": "保存", "en": "Save"},
    "saved": {"zh": "已保存。", "en": "Saved."},
    "unsaved": {"zh": "请先保存。", "en": "Save it first."},
    "freeze": {"zh": "提交审签", "en": "Hand in for signature"},
    "freeze-what": {
        "zh": "提交后不能再改，由另一人审签。",
        "en": "After that it cannot be changed, and another person signs it.",
    },
    "sign": {"zh": "审签", "en": "Sign"},
    "sign-what": {
        "zh": "您签的是上面列出的改动，校验码 {hash}。",
        "en": "You sign the changes above, with the hash {hash}.",
    },
    "signing-done": {"zh": "您已审签。", "en": "You have signed it."},
    "own": {
        "zh": "由您编制，须由另一人审签。",
        "en": "You drafted it: another person signs it.",
    },
    "reject-reason": {"zh": "退回理由", "en": "Why it is rejected"},
    "withdraw-reason": {"zh": "撤回理由", "en": "Why you withdraw it"},
    "reject": {"zh": "退回", "en": "Reject"},
    "withdraw": {"zh": "撤回", "en": "Withdraw"},
    "again": {"zh": "按现行表重新起草", "en": "Draft it again"},
    "changes": {"zh": "改动", "en": "What it changes"},
    "no-changes": {"zh": "还没有改动。", "en": "Nothing yet."},
    "unknown": {"zh": "没有这个草案。", "en": "There is no such draft."},
    "hash": {"zh": "校验码 {hash}", "en": "Hash {hash}"},
    "by": {"zh": "{who} 编制", "en": "Drafted by {who}"},
    "decided": {"zh": "{who}：{reason}", "en": "{who}: {reason}"},
    "signed-by": {"zh": "{who} 审签", "en": "Signed by {who}"},
    "not-filed": {
        "zh": "已审签，文件尚未写入，平台每分钟重试。",
        "en": "It is signed; its file is not written yet, and is tried every minute.",
    },
    "to-sign-file": {
        "zh": "待签文件在平台目录 to-sign/catalogue-{version}.json。用 kiosk catalogue sign "
        "签名后放入平台目录，一分钟内启用。",
        "en": "The file is to-sign/catalogue-{version}.json in the platform's folder. Signed with "
        "`kiosk catalogue sign` and put into that folder, it is taken within a minute.",
    },
    "state-open": {"zh": "编制中", "en": "open"},
    "state-frozen": {"zh": "待审签", "en": "waits for a signature"},
    "state-signed": {"zh": "已签名", "en": "signed"},
    "state-approved": {"zh": "已审签，待运营方签名", "en": "approved, waits for the key"},
    "state-rejected": {"zh": "已退回", "en": "rejected"},
    "state-withdrawn": {"zh": "已撤回", "en": "withdrawn"},
    "refused-own-draft": {
        "zh": "不能审签自己编制的草案。",
        "en": "You drafted it: another person must sign it.",
    },
    "refused-not-yours": {"zh": "只有编制人可以这样做。", "en": "Only its author may do that."},
    "refused-other-district": {
        "zh": "改动超出您的区域。",
        "en": "It changes more than your district.",
    },
    "refused-changed": {
        "zh": "草案已改变，请刷新后重看。",
        "en": "It has changed: reload and read.",
    },
    "refused-decided": {"zh": "已有人处理过，请刷新。", "en": "It is decided already: reload."},
    "refused-not-open": {"zh": "草案已提交，不能再改。", "en": "It is handed in: no more changes."},
    "refused-not-frozen": {"zh": "草案尚未提交。", "en": "It is not handed in yet."},
    "refused-too-early": {
        "zh": "生效日期最早为明天。",
        "en": "The first day is tomorrow at the earliest.",
    },
    "refused-too-late": {
        "zh": "生效日期已到，不能再签。请退回后重新起草。",
        "en": "Its first day has come: reject it and have it drafted again.",
    },
    "refused-bad-date": {"zh": "日期无效。", "en": "This is no day."},
    "refused-not-later": {
        "zh": "生效日期须晚于最新的价目表。",
        "en": "It must begin after the latest price list.",
    },
    "refused-no-change": {"zh": "没有改动。", "en": "It changes nothing."},
    "refused-base-changed": {
        "zh": "此后已有另一价目表签名，请按最新表重新起草，否则会丢失其改动。",
        "en": "Another list was signed since: draft it again, or its changes would be lost.",
    },
    "refused-damaged": {
        "zh": "草案内容与校验码不符，请通知运营方。",
        "en": "The draft is not what its hash says: tell the operator.",
    },
    "refused-wrong-key": {
        "zh": "平台上的密钥不是运营方的，未签名。",
        "en": "The key on the platform is not the operator's: nothing was signed.",
    },
    "refused-text": {
        "zh": "请写一句理由，最多 300 字。",
        "en": "Write a reason: one sentence, at most 300 letters.",
    },
    "refused-unsaved": {"zh": "请先保存。", "en": "Save it first."},
    "refused-figure": {"zh": "不是整数：{message}", "en": "No whole number: {message}"},
    "refused-half": {
        "zh": "两种价格都要写；没有的写 -。（{message}）",
        "en": "Fill in both prices, or - where there is none. ({message})",
    },
    "refused-negative-price": {"zh": "价格不能为负：{message}", "en": "{message}"},
    "refused-absurd-price": {"zh": "价格过高：{message}", "en": "{message}"},
    "refused-negative-subsidy": {"zh": "补贴不能为负：{message}", "en": "{message}"},
    "refused-absurd-subsidy": {"zh": "补贴过高：{message}", "en": "{message}"},
    "refused-schema": {"zh": "校验未通过：{message}", "en": "{message}"},
}

FIELDS: dict[str, Words] = {
    "valid_from": {"zh": "生效日期", "en": "first day"},
    "price.points_per_kg": {"zh": "积分/公斤", "en": "points per kg"},
    "price.points_per_piece": {"zh": "积分/件", "en": "points per piece"},
    "subsidy_fen_per_t": {"zh": "补贴（分/吨）", "en": "subsidy in fen per tonne"},
    "low_value": {"zh": "低值", "en": "low value"},
    "names.zh": {"zh": "中文名称", "en": "Chinese name"},
    "names.en": {"zh": "英文名称", "en": "English name"},
}

NOTHING: dict[bool, Words] = {
    True: {"zh": "与全市相同", "en": "as in the city"},
    False: {"zh": "无", "en": "none"},
}
"""What an empty value means: in a district, and in the city."""

YES_NO: dict[bool, Words] = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}


def in_words(found: Difference, names: Mapping[str, str], language: Language) -> tuple[str, ...]:
    """A difference as a row: where, what, field, before, after. `names` are those of items."""
    where = found.district or TEXTS["city"][language]
    name = names.get(found.item, "")
    what = f"{name} ({found.item})" if name else found.item or "–"
    field = FIELDS[found.field][language] if found.field in FIELDS else found.field
    empty = NOTHING[bool(found.district)][language]
    both = (found.before, found.after)
    return (where, what, field, *(_value(one, empty, language) for one in both))


def _value(value: int | str | None, empty: str, language: Language) -> str:
    if value is None:
        return empty
    return YES_NO[value][language] if isinstance(value, bool) else str(value)
