"""What staff do in service: run checks, move hatch and gate, mend, empty bins, open bays.

Motions are asked of the node like any other and it decides by itself; what it refuses is shown,
and nothing here can go round it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contract.cose import PREFIX
from controller.core import commands, events, touches
from controller.core.flow import (
    accept,
    collect,
    failed,
    journal,
    on_duty,
    reopen,
    restart,
    service,
    verify,
)
from controller.core.flow.at_once import seen
from controller.core.service.acts import Act
from controller.core.service.check import Result
from controller.core.service.checks import CHECKS, JOGS, jog_gate
from controller.core.service.given import Given
from controller.core.service.running import Running

if TYPE_CHECKING:
    from controller.core.service.check import Check
    from controller.core.session import Session


def check_asked(s: Session, event: touches.CheckAsked, now_s: float) -> None:
    """Run a check: at once where all is known, else once the bay has moved or been weighed."""
    check = CHECKS.get(event.check)
    if check is None:
        _refuse(s, "no-such-check", f"no check {event.check!r}: see the list", now_s)
    elif (check.of == "bay") != (event.bay in s.bays):
        known = ", ".join(s.bays) if check.of == "bay" else "none: it is of the kiosk"
        _refuse(s, "no-such-bay", f"check {check.name} of bay {event.bay!r}: {known}", now_s)
    else:
        _start(s, check, event.bay, event.given, now_s)


def answered(s: Session, event: touches.CheckAnswered, now_s: float) -> None:
    """Whoever was asked what they saw, heard or felt says yes or no."""
    on_duty.touch(s, now_s)
    running = s.service.running
    if running is None or not running.check.asks:
        s.service.refuse("not-now", "no check asks anything: run one first")
        return
    running.answer = event.yes
    _go_on(s, running, now_s)


def hatch_jogged(s: Session, event: touches.HatchJogged, now_s: float) -> None:
    """Move the hatch one way."""
    if _known(s, event.bay, now_s):
        _start(s, JOGS["open" if event.open else "close"], event.bay, Given(), now_s)


def gate_jogged(s: Session, event: touches.GateJogged, now_s: float) -> None:
    """Cycle the gate once."""
    if _known(s, event.bay, now_s):
        _start(s, jog_gate(event.bin_index), event.bay, Given(), now_s)


def faults_cleared(s: Session, event: touches.FaultsCleared, now_s: float) -> None:
    """Have the node clear what latched, as far as its cause is gone."""
    if not (_known(s, event.bay, now_s) and on_duty.allowed(s, Act.MEND, now_s)):
        return
    faults = ", ".join(sorted(s.bays[event.bay].faults)) or "none"
    if event.repaired:
        s.ask(commands.LearnHatch(event.bay))
    s.ask(commands.ClearFaults(event.bay))
    repaired = " and hatch learnt anew" if event.repaired else ""
    on_duty.record(s, f"faults of bay {event.bay} cleared{repaired}", faults, now_s)


def node_restarted(s: Session, event: touches.NodeRestarted, now_s: float) -> None:
    """Have the node start anew; what comes of it is an act of its own."""
    if not (_known(s, event.bay, now_s) and on_duty.allowed(s, Act.MEND, now_s)):
        return
    bay = s.bays[event.bay]
    code, why = restart.why_not(s, bay)
    if s.service.running is not None:
        code, why = "not-now", "a check runs: let it end first"
    elif s.service.procedure is not None and not s.service.procedure.summary:
        code, why = "not-now", f"{s.service.procedure.of_bay} is under way: end it first"
    if code:
        s.service.refuse(code, why)
        return
    on_duty.record(s, f"node of bay {event.bay} asked to restart", "ok", now_s)
    restart.ask(s, bay, now_s)


def light_switched(s: Session, event: touches.LightSwitched, now_s: float) -> None:
    """Switch the chamber's light; it goes out when service ends."""
    if not (_known(s, event.bay, now_s) and on_duty.allowed(s, Act.CHECK, now_s)):
        return
    duty = s.service.duty
    assert duty is not None
    (duty.lit.add if event.on else duty.lit.discard)(event.bay)
    s.ask(commands.Light(event.bay, event.on))
    state = "on" if event.on else "off"
    on_duty.record(s, f"light of bay {event.bay}", state, now_s)


def emptied(s: Session, event: touches.BinEmptied, now_s: float) -> None:
    """A bin was emptied: its own record says so."""
    if not (_known(s, event.bay, now_s) and on_duty.allowed(s, Act.EMPTY_BIN, now_s)):
        return
    if event.bin_index not in s.bays[event.bay].levels.by_bin:
        _refuse(s, "no-such-bin", f"bay {event.bay} has no bin {event.bin_index}", now_s)
        return
    collect.emptied(s, event, now_s)
    on_duty.rearm(s, now_s)


def bin_tagged(s: Session, event: touches.BinTagged, now_s: float) -> None:
    """The tag of the bin that was swapped in, so that who carries the bin can be followed."""
    if _known(s, event.bay, now_s) and on_duty.allowed(s, Act.EMPTY_BIN, now_s):
        on_duty.record(s, f"bin {event.bin_index} of bay {event.bay} tagged", event.tag, now_s)


def code_shown(s: Session, event: events.CodeShown, now_s: float) -> None:
    """A bin's tag is scanned at the front; a code of a person is not kept."""
    text = event.text.strip()
    if text.startswith(PREFIX):
        service.shown_again(s, event, now_s)
    elif touches.is_tag(text):
        s.service.scanned = text
    else:
        s.refused["SERVICE:CodeShown"] += 1


