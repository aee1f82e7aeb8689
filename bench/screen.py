"""The kiosk's screen and its computer: from the node's word to the pixel, and what rest costs.

A real kiosk runs in a process of its own, on a node behind a serial device, and Debian's Chromium
shows its screen. Only what the cameras look at is a picture.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench.row import Row
from contract import token
from contract.keys import FileSigner
from sim.stage.folder import DemoFolder
from sim.stage.ports import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Page

KIOSK = "hz-xihu-0001"
ACCOUNT = "a11ce0000000a11c"

VISITS = 6
"""Each opens the hatch and, since nobody comes, closes it: some sixty positions."""

REST_S = 60.0
VISIT_S = 100.0
"""Longer than a visit to which nobody comes: 60 s, and the leaf both ways."""

PIXEL_MS, CPU_PERCENT, RSS_MB, READY_S = 150.0, 3.0, 260.0, 5.0
FRAME_MS = 1000 / 60

WATCH = """
() => { window.shown = []; new MutationObserver(() => requestAnimationFrame(() => {
    const machine = document.querySelector('.machine');
    const percent = Math.round(getComputedStyle(machine).getPropertyValue('--open') * 100);
    const last = window.shown.at(-1);
    if (!last || last[0] !== percent) window.shown.push([percent, Date.now() / 1000]);
})).observe(document.body, {subtree: true, attributes: true, childList: true}); }
"""
"""Writes down each position that is drawn, at the frame in which it is."""


class RunningKiosk:
    """A kiosk with its node, each a process; `close` ends both.

    Args:
        folder: Where it keeps its files.
    """

    def __init__(self, folder: Path) -> None:
        self.told: list[tuple[int, float]] = []
        self._ready = threading.Event()
        self._ends = ExitStack()
        files = DemoFolder(folder)
        files.provision(KIOSK)
        self._city = FileSigner.load(files.platform / "city.pem")
        self.port = free_port()
        device = folder / "node"
        self._node = self._start("-m", "kiosk_cli", "sim", "node", str(device))
        assert self._node.stdout is not None
        self._node.stdout.readline()
        time.sleep(1)  # a node tests itself before anybody may move it
        began_s = time.monotonic()
        self._kiosk = self._start(
            "-m", "bench.screen_kiosk", str(files.kiosk), str(device), str(self.port)
        )
        threading.Thread(target=self._listen, daemon=True).start()
        if not self._ready.wait(120):
            raise TimeoutError("the kiosk is not ready after two minutes")
        self.ready_s = time.monotonic() - began_s

    def show_code(self) -> None:
        """A resident's code is read at the front."""
        code = token.issue(self._city, ACCOUNT, int(time.time()), jti=os.urandom(8))
        assert self._kiosk.stdin is not None
        self._kiosk.stdin.write(code + "\n")
        self._kiosk.stdin.flush()

    def processor_s(self) -> float:
        """Processor time of the kiosk's process so far."""
        fields = Path(f"/proc/{self._kiosk.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_mb(self) -> float:
        """Memory of the kiosk's process that is resident."""
        pages = int(Path(f"/proc/{self._kiosk.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def close(self) -> None:
        """End both processes."""
        self._ends.close()

    def _start(self, *arguments: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, *arguments], stdin=pipe, stdout=pipe, text=True)
        self._ends.callback(process.wait, 30)
        self._ends.callback(process.terminate)
        return process

    def _listen(self) -> None:
        assert self._kiosk.stdout is not None
        for line in self._kiosk.stdout:
            facts = json.loads(line)
            if "ready" in facts:
                self._ready.set()
            else:
                self.told.append((facts["percent"], facts["at_s"]))


def measure(visits: int = VISITS, rest_s: float = REST_S) -> list[Row]:
    """Latency over some visits, rest for a while, and the start."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    with ExitStack() as parts:
        folder = parts.enter_context(TemporaryDirectory(prefix="kiosk-screen-"))
        kiosk = RunningKiosk(Path(folder))
        parts.callback(kiosk.close)
        playwright = parts.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        parts.callback(browser.close)
        page = browser.new_page(viewport={"width": 1080, "height": 1920})
        page.goto(f"http://127.0.0.1:{kiosk.port}/")
        page.wait_for_selector(".state-IDLE")
        page.wait_for_timeout(5000)
        before_s = kiosk.processor_s()
        page.wait_for_timeout(rest_s * 1000)
        cpu_percent = (kiosk.processor_s() - before_s) / rest_s * 100
        delays_ms = _delays_ms(kiosk, page, visits)
        rss_mb = kiosk.rss_mb()
    return [
        Row("node event to pixel, p95", quantiles(delays_ms, n=20)[-1], "ms",
            "one frame at 60 Hz", FRAME_MS, PIXEL_MS, at_least=False, is_limit=True),
        Row("controller at rest, of one core", cpu_percent, "%",
            "limit", CPU_PERCENT, CPU_PERCENT, at_least=False, is_limit=True),
        Row("the same, resident memory", rss_mb, "MB",
            "limit", RSS_MB, RSS_MB, at_least=False, is_limit=True),
        Row("start to ready to take a deposit", kiosk.ready_s, "s",
            "limit", READY_S, READY_S, at_least=False, is_limit=True),
    ]  # fmt: skip


def _delays_ms(kiosk: RunningKiosk, page: Page, visits: int) -> list[float]:
    """For each position that the node told: how long until it, or a later one, was drawn."""
    page.evaluate(WATCH)
    kiosk.told.clear()
    for _ in range(visits):
        kiosk.show_code()
        page.wait_for_selector(".state-LOADING", timeout=30_000)
        page.get_by_role("button", name="完成").click()
        page.wait_for_selector(".state-IDLE", timeout=VISIT_S * 1000)
    return delays_ms(kiosk.told, page.evaluate("() => window.shown"))


def delays_ms(told: list[tuple[int, float]], shown: list[list[Any]]) -> list[float]:
    """From each told position to the first drawing of it, or of one that was told after it.

    A screen draws no position that another has overtaken already.
    """
    found = []
    for index, (_, at_s) in enumerate(told):
        later = {percent for percent, _ in told[index : index + 4]}
        drawn = (when_s for percent, when_s in shown if when_s >= at_s and percent in later)
        if (first_s := next(drawn, None)) is not None:
            found.append((first_s - at_s) * 1000)
    return found
