"""What must hold whatever is commanded, touched, pulled, jammed or silent, and in any order."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.core.commands import (
    CloseHatch,
    DropLoad,
    OpenHatch,
    RestartNode,
    SampleFast,
)
from firmware.hal.board import Inputs, Outputs
from tests.firmware.stand_in import KILO, Rig, ready

LEASE_MS = 300
"""From the last heartbeat to standing still."""

BRAKE_MS = 700
"""Where current goes on flowing for longer, the fault says so."""

LONGEST_DRIVE_MS = 8_000 + 100

PATIENCE_MS = {"inner release": 120, "warm body": 250, "heavy load": 150, "no conversions": 700}
"""From somebody's being there to the lock's being off: sensors, filters and one scan at rest."""


@dataclass
class Witness:
    """Looks at every scan of a rig; `wrongs` must stay empty."""

    rig: Rig
    wrongs: list[str] = field(default_factory=list)
    since_ms: dict[str, int] = field(default_factory=dict)
    way: int = 0
    moves: bool = False
    begun_ms: int = 0
    stopped_ms: int = -1_000

    def watch(self) -> None:
        """Stand between node and bay from now on."""
        drive = self.rig.bay.drive

        def look_and_drive(outputs: Outputs) -> None:
            self.look(self.rig.bay.inputs, outputs)
            drive(outputs)

        self.rig.bay.drive = look_and_drive  # type: ignore[method-assign]

    def look(self, inputs: Inputs, outputs: Outputs) -> None:
        driven = outputs.hatch_permille
        self.wrong_if(driven != 0 and not outputs.bridge_on, "drove with the bridge off")
        if inputs.emergency_stop:
            moves = driven or outputs.gate_permille or outputs.diverter_on
            self.wrong_if(bool(moves), "moved under the red button")
            self.wrong_if(outputs.lock_on, "locked under the red button")
        if driven < 0:
            self.look_at_closing(inputs)
        if outputs.gate_permille > 0:
            self.look_at_drop(inputs)
        self.wrong_if(outputs.diverter_on and self.is_silent, "turned without a lease")
        self.look_at_lock(inputs, outputs)
        self.look_at_way((driven > 0) - (driven < 0))
        if outputs.bridge_on and not driven:
            self.look_at_brake(inputs)
        if outputs.restarts:
            self.look_at_restart(inputs, outputs)

    @property
    def is_silent(self) -> bool:
        return self.rig.bay.now_ms - self.rig.last_beat_ms > LEASE_MS

    def look_at_brake(self, inputs: Inputs) -> None:
        braked_ms = self.rig.bay.now_ms - self.stopped_ms
        self.wrong_if(self.way >= 0 or braked_ms > BRAKE_MS, "braked for no closing")
        self.wrong_if(inputs.edge_ohm < 1_000, "held what it pressed")
        self.wrong_if(inputs.emergency_stop, "braked under the red button")

    def look_at_closing(self, inputs: Inputs) -> None:
        self.wrong_if(self.is_silent, "closed without a lease")
        self.wrong_if(inputs.curtain_blocked, "closed on a hand")
        self.wrong_if(not 1_000 <= inputs.edge_ohm <= 50_000, "closed without a sound edge")
        self.wrong_if(not inputs.gate_closed, "closed over an open gate")

    def look_at_restart(self, inputs: Inputs, outputs: Outputs) -> None:
        driven = outputs.bridge_on or outputs.gate_permille or outputs.diverter_on
        self.wrong_if(bool(driven) or inputs.motor_ma >= 100, "restarted in motion")
        in_place = inputs.gate_closed and inputs.limit_closed != inputs.limit_open
        self.wrong_if(not in_place, "restarted out of place")
        near = inputs.curtain_blocked or inputs.emergency_stop
        self.wrong_if(near, "restarted with somebody near")
        self.wrong_if(not 1_000 <= inputs.edge_ohm <= 50_000, "restarted without a sound edge")
        self.wrong_if(inputs.store_failed, "restarted before the counters were stored")
        self.wrong_if(self.is_silent, "restarted without a lease")

    def look_at_drop(self, inputs: Inputs) -> None:
        self.wrong_if(not inputs.limit_closed, "dropped under an open hatch")
        self.wrong_if(inputs.curtain_blocked, "dropped with a hand in the hatch")
        self.wrong_if(not 1_000 <= inputs.edge_ohm <= 50_000, "dropped without a sound edge")
        self.wrong_if(self.is_silent and inputs.gate_closed, "dropped without a lease")

    def look_at_lock(self, inputs: Inputs, outputs: Outputs) -> None:
        """Whoever is inside is not locked in."""
        there = {
            "inner release": inputs.inner_release,
            "warm body": inputs.warm_dc > 300,
            "heavy load": self.rig.bay.raw > 8 * KILO + 2_000,
        }
        now_ms = self.rig.bay.now_ms
        for what, is_there in there.items():
            since_ms = self.since_ms.setdefault(what, now_ms) if is_there else now_ms
            if not is_there:
                self.since_ms.pop(what, None)
            late = now_ms - since_ms > PATIENCE_MS[what]
            self.wrong_if(outputs.lock_on and late, f"locked in: {what}")
        self.wrong_if(outputs.lock_on and not inputs.limit_closed, "locked while not shut")

    def look_at_way(self, way: int) -> None:
        """Rest before the other direction, and an end to every drive."""
        now_ms = self.rig.bay.now_ms
        if way and not self.moves:
            self.begun_ms = now_ms
        if way and self.way and way != self.way:
            rested = not self.moves and now_ms - self.stopped_ms >= 50
            self.wrong_if(not rested, "turned round without rest")
        self.wrong_if(bool(way) and now_ms - self.begun_ms > LONGEST_DRIVE_MS, "drove on and on")
        if self.moves and not way:
            self.stopped_ms = now_ms
        self.moves = way != 0
        self.way = way or self.way

    def wrong_if(self, wrong: bool, what: str) -> None:
        if wrong:
            self.wrongs.append(f"{what} at {self.rig.bay.now_ms} ms")


def restart(rig: Rig) -> None:
    """The node's power fails for a moment: all outputs off, then the firmware from its start."""
    rig.bay.outputs = Outputs()
    for _ in range(200):
        rig.bay.pass_ms()
    rig.host.reset(rig.host.spec.boot_id + 1, 1)


