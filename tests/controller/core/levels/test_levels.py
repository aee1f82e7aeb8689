"""What follows for a bay's streams: which bin takes, which stream is full, which sensor fails."""

from __future__ import annotations

from controller.core.config import BayConfig
from controller.core.levels.levels import Levels, permille_of
from tests.controller.core.levels.readings import at, sound

BAY = BayConfig.model_validate(
    {
        "name": "a",
        "bins": [
            {"index": 0, "stream": "paper"},
            {"index": 1, "stream": "plastic"},
            {"index": 2, "stream": "plastic"},
        ],
        "refuse_bin": 3,
    }
)


def read(levels: Levels, *permille: float, times: int = 24) -> Levels:
    """Each bin is read for two minutes at such a level."""
    rows = [list(sound(at(one), times, seed=n)) for n, one in enumerate(permille)]
    for mm in zip(*rows, strict=True):
        levels.read(mm)
    return levels


def test_the_first_bin_with_room_takes() -> None:
    """Then the next one of the stream; where none has room, the stream is full."""
    levels = read(Levels(BAY), 100, 500, 100, 0)
    assert (levels.bins, levels.full) == ({"paper": 0, "plastic": 1}, frozenset())
    read(levels, 100, 950, 100, 0)
    assert (levels.bins, levels.full) == ({"paper": 0, "plastic": 2}, frozenset())
    read(levels, 100, 950, 950, 0)
    assert (levels.bins, levels.full) == ({"paper": 0, "plastic": 1}, frozenset({"plastic"}))


def test_a_full_refuse_bin_is_no_stream() -> None:
    """Residents bring nothing for it; it is told with the others."""
    levels = read(Levels(BAY), 0, 0, 0, 990)
    assert levels.full == frozenset()
    assert levels.by_bin[3].full


def test_a_failing_sensor_is_named_by_its_bin() -> None:
    """So that staff open the right lid."""
    levels = read(Levels(BAY), 100, 100, 100, 0)
    assert levels.trouble == ""
    for mm in sound(at(100), 10):
        levels.read((mm, None, mm, None))
    assert levels.trouble == "bin 1 silent, bin 3 silent"


def test_a_node_with_fewer_sensors_is_read_as_far_as_it_goes() -> None:
    """Whatever it leaves out does not answer."""
    levels = Levels(BAY)
    for mm in sound(at(500), 24):
        levels.read((mm,))
    assert abs(levels.by_bin[0].permille - 500) < 30
    assert levels.trouble == "bin 1 silent, bin 2 silent, bin 3 silent"


def test_a_stream_is_as_full_as_its_bins_together() -> None:
    """By their volumes."""
    levels = read(Levels(BAY), 0, 900, 100, 0)
    assert abs(permille_of(levels.of("plastic")) - 500) < 30
