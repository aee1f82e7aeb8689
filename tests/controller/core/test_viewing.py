"""What hangs out all day is made once, and anew when another catalogue comes into force."""

from __future__ import annotations

from datetime import datetime

from contract.catalogue import Catalogue, example
from contract.hours import LOCAL, Hours
from contract.items import ItemPrice
from controller.core.shelf import change_catalogue
from controller.core.viewing import CLOSED, Viewing, view_of
from tests.controller.core.story import Story


def dearer() -> Catalogue:
    """The example at one point for a kilogram, whatever it is."""
    price = ItemPrice(points_per_kg=1, points_per_piece=None)
    items = [one.model_copy(update={"price": price}) for one in example().items]
    return example().model_copy(update={"version": "2027-01-a", "items": tuple(items)})


def test_views_go_with_the_session_and_share_their_prices() -> None:
    """A deposit makes a thousand views; the price list is the same in all of them."""
    story = Story()
    viewing = Viewing(story.session)
    first = viewing.view(online=True)
    story.identify()
    then = viewing.view(online=True)
    assert then == view_of(story.session, online=True) != first
    assert then.prices is first.prices


def test_other_prices_are_shown_as_soon_as_they_hold() -> None:
    """The very next view has them."""
    story = Story()
    viewing = Viewing(story.session)
    assert {one.points_per_kg for one in viewing.view(online=True).prices} != {1}
    assert change_catalogue(story.session, dearer())
    view = viewing.view(online=True)
    assert {one.points_per_kg for one in view.prices} == {1}
    assert view == view_of(story.session, online=True)


def test_a_closed_kiosk_says_so_before_anybody_shows_a_code() -> None:
    """Between visits, by a clock that somebody vouches for; whoever is inside is not sent away."""
    day = Hours(days=(1, 2, 3, 4, 5, 6, 7), opens="06:30", closes="21:00")
    story = Story(catalogue=example().model_copy(update={"hours": (day,)}))
    viewing = Viewing(story.session)

    def said(hour: int) -> str:
        at = datetime(2026, 11, 18, hour, tzinfo=LOCAL)
        return viewing.view(online=True, utc_s=int(at.timestamp())).message

    assert [said(hour) for hour in (6, 7, 20, 21)] == [CLOSED, "idle", "idle", CLOSED]
    assert viewing.view(online=True).message == "idle"
    story.identify()
    assert said(21) == "put-in"
