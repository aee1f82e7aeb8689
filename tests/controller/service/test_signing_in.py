"""Whom the desk gives a token, and when: nobody but who named themself, whatever else happens."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from contract.badge import Role
from controller.core import events, touches
from controller.core.flow.service import LOOKS_S
from controller.screens.service.refusal import RefusedError
from tests.controller.service.desk import Counter, at_desk
from tests.controller.service.staffed import acts, badge, serve, staffed


def goes_on(counter: Counter, *meanwhile: object) -> None:
    """Between an event and who waits for it the kiosk takes others, as its pump may."""

    async def settle(event: object) -> None:
        counter.story.happens(event, *meanwhile)
        await asyncio.sleep(0)

    counter.desk._settle = settle


@pytest.mark.parametrize("wrong", ["nonsense", None])
def test_who_asks_beside_somebody_with_a_badge_gets_no_token(
    tmp_path: Path, wrong: str | None
) -> None:
    """A wrong badge, or none, at the same moment as a right one opens nothing."""

    async def visit(counter: Counter) -> None:
        goes_on(counter)
        asked = [counter.desk.sign_in(wrong), counter.desk.sign_in(badge(Role.SERVICE))]
        stranger, technician = await asyncio.gather(*asked, return_exceptions=True)
        assert isinstance(stranger, RefusedError)
        assert not isinstance(technician, BaseException)
        assert technician.acts

    at_desk(tmp_path, visit)


@pytest.mark.parametrize("looks", [True, False])
def test_a_key_that_is_turned_meanwhile_lets_in_no_wrong_badge(tmp_path: Path, looks: bool) -> None:
    """Service begins for whoever holds the key, and their screen is still to be asked for."""

    async def visit(counter: Counter) -> None:
        goes_on(counter, events.KeyTurned(True))
        with pytest.raises(RefusedError):
            await (counter.desk.look_on if looks else counter.desk.sign_in)("nonsense")
        assert counter.story.state == "SERVICE"

    at_desk(tmp_path, visit)


def test_a_page_that_was_loaded_anew_is_let_in_again_by_its_badge(tmp_path: Path) -> None:
    """Shown at the reader, as at first; without it the screen is nobody's, and its old token acts
    no more."""

    async def visit(counter: Counter) -> None:
        counter.story.show(badge(Role.SERVICE))
        first = await counter.desk.sign_in(None)
        with pytest.raises(RefusedError) as caught:
            await counter.desk.sign_in(None)
        assert caught.value.code == "occupied"
        counter.story.show(badge(Role.SERVICE))
        again = await counter.desk.sign_in(None)
        assert (again.acts, again.began) == (True, False)
        assert not counter.desk.may_act(first.token)

    at_desk(tmp_path, visit)


def test_another_badge_at_the_reader_takes_no_service_over() -> None:
    """Nor does a resident's code; whoever is in service goes on."""
    story = serve(Role.SERVICE)
    for text in (badge(Role.SERVICE, staff="7ec0000000000009"), story.code(), "GR1:NONSENSE"):
        story.show(text)
        story.happens(touches.ServiceAsked())
        assert story.session.service.answer.code == "occupied"


def test_a_script_that_looks_every_minute_is_a_record_an_hour() -> None:
    """The record says how often the badge has looked since the last one."""
    story = staffed()
    for _ in range(121):
        text = badge(Role.SERVICE, now_s=1_795_000_000)
        story.happens(events.BadgeTyped(text, 1_795_000_000, "synchronised", looks=True))
        story.now_s += 60
    assert len(acts(story)) == 3
    assert acts(story)[1].endswith("looks on, 59 times more since the last record")
    assert LOOKS_S == 3_600


def test_a_service_that_was_stolen_from_ends_with_its_tokens(tmp_path: Path) -> None:
    """A token of a service that is over opens nothing in the next one, the same person's either."""

    async def visit(counter: Counter) -> None:
        first = await counter.desk.sign_in(badge(Role.SERVICE))
        await counter.desk.leave(first.token)
        await counter.desk.sign_in(badge(Role.SERVICE))
        with pytest.raises(RefusedError) as caught:
            await counter.desk.act(first.token, touches.HatchJogged("a", True))
        assert caught.value.code == "no-token"

    at_desk(tmp_path, visit)
