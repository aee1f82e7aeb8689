"""A receipt in words, in Chinese or English: what a resident reads, prints or keeps as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from contract.bodies import DepositBody, Load, UncertainBody, VoidBody
from contract.hours import local_time

if TYPE_CHECKING:
    from contract.bodies import Body
    from contract.catalogue import Catalogue
    from contract.record import Record

Language = Literal["zh", "en"]
Row = tuple[str, str]

WORDS: dict[str, dict[Language, str]] = {
    "deposit": {"zh": "投放凭证", "en": "Receipt of a deposit"},
    "uncertain": {"zh": "投放凭证（待核实）", "en": "Receipt of a deposit in doubt"},
    "void": {"zh": "退回凭证", "en": "Receipt of a load given back"},
    "kiosk": {"zh": "回收站", "en": "Kiosk"},
    "at": {"zh": "时间", "en": "Time"},
    "deposit-id": {"zh": "投放编号", "en": "Deposit"},
    "item": {"zh": "物品", "en": "Item"},
    "mass": {"zh": "质量", "en": "Mass"},
    "pieces": {"zh": "件数", "en": "Pieces"},
    "points": {"zh": "积分", "en": "Points"},
    "carbon": {"zh": "减碳", "en": "Carbon avoided"},
    "prices": {"zh": "价目版本", "en": "Price list"},
    "account": {"zh": "账户", "en": "Account"},
    "scale": {"zh": "秤", "en": "Scale"},
    "reason": {"zh": "说明", "en": "Reason"},
    "record": {"zh": "记录", "en": "Record"},
    "sha256": {"zh": "记录的 SHA-256", "en": "Its SHA-256"},
    "key": {"zh": "签名密钥", "en": "Signed by key"},
    "by-mass": {"zh": "按重量", "en": "by weight"},
    "by-piece": {"zh": "按件", "en": "by the piece"},
    "by-none": {"zh": "不计分", "en": "no points"},
    "from": {"zh": "{version}，{day} 起执行", "en": "{version}, in force from {day}"},
    "calibrated": {
        "zh": "分度值 {e_g} 克，{day} 校准（{name}）",
        "en": "e = {e_g} g, calibrated {day} ({name})",
    },
}
"""Key → words of a receipt."""


def as_text(record: Record, language: Language, catalogue: Catalogue | None = None) -> str:
    """A receipt as lines of `label: value`, for people; only `record.line` proves anything.

    Args:
        record: A receipt's record, as `open_receipt` gave it.
        language: `zh` or `en`.
        catalogue: The one that the record names, for the item's name and the day it holds from;
            another one, or none, and the code and the version stand for themselves.

    Raises:
        RecordError: `schema`: the body is not as its kind has it.
    """
    title = WORDS.get(record.kind, WORDS["deposit"])[language]
    body = record.read()
    rows = [("kiosk", record.kiosk), ("at", local_time(record.at)), *_of_promise(body)]
    if isinstance(body, Load):
        rows += _of_load(body, language, catalogue)
    rows += [
        ("record", f"{record.epoch}/{record.seq}"),
        ("sha256", record.sha256),
        ("key", record.key),
    ]
    colon = "：" if language == "zh" else ": "
    return "\n".join([title, *(f"{WORDS[key][language]}{colon}{value}" for key, value in rows)])


def _of_promise(body: Body) -> list[Row]:
    rows: list[Row] = []
    if isinstance(body, (DepositBody, UncertainBody, VoidBody)):
        rows.append(("deposit-id", body.deposit_id))
    if isinstance(body, (UncertainBody, VoidBody)):
        rows.append(("reason", body.reason))
    return rows


def _of_load(load: Load, language: Language, catalogue: Catalogue | None) -> list[Row]:
    item, prices = load.item_code, load.catalogue_version
    if catalogue is not None and catalogue.version == load.catalogue_version:
        item = f"{getattr(catalogue.item(load.item_code).names, language)} ({load.item_code})"
        prices = WORDS["from"][language].format(version=prices, day=catalogue.valid_from)
    scale = WORDS["calibrated"][language].format(
        e_g=load.scale.e_g, day=load.scale.calibrated_on, name=load.scale.calibration_id
    )
    yuan = f"{load.points // 100}.{load.points % 100:02d}"
    return [
        ("item", item),
        ("mass", f"{load.mass_g} g"),
        ("pieces", str(load.pieces)),
        ("points", f"{load.points} = ¥{yuan} ({WORDS[f'by-{load.priced_by}'][language]})"),
        ("carbon", f"{load.carbon_g} g CO2e"),
        ("prices", prices),
        ("account", load.account),
        ("scale", scale),
    ]
