"""Broken sensors: what each tells the board instead of the truth."""

from __future__ import annotations

import random
from statistics import fmean

import pytest

from sim.board import POWER_ON, SimBoard
from sim.board_faults import KINDS, SensorFaults
from sim.errors import WorldError
from sim.world import BayFigures, BayWorld

S = 1_000_000
ALL = [(part, kind) for part, kinds in KINDS.items() for kind in kinds]


def built(seed: int = 1) -> SimBoard:
    """A board that was just powered on."""
    return SimBoard(BayWorld(seed, "a", BayFigures()), "a", seed)


def readings(board: SimBoard, times: int = 60) -> list[dict[str, object]]:
    """What the board reads, twenty times a second, but ticks."""
    read = []
    for _ in range(times):
        board.advance(board.world.now_us + S // 20)
        inputs = dict(vars(board.read(b"")))
        inputs.pop("now_ms")
        inputs["samples"] = [raw for _, raw in inputs["samples"]]
        read.append(inputs)
    return read


def distinct(read: list[dict[str, object]], name: str) -> set[object]:
    """Everything that was read as `name`."""
    return {tuple(one[name]) if name == "samples" else one[name] for one in read}  # type: ignore[arg-type]


@pytest.mark.parametrize(("part", "kind"), ALL)
def test_every_kind_can_be_set_read_and_mended(part: str, kind: str) -> None:
    """A mended sensor reads within a healthy one's range again."""
    board = built()
    board.sensor_fault(part, kind)
    readings(board)
    board.sensor_fault(part, "well")
    (last,) = readings(board, 1)
    assert 150 <= last["warm_dc"] <= 300  # type: ignore[operator]
    assert 330 <= last["tof_mm"] <= 370  # type: ignore[operator]
    assert 23_900 <= last["supply_mv"] <= 24_100  # type: ignore[operator]
    assert last["motor_ma"] <= 8  # type: ignore[operator]
    assert last["edge_ohm"] == 8_200
    lines = ("limit_closed", "limit_open", "curtain_blocked", "gate_closed", "gate_open")
    assert [last[line] for line in lines] == [True, False, False, True, False]
    assert last["samples"]


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("thermal", ("warm_dc", "thermal_sum")),
        ("distance", ("tof_mm",)),
        ("motor_current", ("motor_ma",)),
        ("supply", ("supply_mv",)),
    ],
)
def test_a_frozen_sensor_repeats_itself_and_a_noisy_one_does_not(
    part: str, names: tuple[str, ...]
) -> None:
    """To the last bit, for as long as it lasts."""
    board = built()
    board.sensor_fault(part, "frozen")
    frozen = readings(board)
    board.sensor_fault(part, "noisy")
    noisy = readings(board)
    for name in names:
        assert len(distinct(frozen, name)) == 1
        assert len(distinct(noisy, name)) > 20


@pytest.mark.parametrize(("part", "name"), [("thermal", "thermal_sum"), ("distance", "tof_mm")])
def test_a_reader_that_hangs_repeats_itself_until_its_node_starts(part: str, name: str) -> None:
    """What is broken in the sensor itself outlasts the start."""
    board = built()
    board.sensor_fault(part, "hung")
    assert len(distinct(readings(board), name)) == 1
    board.restart(POWER_ON)
    assert len(distinct(readings(board), name)) > 1
    board.sensor_fault(part, "frozen")
    board.restart(POWER_ON)
    assert len(distinct(readings(board), name)) == 1


