"""Scripted views: one visit of a resident, and what can go wrong in it, by name."""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter

from contract.canonical import sha256_hex
from contract.catalogue import example
from controller.core.rests import EMPTIED_DAILY, MENDED, PROMISED_S
from controller.core.view import (
    BayRow,
    Choice,
    HoursRow,
    LevelRow,
    PriceRow,
    ReceiptRow,
    Rest,
    View,
)
from tests.contract.samples import SampleKiosk

AS_JSON = TypeAdapter(View)
"""A view between processes."""

NAMES = {one.code: {"zh": one.names.zh, "en": one.names.en} for one in example().items}
PRICES = tuple(
    PriceRow(
        one.code,
        one.stream,
        NAMES[one.code],
        one.price.points_per_kg,
        one.price.points_per_piece,
    )
    for one in example().items
)
BAYS = (BayRow("a", True, ("paper", "plastic", "metal")),)
TWO_BAYS = (
    BayRow("a", True, ("paper", "plastic", "metal")),
    BayRow("b", True, ("glass", "textile")),
)


def row(number: int, code: str, *figures: int | str) -> ReceiptRow:
    """A deposit on the receipt: mass (g), pieces, priced by, points, carbon (g), and its record."""
    mass_g, pieces, priced_by, points, carbon_g = figures
    facts = {"mass_g": mass_g, "pieces": pieces, "priced_by": priced_by, "points": points}
    facts |= {"carbon_g": carbon_g, "item_code": code, "model_sha256": sha256_hex(b"model")}
    facts |= {"account": sha256_hex(b"account")[:16], "jti": sha256_hex(b"code")[:16]}
    name = f"0f3a9c11d2e40011-{number}"
    line = SampleKiosk().deposit(deposit_id=name, session="0f3a9c11d2e40011", **facts).line
    return ReceiptRow(
        deposit_id=name,
        names=NAMES[code],
        mass_g=int(mass_g),
        pieces=int(pieces),
        priced_by=str(priced_by),
        points=int(points),
        carbon_g=int(carbon_g),
        record=line.decode(),
    )


RECEIPT = (
    row(1, "pet-bottle", 28, 1, "piece", 4, 32),
    row(2, "newspaper", 1246, 1, "mass", 75, 3726),
)

_ALL = View(
    state="IDLE",
    message="idle",
    kiosk="hz-xihu-0001",
    online=True,
    catalogue_version="2026-11-a",
    catalogue_from="2026-11-01",
    rules=("empty-and-dry", "no-batteries", "a-rule-of-next-year"),
    hours=(HoursRow((1, 2, 3, 4, 5), "06:30", "21:00"), HoursRow((6, 7), "08:00", "22:00")),
    prices=PRICES,
    bays=BAYS,
)
IDLE = replace(_ALL, prices=tuple(row for row in PRICES if row.stream in BAYS[0].streams))
_A = replace(IDLE, bay="a", hatch="CLOSED", gate="CLOSED")
LOADING = replace(_A, state="LOADING", message="put-in", hatch="OPEN", hatch_percent=100, mass_g=0)
LOOKED = replace(
    _A, state="DECIDING", message="looking", mass_g=28, settled=True, label="plastic",
    confidence_percent=96,
)  # fmt: skip
CREDITED = replace(
    _A,
    state="CREDITED",
    message="accepted",
    figures={"points": 75},
    receipt=RECEIPT,
    points=79,
    carbon_g=3758,
)
SINCE_S = 1_795_759_500
"""27 November 2026, 14:05 in China."""

FULL = Rest(SINCE_S, EMPTIED_DAILY, SINCE_S + PROMISED_S)
OVERDUE = Rest(SINCE_S - PROMISED_S, EMPTIED_DAILY, SINCE_S, late=True)
BROKEN = replace(FULL, promise=MENDED)
RESTING = (
    replace(
        TWO_BAYS[0],
        levels=(
            LevelRow("paper", 40, full=False),
            LevelRow("plastic", 90, full=True, rest=FULL),
            LevelRow("metal", 90, full=True, rest=OVERDUE),
        ),
    ),
    BayRow("b", False, ("glass", "textile"), "hatch-stuck: see to it", rest=BROKEN),
)
PROMISES = ("empty-and-dry", "no-batteries", EMPTIED_DAILY, MENDED)
MANY = tuple(row(n, "newspaper", 1246, 1, "mass", 75, 3726) for n in range(1, 13))

