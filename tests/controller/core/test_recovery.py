"""Every cell of the table that ends an open intent."""

from __future__ import annotations

import pytest

from controller.core.recovery import Outcome, decide


@pytest.mark.parametrize(
    ("gate_cycled", "hatch_opened", "pan_empty", "outcome"),
    [
        (True, False, True, Outcome.DEPOSIT),
        (True, False, False, Outcome.DROP_AGAIN),
        (True, True, True, Outcome.UNCERTAIN),
        (True, True, False, Outcome.UNCERTAIN),
        (False, False, True, Outcome.UNCERTAIN),
        (False, False, False, Outcome.DROP_AGAIN),
        (False, True, True, Outcome.VOID),
        (False, True, False, Outcome.UNCERTAIN),
    ],
)
def test_counters_and_pan_decide(
    gate_cycled: bool, hatch_opened: bool, pan_empty: bool, outcome: Outcome
) -> None:
    """Credit only what nobody could have reached after it fell."""
    facts = {"gate_cycled": gate_cycled, "hatch_opened": hatch_opened, "pan_empty": pan_empty}
    assert decide(**facts) is outcome
