"""The folder of a demo: keys, signed catalogue and configuration, as a kiosk and a platform have.

Made new where it is empty and used again where it is not, so that `--folder` keeps a kiosk's
journal and a ledger over several demos.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2

from contract import catalogue
from contract.badge import Role, issue_badge
from contract.keys import FileSigner
from controller.core.config import FilesConfig, KioskConfig
from controller.core.uplink_config import UplinkConfig
from sim.chance import rng
from sim.drawn import empty_chamber
from sim.errors import SimError
from sim.scenario import KIOSK

if TYPE_CHECKING:
    from pathlib import Path

    from contract.keys import Signer


EMPTY_PICTURE = "empty.png"

STAFF = "57aff00000000001"
"""Pseudonym of the demo's only member of staff."""


class FolderError(SimError):
    """The demo's folder cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """Where a demo keeps its files: `kiosk/`, `platform/` and `broker/` below `root`.

    Several kiosks of one platform have the same `root`, and a folder `name` each.
    """

    root: Path
    name: str = "kiosk"

    @property
    def kiosk(self) -> Path:
        """The kiosk's key, journal and what it was provisioned with."""
        return self.root / self.name

    @property
    def platform(self) -> Path:
        """The platform's keys, catalogue and ledger."""
        return self.root / "platform"

    @property
    def broker(self) -> Path:
        """The broker's configuration and log."""
        return self.root / "broker"

    @property
    def ledger(self) -> Path:
        """The ledger's database."""
        return self.platform / "ledger.sqlite"

    @property
    def badge(self) -> Path:
        """The text of a badge for everything that staff may do, made anew with each start."""
        return self.root / "badge.txt"

    def provision(self, kiosk: str) -> None:
        """Give kiosk and platform what they need to trust each other; what is there stays.

        Raises:
            FolderError: The folder cannot be written.
            KeyFileError: A key that is there cannot be used.
        """
        try:
            for folder in (self.kiosk, self.platform / "kiosks", self.broker):
                folder.mkdir(parents=True, exist_ok=True)
            city = _signer(self.platform / "city.pem")
            operator = _signer(self.platform / "operator.pem")
            ledger = _signer(self.platform / "ledger.pem")
            office = _signer(self.platform / "badges.pem")
            own = _signer(self.kiosk / "kiosk.pem")
            signed = catalogue.sign(catalogue.example(), operator)
            index = self.platform / "phones.index"  # people may sign in by number
            if not index.exists():
                index.write_text(secrets.token_hex(32), encoding="ascii")
            _add_place(self.platform / "places.json", kiosk)
            _write_public(self.platform / "kiosks" / f"{kiosk}.pub", own)
            _write_public(self.kiosk / "city.pub", city)
            _write_public(self.kiosk / "ledger.pub", ledger)
            _write_public(self.kiosk / "badges.pub", office)
            self.badge.write_text(_badge(office), encoding="ascii")
            for place in (self.kiosk, self.platform):
                _write_public(place / "operator.pub", operator)
                (place / "catalogue.json").write_bytes(signed)
            (self.kiosk / EMPTY_PICTURE).write_bytes(_empty_chamber())
        except OSError as error:
            raise FolderError(
                f"folder {self.root} cannot be written ({error.strerror}): choose another"
            ) from error


def demo_config(broker_port: int, screen_port: int) -> KioskConfig:
    """The usual simulated kiosk, on this machine's ports."""
    usual = KioskConfig.model_validate(KIOSK)
    bays = (bay.model_copy(update={"empty_picture": EMPTY_PICTURE}) for bay in usual.bays)
    return usual.model_copy(
        update={
            "bays": tuple(bays),
            "uplink": UplinkConfig(port=broker_port),
            "screen_port": screen_port,
            "files": FilesConfig(ledger_keys=("ledger.pub",), badge_keys=("badges.pub",)),
        }
    )


def _empty_chamber() -> bytes:
    """What the camera of every simulated bay sees with nothing on the pan, as a PNG file."""
    rgb = empty_chamber(rng(0, "empty"))
    return cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))[1].tobytes()


def _add_place(path: Path, kiosk: str) -> None:
    """Say where a simulated kiosk would be: a street further east for each of them."""
    places = json.loads(path.read_text(encoding="utf-8"))["places"] if path.exists() else []
    if kiosk not in {one["kiosk"] for one in places}:
        number = len(places) + 1
        street = {"zh": f"模拟街 {number} 号", "en": f"{number} Simulated Street"}
        where = {
            "latitude_microdeg": 30_276_000,
            "longitude_microdeg": 120_120_000 + 4_000 * number,
        }
        name = {"zh": f"演示站 {number}", "en": f"Demo kiosk {number}"}
        places.append({"kiosk": kiosk, "name": name, "address": street} | where)
        path.write_text(json.dumps({"places": places}, ensure_ascii=False), encoding="utf-8")


def _signer(path: Path) -> Signer:
    return FileSigner.load(path) if path.exists() else FileSigner.new(path)


def _badge(office: Signer) -> str:
    """A badge of somebody who is technician, collector and inspector in one."""
    now_s, badge_id = int(time.time()), secrets.token_bytes(8)
    return issue_badge(office, STAFF, now_s, roles=list(Role), badge_id=badge_id)


def _write_public(path: Path, signer: Signer) -> None:
    path.write_text(signer.public.hex() + "\n", encoding="ascii")
