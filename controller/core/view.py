"""What the resident's screen shows, as data: no language, no layout.

The screens turn `message` into a sentence in the resident's language with `figures` filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One line of the price list; exactly one of the two prices may be None."""

    item_code: str
    stream: str
    names: dict[str, str]
    points_per_kg: int | None
    points_per_piece: int | None


@dataclass(frozen=True, slots=True)
class HoursRow:
    """When the kiosk is open: ISO weekdays (Monday is 1) and times of the day, as in 06:30."""

    days: tuple[int, ...]
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Since when something takes nothing, and by when that ends; Unix seconds.

    `promise` is the catalogue's rule that says so, empty where none does; then `due_s` is 0.
    `late` once the promise is broken.
    """

    since_s: int
    promise: str = ""
    due_s: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class LevelRow:
    """How full the bins of one stream of a bay are.

    `percent` in steps of 10; `estimated` where no sensor tells, but what was dropped. `emptied_s`
    is when one of them was emptied last, in Unix seconds; 0 where nobody knows. `rest` is there
    while they are full, where it is known since when.
    """

    stream: str
    percent: int
    full: bool
    estimated: bool = False
    emptied_s: int = 0
    rest: Rest | None = None


@dataclass(frozen=True, slots=True)
class BayRow:
    """One bay of the kiosk as the idle screen offers it; a level for each of its streams.

    `rest` is there while it cannot be used, where it is known since when.
    """

    bay: str
    usable: bool
    streams: tuple[str, ...]
    why_not: str = ""
    levels: tuple[LevelRow, ...] = ()
    rest: Rest | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One big answer to a question; `answer` is what the session gets back."""

    answer: str
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One accepted deposit on the receipt; `record` is its record's line as the kiosk signed it."""

    deposit_id: str
    names: dict[str, str]
    mass_g: int
    pieces: int
    priced_by: str
    points: int
    carbon_g: int
    record: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Everything a screen needs at one moment.

    `state` is the session's state name, `message` a key of the screens' text table, `figures`
    what its sentence needs. `rules` are keys of texts on what is taken, `hours` when the kiosk is
    open, always where there are none. `mass_g` is None while there is nothing on the pan to speak
    of; `settled` says whether it will change. `points` and `carbon_g` are this session's sums.
    `told` counts those who were told something at the front without being let in: the same
    sentence twice running is said twice. `paper` says where the receipt on paper stands
    (`controller.core.paper`), and the first `printed` rows of the receipt are on it already.
    """

    state: str
    message: str
    figures: dict[str, str | int] = field(default_factory=dict)
    kiosk: str = ""
    online: bool = False
    phones: bool = False
    catalogue_version: str = ""
    catalogue_from: str = ""
    rules: tuple[str, ...] = ()
    hours: tuple[HoursRow, ...] = ()
    prices: tuple[PriceRow, ...] = ()
    bays: tuple[BayRow, ...] = ()
    bay: str = ""
    hatch: str = ""
    hatch_percent: int = 0
    gate: str = ""
    mass_g: int | None = None
    settled: bool = False
    label: str = ""
    confidence_percent: int = 0
    choices: tuple[Choice, ...] = ()
    receipt: tuple[ReceiptRow, ...] = ()
    points: int = 0
    carbon_g: int = 0
    told: int = 0
    paper: str = ""
    printed: int = 0

    @property
    def takes_something(self) -> bool:
        """Whether a session may begin at any bay."""
        return any(bay.usable for bay in self.bays)
