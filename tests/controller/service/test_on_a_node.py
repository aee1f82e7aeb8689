"""Service over the node's own firmware in a simulated bay: it decides what moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from contract.badge import Role
from controller.core import commands, touches
from controller.core.commands import NodeCommand
from controller.core.config import ScaleConfig
from sim.solo import Solo
from sim.world import Item
from tests.controller.core.story import Story
from tests.controller.service.staffed import badge, result, run, staffed, type_badge, verdict


@dataclass
class Site:
    """A kiosk's core over a simulated bay with its node's firmware, and a technician in service."""

    story: Story
    solo: Solo
    heard: int = 0
    sent: list[object] = field(default_factory=list)

    def passes(self, seconds: float) -> None:
        """Let time pass in slices of a tenth of a second; commands go to the node."""
        for _ in range(round(seconds * 10)):
            self._send()
            self.solo.run_ms(100)
            self.story.now_s = self.solo.now_us / 1e6
            new, self.heard = self.solo.heard[self.heard :], len(self.solo.heard)
            self.story.happens(*new)
        self._send()

    def check(self, name: str, patience_s: float = 20) -> str:
        """Run a check to its end; its verdict."""
        assert run(self.story, name) == ""
        for _ in range(round(patience_s * 2)):
            if self.story.session.service.running is None:
                break
            self.passes(0.5)
        return verdict(self.story, name)

    def _send(self) -> None:
        """Hand what the core asked for to the node, once."""
        node = [one for one in self.story.asked if isinstance(one, NodeCommand)]
        for command in node[len(self.sent) :]:
            self.sent.append(command)
            self.solo.submit(command)


@pytest.fixture
def site() -> Iterator[Site]:
    """A bay that came up, with a technician in service before it."""
    solo = Solo(4)
    scale: dict[str, Any] = {
        "zero_raw": solo.world.hx711.zero_raw,
        "counts_per_kg": solo.world.figures.pan.counts_per_kg,
    }
    story = staffed(scale=ScaleConfig(**scale), refuse_bin=3)
    site = Site(story, solo)
    site.passes(1)
    assert type_badge(story, badge(Role.SERVICE)) == ""
    yield site
    solo.close()


def test_a_sound_bay_is_found_good(site: Site) -> None:
    """With the limits that are written beside its figures; and it serves residents again."""
    for name in ("edge", "curtain", "presence", "scale-zero", "hatch", "gate", "diverter"):
        assert site.check(name) == "good", result(site.story, name)
    site.story.happens(touches.ServiceLeft())
    site.passes(8)
    assert site.story.state == "IDLE"
    assert site.story.bays["a"].usable


def test_under_emergency_stop_nothing_moves(site: Site) -> None:
    """Whatever is touched in service."""
    site.solo.world.switch("emergency_stop", True)
    site.passes(0.5)
    for name in ("hatch", "gate"):
        assert site.check(name) == "bad"
        assert result(site.story, name).finding.detail == "emergency-stop"
    assert site.story.bays["a"].position_mm < 10


def test_the_gate_stays_shut_while_the_hatch_is_open(site: Site) -> None:
    """The chamber is an airlock for staff as well."""
    site.story.happens(touches.HatchJogged("a", True))
    site.passes(4)
    assert site.story.bays["a"].hatch == "OPEN"
    site.story.happens(touches.GateJogged("a", 0))
    site.passes(3)
    assert result(site.story, "jog-gate").finding.detail == "hatch-not-closed"
    assert not site.solo.world.both_open


def test_a_hand_in_the_hatch_is_not_closed_upon(site: Site) -> None:
    """The check says so; leaving asks for the closing again and waits no longer than it may."""
    site.story.happens(touches.HatchJogged("a", True))
    site.passes(4)
    site.solo.world.hand(True)
    site.passes(0.5)
    site.story.happens(touches.HatchJogged("a", False))
    site.passes(3)
    assert result(site.story, "jog-close").finding.detail == "hand-inside"
    site.story.happens(touches.ServiceLeft())
    site.passes(20)
    site.story.wait(1)
    assert site.story.state == "IDLE"
    assert not site.story.bays["a"].usable


def test_what_a_resident_left_is_found_after_service(site: Site) -> None:
    """A thing that lies on the pan when service ends is nobody's zero."""
    site.story.happens(touches.HatchJogged("a", True))
    site.passes(4)
    site.solo.world.put(Item("spanner", "metal", 300))
    site.passes(3)
    site.story.happens(touches.ServiceLeft())
    site.passes(15)
    site.story.wait(1)
    bay = site.story.bays["a"]
    assert bay.unfinished
    assert not any(isinstance(one, commands.DropLoad) for one in site.sent)