def staff(rig: Rig) -> None:
    """Staff mend everything, and clear the faults."""
    bay = rig.bay
    bay.gate_jammed = bay.hatch_jammed = False
    bay.sensors_live = bay.curtain_works = True
    bay.noise, bay.leak_ma = 1, 0
    bay.stuck.clear()
    bay.obstacle_mm = 0
    rig.speaks = rig.hears = True
    rig.run(1_500)
    if rig.link.up:
        rig.wire("clear_faults")


HAPPENINGS = {
    "open": lambda rig: rig.submit(OpenHatch("a")),
    "close": lambda rig: rig.submit(CloseHatch("a")),
    "close again": lambda rig: rig.submit(CloseHatch("a")),
    "drop here": lambda rig: rig.submit(DropLoad("a", 0)),
    "drop there": lambda rig: rig.submit(DropLoad("a", 2)),
    "samples slow": lambda rig: rig.submit(SampleFast("a", False)),
    "hand in": lambda rig: setattr(rig.bay, "hand", True),
    "hand out": lambda rig: setattr(rig.bay, "hand", False),
    "somebody": lambda rig: setattr(rig.bay.inputs, "warm_dc", 330),
    "nobody": lambda rig: setattr(rig.bay.inputs, "warm_dc", 220),
    "edge broken": lambda rig: setattr(rig.bay.inputs, "edge_ohm", 99_999),
    "edge mended": lambda rig: setattr(rig.bay.inputs, "edge_ohm", 8_200),
    "handle pulled": lambda rig: setattr(rig.bay.inputs, "inner_release", True),
    "handle back": lambda rig: setattr(rig.bay.inputs, "inner_release", False),
    "button in": lambda rig: setattr(rig.bay.inputs, "emergency_stop", True),
    "button out": lambda rig: setattr(rig.bay.inputs, "emergency_stop", False),
    "supply sags": lambda rig: setattr(rig.bay.inputs, "supply_mv", 17_000),
    "supply back": lambda rig: setattr(rig.bay.inputs, "supply_mv", 24_000),
    "heavy": lambda rig: setattr(rig.bay, "raw", 12 * KILO),
    "light": lambda rig: setattr(rig.bay, "raw", 1_000),
    "obstacle": lambda rig: setattr(rig.bay, "obstacle_mm", min(90.0, rig.bay.hatch_mm)),
    "way free": lambda rig: setattr(rig.bay, "obstacle_mm", 0.0),
    "gate jams": lambda rig: setattr(rig.bay, "gate_jammed", True),
    "hatch jams": lambda rig: setattr(rig.bay, "hatch_jammed", True),
    "sensors freeze": lambda rig: setattr(rig.bay, "sensors_live", False),
    "sensors live": lambda rig: setattr(rig.bay, "sensors_live", True),
    "curtain blind": lambda rig: setattr(rig.bay, "curtain_works", False),
    "curtain sees": lambda rig: setattr(rig.bay, "curtain_works", True),
    "cell repeats": lambda rig: setattr(rig.bay, "noise", 0),
    "cell speaks": lambda rig: setattr(rig.bay, "noise", 1),
    "current unseen": lambda rig: rig.bay.stuck.update(motor_ma=0),
    "current seen": lambda rig: rig.bay.stuck.pop("motor_ma", None),
    "bridge leaks": lambda rig: setattr(rig.bay, "leak_ma", 800),
    "bridge sound": lambda rig: setattr(rig.bay, "leak_ma", 0),
    "fram fails": lambda rig: rig.bay.stuck.update(store_failed=True),
    "fram works": lambda rig: rig.bay.stuck.update(store_failed=False),
    "learn": lambda rig: rig.wire("learn_hatch") if rig.link.up else None,
    "silence": lambda rig: setattr(rig, "speaks", False),
    "speech": lambda rig: setattr(rig, "speaks", True),
    "deaf": lambda rig: setattr(rig, "hears", False),
    "restart": restart,
    "restart asked for": lambda rig: rig.submit(RestartNode("a")),
    "staff": staff,
}
WAITS_MS = [3, 60, 400, 1_100, 2_700]

