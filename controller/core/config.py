"""A kiosk's configuration: what this cabinet is made of, checked before anything moves.

Read from TOML; every figure has the default of the machine's design, so a small file is enough.
An unknown key, a wrong type and a contradiction are refused by name.
"""

from __future__ import annotations

import tomllib
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from contract.errors import KioskError
from controller.core.bulk import BULK_G_PER_L, OTHER_G_PER_L
from controller.core.config_table import ConfigTable, Fen, Grams, Name, Seconds, Share
from controller.core.metrology.calibration import Calibration
from controller.core.metrology.class_iii import ClassIII
from controller.core.panel_config import PanelConfig
from controller.core.printer_config import PrinterConfig
from controller.core.site_config import SiteConfig
from controller.core.uplink_config import UplinkConfig

Place = Annotated[int, Field(ge=0, le=3)]
"""Where the diverter points: one of its four places."""


class ConfigError(KioskError, ValueError):
    """The configuration is not usable; the message names file, key and what would be."""


class BinConfig(ConfigTable):
    """One bin behind the gate: where the diverter points and what is collected in it.

    It holds `litres` while the way from its level sensor down goes from `empty_mm`, its floor, to
    `full_mm`, its rim; nothing lies nearer than 100 mm, where the chute ends. `g_per_l` is the bulk
    density of what is thrown in, that of its stream where it is not given.
    """

    index: Place
    stream: Name
    litres: Annotated[int, Field(gt=0)] = 240
    empty_mm: Annotated[int, Field(le=1200)] = 1100
    full_mm: Annotated[int, Field(ge=100)] = 200
    g_per_l: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _has_a_depth(self) -> Self:
        if self.full_mm >= self.empty_mm:
            raise ValueError(f"full_mm {self.full_mm} must be less than empty_mm {self.empty_mm}")
        return self

    @property
    def bulk_g_per_l(self) -> float:
        """Grams in a litre of what is thrown in."""
        return self.g_per_l or BULK_G_PER_L.get(self.stream, OTHER_G_PER_L)


class ScaleConfig(ConfigTable):
    """The pan's cell and its calibration.

    Multi-interval scale of class III (OIML R 76-1): `e_g` up to `interval_g`, `e_high_g` up to
    `max_g`. `zero_raw` and `counts_per_kg` are the factory's calibration; where `zero_raw` is
    given, a pan of which nothing is remembered is compared with it. `points`, one to five
    of (raw counts, grams), stand in place of `counts_per_kg` where the cell was calibrated so.
    `noise_g` is the standard deviation of one conversion, at most `e_g`: no class III scale could
    be made of a noisier cell. `warm_up_s` is how long nothing is weighed after the node was
    without power.
    """

    max_g: Grams = 15_000
    interval_g: Grams = 6_000
    e_g: Grams = 2
    e_high_g: Grams = 5
    min_g: Grams = 40
    zero_raw: int = 0
    counts_per_kg: Annotated[int, Field(gt=0)] = 180_355
    points: tuple[tuple[int, int], ...] = ()
    noise_g: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 0.21
    warm_up_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 60.0
    calibration_id: str = "factory"
    calibrated_on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] = "2026-01-01"

    @model_validator(mode="after")
    def _is_a_scale(self) -> Self:
        if self.points and "counts_per_kg" in self.model_fields_set:
            raise ValueError("give points or counts_per_kg, not both")
        _ = self.calibration  # refused by name if no such cell belongs under such a scale
        if self.noise_g > self.e_g:
            raise ValueError(f"noise_g {self.noise_g:g} must be at most e_g, {self.e_g} g")
        return self

    @property
    def is_zero_measured(self) -> bool:
        """Whether `zero_raw` was given: it is this cell's then, and not a default."""
        return "zero_raw" in self.model_fields_set

    @property
    def class_iii(self) -> ClassIII:
        """The scale in the sense of class III."""
        return ClassIII(self.max_g, self.interval_g, self.e_g, self.e_high_g, self.min_g)

    @property
    def calibration(self) -> Calibration:
        """The calibration that holds until the journal knows a later one."""
        at_max_raw = self.zero_raw + round(self.counts_per_kg * self.max_g / 1000)
        points = self.points or ((at_max_raw, self.max_g),)
        return Calibration(
            self.calibration_id, self.calibrated_on, self.zero_raw, points, self.class_iii
        )


class BayConfig(ConfigTable):
    """One bay: its bins, its scale, and how its node is reached.

    `empty_picture` is a picture of its lit, empty chamber, relative to the configuration file;
    without one the camera has no say in whether a load has fallen, and the record says so.
    `hatch_edge` is the edge of the camera's picture behind which the hatch lies.
    """

    name: Name
    port: str = "/dev/ttyACM0"
    camera: str = "0"
    empty_picture: str = ""
    hatch_edge: Literal["bottom", "left", "top", "right"] = "bottom"
    bins: Annotated[tuple[BinConfig, ...], Field(min_length=1, max_length=4)]
    refuse_bin: Place | None = None
    load_limit_g: Grams = 8_000
    scale: ScaleConfig = ScaleConfig()

    @model_validator(mode="after")
    def _bins_are_distinct(self) -> Self:
        indexes = [one.index for one in self.bins]
        if len(set(indexes)) != len(indexes):
            raise ValueError(f"bins of bay {self.name} share an index: {indexes}")
        if self.refuse_bin is not None and self.refuse_bin in indexes:
            raise ValueError(f"refuse_bin {self.refuse_bin} of bay {self.name} is also a stream's")
        return self

    @model_validator(mode="after")
    def _weighs_what_it_takes(self) -> Self:
        """The limit is also what keeps a hatch from closing on somebody who sits on the pan."""
        is_given = "load_limit_g" in self.model_fields_set
        if is_given and self.load_limit_g > self.scale.max_g:
            raise ValueError(
                f"load_limit_g {self.load_limit_g} of bay {self.name} is above its scale's max_g, "
                f"{self.scale.max_g}"
            )
        return self


