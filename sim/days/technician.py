"""Who comes when something is wrong, and how soon: the technician, or the steward of the site.

The technician mends the part and switches the kiosk off and on again.

Four hours from the call at the usual contract of those who look after lifts and cash machines
(from memory), counted in the hours in which they work; half an hour for the part. Hours and half
hour are assumptions of this project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.days.troubles import Words

HOUR_S = 3_600.0
DAY_S = 24 * HOUR_S
WORKS_S = (8 * HOUR_S, 20 * HOUR_S)
"""From and to in each day, Sundays too: staff are on call by turns."""

RESPONSE_S = 4 * HOUR_S
MENDING_S = HOUR_S / 2

STEWARD_S = HOUR_S / 2
"""From the call until it is done. That a site has somebody for it, day and night, is an assumption:
`Month.has_steward` says whether, and no figure with one stands without its neighbour."""

OFF_AND_ON: Words = {"verb": "power_cut", "what": "kiosk", "seconds": 30.0}
"""What is done last, so that everything tests itself and nothing stays latched."""


def comes_s(called_s: float) -> float:
    """When the technician stands before the kiosk; seconds since some midnight, as `called_s`."""
    day, of_day_s = divmod(called_s, DAY_S)
    from_s, to_s = WORKS_S
    if of_day_s >= to_s:
        day, of_day_s = day + 1, from_s
    at_s, left_s = max(of_day_s, from_s), RESPONSE_S
    while at_s + left_s > to_s:
        left_s -= to_s - at_s
        day, at_s = day + 1, from_s
    return day * DAY_S + at_s + left_s
