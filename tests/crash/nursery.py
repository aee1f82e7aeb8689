"""A process that has everything imported and forks others: one that was killed is back at once.

Each line of its input is an order; it answers with the process id. When it ends, so do
they. A child is a process like any other: nothing of it survives `kill -9`.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

    from tests.crash.controller import Order

_log = logging.getLogger(__name__)

IMPORTED = ("tests.crash.controller", "cloud.build", "cloud.cli")
COMMANDS = {"ledger": "ingest", "platform": "serve"}
ROOT = Path(__file__).parents[2]
GONE_S = 60.0
"""Whoever was killed is gone by then, on any machine."""

PR_SET_PDEATHSIG = 1


class Nursery:
    """Starts controllers and ledgers; a context manager.

    Args:
        log: Where they all write what they log.
        shim: Library that counts what is made durable (`tests.crash.syncs`); None for none.
    """

    def __init__(self, log: Path, shim: Path | None = None) -> None:
        self._log = log
        self._shim = shim

    def __enter__(self) -> Self:
        more = {"LD_PRELOAD": str(self._shim)} if self._shim else {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery", str(self._log)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} | more,
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=GONE_S)
        self._process.stdout.close()

    def controller(self, order: Order, *, sync: int = 0, after: bool = False) -> Child:
        """Start a kiosk's controller; killed before or after its `sync`-th sync, 0 for never."""
        return self._start("controller", sync, after, asdict(order))

    def ledger(self, more: dict[str, str], *, sync: int = 0, after: bool = False) -> Child:
        """Start `kiosk cloud ingest`; `more` are its options."""
        return self._start("ledger", sync, after, more)

    def platform(self, more: dict[str, str]) -> Child:
        """Start `kiosk cloud serve`: a ledger with pages and API; `more` are its options."""
        return self._start("platform", 0, False, more)

    def _start(self, role: str, sync: int, after: bool, values: dict[str, Any]) -> Child:
        assert self._process.stdin is not None and self._process.stdout is not None
        order = {"role": role, "sync": sync, "after": after, "values": values}
        order["shim"] = str(self._shim) if self._shim else ""
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Child(int(self._process.stdout.readline()))


class Child:
    """One process of the nursery's. It is held by a descriptor: its number may be given anew."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._held: int | None
        try:
            self._held = os.pidfd_open(pid)
        except ProcessLookupError:  # so soon
            self._held = None

    @property
    def lives(self) -> bool:
        """Whether it has not ended yet."""
        return not self._ended(0.0)

    def kill(self) -> None:
        """End it without any warning, and see that it is gone; idempotent."""
        if self._held is None:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._held, signal.SIGKILL)
        assert self._ended(GONE_S), f"process {self.pid} does not die"
        os.close(self._held)
        self._held = None

    def _ended(self, within_s: float) -> bool:
        return self._held is None or bool(select.select([self._held], [], [], within_s)[0])


def _be(order: dict[str, Any]) -> None:
    """What a child does until it is killed, or the nursery is."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {order['role']} %(message)s")
    if order["sync"]:
        ctypes.CDLL(order["shim"]).kill_at(order["sync"], int(order["after"]))
    if order["role"] == "controller":
        from tests.crash.controller import Order, serve

        asyncio.run(serve(Order(**order["values"])))
    else:
        from cloud.cli import app

        options = [word for name, value in order["values"].items() for word in (name, value)]
        app([COMMANDS[order["role"]], *options])


def _fork(order: dict[str, Any], log: Path) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with log.open("ab") as file:
            os.dup2(file.fileno(), sys.stdout.fileno())
            os.dup2(file.fileno(), sys.stderr.fileno())
        os.close(sys.stdin.fileno())
        _be(order)
    except Exception:  # noqa: BLE001 - whatever ended it is told, and ends this process alone
        _log.exception("%s ended", order["role"])
    finally:
        os._exit(1)


def main(log: Path) -> None:
    """Fork what each line of the input orders, until it ends."""
    for name in IMPORTED:
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        sys.stdout.write(f"{_fork(json.loads(line), log)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
