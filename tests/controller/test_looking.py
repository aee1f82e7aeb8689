"""Pictures that nobody can take or judge: the core hears that the camera is blind, at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import pytest

from controller.core import commands, events
from controller.core.trigger import Glance
from controller.looking import Looking

if TYPE_CHECKING:
    from controller import ports

BLIND = {
    commands.Look("a", 7, 3): events.Looked("a", 7, None),
    commands.Watch("a", 7, 2): events.Watched("a", 7, Glance.BLIND),
    commands.SeeEmpty("a", 7): events.EmptySeen("a", 7, None),
}


class OddCamera:
    """A camera whose driver fails in a way that nobody has foreseen."""

    async def frames(self, count: int) -> Sequence[ports.Image]:
        raise ValueError(f"{count} frames of no size")


@pytest.mark.parametrize("wish", BLIND, ids=lambda wish: type(wish).__name__)
def test_whatever_a_camera_gives_the_core_is_answered(
    wish: commands.Look | commands.Watch | commands.SeeEmpty,
) -> None:
    """Or a load that has fallen would be nobody's, for want of a word about an empty pan."""
    told: list[object] = []

    async def story() -> None:
        nobody = cast("ports.Classifier", None), cast("ports.Screen", None)
        Looking({"a": OddCamera()}, *nobody, told.append).begin(wish)
        await asyncio.sleep(0.01)

    asyncio.run(story())
    assert told == [BLIND[wish]]
