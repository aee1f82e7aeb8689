"""Power fails over a load that nobody has promised anything for: it is never taken for zero."""

from __future__ import annotations

import pytest

from controller.core import commands, events
from controller.core.bay import Bay
from controller.core.scale import SOMETHING_G
from tests.contract.samples import calibration_body
from tests.controller.core.story import CONFIG, Story, sight

LOAD_G = 24
"""A bottle."""


def cut_off(mass_g: int, *, zero_at_g: int = 0) -> Story:
    """Kiosk and node lose power with an open hatch and this much on the pan.

    The empty pan reads `zero_at_g` by the calibration's own zero.
    """
    story = Story(pan_g=zero_at_g)
    story.identify()
    story.pan_g = zero_at_g + mass_g
    story.rest()
    return story


def restarted(before: Story, *, config: object = CONFIG, zero_shift_g: float = 0.0) -> Story:
    """A new controller with the journal of `before`; its node starts cold and warms up."""
    later = Story(config, pan_g=before.pan_g, hatch_openings=before.hatch_openings)  # type: ignore[arg-type]
    assert before.memory is not None
    shift_raw = zero_shift_g * CONFIG.bays[0].scale.counts_per_kg / 1000
    memory = before.memory
    later.happens(events.BayMemoryFound(memory.bay, memory.zero_raw + shift_raw, memory.unfinished))
    later.node_up()
    idle(later, 70)
    return later


def idle(story: Story, seconds: int) -> None:
    """Nobody is there: one conversion a second."""
    for _ in range(seconds):
        story.now_s += 1
        raw = story.counts() + story.noise.randint(-50, 50)
        story.happens(events.Samples("a", int(story.now_s * 1000), (raw,)), story.report())


def test_it_is_remembered_before_the_hatch_opens() -> None:
    """The order: zero, memory, hatch; so no load can be on the pan that is not known of."""
    story = Story()
    story.node_up()
    story.show(story.code())
    kinds = [type(one) for one in story.rest()]
    assert kinds.index(commands.RememberBay) < kinds.index(commands.OpenHatch)
    assert story.memory is not None and story.memory.unfinished


@pytest.mark.parametrize("mass_g", [SOMETHING_G + 1, LOAD_G, 500, 1400])
def test_a_cold_start_does_not_zero_a_load_away(mass_g: int) -> None:
    """Within a tenth of Max a cold scale may set itself to zero: not over what a visit left."""
    later = restarted(cut_off(mass_g))
    later.show(later.code())
    later.rest(2)
    assert later.bays["a"].why_not == "a load was left behind"
    assert later.commanded(commands.OpenHatch) == 0


def test_with_a_refuse_bin_it_goes_there_and_the_next_resident_is_served() -> None:
    """Uncredited and unpromised; nobody has to come for it."""
    bay = CONFIG.bays[0].model_copy(update={"refuse_bin": 3})
    config = CONFIG.model_copy(update={"bays": (bay,)})
    later = restarted(cut_off(LOAD_G), config=config)
    later.show(later.code())
    later.rest(2)
    assert commands.DropLoad("a", 3) in later.asked
    later.drop()
    assert later.state == "OPENING"


@pytest.mark.parametrize(("hatch", "command"), [("CLOSED", "DropLoad"), ("OPEN", "CloseHatch")])
def test_a_late_link_sends_nobody_for_a_leftover(hatch: str, command: str) -> None:
    """What only the link refused is asked for again; a gate that is stuck is not."""
    bay = CONFIG.bays[0].model_copy(update={"refuse_bin": 3})
    config = CONFIG.model_copy(update={"bays": (bay,)})
    later = restarted(cut_off(LOAD_G), config=config)
    later.hatch = hatch
    later.happens(later.report())
    later.show(later.code())
    asked = later.rest(2)[-1]
    assert type(asked).__name__ == command
    assert later.happens(events.CommandRefused("a", command, "no-lease")) == [asked]
    assert later.state == "CLEARING"
    later.happens(events.CommandRefused("a", command, "fault"))
    assert later.bays["a"].why_not == "a load was left behind"


def test_a_load_that_was_taken_home_meanwhile_ends_the_visit() -> None:
    """The pan is empty and the hatch shut: zero moves again, and the memory says so."""
    before = cut_off(LOAD_G)
    before.pan_g = 0
    later = restarted(before)
    assert not later.bays["a"].unfinished
    assert later.memory is not None and not later.memory.unfinished


@pytest.mark.parametrize(("mass_g", "state"), [(0, "OPENING"), (LOAD_G, "FAREWELL")])
def test_it_is_weighed_by_the_zero_of_its_visit(mass_g: int, state: str) -> None:
    """The cell has moved by 300 g since it was calibrated: neither a load nor a lack of one."""
    later = restarted(cut_off(mass_g, zero_at_g=300))
    later.show(later.code())
    later.rest(2)
    assert later.state == state


def test_a_bay_that_rests_for_a_leftover_opens_once_it_is_gone() -> None:
    """Staff take it out and shut the hatch; nobody has to restart anything."""
    later = restarted(cut_off(LOAD_G))
    later.show(later.code())
    later.rest(2)
    assert not later.bays["a"].usable
    later.pan_g = 0
    idle(later, 20)
    assert later.bays["a"].usable


def test_an_open_hatch_ends_no_visit() -> None:
    """Somebody may still lay something in."""
    before = cut_off(0)
    later = Story(hatch="OPEN")
    assert before.memory is not None
    later.happens(before.memory)
    later.node_up()
    idle(later, 20)
    assert later.bays["a"].unfinished


def test_a_visit_that_ended_well_leaves_zero_free() -> None:
    """After a deposit a cold start may find its zero by itself, as before."""
    story = Story()
    story.identify()
    story.load(LOAD_G)
    story.look(sight("plastic"))
    story.drop()
    story.empty()
    assert story.memory is not None and not story.memory.unfinished
    assert not story.bays["a"].unfinished


def test_nothing_laid_in_ends_the_visit_too() -> None:
    """The hatch closed over an empty pan, and the slow samples show it."""
    story = Story()
    story.identify()
    story.wait(CONFIG.session.idle_s)
    story.closed()
    idle(story, 6)
    assert story.memory is not None and not story.memory.unfinished


@pytest.mark.parametrize("drift_g", [-4.0, 4.0])
def test_what_a_cold_cell_drifts_is_no_load(drift_g: float) -> None:
    """4 g are what class III allows a zero of e = 2 g over 10 °C: the next resident is served."""
    later = restarted(cut_off(0), zero_shift_g=drift_g)
    later.show(later.code())
    later.rest(2)
    assert later.state == "OPENING"


def test_a_zero_of_another_calibration_is_not_taken_up() -> None:
    """What could not have been set as zero now belongs to another cell or calibration."""
    bay = Bay(CONFIG.bays[0])
    bay.scale.recall_zero(9_000_000.0)
    assert bay.scale.zero_raw == CONFIG.bays[0].scale.zero_raw


def test_a_new_calibration_takes_its_own_zero_into_the_memory() -> None:
    """Staff calibrate while a visit is not finished: after a restart the new zero counts."""
    story = cut_off(0)
    story.happens(events.CalibrationFound("a", calibration_body(zero_raw=1500)))
    assert story.memory == events.BayMemoryFound("a", 1500.0, True)


def test_a_memory_of_no_bay_here_is_named() -> None:
    """Another cabinet's journal: said to staff, and nothing else happens."""
    story = Story()
    (note,) = story.happens(events.BayMemoryFound("z", 0.0, True))
    assert note == commands.Note("memory-refused", "z", "no such bay here, only a")
