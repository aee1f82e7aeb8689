"""The service page in a real browser: what staff see and touch, and what a resident sees."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from controller.core.service.checks import CHECKS
from tests.screens.browser import ServiceProcess

PORTRAIT: ViewportSize = {"width": 1080, "height": 1920}
LANDSCAPE: ViewportSize = {"width": 1280, "height": 800}
MARGIN_PX = 16
PATIENCE_MS = 30_000.0

MOST_TOUCHES = 6
"""From entering service to a scale that is verified."""


@pytest.fixture(scope="module")
def kiosk(service: ServiceProcess) -> ServiceProcess:
    """A kiosk whose pages are served."""
    return service


@pytest.fixture(scope="module")
def opened(browser: Browser, kiosk: ServiceProcess) -> Iterator[Page]:
    """A browser at the kiosk's service page, in English: a page takes a second to load."""
    page = browser.new_page(viewport=PORTRAIT)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{kiosk.address}?lang=en")
    expect(page.get_by_text("This page is for staff")).to_be_visible()
    yield page
    page.close()


@pytest.fixture
def page(opened: Page) -> Iterator[Page]:
    """The same with nobody in service, before and after."""
    yield opened
    leave = opened.get_by_role("button", name=re.compile("End service|结束维护"))
    if leave.count():
        leave.click()
        expect(leave).to_have_count(0)


def press(page: Page, name: str) -> None:
    """Touch a button."""
    page.get_by_role("button", name=name, exact=True).click()


def marked(page: Page, name: str) -> Locator:
    """A button with a mark on it, which goes when it is drawn anew: a finger on it would miss."""
    button = page.get_by_role("button", name=name, exact=True).first
    button.evaluate("one => one.dataset.same = 'yes'")
    return button


def stands(button: Locator) -> None:
    """It is the same as before."""
    expect(button).to_have_attribute("data-same", "yes")


def begin(page: Page, kiosk: ServiceProcess, role: str) -> None:
    """Show a badge at the front, and begin."""
    kiosk.say(f"badge {role}")
    press(page, "Begin service")
    expect(page.get_by_role("button", name="End service")).to_be_visible()


def test_a_resident_sees_a_plain_refusal(page: Page, kiosk: ServiceProcess) -> None:
    """And the way back; nothing of the kiosk is shown, and it serves on."""
    expect(page.get_by_text("This page is for staff")).to_be_visible()
    press(page, "Begin service")
    expect(page.get_by_role("status")).to_have_text(
        "No badge was seen: show it at the reader, or turn the key"
    )
    assert page.locator("table").count() == 0
    assert kiosk.say("state")["state"] == "IDLE"


def test_the_page_is_read_in_its_language(page: Page) -> None:
    """A voice that reads it is told, and of the one button in the other language as well."""
    root = page.locator(".service")
    expect(root).to_have_attribute("lang", "en")
    assert page.locator("main main").count() == 0
    press(page, "中文")
    expect(root).to_have_attribute("lang", "zh")
    expect(page.get_by_role("button", name="English")).to_have_attribute("lang", "en")
    press(page, "English")
    expect(root).to_have_attribute("lang", "en")


def test_a_technician_runs_checks(page: Page, kiosk: ServiceProcess) -> None:
    """A quiet one at once, a moving one once the bay has moved, a bad one with what to do."""
    begin(page, kiosk, "SERVICE")
    row = page.locator('[data-check="supply"]')
    row.get_by_role("button", name="Run").click()
    expect(row.locator(".good")).to_have_text("good")
    kiosk.say("rest")
    row = page.locator('[data-check="hatch"]')
    row.get_by_role("button", name="Run").click()
    expect(row.locator(".running")).to_have_text("running")
    kiosk.say("hatch")
    expect(row).to_contain_text("2.0 s, 4.0 s")
    kiosk.say("fault undervoltage")
    row = page.locator('[data-check="supply"]')
    row.get_by_role("button", name="Run").click()
    expect(row).to_contain_text("check mains, battery and cable")
    press(page, "Faults")
    expect(page.locator('[data-fault="undervoltage"]')).to_be_visible()
    clear = marked(page, "Clear faults")
    kiosk.say("well undervoltage")
    expect(page.locator('[data-fault="undervoltage"]')).to_have_count(0)
    stands(clear)
    press(page, "Live")
    expect(page.locator('[data-input="temperature_c"]')).to_contain_text("21.5 °C")
    press(page, "Checks")
    row = page.locator('[data-check="supply"]')
    row.get_by_role("button", name="Run").click()
    expect(row.locator(".good")).to_have_text("good")


