"""A PostgreSQL server on loopback, for benches and tests: its own folder, its own end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from sim.stage.ports import LOOPBACK, free_port

PROGRAMS = Path("/usr/lib/postgresql")
"""Where Debian keeps each version's server, away from everybody's PATH."""

ACCOUNT = "postgres"
"""The server refuses to run as root; Debian's package brings this account."""

START_S = 30.0

CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings of a server whose data nobody will miss after a power cut."""


def find_postgres() -> Path | None:
    """The folder with `initdb` and `postgres`; None where the package is missing."""
    found = [one.parent for one in PROGRAMS.glob("*/bin/initdb")]
    if not found and (known := shutil.which("initdb")):
        found = [Path(known).resolve().parent]
    return max(found, key=lambda one: one.parent.name, default=None)


class Postgres:
    """A server that runs inside `with`; `address` is its first database's.

    Args:
        programs: As `find_postgres` gives them.
        settings: Of `postgresql.conf`, such as `CARELESS`.
        parent: Where its folder is made; where temporary files go, if nothing is said.
    """

    def __init__(
        self, programs: Path, settings: dict[str, str] | None = None, parent: Path | None = None
    ) -> None:
        self._programs = programs
        self._settings = settings or {}
        self._folder = Path(tempfile.mkdtemp(prefix="kiosk-postgres-", dir=parent))
        self._as: dict[str, str] = {}
        if os.geteuid() == 0:
            self._as = {"user": ACCOUNT}
            owner = pwd.getpwnam(ACCOUNT)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._port = free_port()
        self.address = f"postgresql+psycopg://kiosk@{LOOPBACK}:{self._port}/postgres"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        data = str(self._folder / "data")
        initdb = [str(self._programs / "initdb"), "--pgdata", data, "--username=kiosk"]
        initdb += ["--auth=trust", "--no-sync", "--no-instructions", "--no-locale", "-E", "UTF8"]
        subprocess.run(initdb, check=True, capture_output=True, cwd="/", **self._as)  # type: ignore[call-overload]
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start it, or start it again, and wait until it answers.

        Raises:
            TimeoutError: It did not; the message has its last words.
        """
        command = [str(self._programs / "postgres"), "-D", str(self._folder / "data")]
        command += ["-p", str(self._port), "-k", str(self._folder), "-h", LOOPBACK]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        log = self._folder / "log"
        with log.open("ab") as file:
            self._process = subprocess.Popen(  # type: ignore[call-overload]
                command, stdout=file, stderr=file, cwd="/", **self._as
            )
        self._wait(log)

    def crash(self) -> None:
        """End every process of it at once; the next start recovers as after a power cut."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def _wait(self, log: Path) -> None:
        engine = create_engine(self.address)
        until_s = time.monotonic() + START_S
        while True:
            try:
                with engine.connect() as connection:
                    connection.execute(text("SELECT 1"))
                    break
            except OperationalError as error:
                if time.monotonic() > until_s:
                    said = log.read_text(encoding="utf-8", errors="replace")[-500:]
                    raise TimeoutError(f"PostgreSQL did not start: {said}") from error
                time.sleep(0.05)
        engine.dispose()