@pytest.mark.parametrize(
    ("part", "kind", "name", "value"),
    [
        ("thermal", "dead", "warm_dc", 9_990),
        ("distance", "dead", "tof_mm", 8_190),
        ("edge", "dead", "edge_ohm", 99_999),
        ("edge", "stuck_on", "edge_ohm", 450),
        ("cell", "dead", "samples", ()),
        ("motor_current", "dead", "motor_ma", 0),
        ("motor_current", "stuck_on", "motor_ma", 1_500),
        ("supply", "dead", "supply_mv", 0),
        ("curtain", "stuck_on", "curtain_blocked", True),
        ("limit_closed", "stuck_off", "limit_closed", False),
        ("limit_open", "stuck_on", "limit_open", True),
        ("gate_closed", "stuck_off", "gate_closed", False),
        ("gate_open", "stuck_on", "gate_open", True),
    ],
)
def test_a_dead_or_stuck_sensor_says_one_thing(
    part: str, kind: str, name: str, value: object
) -> None:
    """Values that cannot be, or the end of the scale."""
    board = built()
    board.sensor_fault(part, kind)
    assert distinct(readings(board), name) == {value}


def test_a_broken_load_cell_stands_at_one_value() -> None:
    """The one it had last, or the end of its 24 bits."""
    board = built()
    for kind, most in (("frozen", 200_000), ("stuck_on", 2**23 - 1)):
        board.sensor_fault("cell", kind)
        raws = {raw for one in readings(board) for raw in one["samples"]}  # type: ignore[attr-defined]
        assert len(raws) == 1
        assert abs(raws.pop()) <= most


def loaded(kind: str, mass_g: float, seed: int = 1) -> list[int]:
    """What a node reads in a second with so much on the pan and a cell broken like that."""
    board = built(seed)
    board.world.pan.load(mass_g, 0)
    board.advance(20 * S)
    board.sensor_fault("cell", kind)
    return [raw for one in readings(board, 20) for raw in one["samples"]]  # type: ignore[attr-defined]


def test_a_cell_with_crossed_wires_counts_down() -> None:
    """Every count has the other sign, so a load makes it less."""
    true, crossed = loaded("well", 1_000), loaded("reversed", 1_000)
    assert crossed == [-raw for raw in true]
    assert fmean(crossed) < fmean(loaded("reversed", 0)) - 150_000


def test_a_converter_read_out_of_step_gives_about_twice_or_half() -> None:
    """One bit early or late, as chance has it; what is below zero jumps to where it cannot be."""
    factors = set()
    for seed in range(8):
        true, shifted = loaded("well", 5_000, seed), loaded("desync", 5_000, seed)
        factors.add(round(fmean(shifted) / fmean(true), 3))
    assert factors == {0.5, 2.0}
    read = set()
    for seed in range(8):
        faults = SensorFaults(random.Random(seed))
        faults.set("cell", "desync")
        read.add(tuple(raw for _, raw in faults.conversions(((0, -1_000), (12, 5_000_000)))))
    assert read == {(2**23 - 500, 2_500_000), (-1_999, 10_000_001 - 2**24)}


def test_a_drifting_cell_runs_away_slowly() -> None:
    """Two grams a second, from where it was, also while ticks wrap."""
    drifting = SensorFaults(random.Random(1))
    drifting.set("cell", "drift")
    before = 2**30 - 5_000
    read = drifting.conversions(((before, 100), (before + 4_000, 100), (5_000, 100)))
    assert [raw for _, raw in read] == [100, 100 + 4 * 361, 100 + 10 * 361]


def test_a_noisy_line_is_wrong_now_and_then() -> None:
    """One reading in four, so that no patience of a few scans is enough."""
    board = built()
    board.sensor_fault("curtain", "noisy")
    wrong = sum(one["curtain_blocked"] is True for one in readings(board, 400))
    assert 60 < wrong < 140


def test_what_is_no_part_or_does_not_break_like_that_is_refused() -> None:
    """The message names what there is."""
    with pytest.raises(WorldError, match="no part 'camera'; there are thermal, distance"):
        built().sensor_fault("camera", "dead")
    with pytest.raises(WorldError, match="curtain cannot be 'dead'; it can be stuck_on, stuck_off"):
        built().sensor_fault("curtain", "dead")
