"""Service that begins in any moment of a visit: the load is dealt with, and everything is put back.

A bay that obeys plays a whole visit by itself; somebody comes into service at a moment that
Hypothesis chooses, does things there, and leaves. Whatever the order, the resident's load is
credited once, taken out, or still on the pan for the kiosk to see to.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from contract.badge import Role
from controller.core import commands, events, touches
from controller.core.service.given import Given
from controller.core.trigger import Glance
from tests.controller.core.story import NOW_UTC_S, Story, sight
from tests.controller.service.staffed import badge, lie_still, staffed

LOAD_G = 400
MOMENTS = 24
"""A visit and its farewell are over by then."""


@dataclass
class Visit:
    """A resident before a bay that does what it is told; `fast` while every conversion comes."""

    story: Story
    laid: bool = False
    taken_out: bool = False
    answered: int = 0
    fast: bool = False

    def moment(self) -> None:
        """Everything that was asked for happens, and two seconds pass."""
        asked, self.answered = self.story.asked[self.answered :], len(self.story.asked)
        for wish in asked:
            self._obey(wish)
        self._lay_or_take()
        self.story.wait(1)
        lie_still(self.story, 1 if self.fast else 0.125)
        self.story.happens(self.story.report())

    def _glance(self) -> Glance:
        return Glance.READY if self.story.pan_g else Glance.EMPTY

    def go_on(self) -> None:
        """Until nothing happens by itself any more."""
        still = 0
        for _ in range(MOMENTS):
            before = len(self.story.asked)
            self.moment()
            is_still = self.story.state == "IDLE" and len(self.story.asked) == before
            still = still + 1 if is_still else 0
            if still == 3:
                return

    def _obey(self, wish: commands.Command) -> None:
        story = self.story
        match wish:
            case commands.OpenHatch() if story.hatch == "CLOSED":
                story.opened()
            case commands.CloseHatch() if story.hatch == "OPEN":
                story.closed()
            case commands.SampleFast(on=on):
                self.fast = on
            case commands.DropLoad(bin_index=index):
                story.pan_g, story.gate_cycles = 0, story.gate_cycles + 1
                story.happens(story.report(), events.GateCycled("a", index, story.gate_cycles))
            case commands.Look(number=number):
                story.happens(events.Looked("a", number, sight("paper", 0.998)))
            case commands.Watch(number=number):
                story.happens(events.Watched("a", number, self._glance()))
            case commands.SeeEmpty(number=number):
                story.happens(events.EmptySeen("a", number, story.pan_g == 0))

    def _lay_or_take(self) -> None:
        """The resident lays their load in once they may, and takes out what comes back."""
        story = self.story
        if story.hatch != "OPEN":
            return
        if story.state == "LOADING" and not self.laid:
            story.happens(events.HandMoved("a", True))
            self.laid, story.pan_g = True, LOAD_G
            story.happens(events.HandMoved("a", False))
        elif story.state == "RETURNING" and story.pan_g:
            self.taken_out, story.pan_g = True, 0


ENTRIES = {
    "badge": events.BadgeTyped(badge(Role.SERVICE, Role.COLLECTION), NOW_UTC_S, "synchronised"),
    "key": events.KeyTurned(True),
}
ACTS: list[object] = [
    touches.HatchJogged("a", True),
    touches.HatchJogged("a", False),
    touches.GateJogged("a", 1),
    touches.LightSwitched("a", True),
    touches.CheckAsked("scale-zero", "a", Given()),
    touches.CheckAsked("hatch", "a", Given()),
    touches.FaultsCleared("a"),
    touches.BinEmptied("a", 1),
    touches.BayChecked("a"),
    touches.ServiceAsked(),
    events.MainsSeen(False),
    events.MainsSeen(True),
    events.NodeLost("a", "node silent"),
    events.KeyTurned(False),
    touches.ServiceLeft(),
]


def ends(story: Story, visit: Visit) -> None:
    """Everything that is to happen by itself happens: nobody is in service, the mains is back."""
    story.happens(events.MainsSeen(True))
    for _ in range(2):
        story.node_up()
        story.happens(touches.ServiceLeft(), events.KeyTurned(False))
        visit.go_on()
    story.wait(200)


@settings(max_examples=30, deadline=None)
@given(
    entry=st.sampled_from(sorted(ENTRIES)),
    at=st.integers(0, 14),
    acts=st.lists(st.sampled_from(ACTS), max_size=6),
)
def test_no_load_is_lost_whenever_service_begins(entry: str, at: int, acts: list[object]) -> None:
    """It is one deposit, or was handed back, or was never laid in; and the kiosk is the residents'
    again, its hatch shut, its light out."""
    story = staffed()
    visit = Visit(story)
    story.show(story.code())
    for moment in range(MOMENTS):
        if moment == at:
            story.happens(ENTRIES[entry])
        visit.moment()
        if moment >= at and acts and story.state == "SERVICE":
            story.happens(acts.pop(0))
    ends(story, visit)
    credited = sum(one.kind in ("deposit", "uncertain") for one in story.written)
    given_back = visit.taken_out
    assert credited + given_back == visit.laid, [one.kind for one in story.written]
    assert (story.state, story.hatch, story.pan_g) == ("IDLE", "CLOSED", 0)
    assert story.session.service.duty is None
    lights = [one for one in story.asked if isinstance(one, commands.Light)]
    assert not lights or lights[-1].on is False


def test_service_begins_from_every_state_of_a_visit() -> None:
    """Each state that a visit goes through is met, and service begins after all of them."""
    met = set()
    for at in range(16):
        story = staffed()
        visit = Visit(story)
        story.show(story.code())
        for _ in range(at):
            visit.moment()
        met.add(story.state)
        story.happens(ENTRIES["key" if at % 2 else "badge"])
        for _ in range(MOMENTS):
            visit.moment()
            if story.state == "SERVICE":
                break
        assert story.state == "SERVICE", at
    assert met >= {"PREPARING", "LOADING", "CREDITED"}