def test_a_person_says_what_they_heard_and_touches_every_field(
    page: Page, kiosk: ServiceProcess
) -> None:
    """Yes and no are big; the screen is good once all of it has felt a finger."""
    begin(page, kiosk, "SERVICE")
    for name, said, expected in (("speaker", "No", "bad"), ("speaker", "Yes", "good")):
        row = page.locator(f'[data-check="{name}"]')
        row.get_by_role("button", name="Run").click()
        expect(page.locator('[data-asks="speaker"]')).to_contain_text("hear the screen speak")
        press(page, said)
        expect(row.locator(f".{expected}")).to_have_text(expected)
    page.locator('[data-check="touch"]').get_by_role("button", name="Run").click()
    fields = page.locator(".field")
    expect(fields).to_have_count(15)
    for number in range(15):
        fields.nth(number).click()
    expect(page.locator('[data-check="touch"] .good')).to_have_text("good")
    row = page.locator('[data-check="lamp"]')
    row.get_by_role("button", name="Run").click()
    expect(row).to_contain_text("this kiosk has none")
    page.locator('[data-check="outbox"]').scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="End service")).to_be_in_viewport()


def test_what_a_bay_does_is_plotted_and_buttons_stand_still(
    page: Page, kiosk: ServiceProcess
) -> None:
    """A line a figure, that grows; a button is the same element while figures change, and another
    section's when it is said what came of an act."""
    begin(page, kiosk, "SERVICE")
    press(page, "Live")
    plots = page.locator("[data-plot]")
    expect(plots).to_have_count(3 + 4)
    button, section = marked(page, "Light on"), marked(page, "Faults")
    line = page.locator('[data-plot="mass_g"] polyline')
    before = line.get_attribute("points") or ""
    kiosk.say("rest")
    page.wait_for_function(
        "before => document.querySelector('[data-plot=mass_g] polyline')"
        ".getAttribute('points').split(' ').length > before + 2",
        arg=len(before.split()),
    )
    stands(button)
    expect(page.locator('[data-plot="mass_g"] svg')).to_have_attribute(
        "aria-label", re.compile("Mass: .* g")
    )
    button.click()
    expect(page.get_by_role("status").first).to_have_text("Done")
    stands(section)


def test_the_lens_is_focused_and_the_empty_chamber_taken(page: Page, kiosk: ServiceProcess) -> None:
    """The figure stands large beside its limit; an item is only taught where one lies."""
    kiosk.say("rest")
    begin(page, kiosk, "SERVICE")
    press(page, "Eyes")
    press(page, "Focus")
    expect(page.locator('[data-sharpness="a"].good')).to_be_visible()
    press(page, "Stop")
    expect(page.get_by_text("Empty reference: none yet")).to_be_visible()
    press(page, "Take it")
    expect(page.get_by_text("Empty reference: there")).to_be_visible()
    press(page, "Take a picture")
    expect(page.get_by_role("status").first).to_have_text("Choose an item first")
    press(page, "Plastic bottle (plastic): 0")
    expect(page.get_by_role("button", name="Plastic bottle")).to_have_class(re.compile("chosen"))
    press(page, "Take a picture")
    expect(page.get_by_role("status").first).to_have_text(
        "Nothing lies on the pan: lay the item there"
    )
    press(page, "Learn")
    expect(page.get_by_role("status").first).to_contain_text("Too few pictures")
    press(page, "Undo")
    expect(page.get_by_text("Empty reference: none yet")).to_be_visible()


