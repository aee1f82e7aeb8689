"""Something of a whole kiosk fails while residents use it, and its journal says which part it is.

Residents come one after the other. At a seeded time one thing happens, by the verbs of scenarios,
or nothing does. What counts is what staff find: the `failing-` records of the journal.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from controller.core.faults import FAILING
from controller.core.health.kiosk_parts import KioskPart
from controller.core.health.parts import Part
from sim.chance import rng
from sim.run import Options, run_scenario
from sim.scenario import parse_scenario
from sim.seeing import shipped_classifier
from sim.trace import Trace
from sim.trials.naming import Naming

if TYPE_CHECKING:
    from pathlib import Path

    from controller.adapters.onnx_classifier import OnnxClassifier
    from sim.audit import Audit
    from sim.parts import Parts
    from sim.run import Outcome

BEGINS_S = (20.0, 90.0)
"""What happens, happens to a kiosk in use."""

VISITS, EVERY_S = 6, 75
"""Somebody comes so often, and nobody waits for long."""

LONG_S = 700
"""Longer than any rule's patience but that with a mirror and a clock."""

ENDS_S = BEGINS_S[1] + LONG_S + 60

KINDS = (("pet-bottle", 25), ("can", 15), ("newspaper", 900), ("steel-can", 60))


@dataclass(frozen=True, slots=True)
class Ailment:
    """Something that befalls a kiosk: verbs with their times after it begins, and their arguments.

    `parts` are right to name, and none but them; empty where nothing has failed.
    """

    verbs: Sequence[Mapping[str, Any]]
    parts: frozenset[str] = frozenset()


def _one(verb: str, *parts: str, **arguments: Any) -> Ailment:
    return Ailment(({"verb": verb, **arguments},), frozenset(parts))


AILMENTS: Mapping[str, Ailment] = {
    "nothing": Ailment(()),
    "broker gone": _one("broker_down", KioskPart.BROKER, seconds=LONG_S),
    "broker away": _one("broker_down", seconds=120),
    "network gone": _one("cut_uplink", KioskPart.NETWORK, seconds=LONG_S),
    "network away": _one("cut_uplink", seconds=120),
    "ledger silent": _one("ledger_slow", KioskPart.LEDGER, seconds=LONG_S, delay_s=3_600),
    "ledger slow": _one("ledger_slow", seconds=LONG_S, delay_s=20),
    "messages twice": _one("duplicate_messages", messages=5),
    "messages mixed": _one("reorder_messages", messages=3),
    "disk full": _one("disk_full", KioskPart.ROOM, seconds=120),
    "disk fails": _one("disk_fails", KioskPart.DISK, seconds=120),
    "disk slow": _one("disk_slow", KioskPart.DISK, seconds=LONG_S, commit_s=3.0),
    "clock ahead": _one("clock_jump", KioskPart.CLOCK, seconds=86_400),
    "clock behind": _one("clock_jump", KioskPart.CLOCK, seconds=-3_600),
    "reader gone": _one("reader_lost", KioskPart.READER),
    "camera gone": _one("camera_lost", Part.CAMERA, bay="a"),
    "camera frozen": _one("camera_frozen", Part.CAMERA, bay="a"),
    "lamp dead": _one("camera_dark", Part.LAMP, bay="a"),
    "lens spotted": _one("lens_dirty", Part.LENS, bay="a", how="spotted"),
    "lens half covered": _one("lens_dirty", Part.LENS, bay="a", how="half_covered"),
    "lens covered": _one("lens_dirty", Part.LENS, bay="a", how="covered"),
    "lens turned": _one("lens_dirty", Part.LENS, bay="a", how="defocused"),
    "cable out": _one("usb_unplug", Part.CABLE, bay="a", seconds=120),
    "wire cut": _one("cut_wire", Part.CABLE, bay="a", seconds=120),
    "wire noisy": _one("wire_noise", bay="a", seconds=60, flips_ppm=300, drops_ppm=300),
    "host stalls": _one("host_stall", bay="a", seconds=2),
    "nodes without power": _one("power_cut", Part.SUPPLY, seconds=5, what="nodes"),
    "controller cut": _one("power_cut", seconds=5, what="controller"),
    "hand in the gap": _one("hand_in_gap", bay="a"),
    "kicks": _one("vandal", bay="a", does="kicks"),
    "string": _one("string_pull", person=3),
    "water": _one("water_bottle", person=3),
    "somebody leaves": _one("walk_away", person=3),
    "cabinet open": Ailment(
        (
            {"verb": "switch", "bay": "a", "name": "tamper"},
            {"verb": "switch", "bay": "a", "name": "tamper", "on": False, "later": 60},
        )
    ),
    "leaves hang once": _one("hang", bay="a", keep_permille=1000),
    "code copied": _one("qr_replay", person=4, of="account-1"),
}
"""Name → what befalls the kiosk. Parts of a bay besides its camera are tried in `failing`."""