class SessionConfig(ConfigTable):
    """How long the kiosk waits for people and for its own parts, in seconds."""

    idle_s: Seconds = 60.0
    warning_s: Seconds = 45.0
    hand_out_s: Seconds = 1.0
    answer_s: Seconds = 30.0
    farewell_s: Seconds = 8.0
    settle_s: Seconds = 8.0
    look_s: Seconds = 10.0
    motion_s: Seconds = 12.0
    service_s: Seconds = 600.0
    drop_attempts: Annotated[int, Field(ge=1)] = 3


class VerdictConfig(ConfigTable):
    """What a wrong verdict costs, in fen, and what is believed before anything is seen.

    No probability is set from which a load is accepted: it follows from the costs. A load taken
    wrongly is picked out by hand at the sorting centre, half a minute of a worker at 40 fen/min,
    and a trick that pays is repeated, twenty times at a guess, until a collection shows it. A load
    returned wrongly costs a resident a minute to take out and carry elsewhere, each answer of a
    question that they read six seconds, at Zhejiang's lowest hourly wage (24 yuan: 40 fen/min).

    `foreign_share` and `adulterated_share` of all loads are none of ours, or are ours with
    something else in them: operators of such kiosks claim above 90 % right deposits. Estimates,
    until a kiosk's own returns were counted: `stray_barcode_share` of known barcodes stick to
    something else, `honest_share` of residents answer what they see, `honest_foreign_share` of
    those who bring what is none of ours, and `slip_share` of answers were touched by mistake.
    `never_seen_share` of foreign things are of no kind that the model was trained to refuse.
    """

    wrongly_accepted_fen: Fen = 400.0
    wrongly_returned_fen: Fen = 40.0
    line_read_fen: Fen = 4.0
    foreign_share: Share = 0.09
    adulterated_share: Share = 0.01
    stray_barcode_share: Share = 0.01
    honest_share: Share = 0.98
    honest_foreign_share: Share = 0.7
    slip_share: Share = 0.005
    never_seen_share: Share = 0.5

    @model_validator(mode="after")
    def _leaves_room_for_items(self) -> Self:
        if self.foreign_share + self.adulterated_share >= 1:
            raise ValueError("foreign_share and adulterated_share must leave room for items")
        return self


class FilesConfig(ConfigTable):
    """Where the kiosk keeps what must survive it, relative to the configuration file.

    `taught` is what `kiosk vision teach` wrote of this kiosk's chambers; without it the model
    judges as it came. `chambers` is the folder of what staff teach it in service, which goes before
    that, `acceptance` the one of reports on the site. With `ledger_keys`, public keys of the
    ledger, only acks that one of them signed are believed, and the last head that they signed is
    kept in `head`. `mirror` is the journal's second place, on another medium; without one a dead
    card takes what was not acked.
    `badge_keys` are public keys of those who issue staff badges, `phone_key` the platform's for
    typed numbers; without them the kiosk takes neither. `revoked` is the signed list of lost
    cards and badges.
    """

    journal: str = "journal.sqlite"
    mirror: str = ""
    key: str = "kiosk.pem"
    catalogue: str = "catalogue.json"
    operator_key: str = "operator.pub"
    token_keys: tuple[str, ...] = ("city.pub",)
    badge_keys: tuple[str, ...] = ()
    phone_key: str = ""
    revoked: str = "revoked.json"
    ledger_keys: tuple[str, ...] = ()
    head: str = "head.json"
    taught: str = ""
    chambers: str = "chambers"
    acceptance: str = "acceptance"


class CardsConfig(ConfigTable):
    """What one card may bring in a day, whichever comes first; 100 points are 1 yuan."""

    deposits_a_day: Annotated[int, Field(gt=0)] = 10
    points_a_day: Annotated[int, Field(gt=0)] = 2_000


class KioskConfig(ConfigTable):
    """Everything that distinguishes one kiosk from another."""

    kiosk: Name
    city: Name
    district: Name
    bays: Annotated[tuple[BayConfig, ...], Field(min_length=1)]
    code_camera: str = "1"
    screen_port: Annotated[int, Field(ge=1, le=65535)] = 8080
    session: SessionConfig = SessionConfig()
    verdict: VerdictConfig = VerdictConfig()
    cards: CardsConfig = CardsConfig()
    panel: PanelConfig | None = None
    printer: PrinterConfig | None = None
    site: SiteConfig = SiteConfig()
    uplink: UplinkConfig = UplinkConfig()
    files: FilesConfig = FilesConfig()

    @model_validator(mode="after")
    def _bays_are_distinct(self) -> Self:
        names = [bay.name for bay in self.bays]
        if len(set(names)) != len(names):
            raise ValueError(f"two bays share a name: {names}")
        return self

    @model_validator(mode="after")
    def _printer_is_no_node(self) -> Self:
        for bay in self.bays:
            if self.printer is not None and self.printer.port == bay.port:
                raise ValueError(f"the printer's port {bay.port} is the node's of bay {bay.name}")
        return self


def parse_config(text: str, name: str = "kiosk.toml") -> KioskConfig:
    """Read a configuration from TOML text; `name` is what errors call the file.

    Raises:
        ConfigError: The text is no TOML, or a key is unknown, missing or out of its range.
    """
    try:
        return KioskConfig.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "(whole file)"
        raise ConfigError(
            f"{name}: key {key!r}: {first['msg']}; see docs/configuration.md"
        ) from error
