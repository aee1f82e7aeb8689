"""The transition table of a session: every state, what it waits for, and for how long.

Reads from top to bottom as a deposit goes; the handlers stand in `controller.core.flow`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.core import events, touches
from controller.core.flow import (
    accept,
    arrive,
    calibrate,
    collect,
    credit,
    depart,
    drop,
    examine,
    failed,
    fallen,
    fault,
    give_back,
    journal,
    mains,
    paper,
    phone,
    recover,
    refusal,
    remote,
    reopen,
    restart,
    serve,
    service,
    teach,
    trigger,
    verify,
    weigh,
)
from controller.core.health import sightings
from controller.core.remote import heard
from controller.core.states import Handler, Row, State, Table

if TYPE_CHECKING:
    from controller.core.session import Session


def _nothing(s: object, event: object, now_s: float) -> None:
    """Heard, and no reason to do anything in this state."""


ROWS: dict[State, Row] = {
    State.IDLE: Row(
        "idle",
        {
            events.CodeShown: arrive.show_code,
            events.PhoneTyped: phone.typed,
            events.PhoneConfirmed: phone.confirmed,
            events.GuestCame: arrive.guest_came,
            touches.BinEmptied: collect.emptied,
            touches.BayChecked: reopen.checked,
            events.NodeReport: reopen.nobody_served,
        },
        on_timeout=depart.forget,  # what was said of a wrong code has been read
    ),
    State.IDENTIFIED: Row(
        "choose-bay",
        {
            touches.BayPicked: arrive.pick_bay,
            events.CodeSeenBefore: arrive.shown_again,
            touches.ResidentLeft: depart.farewell,
        },
        "warning_s",
        depart.idle,
    ),
    State.PREPARING: Row(
        "identified",
        {
            events.CodeSeenBefore: arrive.shown_again,
            events.Samples: arrive.zero,
            events.BayRemembered: arrive.remembered,
            events.BayNotRemembered: arrive.not_remembered,
        },
        "settle_s",
        depart.bay_down,
    ),
    State.OPENING: Row(
        "hatch-opening",
        {
            events.HatchOpened: arrive.opened,
            events.CommandRefused: depart.open_refused,
        },
        "motion_s",
        depart.hatch_stuck,
    ),
    State.LOADING: Row(
        "put-in",
        {
            events.Samples: weigh.watch,
            events.Watched: trigger.watched,
            events.HandMoved: weigh.hand,
            touches.ResidentLeft: weigh.leave,
        },
        "warning_s",
        weigh.idle,
    ),
    State.CLOSING: Row(
        "closing",
        {
            events.HatchClosed: weigh.closed,
            events.HatchObstructed: depart.still_there,
            events.HatchOpened: depart.reopened,
            events.CommandRefused: depart.close_refused,
        },
        "motion_s",
        depart.hatch_stuck,
    ),
    State.MEASURING: Row(
        "measuring",
        {events.Samples: weigh.measure},
        "settle_s",
        weigh.unsteady,
    ),
    State.DECIDING: Row(
        "looking",
        {events.Looked: trigger.looked},
        "look_s",
        weigh.blind,
    ),
    State.ASKING: Row(
        "ask-which",
        {
            touches.Answered: weigh.answer,
            touches.ResidentLeft: weigh.no_answer,
        },
        "answer_s",
        weigh.no_answer,
    ),
    State.PROMISING: Row(
        "dropping",
        {
            events.Committed: drop.promised,
            events.CommitFailed: drop.promise_failed,
        },
    ),
    State.DROPPING: Row(
        "dropping",
        {
            events.GateCycled: drop.dropped,
            events.CommandRefused: drop.drop_refused,
        },
        "motion_s",
        drop.dropped,  # the event may be lost, the pan is not: look at it
    ),
    State.CHECKING: Row(
        "dropping",
        {
            events.Samples: fallen.check_pan,
            events.EmptySeen: fallen.check_camera,
            events.Watched: fallen.check_stain,
        },
        "settle_s",
        fallen.unsettled,
    ),
    State.CREDITING: Row(
        "dropping",
        {
            events.Committed: credit.credited,
            events.CommitFailed: credit.wait_for_disk,
        },
        "settle_s",
        credit.retry_deposit,
    ),
    State.CREDITED: Row(
        "accepted",
        {
            touches.Answered: credit.go_on,
            touches.ReceiptWanted: paper.wanted,
            touches.ResidentLeft: depart.farewell,
        },
        "warning_s",
        depart.idle,
    ),
    State.RETURNING: Row(
        "take-back",
        {
            events.Samples: give_back.watch,
            events.HatchOpened: _nothing,
            events.CommandRefused: give_back.open_refused,
        },
        "idle_s",
        give_back.abandoned,
    ),
    State.CLEARING: Row(
        "refuse-bin",
        {
            events.HatchClosed: give_back.refuse,
            events.GateCycled: give_back.refused,
            events.CommandRefused: give_back.clearing_refused,
        },
        "motion_s",
        give_back.stuck,
    ),
    State.LEAVING: Row(
        "closing",
        {
            events.HatchClosed: depart.farewell,
            events.HatchObstructed: depart.still_there,
            events.HatchOpened: depart.reopened,
            events.CommandRefused: depart.close_refused,
        },
        "motion_s",
        depart.hatch_stuck,
    ),
    State.FAREWELL: Row(
        "farewell",
        {
            events.CodeShown: arrive.show_code,
            events.PhoneTyped: phone.typed,
            events.PhoneConfirmed: phone.confirmed,
            events.GuestCame: arrive.guest_came,
            touches.ReceiptWanted: paper.wanted,
            touches.ResidentLeft: depart.forget,
        },
        "farewell_s",
        depart.forget,
    ),
    State.RECOVERING: Row(
        "recovering",
        {
            events.Samples: examine.examine,
            events.Watched: examine.watched,
            events.GateCycled: examine.dropped,
            events.CommandRefused: examine.dropped,
            events.Committed: recover.resolved,
            events.CommitFailed: recover.commit_failed,
        },
        "motion_s",
        recover.give_up,
    ),
    State.SERVICE: Row(
        "in-service",
        {
            touches.ServiceTouched: serve.touched,
            touches.CheckAsked: serve.check_asked,
            touches.CheckAnswered: serve.answered,
            touches.HatchJogged: serve.hatch_jogged,
            touches.GateJogged: serve.gate_jogged,
            touches.FaultsCleared: serve.faults_cleared,
            touches.NodeRestarted: serve.node_restarted,
            touches.LightSwitched: serve.light_switched,
            touches.BinEmptied: serve.emptied,
            touches.BayChecked: serve.bay_checked,
            touches.BinTagged: serve.bin_tagged,
            touches.ProcedureBegun: verify.begun,
            touches.ReadingTaken: verify.read,
            touches.ProcedureGivenUp: verify.given_up,
            touches.PictureAsked: teach.picture_asked,
            touches.LeaveAsked: serve.leave_asked,
            touches.EyesTaught: teach.eyes_taught,
            touches.AcceptanceBegun: accept.begun,
            touches.AcceptanceEnded: accept.ended,
            touches.AcceptanceGivenUp: accept.given_up,
            events.CodeShown: serve.code_shown,
            events.NodeReport: serve.heard,
            events.Samples: serve.heard,
            events.HatchOpened: serve.heard,
            events.HatchClosed: serve.heard,
            events.HatchObstructed: serve.heard,
            events.GateCycled: serve.heard,
            events.CommandRefused: serve.heard,
            events.CommitFailed: serve.not_recorded,
        },
        "service_s",
        serve.time_passed,  # nobody has touched anything; or a motion is late, which comes sooner
    ),
}


ANYWHERE: dict[type, Handler] = {
    events.BadgeTyped: service.badge_typed,
    events.KeyTurned: service.key_turned,
    touches.ServiceAsked: service.asked,
    touches.ServiceLeft: service.left,
    events.NodeUp: recover.node_up,
    events.NodeLost: recover.node_lost,
    events.OpenIntent: recover.found,
    events.CalibrationFound: calibrate.found,
    events.BayMemoryFound: journal.memory_found,
    events.BayMemoryMissing: journal.memory_missing,
    events.CardUsed: arrive.card_used,
    events.CodeSeenBefore: _nothing,  # no bay works, so nobody is let in
    events.IntentUnreadable: journal.unreadable,
    events.RoomSeen: journal.room_seen,
    events.MainsSeen: mains.mains_seen,
    events.Printed: paper.printed,
    events.Committed: _nothing,
    events.CommitFailed: journal.keep,
    events.BayRemembered: _nothing,
    events.BayNotRemembered: _nothing,
    events.NodeReport: _nothing,
    events.NodeFault: _nothing,
    events.LevelsRead: _nothing,
    events.CameraLost: fault.camera_lost,
    events.CameraBack: fault.camera_back,
    sightings.PicturesSeen: fault.pictures_seen,
    sightings.UplinkSeen: _nothing,  # these are for the diagnosis alone
    sightings.DiskSeen: _nothing,
    sightings.ClockSeen: remote.clock_seen,
    sightings.ReaderSeen: _nothing,
    sightings.PrinterSeen: _nothing,
    sightings.StartFound: _nothing,
    events.FaultFound: fault.found,
    events.LotsFound: collect.found,
    events.FailedChecksFound: failed.found,
    events.AcceptanceFound: accept.found,
    heard.OrdersFound: remote.found,
    heard.CommandCame: remote.came,
    heard.UpkeepDone: remote.upkeep_done,
    events.HandMoved: _nothing,
    events.Watched: _nothing,  # too late: the hatch closes, or the hand is back
    events.Samples: journal.look_after,
}


def _recorded(s: Session, event: events.Committed, now_s: float) -> None:
    """What is durable lies in its bin, and may open a bay."""
    collect.count(s, event, now_s)
    refusal.recorded(s, event, now_s)
    service.fault_recorded(s, event, now_s)
    verify.recorded(s, event, now_s)
    remote.recorded(s, event, now_s)


def _looked(s: Session, event: object, now_s: float) -> None:
    """Faults are recorded as they begin and end, and staff who wait for the resident come in."""
    if isinstance(event, events.NodeLost):
        verify.node_lost(s, event, now_s)
    fault.look(s, event, now_s)
    service.look(s, event, now_s)
    restart.look(s, now_s)
    remote.look(s, event, now_s)


ANSWERS: dict[str, Handler] = {"fault": fault.answered, "collection": collect.answered}

AFTERWARDS: dict[type, Handler] = {
    events.Committed: _recorded,
    events.CommitFailed: remote.not_recorded,
    events.CommandRefused: restart.refused,
    events.NodeUp: service.node_up,
    events.CodeShown: service.code_read,
    events.MainsSeen: service.mains_heard,
    **dict.fromkeys(
        (  # reports come ten times a second, the room is told every ten seconds
            events.NodeReport,
            events.NodeLost,
            events.NodeFault,
            events.CameraLost,
            events.CameraBack,
            events.RoomSeen,
            sightings.PicturesSeen,
        ),
        _looked,
    ),
}

TABLE = Table(ROWS, ANYWHERE, ANSWERS, AFTERWARDS)
