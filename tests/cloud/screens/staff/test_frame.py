"""Staff sign in at a browser: who they are, what they see, and what is left behind."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from playwright.sync_api import Page, expect

from tests.cloud.screens.staff.conftest import PHONE, Town
from tests.screens.axe import violations


def post(address: str, form: dict[str, str], **headers: str) -> tuple[int, str]:
    """Send a form without a browser; the status, and where it leads."""
    data = urllib.parse.urlencode(form).encode()
    opener = urllib.request.build_opener(_Stay)
    request = urllib.request.Request(address, data, headers)
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers.get("location", "")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def test_staff_sign_in_and_out(town: Town, page: Page) -> None:
    """The token ends in no address and no cookie; after signing out the cookie opens nothing."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    token = town.admit("li", "decide", "xihu")
    page.goto(f"{town.address}/staff?lang=en")
    page.locator("input[name=token]").fill(token)
    page.locator("button.main").click()
    expect(page.locator(".who .name")).to_have_text("li · decides · xihu")
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "staff"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/staff")
    assert token not in cookie["value"]
    assert not any(token in one for one in addresses)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("input[name=token]")).to_be_visible()
    address = f"{town.address}/staff"
    page.context.add_cookies([{"name": "staff", "value": cookie["value"], "url": address}])
    page.reload()
    expect(page.locator("input[name=token]")).to_be_visible()


def test_a_token_that_is_nobodys_opens_nothing(town: Town, page: Page) -> None:
    """It is said, and a token of before is as little good."""
    before = town.admit("wang", "read")
    town.admit("wang", "read")
    page.goto(f"{town.address}/staff?lang=en")
    page.locator("input[name=token]").fill(before)
    page.locator("button.main").click()
    expect(page.get_by_role("alert")).to_contain_text("This token is nobody's")
    assert page.context.cookies() == []


def test_the_frame_can_be_used_by_everybody(town: Town, page: Page) -> None:
    """No rule of axe is broken before and after signing in, and a phone is wide enough."""
    page.goto(f"{town.address}/staff")
    expect(page.locator("input[name=token]")).to_be_visible()
    assert violations(page) == []
    town.sign_in(page, "chen", "decide", "zh")
    assert violations(page) == []
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_another_site_signs_nobody_in(town: Town) -> None:
    """Even with a good token: the browser says where the form stood."""
    form = {"token": town.admit("sun", "read")}
    address = f"{town.address}/staff/sign-in"
    assert post(address, form, Origin="http://evil.example") == (
        303,
        "/staff?lang=zh&refused=origin",
    )
    assert post(address, form) == (303, "/staff?lang=zh")


def test_absurd_forms_are_refused(town: Town) -> None:
    """Too long, empty, or letters that are none; an address says no code of its own making."""
    address = f"{town.address}/staff/sign-in"
    assert post(address, {"token": "x" * 201})[0] == 422
    assert post(address, {"token": "x" * 70_000})[0] == 413
    assert post(address, {})[1] == "/staff?lang=zh&refused=no-token"
    assert post(f"{address}?lang=<b>", {"token": "\0"})[1] == "/staff?lang=zh&refused=no-token"