def test_the_seven_points_of_the_site_are_audited(page: Page, kiosk: ServiceProcess) -> None:
    """Each passes, fails or is unknown, and what is not good says what to do."""
    begin(page, kiosk, "SERVICE")
    press(page, "Seven points")
    expect(page.locator("[data-point]")).to_have_count(7)
    expect(page.locator('[data-point="measuring"]')).to_contain_text("have an inspector verify it")
    expect(page.locator('[data-point="signs"]')).to_contain_text("[site] signs")


def test_whoever_is_called_for_help_sees_the_kiosk_and_takes_the_bundle_along(
    page: Page, kiosk: ServiceProcess
) -> None:
    """Versions, links and acts stand there; the zip is the one that the API gives."""
    begin(page, kiosk, "SERVICE")
    press(page, "Kiosk")
    expect(page.locator('[data-kiosk="catalogue"]')).to_contain_text("2026-11-a (from 2026-11-01)")
    expect(page.locator('[data-kiosk="platform"]')).to_contain_text("reached")
    expect(page.locator('[data-kiosk="calibration"]')).to_contain_text("factory")
    with page.expect_download() as saved:
        press(page, "Save the bundle")
    assert saved.value.suggested_filename == "bundle-hz-xihu-0001.zip"
    with zipfile.ZipFile(saved.value.path()) as bundle:
        assert {"versions.json", "links.json", "log.txt"} <= set(bundle.namelist())
    expect(page.get_by_role("status").first).to_have_text("The bundle is saved")
    press(page, "Collection")
    expect(page.get_by_text("Emptying a bin takes a collector's badge")).to_be_visible()


def test_a_site_is_accepted_step_by_step(page: Page, kiosk: ServiceProcess) -> None:
    """What to do stands there; what is skipped stays open; the report ends it, on record."""
    kiosk.say("rest")
    begin(page, kiosk, "SERVICE")
    press(page, "Acceptance")
    press(page, "Begin the acceptance")
    steps = page.locator("[data-step]")
    expect(steps).to_have_attribute("data-step", "node-link")
    press(page, "Run")
    expect(steps).to_have_attribute("data-step", "supply")
    for name in list(CHECKS)[2:]:
        press(page, "Skip")
        expect(steps).to_have_attribute("data-step", name)
    press(page, "Skip")
    expect(page.get_by_text(f"{len(CHECKS) - 1} are open")).to_be_visible()
    press(page, "End it, write the report")
    expect(page.get_by_text("The report is written, and on record")).to_be_visible()
    with page.expect_download() as saved:
        press(page, "Save the page to print")
    assert saved.value.suggested_filename == "acceptance-hz-xihu-0001.html"
    press(page, "End service")
    expect(page.get_by_role("button", name="Begin service")).to_be_visible()
    begin(page, kiosk, "SERVICE")
    press(page, "Acceptance")
    expect(page.get_by_role("button", name="Save the page to print")).to_be_visible()
    assert any("; report " in act for act in kiosk.say("state")["acts"])


def test_an_inspector_verifies_a_scale_with_three_touches(
    page: Page, kiosk: ServiceProcess
) -> None:
    """Begin service, choose, begin; then only weights are laid on, and the record is written."""
    kiosk.say("rest")
    page.evaluate(
        "() => { window.touches = 0; window.addEventListener('click', () => { touches += 1 }) }"
    )
    begin(page, kiosk, "CALIBRATION")
    press(page, "Verify")
    press(page, "Verify the scale")
    figure = page.locator(".figure")
    expect(figure).to_have_text("Clear the pan")
    give_up = marked(page, "Give up")
    kiosk.say("open")
    expect(figure).not_to_have_text("Clear the pan")
    stands(give_up)
    kiosk.say("last")
    expect(page.locator(".sheet h2")).to_contain_text("passed")
    assert kiosk.say("state")["acts"][-1].startswith("scale of bay a verified: passed")
    assert page.evaluate("() => window.touches") == 3 <= MOST_TOUCHES
    press(page, "End service")
    expect(page.get_by_text("This page is for staff")).to_be_visible()
    assert kiosk.say("shut")["state"] == "IDLE"


