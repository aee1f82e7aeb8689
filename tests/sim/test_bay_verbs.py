"""A scenario's verbs for a bay: what each does, and how a wrong one is named."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import TypeAdapter

from sim import clock
from sim.bay import SimBay
from sim.errors import ScenarioError, WorldError
from sim.scenario import parse_scenario
from sim.verbs import Verb
from sim.world import BayFigures, BayWorld

VERB: TypeAdapter[Any] = TypeAdapter(Verb)

STORY = """
name = "story"
line = "Somebody brings a bottle."
[[people]]
arrives_s = 3
items = [{ kind = "pet-bottle", mass_g = 25 }]
[[events]]
at_s = 4
bay = "a"
"""


def after(*verbs: dict[str, Any], opened: bool = False) -> SimBay:
    """A bay to which these verbs have happened, a tenth of a second later."""

    async def live() -> SimBay:
        bay = SimBay("a", BayWorld(1, "a", BayFigures()), 1, "cpython", lambda *_: None)
        if opened:
            bay.world.drive(bridge_on=True, hatch_permille=1000, lock_on=False)
            await asyncio.sleep(3)
            bay.now().drive(bridge_on=False, hatch_permille=0, lock_on=False)
            bay.now()
        stage: Any = SimpleNamespace(bays={"a": bay}, broker=None, clock=None)
        for verb in verbs:
            VERB.validate_python({"at_s": 1, "bay": "a"} | verb).perform(stage)
        await asyncio.sleep(0.1)
        bay.now()
        bay.close()
        return bay

    return clock.run(live())


def test_mechanics_break_as_they_are_told() -> None:
    """Slip, friction, wires, limits, and a hand at the leaf."""
    bay = after(
        {"verb": "slip", "permille": 300},
        {"verb": "friction", "factor": 2.5},
        {"verb": "motor_wire_broken"},
        {"verb": "limit_stuck", "limit": "open", "says": "on"},
        {"verb": "limit_worn", "limit": "closed", "chatter_ms": 12},
        {"verb": "push", "force_n": 90},
    )
    hatch = bay.world.hatch
    assert (hatch.slip_permille, hatch.friction_factor, hatch.wire_broken) == (300, 2.5, True)
    assert hatch.limit_open
    assert hatch.closed_switch.chatter_ms == 12
    assert hatch.x_mm > 1
    mended = after(
        {"verb": "limit_stuck", "limit": "open", "says": "on"},
        {"verb": "limit_stuck", "limit": "open", "says": "well"},
    )
    assert not mended.world.hatch.limit_open


def test_sensors_break_as_they_are_told() -> None:
    """The edge's wire has a verb of its own; everything else goes by part and kind."""
    bay = after(
        {"verb": "edge_wire_broken"}, {"verb": "sensor_fault", "part": "cell", "kind": "dead"}
    )
    inputs = bay.board.read(b"")
    assert inputs.edge_ohm > 50_000
    assert inputs.samples == ()
    mended = after({"verb": "edge_wire_broken"}, {"verb": "edge_wire_broken", "on": False})
    assert mended.board.read(b"").edge_ohm == 8_200


def test_hands_and_people_get_into_the_bay() -> None:
    """A soft hand in the gap; an arm that comes and goes."""
    bay = after({"verb": "hand_in_gap", "n_per_mm": 20, "in_curtain": False}, opened=True)
    (hand,) = bay.world.hatch.in_the_way
    assert (hand.height_mm, hand.n_per_mm, bay.world.curtain_blocked) == (60, 20, False)
    assert after({"verb": "person", "what": "arm"}, opened=True).world.curtain_blocked
    gone = after(
        {"verb": "person", "what": "arm"}, {"verb": "person", "what": "nobody"}, opened=True
    )
    assert gone.world.bodies == []
    assert after({"verb": "person", "what": "child"}).world.bodies == [], "the hatch was closed"


def test_people_lean_on_the_pan_and_wind_shakes_it() -> None:
    """Until they let go; what is wrong with them is said."""
    bay = after({"verb": "lean", "force_g": 5_000}, {"verb": "shake", "amplitude_g": 30, "hz": 15})
    pan = bay.world.pan
    assert pan.lean is not None
    assert 1_000 < pan.lean.grams(bay.world.now_us) < 5_000
    assert pan.shake is not None
    assert abs(pan.grams(bay.world.now_us) - pan.lean.grams(bay.world.now_us)) <= 40
    still = after(
        {"verb": "lean", "force_g": 500},
        {"verb": "shake", "amplitude_g": 30},
        {"verb": "lean", "force_g": 0},
        {"verb": "shake", "amplitude_g": 0},
    ).world.pan
    assert (still.lean, still.shake) == (None, None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda world: world.lean(2e5), "lean: force_g 200000 is not within ± 100000"),
        (lambda world: world.lean(math.nan), "lean: force_g nan"),
        (lambda world: world.shake(-1), "shake: amplitude_g -1 is not 0 to 20000"),
        (lambda world: world.shake(5, 0), "shake: hz 0 is not 0.1 to 100"),
    ],
)
def test_a_force_that_cannot_be_is_refused(wrong: Callable[[BayWorld], None], said: str) -> None:
    """By its name, with what can."""
    with pytest.raises(WorldError, match=re.escape(said)):
        wrong(BayWorld(1, "a", BayFigures()))


def test_supply_and_fram_fail_as_they_are_told() -> None:
    """The supply for a while, the FRAM until it is well."""
    bay = after({"verb": "brownout", "mv": 15_000, "ms": 5_000})
    assert bay.world.supply_mv == 15_000
    after({"verb": "fram_fault", "kind": "refuses"}, {"verb": "fram_fault", "kind": "well"})


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ('verb = "slip"\npermille = 1000', "permille: Input should be less than or equal to 900"),
        ('verb = "friction"\nfactor = 0', "factor: Input should be greater than or equal to 0.1"),
        ('verb = "hand_in_gap"\nn_per_mm = 500', "n_per_mm: Input should be less than or equal"),
        ('verb = "limit_stuck"\nlimit = "left"\nsays = "on"', "limit: Input should be 'closed'"),
        ('verb = "brownout"\nmv = 9000\nms = 0', "ms: Input should be greater than 0"),
        ('verb = "fram_fault"\nkind = "burns"', "kind: Input should be 'well', 'refuses'"),
        ('verb = "person"\nwhat = "dog"', "what: Input should be 'arm', 'head', 'child'"),
        (
            'verb = "sensor_fault"\npart = "nose"\nkind = "dead"',
            "part: sensor_fault: no part 'nose'",
        ),
        (
            'verb = "sensor_fault"\npart = "edge"\nkind = "frozen"',
            "kind: sensor_fault: edge cannot",
        ),
        ('verb = "sensor_fault"\npart = "edge"', "kind: Field required"),
        ('verb = "lean"\nforce_g = 1e9', "force_g: Input should be less than or equal"),
        ('verb = "shake"\namplitude_g = 5\nhz = 0', "hz: Input should be greater than"),
    ],
)
def test_a_wrong_verb_is_named_by_file_line_and_key(event: str, said: str) -> None:
    """With what would do."""
    with pytest.raises(ScenarioError, match=r"^story\.toml:\d+: ") as refused:
        parse_scenario(STORY + event + "\n", "story.toml")
    assert said in str(refused.value)
