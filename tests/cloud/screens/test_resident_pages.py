"""Signing in, what is kept, leaving for good, and the map: in a real browser, phone-sized."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from typer.testing import CliRunner

from cloud.cli import app
from contract.topics import Topics
from sim.stage.ports import free_port
from tests.cloud.conftest import KIOSKS, furnish, register
from tests.cloud.fleet.test_map import file, levels, row, state
from tests.cloud.mosquitto import Mosquitto
from tests.cloud.platform import CAROL, PlatformProcess
from tests.cloud.screens.test_pages import CHROMIUM_ARGUMENTS, CONTRASTS, PHONE
from tests.contract.samples import ALICE, BOB
from tests.screens.axe import violations

NUMBER = "13800001111"
HERE = {"latitude": 30.300, "longitude": 120.140}
"""Nearer to the second kiosk than to the first."""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformProcess]:
    """One platform that sends texts to a spool and knows where two kiosks are."""
    folder = tmp_path_factory.mktemp("platform")
    furnish(folder)
    (folder / "texts").mkdir()
    (folder / "phones.index").write_text("ab" * 32)
    names = {KIOSKS[0]: ("古荡菜场", "Gudang market"), KIOSKS[1]: ("文三路东门", "Wensan Road")}
    places = [
        row(kiosk, name={"zh": zh, "en": en}, latitude_microdeg=30_270_000 + 30_000 * at)
        for at, (kiosk, (zh, en)) in enumerate(names.items())
    ]
    (folder / "places.json").write_bytes(file(*places))
    for kiosk in KIOSKS:
        register(folder, kiosk)
    broker = Mosquitto(folder, free_port())
    broker.start()
    running = PlatformProcess(folder / "ledger.sqlite", folder, broker.port, free_port())
    yield running
    running.stop()
    broker.kill()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def used_phone(browser: Browser) -> Iterator[BrowserContext]:
    """A phone that has loaded scripts and styles before, as people's own have."""
    context = new_phone(browser)
    yield context
    context.close()


def new_phone(browser: Browser) -> BrowserContext:
    """One out of its box."""
    screen = {"width": PHONE["width"], "height": PHONE["height"]}
    return browser.new_context(viewport=screen, geolocation=HERE)  # type: ignore[arg-type]


@pytest.fixture
def phone(used_phone: BrowserContext) -> Iterator[BrowserContext]:
    """A phone nobody is signed in on."""
    yield used_phone
    for page in used_phone.pages:
        page.close()
    used_phone.clear_cookies()
    used_phone.clear_permissions()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    """Its browser."""
    return phone.new_page()


def is_good(page: Page) -> None:
    """No rule of axe-core broken, AA contrast, letters of 15 px and more, no wider than it is."""
    assert violations(page) == []
    texts = page.evaluate(CONTRASTS)
    assert [one for one in texts if one[1] < 4.5 or one[2] < 15] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def latest_code(platform: PlatformProcess) -> str:
    """What the gateway would send; it takes the message away."""
    (path,) = (platform.folder / "texts").glob("*.json")
    said = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    assert said["number"] == f"+86{NUMBER}"
    return str(said["text"])[-6:]


def sign_in_by_number(platform: PlatformProcess, page: Page, *, wrong_first: bool) -> None:
    """The whole way, from the front page."""
    page.goto(f"{platform.address}/?lang=en")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Phone number").fill(NUMBER)
    page.get_by_role("button", name="Send a code").click()
    expect(page.get_by_text("It holds five minutes")).to_be_visible()
    code = latest_code(platform)
    if wrong_first:
        is_good(page)
        page.get_by_label("Code of six digits").fill(f"{(int(code) + 1) % 10**6:06d}")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("The code is wrong")
    page.get_by_label("Code of six digits").fill(code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".code svg")).to_be_visible()