def test_a_collector_empties_a_bin(page: Page, kiosk: ServiceProcess) -> None:
    """Chosen, weighed, tagged and confirmed, once for two touches; the page shows the balance of
    its lot, and no key goes from under the finger when the tag is read."""
    kiosk.say("deposit")
    begin(page, kiosk, "COLLECTION")
    press(page, "Collection")
    one = page.locator('[data-bin="a-1"]')
    expect(one).to_contain_text("1 deposits, 24 g")
    one.get_by_role("button", name="Emptied").click()
    press(page, "3")
    zero = marked(page, "0")
    kiosk.say("scan BIN-0042")
    expect(page.get_by_text("BIN-0042")).to_be_visible()
    stands(zero)
    press(page, "0")
    expect(page.locator(".figure")).to_have_text("30")
    page.get_by_role("button", name="Confirm: emptied").dblclick()
    expect(page.get_by_role("status").first).to_contain_text("weighed 30 g, difference 6 g")
    expect(one).to_contain_text("0 deposits, 0 g")
    assert kiosk.say("state")["acts"].count("bin 1 of bay a tagged: BIN-0042") == 1


def test_a_second_browser_is_told_that_somebody_is_there(
    page: Page, browser: Browser, kiosk: ServiceProcess
) -> None:
    """The first one goes on; ended service shows at once."""
    begin(page, kiosk, "SERVICE")
    second = browser.new_page()
    second.goto(f"{kiosk.address}?lang=zh")
    second.get_by_role("button", name="进入维护").click()
    expect(second.get_by_role("status")).to_contain_text("已有人在维护")
    second.close()
    press(page, "End service")
    expect(page.get_by_text("This page is for staff")).to_be_visible()
    assert kiosk.say("state")["state"] == "IDLE"


def test_a_page_loaded_anew_is_let_in_by_the_same_badge(page: Page, kiosk: ServiceProcess) -> None:
    """Until then it is told that somebody is in service, and how to come back."""
    begin(page, kiosk, "SERVICE")
    page.reload()
    press(page, "Begin service")
    expect(page.get_by_role("status")).to_contain_text("Show your badge again")
    begin(page, kiosk, "SERVICE")


def measured(page: Page) -> dict[str, float]:
    """The lowest button, the smallest words, and how far the page reaches to the right."""
    found: dict[str, float] = page.evaluate(
        """() => {
            const all = (what) => [...document.querySelectorAll(what)];
            const box = (one) => one.getBoundingClientRect();
            return {
                height: Math.min(...all(".press").map((one) => box(one).height)),
                words: Math.min(...all(".service *").filter((one) => one.textContent)
                    .map((one) => parseFloat(getComputedStyle(one).fontSize))),
                right: Math.max(...all(".service *").map((one) => box(one).right)),
                scrolled: document.documentElement.scrollWidth,
            };
        }"""
    )
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_is_large_enough_for_gloves(
    page: Page, kiosk: ServiceProcess, language: str
) -> None:
    """Buttons of 64 px, words of 16 px, a margin on both sides, in every section and at each size
    of screen."""
    if language == "zh":
        press(page, "中文")
        # What is drawn anew under a finger does not hear it.
        expect(page.get_by_role("button", name="English")).to_be_visible()
    kiosk.say("key")
    page.locator(".sheet .press").last.click()
    sections = page.locator("nav .press")
    expect(sections).to_have_count(9)
    for number in range(9):
        sections.nth(number).click()
        expect(sections.nth(number)).to_have_class(re.compile("chosen"))
        page.locator(".section > *").first.wait_for()
        for size in (PORTRAIT, LANDSCAPE):
            page.set_viewport_size(size)
            found = measured(page)
            assert (found["height"] >= 64, found["words"] >= 16) == (True, True), (number, found)
            assert found["right"] <= size["width"] - MARGIN_PX, (number, found)
            assert found["scrolled"] <= size["width"]
