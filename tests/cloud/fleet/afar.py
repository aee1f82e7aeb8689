"""What tests of the fleet share: a fleet over a ledger, its staff, and kiosks that say things."""

from __future__ import annotations

import itertools
from typing import Any, Literal

from cloud.fleet.fleet import Fleet
from cloud.ingest.answers import Ingest
from cloud.staff.desk import Staff
from contract.bundle import part_of
from contract.catalogue import example
from contract.command import Command, CommandResult, open_command
from contract.condition import BayCondition, KioskCondition, StandingFault
from contract.districts import District
from contract.payloads import BinLevels, BinState, KioskState, Payload, encode
from contract.topics import Topics
from tests.cloud.conftest import KIOSKS, Office
from tests.contract.samples import EPOCH, signer

Outcome = Literal["waiting", "done", "refused"]
LEDGER = signer("ledger")
KEYS = {LEDGER.key_id: LEDGER.public}
WANG = Staff("wang", "fleet", "xihu")
READER = Staff("li", "read", "xihu")
ELSEWHERE = Staff("zhao", "fleet", "yuhang")
CITY = Staff("chen", "fleet", "*")
HOUR_S = 3600
ROUTES = {KIOSKS[0]: "xihu", KIOSKS[1]: "yuhang"}


def condition(kiosk: str = KIOSKS[0], *codes: str, **changes: Any) -> KioskCondition:
    """One bay, with these faults."""
    faults = [StandingFault(code=code, since=1_795_499_000, detail="look") for code in codes]
    bay = BayCondition(
        bay="a", usable=not codes, why_not="", calibration="factory", node="00000001", faults=faults
    )
    said: dict[str, Any] = {
        "kiosk": kiosk,
        "software": "recycling-kiosk 0.1.0",
        "catalogue": "2026-11-a",
        "started_at": 1_795_400_000,
        "clock": "synchronised",
        "free_bytes": 2**33,
        "commands": True,
        "bays": [bay],
        "faults": [],
    }
    return KioskCondition(**said | changes)


class City:
    """A platform with a fleet, and kiosks that speak to it."""

    def __init__(self, office: Office, key: Any = LEDGER) -> None:
        self.office = office
        districts = tuple(District(district=ROUTES[one], kiosks=(one,)) for one in KIOSKS)
        office.catalogues["2026-11-a"] = example().model_copy(update={"districts": districts})
        self._ids = itertools.count(1)
        self._key = key
        self.start()

    def start(self) -> None:
        """The platform starts, on what its database knows."""
        self.fleet = self.worker()
        self.ingest = Ingest(self.office.ledger, self.fleet)

    def worker(self) -> Fleet:
        """One of several that share the database."""
        return Fleet(
            self.office.database,
            self.office.catalogues,
            lambda: self.office.now_s,
            self._key,
            lambda: f"{next(self._ids):016x}",
        )

    def says(self, said: Payload, leaf: str, kiosk: str = KIOSKS[0]) -> list[Command]:
        """A kiosk says something; the commands that it gets for it."""
        topics = Topics("hangzhou", ROUTES[kiosk], kiosk)
        answers = self.ingest.handle(getattr(topics, leaf), encode(said))
        return [open_command(data, kiosk, KEYS) for topic, data in answers if topic == topics.cmd]

    def greets(self, kiosk: str = KIOSKS[0], **changes: Any) -> list[Command]:
        """A kiosk connects."""
        said: dict[str, Any] = {
            "kiosk": kiosk,
            "epoch": EPOCH,
            "online": True,
            "boot": "b1",
            "outbox_depth": 0,
            "software": "recycling-kiosk 0.1.0",
        }
        return self.says(KioskState(**said | changes), "state", kiosk)

    def answers(self, command_id: str, outcome: Outcome = "done", **more: Any) -> None:
        """A kiosk says what became of a command."""
        said: dict[str, Any] = {"kiosk": KIOSKS[0], "code": "", "detail": "", "at": 1_795_500_000}
        self.says(CommandResult(id=command_id, outcome=outcome, **said | more), "event")

    def sends(self, command_id: str, bundle: bytes, *parts: int) -> None:
        """Parts of a bundle come up."""
        for part in parts:
            self.says(part_of(bundle, KIOSKS[0], command_id, part), "event")

    def due(self, fleet: Fleet | None = None) -> list[str]:
        """Ids of the commands that leave now."""
        found = (fleet or self.fleet).due()
        return [open_command(data, topic.split("/")[4], KEYS).id for topic, data in found]

    def close(self, **more: Any) -> str:
        """Wang asks the first kiosk to close its bay; the command's id."""
        given: dict[str, Any] = {"verb": "close-bay", "arguments": {"bay": "a"}, "ttl_s": HOUR_S}
        return self.fleet.command(WANG, KIOSKS[0], **given | more).command_id

    def state_of(self, command_id: str) -> str:
        """How far a command is."""
        orders = self.fleet.orders_of(CITY, KIOSKS[0])
        return next(one.state for one in orders if one.command_id == command_id)


def levels(permille: int, *, full: bool = False) -> BinLevels:
    """The first kiosk's only bin."""
    bin_state = BinState(
        bay="a", bin_index=0, stream="paper", permille=permille, due=full, full=full, by="sensor"
    )
    return BinLevels(kiosk=KIOSKS[0], bins=[bin_state])
