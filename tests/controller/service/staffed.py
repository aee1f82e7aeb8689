"""A kiosk that behaves, with staff before it, so that tests can tell what they do in service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contract.badge import Role, issue_badge
from contract.keys import SeedSigner
from controller.core import commands, events, touches
from controller.core.identity import Doorkeeper
from controller.core.service.given import Given
from tests.controller.core.story import CITY, CONFIG, NOISE_COUNTS, NOW_UTC_S, Story

if TYPE_CHECKING:
    from controller.core.service.check import Result

OFFICE = SeedSigner(b"o" * 32)
TOGETHER = 10
TECHNICIAN, OTHER = "7ec0000000000001", "7ec0000000000002"


def badge(*roles: Role, staff: str = TECHNICIAN, **changes: Any) -> str:
    """A badge of today with these roles."""
    ids: dict[str, Any] = {"badge_id": bytes.fromhex(staff), "now_s": NOW_UTC_S} | changes
    return issue_badge(ids.pop("signer", OFFICE), staff, roles=roles, **ids)


def staffed(**bay: Any) -> Story:
    """A kiosk that knows the office's key, idle, with its node up and its pan at rest."""
    config = CONFIG.model_copy(update={"bays": (CONFIG.bays[0].model_copy(update=bay),)})
    story = Story(config=config)
    story.session.doorkeeper = Doorkeeper(
        {CITY.key_id: CITY.public}, {OFFICE.key_id: OFFICE.public}
    )
    story.node_up()
    return story


def type_badge(story: Story, text: str) -> str:
    """Name oneself at the kiosk's own interface; the code of the answer, empty for yes."""
    story.happens(events.BadgeTyped(text, NOW_UTC_S, "synchronised"))
    return story.session.service.answer.code


def serve(*roles: Role, **bay: Any) -> Story:
    """A kiosk in service under somebody with these roles."""
    story = staffed(**bay)
    assert type_badge(story, badge(*roles)) == ""
    return story


def run(story: Story, check: str, bay: str = "a", **given: Any) -> str:
    """Ask for a check; the code of the answer."""
    given = {"clock_quality": "synchronised"} | given
    story.happens(touches.CheckAsked(check, bay, Given(**given)))
    return story.session.service.answer.code


def result(story: Story, check: str, bay: str = "a") -> Result:
    """What the check found last."""
    return story.session.service.results[check, bay]


def verdict(story: Story, check: str, bay: str = "a") -> str:
    """Good, bad or unknown."""
    return result(story, check, bay).finding.verdict


def acts(story: Story) -> list[str]:
    """What the journal has of service, oldest first."""
    return [one.body["what"] for one in story.written if one.kind == "service"]


def lie_still(story: Story, seconds: float) -> None:
    """Nothing on the pan moves; ten conversions come at a time, as over a busy link."""
    for _ in range(round(seconds * 80 / TOGETHER)):
        story.now_s += TOGETHER / 80
        noise = [round(story.noise.gauss(0, NOISE_COUNTS)) for _ in range(TOGETHER)]
        raw = tuple(story.counts() + one for one in noise)
        story.happens(events.Samples("a", int(story.now_s * 1000), raw))


def told(story: Story, kind: type) -> int:
    """How often the node was told this so far."""
    return story.commanded(kind)


def last(story: Story, kind: type[commands.Command]) -> Any:
    """The last command of this kind."""
    return next(one for one in reversed(story.asked) if isinstance(one, kind))
