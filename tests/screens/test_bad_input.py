"""What people and parts do wrong, on the real page over a real session: refused, and no harm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from contract import token
from contract.badge import Role
from contract.keys import SeedSigner
from contract.sealed import seal
from controller.core import events
from controller.core.identity import PhoneDesk
from controller.core.touches import Answered, ResidentLeft
from controller.screens.words import Words
from tests.controller.core.story import ACCOUNT, CONFIG, NOW_UTC_S, Story, sight
from tests.controller.service.staffed import badge, staffed
from tests.screens.browser import SIZES, ScreenProcess
from tests.screens.hand import finger
from tests.screens.mirror import PLATFORM
from tests.screens.views import AS_JSON

if TYPE_CHECKING:
    from controller.core.view import View

ZH = Words("zh")


@pytest.fixture(scope="module")
def page(browser: Browser, screen: ScreenProcess) -> Iterator[Page]:
    """One browser for all stories: what one of them leaves behind would trouble the next."""
    width, height = SIZES["portrait"]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(screen.address)
    yield page
    page.close()


@pytest.fixture
def story() -> Story:
    """A kiosk at rest that knows its city and its office, and takes numbers."""
    story = staffed()
    story.session.phones = PhoneDesk(
        lambda number, account: seal(number, PLATFORM, kiosk=CONFIG.kiosk, account=account),
        lambda: "0123456789abcdef",
        lambda: bytes(16),
    )
    return story


def shown(story: Story, screen: ScreenProcess, *pages: Page) -> View:
    """Show the session as it is; every page says its sentence and its hint."""
    view = story.view
    screen.say(AS_JSON.dump_json(view).decode())
    for page in pages:
        expect(page.locator(".say .sentence")).to_have_text(ZH.sentence(view))
        if hint := ZH.hint(view):
            expect(page.locator(".say .hint")).to_have_text(hint)
    return view


@pytest.mark.parametrize("number", ["00000000000", "12345678901", "99999999999", "10086100861"])
def test_an_absurd_number_is_refused_and_goes_nowhere(
    page: Page, screen: ScreenProcess, story: Story, number: str
) -> None:
    """The keypad comes back empty; nothing is sealed, recorded or kept."""
    shown(story, screen, page)
    for name in (ZH.label("by-phone"), *number, ZH.label("number-is-mine")):
        finger(page, name)
    typed = str(screen.hear()["number"])
    story.happens(events.PhoneTyped(typed, NOW_UTC_S, "synchronised", confirmed=True))
    assert shown(story, screen, page).message == "phone-wrong"
    assert (story.state, story.written) == ("IDLE", [])
    assert sum(story.session.refused.values()) == 1
    assert number not in repr(vars(story.session)) + repr(story.view)
    finger(page, ZH.label("by-phone"))
    expect(page.locator(".number-typed .digits")).to_have_text("___ ____ ____")
    finger(page, ZH.label("cancel-typing"))


def test_every_wrong_code_says_what_is_wrong_with_it(
    page: Page, screen: ScreenProcess, story: Story
) -> None:
    """A web address, an old one, another city's, a forged one, noise; then a good one is taken."""
    elsewhere = token.issue(SeedSigner(b"x" * 32), ACCOUNT, NOW_UTC_S, jti=b"12345678")
    good = story.code()
    wrong = {
        "https://example.org/": "code-foreign",
        story.code(now_s=NOW_UTC_S - 86_400): "code-expired",
        elsewhere: "code-unknown-key",
        good[:-2] + ("00" if good[-2:] != "00" else "11"): "code-forged",
        "GR1:%%%": "code-unreadable",
    }
    for text, message in wrong.items():
        for _ in range(2):
            story.show(text)
            assert shown(story, screen, page).message == message
            assert story.state == "IDLE"
    assert sum(story.session.refused.values()) == 2 * len(wrong)
    story.show(good)
    assert shown(story, screen, page).message == "identified"


def test_wrong_badges_fill_no_journal(page: Page, screen: ScreenProcess, story: Story) -> None:
    """Each is refused on the screen; of many in a row only the first few are recorded."""
    for _ in range(50):
        story.show(badge(Role.SERVICE, now_s=NOW_UTC_S - 31 * 86_400))
        assert story.message == "badge-refused"
    shown(story, screen, page)
    assert 0 < len(story.committed("service")) <= 5


def test_two_browsers_at_once_say_one_thing(
    page: Page, browser: Browser, screen: ScreenProcess, story: Story
) -> None:
    """Both are touched before either shows an answer: the first counts, the second is refused and
    harms nothing."""
    width, height = SIZES["landscape"]
    second = browser.new_page(viewport={"width": width, "height": height})
    second.goto(screen.address)
    story.identify()
    story.load(110)
    story.look(sight("plastic"))
    assert shown(story, screen, page, second).state == "ASKING"
    answer = story.view.choices[0]
    finger(page, ZH.name(answer.names))
    assert screen.hear() == {"touch": "Answered", "answer": answer.answer}
    finger(second, ZH.label("none-of-these"))
    assert screen.hear() == {"touch": "ResidentLeft"}
    story.happens(Answered(answer.answer))
    shown(story, screen, page, second)
    story.happens(ResidentLeft())
    assert story.state == "DROPPING"
    story.drop()
    story.empty()
    assert shown(story, screen, page, second).points > 0
    second.close()


def test_a_camera_that_is_unplugged_in_a_deposit_gives_the_load_back(
    page: Page, screen: ScreenProcess, story: Story
) -> None:
    """The sentence says why and what to do; no picture and no guess is shown."""
    story.identify()
    story.load(24)
    story.happens(events.CameraLost("a", "no such device"))
    story.look(None)
    assert shown(story, screen, page).message == "returned-dark"
    expect(page.locator(".camera img.chamber")).to_have_count(0)
    expect(page.locator(".camera .verdict")).to_have_count(0)
    assert story.committed("deposit") == []


def test_a_stream_without_a_bin_is_neither_offered_nor_taken(
    page: Page, screen: ScreenProcess, story: Story
) -> None:
    """The city's catalogue prices glass, and this kiosk has no bin for it."""
    assert "glass" in {item.stream for item in story.catalogue.items}
    shown(story, screen, page)
    assert "玻璃" not in page.locator(".price-list").inner_text()
    story.identify()
    story.load(320)
    story.look(sight("glass", 0.99))
    assert shown(story, screen, page).message == "returned-not-here"
    assert story.committed("deposit") == []