AT_THEIR_WORD: Mapping[str, str] = {
    "journal-full": KioskPart.ROOM,
    "camera-lost": Part.CAMERA,
    "node-lost": Part.CABLE,
    "undervoltage": Part.SUPPLY,
}
"""What somebody would look at who goes by the other faults of the journal."""


@dataclass(frozen=True, slots=True)
class Told(Naming):
    """What came of a trial: what befell the kiosk, and every part that its journal names.

    `plain` are the parts that somebody would name who takes the journal's other faults at their
    word.
    """

    seed: int
    ailment: str
    named: tuple[str, ...]
    plain: tuple[str, ...] = ()

    @property
    def parts(self) -> frozenset[str]:
        """Those that it is right to name."""
        return AILMENTS[self.ailment].parts


def told(seed: int, ailment: str = "") -> Told:
    """Let residents use a kiosk that something befalls; return what its journal names.

    Args:
        seed: All its chance.
        ailment: A key of `AILMENTS`; without one, the seed's turn among them.
    """
    ailment = ailment or list(AILMENTS)[seed % len(AILMENTS)]
    faults = faults_recorded(_script(seed, ailment), seed % 2**32)
    plain = {AT_THEIR_WORD[one] for one in faults if one in AT_THEIR_WORD}
    return Told(seed, ailment, parts_in(faults), tuple(sorted(plain)))


def faults_recorded(script: str, seed: int) -> tuple[str, ...]:
    """Run a scenario given as TOML; return the faults in the kiosk's journal, in order."""
    reading = _Reading()
    run_scenario(parse_scenario(script, "ailing"), Options(seed=seed), _eyes(), witness=reading)
    return tuple(reading.faults)


def parts_in(faults: Iterable[str]) -> tuple[str, ...]:
    """The parts that recorded faults name."""
    return tuple(one.removeprefix(FAILING) for one in faults if one.startswith(FAILING))


def _script(seed: int, ailment: str) -> str:
    """A scenario's text: who comes, and what happens."""
    chance = rng(seed, "ailing", ailment)
    rows = [f'name = "ailing"\nline = "{ailment}"\nduration_s = {ENDS_S}']
    for visit in range(VISITS):
        kind, mass_g = chance.choice(KINDS)
        arrives_s = 5 + visit * EVERY_S + chance.uniform(0, 20)
        rows.append(
            f'[[people]]\narrives_s = {arrives_s:.1f}\naccount = "account-{visit}"\n'
            f'items = [{{ kind = "{kind}", mass_g = {mass_g} }}]'
        )
    begins_s = chance.uniform(*BEGINS_S)
    for verb in AILMENTS[ailment].verbs:
        arguments = {key: value for key, value in verb.items() if key != "later"}
        at_s = round(begins_s + verb.get("later", 0), 1)
        told_of = "\n".join(f"{key} = {json.dumps(value)}" for key, value in arguments.items())
        rows.append(f"[[events]]\nat_s = {at_s}\n{told_of}")
    return "\n".join(rows)


@functools.cache
def _eyes() -> OnnxClassifier:
    return shipped_classifier()


class _Reading:
    """Reads the journal along (sim.run.Witness); `faults` are those recorded, in order."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def trace(self, file: Path | None) -> Trace:
        """A trace that tells of each record."""
        return _TraceRead(self.faults)

    def meets(self, parts: Parts) -> None:
        """Nothing to see yet."""

    def ticks(self, now_s: float) -> None:
        """Nothing to see between two records."""

    def ends(self, parts: Parts, outcome: Outcome, found: Audit) -> None:
        """All was read."""


class _TraceRead(Trace):
    def __init__(self, faults: list[str]) -> None:
        super().__init__(None)
        self._faults = faults

    def record(self, t_us: int, line: bytes, kiosk: str = "") -> None:
        """Note the fault that a record tells of, each once."""
        super().record(t_us, line, kiosk)
        record = json.loads(line)
        fault = record["body"].get("fault")  # of a full disk only the end is recorded
        if record["kind"] == "fault" and fault not in self._faults:
            self._faults.append(fault)