def bay_checked(s: Session, event: touches.BayChecked, now_s: float) -> None:
    """Staff have looked into a closed bay."""
    if _known(s, event.bay, now_s) and on_duty.allowed(s, Act.OPEN_BAY, now_s):
        bay = s.bays[event.bay]
        before = bay.closed_because, bay.waits_for_staff
        if bay.closed_because:
            reopen.checked(s, event, now_s)
        if (bay.closed_because, bay.waits_for_staff) == before:
            why = bay.why_not or "it is not closed"
            s.service.refuse("nothing-to-open", f"a look does not open bay {bay.name}: {why}")
        s.say("in-service")


def touched(s: Session, event: touches.ServiceTouched, now_s: float) -> None:
    """Somebody is still there."""
    on_duty.touch(s, now_s)


def leave_asked(s: Session, event: touches.LeaveAsked, now_s: float) -> None:
    """Something is about to be done outside of the core; nothing is, for whoever may not."""
    on_duty.allowed(s, event.act, now_s)


def heard(s: Session, event: events.NodeEvent, now_s: float) -> None:
    """What a bay's node says may move a check on, or end the way out."""
    running = s.service.running
    is_moved = running is not None and running.bay == event.bay
    if isinstance(event, events.Samples) and not is_moved:  # a hatch about to open is not shut
        journal.look_after(s, event, now_s)
    if isinstance(event, events.Samples | events.CommandRefused):
        verify.heard(s, event, now_s)
    if running is not None and is_moved and running.hear(event, now_s):
        _go_on(s, running, now_s)
    service.over(s, now_s)


def not_recorded(s: Session, event: events.CommitFailed, now_s: float) -> None:
    """The journal took no record of an act; staff see how many, but for those that wait for room.

    A calibration among them holds from when it is written.
    """
    s.service.unrecorded += event.wish.kind == "service" and not journal.is_long_work(event.wish)
    journal.keep(s, event, now_s)


def time_passed(s: Session, event: events.TimePassed, now_s: float) -> None:
    """A motion is late, a hatch will not shut, or nobody has touched anything for long."""
    duty, running = s.service.duty, s.service.running
    if duty is None or duty.leaves:
        service.over(s, now_s, late=True)
    elif running is not None and now_s >= running.deadline_s:
        running.late()
        _go_on(s, running, now_s)
    elif s.service.procedure is not None and s.service.procedure.waits_for_time(now_s):
        on_duty.touch(s, now_s)  # half an hour under one load needs no touch
    elif now_s - duty.touched_s >= s.config.session.service_s:
        service.leave(s, f"nobody for {s.config.session.service_s / 60:.0f} min", now_s)
    else:
        s.say("in-service")  # what was said of a bin has been read
        on_duty.rearm(s, now_s)


def _start(s: Session, check: Check, bay: str, given: Given, now_s: float) -> None:
    if not on_duty.allowed(s, check.act, now_s):
        return
    if s.service.procedure is not None and s.service.procedure.step is not None:
        s.service.refuse("busy", "the scale is being verified: finish that, or give it up")
        return
    if s.service.running is not None:
        name = s.service.running.check.name
        s.service.refuse("busy", f"check {name} is running: wait until it is over")
        return
    motions = check.motions(s.bays[bay]) if check.motions is not None else []
    if motions and (why := on_duty.may_not_move(s.bays[bay], motions)):
        s.service.refuse("not-now", why)
        return
    running = Running(check, bay, given, now_s, motions)
    s.service.running = running
    if check.samples:
        _sample(s, bay)
    _go_on(s, running, now_s)


def _go_on(s: Session, running: Running, now_s: float) -> None:
    """Ask for the next motion, or judge."""
    if running.over:
        _finish(s, running, now_s)
    elif (motion := running.next_motion(now_s)) is not None:
        on_duty.move(s, motion)
    on_duty.rearm(s, now_s)


def _sample(s: Session, bay: str) -> None:
    s.bays[bay].scale.restart()
    if s.service.duty is not None:
        s.service.duty.fast.add(bay)
    s.ask(commands.SampleFast(bay, True))


def _finish(s: Session, running: Running, now_s: float) -> None:
    check, name = running.check, running.bay
    s.service.running = None
    known = seen(s, name, running.given, now_s)
    finding = check.judge(
        replace(
            known,
            took=running.took,
            raw=running.raw,
            refused=running.refused,
            answer=running.answer,
        )
    )
    result = Result(finding, now_s, running.given.today)
    s.service.results[check.name, name] = result
    failed.checked(s, check, name, result)
    accept.checked(s, check, name, finding, running.given)
    if check.samples and s.service.duty is not None:
        s.service.duty.fast.discard(name)
        s.ask(commands.SampleFast(name, False))
    of = f" of bay {name}" if name else ""
    told = " ".join(one for one in (finding.verdict, finding.figure, finding.detail) if one)
    on_duty.record(s, f"check {check.name}{of}", told, now_s)


def _known(s: Session, bay: str, now_s: float) -> bool:
    if bay in s.bays:
        return True
    _refuse(s, "no-such-bay", f"no bay {bay!r} here: {', '.join(s.bays)}", now_s)
    return False


def _refuse(s: Session, code: str, message: str, now_s: float) -> None:
    on_duty.touch(s, now_s)
    s.service.refuse(code, message)
