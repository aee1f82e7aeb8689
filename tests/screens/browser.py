"""A screen in its own process, and a real Chromium to look at it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from sim.stage.ports import free_port
from tests.screens.views import AS_JSON

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

    from controller.core.view import View

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HAS_IT = "kiosk => document.querySelector('.head .kiosk')?.textContent === kiosk"
SIZES = {"portrait": (1080, 1920), "landscape": (1280, 800)}


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium without a window."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


class ScreenProcess:
    """`tests.screens.serve` as a process; starts again on the same port after `stop`.

    Args:
        settings: What `serve` takes beside the port.
    """

    def __init__(self, *settings: str) -> None:
        self.port = free_port()
        self._settings = settings
        self.process: subprocess.Popen[str] | None = None
        self._shown = 0

    @property
    def address(self) -> str:
        """Where its page is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process, while it runs."""
        assert self.process is not None
        return self.process.pid

    @property
    def named(self) -> str:
        """The id under which the latest view is shown."""
        return f"hz-xihu-{self._shown:04d}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until the page answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.screens.serve", str(self.port), *self._settings],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert "ready" in self.hear()

    def say(self, line: str) -> float:
        """Give one command; return the Unix time (s) at which it was shown."""
        self._write(line)
        return float(self.hear()["shown"])

    def _write(self, line: str) -> None:
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """The next line it writes."""
        assert self.process is not None and self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the screen ended with {self.process.poll()}"
        heard: dict[str, Any] = json.loads(line)
        return heard

    def show(self, view: View, *pages: Page) -> None:
        """Show a view, with a picture where it has a verdict, and wait until every page has it.

        Each has a kiosk's id of its own, by which a page tells it from the one before.
        """
        self._shown += 1
        self.say("full " + AS_JSON.dump_json(replace(view, kiosk=self.named)).decode())
        for page in pages:
            page.wait_for_function(HAS_IT, arg=self.named)

    def forget(self) -> None:
        """Show the idle screen; what was touched before nobody hears."""
        for line in ("no-picture", "idle"):
            self._write(line)
            while "shown" not in self.hear():
                pass

    def stop(self) -> None:
        """End it, without a farewell to its browsers."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                assert pipe is not None
                pipe.close()
            self.process = None


class ServiceProcess:
    """`tests.screens.serve_service` as a process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.screens.serve_service", "0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.address = f"http://127.0.0.1:{self._hear()['ready']}/service"

    def say(self, command: str) -> dict[str, Any]:
        """Let something happen at the kiosk; how it stands afterwards."""
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self._hear()

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def _hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the page ended with {self.process.poll()}"
        heard: dict[str, Any] = json.loads(line)
        return heard