story = st.lists(
    st.tuples(st.sampled_from(sorted(HAPPENINGS)), st.sampled_from(WAITS_MS)),
    min_size=5,
    max_size=25,
)


@pytest.mark.timeout(400)
@given(story)
def test_nothing_that_happens_makes_the_bay_unsafe(happenings: list[tuple[str, int]]) -> None:
    """Airlock, lease, red button, edge, curtain, lock, turning round: after every scan."""
    rig = ready()
    witness = Witness(rig)
    witness.watch()
    for name, wait_ms in happenings:
        HAPPENINGS[name](rig)
        rig.run(wait_ms)
    rig.speaks = False
    rig.run(1_000)
    assert witness.wrongs == []
    assert rig.bay.both_open_ms == 0


def run_until_still(rig: Rig) -> None:
    """Until nothing has been driven for a second; what still moves after eight is left moving."""
    still_since_ms = rig.bay.now_ms
    for _ in range(80):
        rig.run(100)
        driven = rig.bay.outputs
        if driven.hatch_permille or driven.gate_permille or driven.diverter_on:
            still_since_ms = rig.bay.now_ms
        if rig.bay.now_ms - still_since_ms >= 1_000:
            return


@pytest.mark.timeout(400)
@given(
    st.lists(st.sampled_from(["open", "close", "drop here", "drop there"]), max_size=6), st.data()
)
def test_commands_alone_never_open_hatch_and_gate_together(
    names: list[str], data: st.DataObject
) -> None:
    """Any commands at any distance, in a bay where everything works: they all have an effect."""
    rig = ready()
    witness = Witness(rig)
    witness.watch()
    for name in names:
        HAPPENINGS[name](rig)
        rig.run(data.draw(st.integers(1, 3_000)))
    run_until_still(rig)
    assert witness.wrongs == []
    assert rig.bay.both_open_ms == 0
    assert rig.state in ("OPEN", "CLOSED")
    assert rig.reports[-1].gate == "CLOSED"
    assert rig.reports[-1].faults == ()


def test_the_witness_sees_what_is_wrong() -> None:
    """A node that obeyed everything at once would be found out in each of its sins."""
    rig = ready()
    witness = Witness(rig)
    bay, bad = rig.bay, Outputs()
    bad.bridge_on, bad.hatch_permille, bad.lock_on, bad.gate_permille = True, -700, True, 1000
    bay.inputs.curtain_blocked = bay.inputs.emergency_stop = bay.inputs.inner_release = True
    bay.inputs.limit_closed, bay.inputs.edge_ohm = False, 450
    witness.look(bay.inputs, bad)
    bay.now_ms += 500
    bad.hatch_permille = 1000
    bad.diverter_on = True
    witness.look(bay.inputs, bad)
    bay.now_ms += 9_000
    witness.look(bay.inputs, bad)
    sins = {what.rsplit(" at ", 1)[0] for what in witness.wrongs}
    assert sins >= {
        "moved under the red button",
        "locked under the red button",
        "closed on a hand",
        "closed without a sound edge",
        "dropped under an open hatch",
        "dropped with a hand in the hatch",
        "turned without a lease",
        "locked in: inner release",
        "locked while not shut",
        "turned round without rest",
        "drove on and on",
    }
