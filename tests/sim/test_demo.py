"""The demo as it is started: real processes, real time, a real broker, a real browser."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from sim.drawn import ITEM_CLASS
from sim.stage.items import THINGS, cutout
from sim.stage.ports import free_port
from sim.stage.processes import Broker, find_mosquitto
from sim.stage.texts import TEXTS
from sim.stage.trace import SPAN_S, WeightTrace
from tests.screens.browser import CHROMIUM, launch
from tests.sim.fleet.processes import children_of

KIOSK = [sys.executable, "-m", "kiosk_cli"]

START_S, END_S = 120.0, 60.0
"""So long a demo may take to be there, and to be gone, on a machine with much else to do."""

PATIENCE_MS = 60_000.0
"""A page of it as well; what a visit waits for is the kiosk's own time and no more than that."""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`kiosk demo` on a free port; its address is its first argument after `--port`."""
    port = str(free_port())
    process = subprocess.Popen(
        [*KIOSK, "demo", "--port", port, "--folder", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until_s = time.monotonic() + START_S
    while time.monotonic() < until_s and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/demo").close()
            break
        time.sleep(0.2)  # a process is awaited, not time
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    assert isinstance(process.args, list)
    return f"http://127.0.0.1:{process.args[process.args.index('--port') + 1]}"


def headless(*options: str) -> dict[str, Any]:
    done = subprocess.run(
        [*KIOSK, "demo", "--headless", "--port", "0", "--json", *options],
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.timeout(400)
@pytest.mark.skipif(find_mosquitto() is None, reason="needs mosquitto to be stopped and started")
def test_deposits_during_an_outage_are_credited_once_afterwards() -> None:
    report = headless("--deposits", "2", "--broker-outage", "12")
    assert report["passed"] and report["failures"] == []
    assert report["accepted"] == len(report["receipt"]) == 2
    assert report["credited_points"] == report["points"] > 0
    for row in report["receipt"]:
        assert json.loads(row["record"])["body"]["deposit_id"] == row["deposit_id"]
    assert report["credited_carbon_g"] == report["carbon_g"] > 0


def test_where_there_is_no_mosquitto_another_broker_does(tmp_path: Path) -> None:
    async def story() -> bytes:
        async with Broker(tmp_path, free_port(), None) as broker:
            assert broker.kind == "amqtt"
            async with aiomqtt.Client("127.0.0.1", broker.port) as client:
                await client.subscribe("kiosk/#", qos=1)
                await client.publish("kiosk/1", b"here", qos=1)
                async for message in client.messages:
                    assert isinstance(message.payload, bytes)
                    return message.payload
        return b""

    assert asyncio.run(asyncio.wait_for(story(), END_S)) == b"here"


@pytest.mark.timeout(400)
@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium")
def test_a_visitor_deposits_a_bottle_and_sees_the_points_on_the_phone(
    demo: subprocess.Popen[str],
) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1600, "height": 950})
        deposit_a_bottle(page, address(demo))
        browser.close()
    processes = children_of(demo.pid)
    assert len(processes) >= 2  # broker and platform
    demo.send_signal(signal.SIGTERM)
    assert demo.wait(timeout=END_S) == 0
    assert not any(is_running(pid) for pid in processes)


def deposit_a_bottle(page: Page, address: str) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/demo?lang=en")
    kiosk, phone = page.frame_locator(".screen iframe"), page.frame_locator(".phone iframe")
    expect(phone.locator("svg").first).to_be_visible()
    page.locator(".verb.show.wanted").click()
    page.locator(".verb.put.wanted").wait_for()
    page.get_by_role("radio", name="Plastic bottle").click()
    page.locator(".verb.put").click()
    # A hand inside: the hatch waits however long it takes.
    page.locator(".verb.out.wanted").wait_for()
    expect(kiosk.locator(".weight .settled")).to_be_visible()
    expect(kiosk.locator(".state-LOADING")).to_be_visible()
    page.locator(".verb.out").click()
    answer = kiosk.get_by_role("button", name="Plastic bottle").or_(
        kiosk.get_by_role("button", name="Done")
    )
    kiosk.locator(".state-ASKING, .state-CREDITED").wait_for()
    answer.first.click()
    kiosk.locator(".state-CREDITED, .state-FAREWELL").wait_for()
    expect(phone.locator(".deposit .plus")).to_have_text("+4")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_options_that_mean_nothing_without_headless_are_refused() -> None:
    done = subprocess.run(
        [*KIOSK, "demo", "--json"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "--headless" in done.stderr


@pytest.mark.timeout(240)
def test_a_port_that_is_taken_is_named_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*KIOSK, "demo", "--port", port, "--folder", str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=START_S,
            check=False,
        )
    assert done.returncode == 2
    assert f"port {port}" in done.stderr
    logs = list(tmp_path.rglob("*.log"))
    assert len(logs) == 2  # both processes had been up


def test_the_table_holds_eight_things_that_the_simulator_can_draw() -> None:
    assert len(THINGS) == 8
    assert {one.kind for one in THINGS} <= ITEM_CLASS.keys()
    assert all(cutout(one.kind).startswith("data:image/png;base64,") for one in THINGS)
    assert all(set(text) == {"zh", "en"} for text in TEXTS.values())


def test_a_weight_trace_forgets_what_is_older_than_its_span() -> None:
    trace = WeightTrace()
    assert trace.svg() == ""
    trace.note(0.0, 5000)
    trace.note(SPAN_S + 1, 0)
    trace.note(SPAN_S + 2, 25)
    points = re.findall(r"[\d.]+,[\d.]+", trace.svg())
    assert len(points) == 2
    assert points[-1].startswith("400.0,")