def test_a_resident_signs_in_reads_leaves_and_comes_back_as_somebody_new(
    platform: PlatformProcess, phone: BrowserContext, page: Page
) -> None:
    """By number, a wrong code first; privacy, export, two yeses; then the number is new again."""
    sign_in_by_number(platform, page, wrong_first=True)
    (cookie,) = phone.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    account = re.findall(r"/account/([0-9a-f]{16})", page.url)[0]
    platform.deliver(account=account)
    expect(page.locator(".points .figure")).to_have_text("4")
    page.get_by_role("link", name="My data").click()
    expect(page.get_by_role("heading", name="My data")).to_be_visible()
    expect(page.get_by_text("this one")).to_be_visible()
    is_good(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all my data").click()
    told = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert (told["account"], told["balance"]["points"]) == (account, 4)
    platform.deliver(account=account, bay="b", mass_g=400)  # more than a load of it is believed to
    page.get_by_role("link", name="Erase my account").click()
    expect(page.get_by_text("You still have 30 points.")).to_be_visible()
    expect(page.get_by_text("26 of them are being looked at by staff")).to_be_visible()
    expect(page.get_by_text("It is done at once")).to_be_visible()
    page.get_by_role("button", name="Erase it for good").click()
    expect(page.get_by_role("alert")).to_contain_text("tick that you are sure")
    is_good(page)
    page.get_by_label("Give them away").check()
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Erase it for good").click()
    expect(page.get_by_text("Your account was erased")).to_be_visible()
    assert phone.cookies() == []
    sign_in_by_number(platform, page, wrong_first=False)
    assert account not in page.url
    expect(page.locator(".points .figure")).to_have_text("0")


def test_a_card_and_its_pin_sign_in(platform: PlatformProcess, page: Page) -> None:
    """As the counter makes them; a wrong PIN is told so, and the page works with a keyboard."""
    card = counter(platform, "card", CAROL)
    pin = str(counter(platform, "pin", card["card_id"])["pin"])
    page.goto(f"{platform.address}/sign-in")
    is_good(page)
    page.get_by_label("卡上的文字").fill(card["text"])
    page.get_by_label("6 位密码").fill(f"{(int(pin) + 1) % 10**6:06d}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("卡和密码不符")
    page.get_by_label("卡上的文字").fill(card["text"])
    page.get_by_label("卡上的文字").press("Tab")
    page.keyboard.type(pin)
    page.keyboard.press("Enter")
    expect(page.locator(".code svg")).to_be_visible()
    assert f"/account/{CAROL}" in page.url


def counter(platform: PlatformProcess, what: str, about: str) -> dict[str, str]:
    """What `kiosk cloud counter` prints."""
    command = ["counter", what, about, "--json", "--database", str(platform.database)]
    done = CliRunner().invoke(app, [*command, "--keys", str(platform.folder)])
    return dict(json.loads(done.stdout))


BELOW = ("", "/privacy", "/privacy/erase", "/privacy/export.json")


def test_nobody_sees_an_account_that_is_not_theirs(platform: PlatformProcess, page: Page) -> None:
    """Nobody signed in is led to sign in; somebody else is told so, and back to their own."""
    for below in BELOW:
        page.goto(f"{platform.address}/account/{ALICE}{below}?lang=en")
        expect(page.get_by_role("alert")).to_have_text("Please sign in first")
    page.goto(platform.account(BOB, "en"))
    for below in BELOW:
        answer = page.goto(f"{platform.address}/account/{ALICE}{below}?lang=en")
        assert answer is not None and answer.status == 403
        expect(page.get_by_text("This is not your account")).to_be_visible()
    page.get_by_role("link", name="My account").click()
    expect(page.locator(".code svg")).to_be_visible()
    assert f"/account/{BOB}" in page.url


def test_signing_out_elsewhere_closes_an_open_page(
    platform: PlatformProcess, browser: Browser, page: Page
) -> None:
    """Within a second, without touching it: a lost phone shows nothing any more."""
    page.goto(platform.account(CAROL, "en"))
    expect(page.locator(".code svg")).to_be_visible()
    other = browser.new_context().new_page()
    other.goto(platform.account(CAROL, "en"))
    other.get_by_role("link", name="My data").click()
    other.get_by_role("button", name="Sign out everywhere").click()
    expect(other.get_by_role("link", name="Sign in")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("Please sign in first")
    other.context.close()


def test_a_form_of_another_site_signs_nobody_in_or_out(
    platform: PlatformProcess, phone: BrowserContext, page: Page
) -> None:
    """Nor erases anybody; no script of a page reads the token."""
    page.goto(platform.account(CAROL))
    assert page.evaluate("document.cookie") == ""
    foreign = {"Origin": "https://evil.example"}
    below = f"{platform.address}/account/{CAROL}/privacy"
    for address in ("/sign-in/number", "/sign-in/code", "/sign-in/card", "/sign-out"):
        phone.request.post(platform.address + address, form={"number": NUMBER}, headers=foreign)
    sure: dict[str, str | float | bool] = {"points": "0", "rest": "donated", "really": "yes"}
    phone.request.post(f"{below}/erase", form=sure, headers=foreign)
    phone.request.post(f"{below}/sign-out", form={}, headers=foreign)
    assert list((platform.folder / "texts").iterdir()) == []
    token = platform.sign_in(CAROL)
    assert platform.get(f"/api/accounts/{CAROL}", token)["account"] == CAROL


def test_signing_in_anew_ends_the_sign_in_that_the_phone_had(
    platform: PlatformProcess, phone: BrowserContext
) -> None:
    """Nobody holds its token any more; the list shows no phone that is not there."""
    token, listed = platform.sign_in(ALICE), f"/api/accounts/{ALICE}/sign-ins"
    phone.request.get(platform.account(ALICE), max_redirects=0)
    before = platform.get(listed, token)
    phone.request.get(platform.account(ALICE), max_redirects=0)
    after = platform.get(listed, token)
    assert len(after) == len(before)
    phone.request.get(platform.account(BOB), max_redirects=0)
    assert len(platform.get(listed, token)) == len(before) - 1


def test_what_is_no_sign_in_is_refused(
    platform: PlatformProcess, phone: BrowserContext, page: Page
) -> None:
    """Before any database hears of it."""
    page.goto(platform.account(BOB))
    below = f"{platform.address}/account/{BOB}/privacy/sign-out"
    for which in ("x", "\0" * 16, "A" * 16):
        assert phone.request.post(below, form={"which": which}).status == 422
    page.reload()
    expect(page.locator(".code svg")).to_be_visible()


def test_a_phone_that_slept_shows_no_dead_code(platform: PlatformProcess, browser: Browser) -> None:
    """While there is no network the old one is gone from the screen; then a new one comes."""
    phone = new_phone(browser)  # a clock that was put into a phone stays in it
    page = phone.new_page()
    page.clock.install()
    page.goto(platform.account(BOB, "en"))
    square = page.locator(".code svg")
    expect(square).to_be_visible()
    before = square.inner_html()
    phone.set_offline(True)
    page.clock.fast_forward("05:00")
    expect(page.get_by_text("This code has expired")).to_be_visible()
    expect(square).to_be_hidden()
    phone.set_offline(False)
    page.clock.run_for(3000)
    page.clock.resume()
    expect(square).to_be_visible(timeout=15_000)
    assert square.inner_html() != before
    phone.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_map_shows_what_kiosks_take_and_sorts_on_the_phone(
    platform: PlatformProcess, phone: BrowserContext, page: Page, language: str
) -> None:
    """Fill, hours, who is away; the nearest first once the phone says where it is, and no request
    tells of it."""
    tell(platform)
    page.goto(f"{platform.address}/kiosks?lang={language}")
    expect(page.locator("#list > li")).to_have_count(2)
    first = page.locator("#list > li").first
    expect(first).to_contain_text("古荡菜场" if language == "zh" else "Gudang market")
    expect(first).to_contain_text("已装 40%" if language == "zh" else "40% full")
    assert page.evaluate("document.querySelectorAll('svg.map .pin').length") == 2
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    button = "按距离排序" if language == "zh" else "Nearest first"
    page.get_by_role("button", name=button).click()
    said = "手机没有给出位置" if language == "zh" else "did not say where it is"
    expect(page.locator("#near-said")).to_contain_text(said)
    phone.grant_permissions(["geolocation"])
    page.get_by_role("button", name=button).click()
    nearest = "文三路东门" if language == "zh" else "Wensan Road"
    expect(page.locator("#list > li").first).to_contain_text(nearest)
    expect(page.locator("#list .far").first).to_have_text("1.5 km")
    is_good(page)
    assert asked == []
    (near, far) = platform.get("/api/map")
    assert (near["online"], far["online"]) == (True, False)


def tell(platform: PlatformProcess) -> None:
    """The second kiosk is not there; the first is."""
    here, away = (Topics("hangzhou", "xihu", kiosk) for kiosk in KIOSKS)
    platform.hears(
        (here.telemetry, levels(KIOSKS[0], ("paper", 400, False), ("glass", 990, True))),
        (away.telemetry, levels(KIOSKS[1], ("paper", 0, False))),
        (away.state, state(KIOSKS[1], online=False)),
        (here.state, state(KIOSKS[0], online=True)),
    )


def test_the_front_page_has_no_dead_end(platform: PlatformProcess, page: Page) -> None:
    """Every link of it, and of what it links to, leads to a page; there is a way back."""
    page.goto(platform.address)
    links = page.get_by_role("link").evaluate_all("(all) => all.map((one) => one.href)")
    assert len(links) >= 5
    for address in links:
        answer = page.goto(address)
        assert answer is not None and answer.ok
