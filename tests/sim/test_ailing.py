"""What befalls a whole kiosk is named in its journal, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.health import FIRST, precision, recall
from sim.trials.ailing import AILMENTS, faults_recorded, parts_in, told
from sim.trials.many import many

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE = """
name = "idle"
line = "Somebody comes too late."
duration_s = {duration_s}
[[people]]
arrives_s = {arrives_s}
items = [{{ kind = "can", mass_g = 15 }}]
[[events]]
at_s = 12
verb = "{verb}"
{arguments}
"""

FITTED = '[kiosk.printer]\nport = "/dev/usb/lp0"\nwidth_mm = 58\n'
"""A kiosk with a receipt printer."""


@pytest.mark.parametrize(
    ("verb", "arguments", "duration_s", "part"),
    [
        ("reader_lost", "", 60, "code-reader"),
        ("clock_jump", "seconds = 86400", 30, "clock"),
        ("usb_unplug", 'bay = "a"\nseconds = 30', 40, "node-cable"),
        ("broker_down", "seconds = 330", 340, "broker"),
        ("cut_uplink", "seconds = 330", 340, "network"),
        ("paper_out", f"seconds = 200\n{FITTED}", 200, "printer"),
        ("ledger_slow", "seconds = 30", 60, None),
        ("usb_unplug", 'bay = "a"\nseconds = 2', 40, None),
    ],
)
def test_a_kiosk_in_front_of_nobody_names_what_fails(
    verb: str, arguments: str, duration_s: int, part: str | None
) -> None:
    """By its own looks, every ten seconds, and with the patience of each rule."""
    script = IDLE.format(
        verb=verb, arguments=arguments, duration_s=duration_s, arrives_s=duration_s - 1
    )
    assert parts_in(faults_recorded(script, 1)) == (() if part is None else (part,))


@pytest.mark.campaign
def test_every_ailment(tell: Callable[..., None]) -> None:
    """All of them with residents, on seeds that no rule was made with and no bench uses."""
    first = FIRST + len(AILMENTS)
    found = many(told, range(first, first + 3 * len(AILMENTS)))
    tell(recall=recall(found), precision=precision(found))
    assert recall(found) >= 0.95
    assert precision(found) >= 0.95