VIEWS: dict[str, View] = {
    "idle": IDLE,
    "idle-phones": replace(IDLE, phones=True),
    "idle-none-usable": replace(
        IDLE,
        phones=True,
        bays=tuple(BayRow(one.bay, False, one.streams, "scale warming up") for one in BAYS),
    ),
    "idle-two-bays": replace(_ALL, bays=TWO_BAYS),
    "idle-bay-down": replace(
        _ALL,
        online=False,
        bays=(
            TWO_BAYS[0],
            BayRow(
                "b",
                False,
                ("glass", "textile"),
                "node silent: check the node's power and its cable",
            ),
        ),
    ),
    "idle-bin-full": replace(
        IDLE,
        bays=(
            replace(
                BAYS[0],
                levels=(
                    LevelRow("paper", 40, full=False),
                    LevelRow("plastic", 90, full=True),
                    LevelRow("metal", 90, full=True, estimated=True),
                ),
            ),
        ),
    ),
    "idle-rests": replace(_ALL, bays=RESTING, rules=PROMISES),
    "idle-rests-late": replace(
        _ALL,
        phones=True,
        bays=(RESTING[0], replace(RESTING[1], rest=replace(BROKEN, late=True))),
        rules=PROMISES,
    ),
    "code-expired": replace(IDLE, message="code-expired", figures={"what": ""}),
    "closed-hours": replace(IDLE, message="closed-hours"),
    "code-replayed": replace(IDLE, message="code-replayed"),
    "card-spent": replace(IDLE, message="card-spent"),
    "phone-again": replace(IDLE, message="phone-again"),
    "phone-wrong": replace(IDLE, message="phone-wrong"),
    "badge-known": replace(IDLE, message="badge-known"),
    "code-foreign": replace(
        IDLE, message="code-foreign", figures={"what": "an Alipay payment code"}
    ),
    "choose-bay": replace(_ALL, state="IDENTIFIED", message="choose-bay", bays=TWO_BAYS),
    "choose-bay-down": replace(
        _ALL,
        state="IDENTIFIED",
        message="bay-down",
        figures={"bay": "b"},
        bays=(TWO_BAYS[0], BayRow("b", False, ("glass", "textile"), "hatch-stuck")),
    ),
    "choose-bay-rests": replace(
        _ALL, state="IDENTIFIED", message="choose-bay", bays=RESTING, rules=PROMISES
    ),
    "preparing": replace(_A, state="PREPARING", message="identified"),
    "opening": replace(
        _A, state="OPENING", message="hatch-opening", hatch="OPENING", hatch_percent=45
    ),
    "loading": LOADING,
    "idle-warning": replace(LOADING, message="idle-warning"),
    "hand-inside": replace(LOADING, message="hand-inside", mass_g=30),
    "closing": replace(
        _A, state="CLOSING", message="closing", hatch="CLOSING", hatch_percent=50, mass_g=28
    ),
    "measuring": replace(_A, state="MEASURING", message="measuring", mass_g=26),
    "looking": replace(_A, state="DECIDING", message="looking", mass_g=28, settled=True),
    "asking": replace(
        LOOKED,
        state="ASKING",
        message="ask-which",
        confidence_percent=71,
        choices=tuple(Choice(code, NAMES[code]) for code in ("pet-bottle", "plastic-mixed", "can")),
    ),
    "asking-two": replace(
        LOOKED,
        state="ASKING",
        message="ask-which",
        confidence_percent=71,
        choices=tuple(Choice(code, NAMES[code]) for code in ("pet-bottle", "plastic-mixed")),
    ),
    "dropping": replace(
        LOOKED, state="DROPPING", message="dropping", gate="OPEN", mass_g=28, settled=True
    ),
    "credited": CREDITED,
    "below-min": replace(
        CREDITED,
        message="below-min",
        figures={"points": 0},
        receipt=(row(1, "newspaper", 12, 1, "none", 0, 36),),
        points=0,
        carbon_g=36,
    ),
    "returned-unknown": replace(
        LOOKED,
        state="RETURNING",
        message="returned-unknown",
        label="trash",
        confidence_percent=38,
        hatch="OPEN",
        hatch_percent=100,
    ),
    "returned-too-heavy": replace(
        LOADING, message="returned-too-heavy", figures={"limit_kg": 8}, mass_g=9120, settled=True
    ),
    "string": replace(LOADING, message="returned-string", mass_g=30),
    "returned-too-heavy-for-kind": replace(
        LOOKED,
        state="RETURNING",
        message="returned-too-heavy-for-kind",
        mass_g=420,
        hatch="OPEN",
        hatch_percent=100,
    ),
    "farewell": replace(CREDITED, state="FAREWELL", message="farewell", figures={"points": 79}),
    "credited-many": replace(
        CREDITED, receipt=MANY, points=900, carbon_g=44712, paper="offered", printed=9
    ),
    "returned-after-many": replace(
        LOOKED,
        state="RETURNING",
        message="returned-unknown",
        receipt=MANY,
        points=900,
        carbon_g=44712,
    ),
    "farewell-many": replace(
        CREDITED,
        state="FAREWELL",
        message="farewell",
        figures={"points": 900},
        receipt=MANY,
        points=900,
        carbon_g=44712,
        online=False,
        paper="offered",
    ),
    "printed": replace(CREDITED, state="FAREWELL", message="printed", paper="printed", printed=2),
    "printer-empty": replace(CREDITED, message="printer-empty", paper="offered"),
    "farewell-nothing": replace(_A, state="FAREWELL", message="farewell-nothing"),
    "recovering": replace(_A, state="RECOVERING", message="recovering"),
    "out-of-service": replace(
        _ALL,
        state="FAREWELL",
        message="out-of-service",
        bays=(BayRow("a", False, ("paper", "plastic"), "a load was left behind"),),
    ),
}
