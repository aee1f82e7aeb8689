"""What must hold after every scan, whatever happened before: one function a property.

Each looks at what went into a scan and what came out of it, at the true place of leaf and gate,
and at a witness of its own where it has to remember something; it believes nothing that the core
remembers. To add one, write it here and its mutant in `mutants.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from firmware.hal.board import Inputs, Outputs
from tests.firmware.explore import figures as f
from tests.firmware.explore.plant import CLOSED, FAR, HOME, OPEN, World
from wire import faults

LONGEST_SCANS = f.LONGEST_DRIVE_MS // f.SCAN_MS + 1
"""No drive lasts longer than the slow one may, and the scan in which that is seen."""

PINCHES = f.FIGURES["pinches"]


class Witness(NamedTuple):
    """What the properties remember between scans; small, and stopped at what they ask for."""

    way: int = 0  # the last direction, and for how many scans there was no drive and no current
    rest: int = 0
    drive: int = 0  # scans that this drive has lasted
    against: int = 0  # scans that it has closed against something
    stray: int = 0  # scans of current without drive
    dark: bool = False  # the curtain was dark and free again since this closing was announced
    proved: bool = False
    by_command: bool = False  # the opening under way was asked for
    from_open: bool = False  # the closing under way began at the open limit
    pinches: int = 0  # since it last was closed or staff cleared the faults
    scans: int = 0  # since the start
    changed: bool = False  # both sensors have changed once
    wrong_scans: int = 0  # since something began or ceased to be wrong


class Scan:
    """One scan: what was, what was read and commanded, and what the node made of it."""

    def __init__(self, table: Any) -> None:
        self.t = table
        self.inputs = Inputs()
        self.outputs = Outputs()
        self.before = World()
        self.world = World()
        self.witness = Witness()
        self.command = ""
        self.was = 0
        self.state = 0
        self.was_gate = 0
        self.gate = 0
        self.faults = 0

    @property
    def drive(self) -> int:
        """What drives the hatch from this scan on."""
        return self.outputs.hatch_permille

    @property
    def drops(self) -> bool:
        """Whether the leaves are driven down from now on."""
        return self.outputs.gate_permille > 0

    @property
    def lasting(self) -> bool:
        """Whether what is wrong has been so for as long as a stuck sensor takes to show."""
        return self.witness.wrong_scans >= 2

    @property
    def edge_bad(self) -> bool:
        """Whether the edge is touched, or its line is open."""
        inputs = self.inputs
        return not 1_000 <= inputs.edge_ohm <= 50_000 or inputs.edge_touched

    @property
    def somebody(self) -> bool:
        """Whether somebody may be inside, as far as the sensors can tell."""
        stuck = self.lasting and self.world.has("thermal stuck", "distance stuck")
        return stuck or self.world.has("warm body", "thermal nonsense", "distance nonsense")

    @property
    def doubtful_load(self) -> bool:
        """Whether the load is too heavy, or unknown."""
        dumb = self.lasting and self.world.has("cell silent", "cell stuck")
        return dumb or self.world.has("heavy", "cell saturated")


def p1_nothing_is_moved_for_a_command_without_a_lease(s: Scan) -> bool:
    if s.world.lease:
        return True
    own = s.state in (s.t.REVERSE, s.t.SAFE_STOP) or not s.witness.by_command
    hatch = s.drive == 0 or s.state == s.t.FIRE or (s.drive > 0 and (s.before.hatch > 0 or own))
    gate = not s.outputs.diverter_on and not (s.drops and s.inputs.gate_closed)
    return hatch and gate


def p2_nothing_moves_or_locks_under_emergency_stop(s: Scan) -> bool:
    out = s.outputs
    moves = out.hatch_permille or out.bridge_on or out.gate_permille or out.diverter_on
    return not s.inputs.emergency_stop or not (moves or out.lock_on)


def p3_hatch_and_gate_never_open_together(s: Scan) -> bool:
    """By their drives, that is: a hand can always push what is free.

    A hatch that lets go of what it met opens whatever the gate does. A closed limit that lies
    about a leaf which stands still cannot be known for a liar; one that lies about a leaf on its
    way is another property's.
    """
    before, now = s.before, s.world
    lies = now.has("closed limit on") or before.has("closed limit on")
    if now.leaf == CLOSED or now.leaves == HOME or lies:
        return True
    lets_go = s.was in (s.t.REVERSE, s.t.SAFE_STOP)
    hatch_leaves = before.leaf == CLOSED and before.hatch > 0 and not lets_go
    gate_leaves = before.leaves == HOME and before.gate > 0
    over_gate = hatch_leaves and (before.leaves != HOME or gate_leaves)
    return not over_gate and not (gate_leaves and before.leaf != CLOSED)


def p4_the_gate_never_opens_on_anybody_or_on_doubt(s: Scan) -> bool:
    if not s.drops:
        return True
    someone = s.inputs.curtain_blocked or s.edge_bad or s.somebody or s.inputs.inner_release
    begins = s.inputs.gate_closed
    return not someone and s.inputs.limit_closed and not (begins and s.doubtful_load)


def p4_no_drop_begins_that_could_not_be_counted(s: Scan) -> bool:
    return not (s.gate == 1 and s.was_gate == 0 and s.inputs.store_failed)


def p5_closes_only_while_edge_and_curtain_are_sound_and_clear(s: Scan) -> bool:
    clear = not s.inputs.curtain_blocked and not s.edge_bad
    return s.drive >= 0 or (clear and s.witness.proved)


def p6_the_edge_takes_the_drive_off_a_closing_hatch(s: Scan) -> bool:
    closes = s.before.hatch < 0
    return not (closes and s.edge_bad) or (s.drive == 0 and not s.outputs.bridge_on)


def p6_a_brake_holds_nothing_that_is_pressed(s: Scan) -> bool:
    brakes = s.outputs.bridge_on and s.drive == 0
    stops = s.state in (s.t.PINCH, s.t.SAFE_STOP)
    return not brakes or (stops and s.witness.way < 0 and not s.edge_bad)


def p6_what_is_in_the_way_takes_the_drive_off(s: Scan) -> bool:
    return s.witness.against < 4 or s.drive >= 0


def p7_the_direction_changes_only_after_rest(s: Scan) -> bool:
    way = (s.drive > 0) - (s.drive < 0)
    return way in (0, s.witness.way) or s.witness.way == 0 or s.witness.rest >= 2


def p8_every_drive_has_an_end(s: Scan) -> bool:
    return s.drive == 0 or s.witness.drive < LONGEST_SCANS


def p9_both_limits_at_once_are_a_fault_at_once(s: Scan) -> bool:
    if not (s.inputs.limit_closed and s.inputs.limit_open):
        return True
    stopped = s.state in (s.t.FAULT, s.t.ESTOP) or s.was in (s.t.FAULT, s.t.ESTOP)
    return s.drive == 0 and stopped and not s.outputs.lock_on


def p10_silence_stops_a_closing_hatch_and_only_slow_opening_follows(s: Scan) -> bool:
    if s.state == s.t.SAFE_STOP and s.drive not in (0, f.FIGURES["slow_permille"]):
        return False
    return s.world.lease or s.was != s.t.CLOSING or s.before.hatch == 0 or s.drive == 0


def p12_so_many_pinches_leave_it_open_and_call_service(s: Scan) -> bool:
    enters = s.state == s.t.FAULT_OPEN != s.was
    told = not enters or s.faults >> faults.HATCH_BLOCKED & 1
    closes = s.drive < 0 and s.state != s.t.FIRE  # a fire's own closing has rules of its own
    return bool(told) and not (closes and s.witness.pinches >= PINCHES)


def p13_nobody_is_locked_in(s: Scan) -> bool:
    someone = s.somebody or s.inputs.inner_release or s.doubtful_load
    return not s.outputs.lock_on or (s.inputs.limit_closed and not someone)


def p16_restarts_only_while_nothing_moves_or_is_driven(s: Scan) -> bool:
    """Not now, and not since the scan before; current says what a motor does by itself."""
    out, before = s.outputs, s.before
    driven = out.bridge_on or out.hatch_permille or out.gate_permille or out.diverter_on
    driven = driven or before.hatch or before.gate or before.turns_to >= 0
    return not (out.restarts and (driven or s.inputs.motor_ma >= 100))


def p16_restarts_only_with_hatch_and_gate_in_their_places(s: Scan) -> bool:
    """As the node sees them: a limit that lies about a leaf at rest cannot be known for a liar."""
    inputs = s.inputs
    in_place = inputs.gate_closed and inputs.limit_closed != inputs.limit_open
    return not s.outputs.restarts or (in_place and s.state in (s.t.CLOSED, s.t.OPEN))


def p16_restarts_only_with_nobody_near(s: Scan) -> bool:
    """Where it cannot be known who is inside, only a hatch that stands open is enough."""
    inputs, doubt = s.inputs, s.somebody and not s.inputs.limit_open
    near = inputs.curtain_blocked or s.edge_bad or inputs.inner_release or s.world.has("warm body")
    heavy = s.world.has("heavy")
    return not (s.outputs.restarts and (near or doubt or heavy or inputs.emergency_stop))


def p16_a_restart_forgets_nothing_and_needs_a_lease(s: Scan) -> bool:
    inputs, latched = s.inputs, sum(1 << code for code, row in faults.TABLE.items() if row[2])
    ill = inputs.smoke or inputs.supply_mv < 20_000 or inputs.store_failed or s.faults & latched
    return not (s.outputs.restarts and (ill or s.witness.pinches or not s.world.lease))


def not_before_the_self_test(s: Scan) -> bool:
    """At the second scan a sound sensor has changed, at the third a stuck one is known."""
    ready = s.witness.scans >= 2 or s.witness.changed
    out = s.outputs
    return ready or not (out.bridge_on or out.lock_on or s.drops or out.diverter_on)


def a_limit_that_reports_too_early_is_not_believed(s: Scan) -> bool:
    lies = s.inputs.limit_closed and s.world.leaf >= FAR
    ran = s.witness.from_open and s.before.hatch < 0
    return not (lies and ran) or (s.drive == 0 and s.state in (s.t.FAULT, s.t.ESTOP, s.t.PINCH))


def stray_current_is_a_fault(s: Scan) -> bool:
    out_of_use = (s.t.FAULT, s.t.ESTOP, s.t.FIRE, s.t.FAULT_OPEN)
    return s.witness.stray < f.STRAY_SCANS or s.state in out_of_use or s.was in out_of_use


def locks_only_where_it_is_shut(s: Scan) -> bool:
    shut = s.state in (s.t.CLOSED, s.t.FIRE)
    return not s.outputs.lock_on or (s.inputs.limit_closed and shut)


PROPERTIES: tuple[Callable[[Scan], bool], ...] = (
    p1_nothing_is_moved_for_a_command_without_a_lease,
    p2_nothing_moves_or_locks_under_emergency_stop,
    p3_hatch_and_gate_never_open_together,
    p4_the_gate_never_opens_on_anybody_or_on_doubt,
    p4_no_drop_begins_that_could_not_be_counted,
    p5_closes_only_while_edge_and_curtain_are_sound_and_clear,
    p6_the_edge_takes_the_drive_off_a_closing_hatch,
    p6_a_brake_holds_nothing_that_is_pressed,
    p6_what_is_in_the_way_takes_the_drive_off,
    p7_the_direction_changes_only_after_rest,
    p8_every_drive_has_an_end,
    p9_both_limits_at_once_are_a_fault_at_once,
    p10_silence_stops_a_closing_hatch_and_only_slow_opening_follows,
    p12_so_many_pinches_leave_it_open_and_call_service,
    p13_nobody_is_locked_in,
    p16_restarts_only_while_nothing_moves_or_is_driven,
    p16_restarts_only_with_hatch_and_gate_in_their_places,
    p16_restarts_only_with_nobody_near,
    p16_a_restart_forgets_nothing_and_needs_a_lease,
    not_before_the_self_test,
    a_limit_that_reports_too_early_is_not_believed,
    stray_current_is_a_fault,
    locks_only_where_it_is_shut,
)


def look(s: Scan, w: Witness) -> Witness:
    """What the witness knows once it has seen the scan's inputs, before what comes of them."""
    inputs, before = s.inputs, s.before
    still = before.hatch == 0 and inputs.motor_ma < 100
    announced = s.was in (s.t.CLOSE_WARN, s.t.CLOSING) or s.was == s.t.FIRE
    dark = announced and (w.dark or (before.test and inputs.curtain_blocked))
    return w._replace(
        rest=min(w.rest + 1, 2) if still else 0,
        drive=min(w.drive + 1, LONGEST_SCANS) if before.hatch else 0,
        against=min(w.against + 1, 4) if before.hatch < 0 and before.held else 0,
        stray=min(w.stray + 1, f.STRAY_SCANS) if before.hatch == 0 and not still else 0,
        dark=dark,
        proved=dark and (w.proved or (not before.test and not inputs.curtain_blocked)),
        scans=min(w.scans + 1, 2),
        changed=(w.scans > 0 and not s.world.has("thermal stuck", "distance stuck")) or w.changed,
        wrong_scans=min(w.wrong_scans + 1, 2) if before.wrong == s.world.wrong else 0,
    )


def learn(s: Scan, w: Witness) -> Witness:
    """What the witness remembers of what came of the scan."""
    t, way = s.t, (s.drive > 0) - (s.drive < 0)
    begins = s.state == t.UNLOCK and s.was != t.UNLOCK
    opens = s.state in (t.UNLOCK, t.OPENING)
    own = s.inputs.inner_release or s.somebody
    at_open = s.world.leaf == OPEN and s.inputs.limit_open
    pinches = min(w.pinches + (s.state == t.PINCH and s.was != t.PINCH), PINCHES)
    return w._replace(
        way=way or w.way,
        by_command=opens and (s.command == "open_hatch" and not own if begins else w.by_command),
        from_open=s.drive < 0 and (w.from_open or (s.before.hatch >= 0 and at_open)),
        drive=w.drive if s.drive else 0,
        rest=0 if s.drive else w.rest,
        stray=0 if s.drive else w.stray,
        pinches=0 if s.state == t.CLOSED or s.command == "clear_faults" else pinches,
    )
