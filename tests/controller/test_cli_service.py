"""`kiosk service end-intent`: staff give up a promise that nobody can read any more."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contract.badge import Role, issue_badge
from contract.errors import KioskError
from contract.keys import FileSigner, SeedSigner
from contract.revoked import Revoked, sign_revoked
from contract.token import issue
from controller.adapters.journal.sqlite_journal import SqliteJournal
from controller.adapters.one_writer import one_writer
from controller.cli_service import service
from tests.controller.drafts import KIOSK, bottles, intent, journal
from tests.controller.harm import break_line

CITY, OFFICE = SeedSigner(b"c" * 32), SeedSigner(b"o" * 32)
STAFF, BADGE_ID = "57aff00000000007", b"badge007"
CONFIG = f"""
kiosk = "{KIOSK}"
city = "hangzhou"
district = "xihu"
[[bays]]
name = "a"
bins = [{{ index = 0, stream = "plastic" }}]
[files]
badge_keys = ["office.pub"]
"""


class Stopped:
    """A stopped kiosk's folder whose journal holds three open intents, the first unreadable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "journal.sqlite"
        self.signer = FileSigner.new(folder / "kiosk.pem")
        (folder / "kiosk.toml").write_text(CONFIG)
        (folder / "city.pub").write_text(CITY.public.hex())
        (folder / "office.pub").write_text(OFFICE.public.hex())
        self.show(self.badge(Role.SERVICE))
        with closing(self.open()) as file:
            for number in (1, 2, 3):
                file.append(intent(number))
            bottles(file, 11)
        break_line(self.path, 1, b"{")

    def open(self) -> SqliteJournal:
        """The journal, as the kiosk opens it."""
        return journal(self.path, signer=self.signer)

    def badge(self, *roles: Role, badge_id: bytes = BADGE_ID) -> str:
        """A badge that was made just now."""
        now_s = int(time.time())
        return issue_badge(OFFICE, STAFF, now_s, roles=roles, badge_id=badge_id)

    def show(self, text: str) -> None:
        """Put this into the file that is named as the badge."""
        (self.folder / "badge.txt").write_text(text + "\n")

    def end(self, seq: int, reason: str = "bay a looked at: empty") -> tuple[int, dict[str, Any]]:
        """Give the promise up; exit code and answer."""
        result = CliRunner().invoke(service, self.arguments(seq, reason))
        if isinstance(result.exception, KioskError):
            raise result.exception
        return result.exit_code, json.loads(result.stdout)

    def arguments(self, seq: int, reason: str) -> list[str]:
        """What is typed behind `kiosk service`."""
        files = ["--config", str(self.folder / "kiosk.toml")]
        files += ["--badge", str(self.folder / "badge.txt")]
        return ["end-intent", str(seq), *files, "--reason", reason, "--json"]


@pytest.fixture
def stopped(tmp_path: Path) -> Stopped:
    """A kiosk that waits for staff."""
    return Stopped(tmp_path)


def test_staff_end_a_promise_that_nobody_can_read(stopped: Stopped) -> None:
    """The record says who and why; the kiosk that starts next is not told of it any more."""
    code, said = stopped.end(1)
    assert (code, said["seq"], said["written"]) == (0, 1, True)
    with closing(stopped.open()) as file:
        assert file.unreadable_intents() == []
        assert [one.seq for one in file.open_intents()] == [2, 3]
        body = json.loads(list(file.lines())[said["record"] - 1])["body"]
    what = "intent 1 given up: bay a looked at: empty"
    assert body == {"what": what, "by": STAFF, "intent": 1}


def test_to_end_it_again_changes_nothing(stopped: Stopped) -> None:
    """The same record is named, and no second one written."""
    _, first = stopped.end(1)
    with closing(stopped.open()) as file:
        count = len(list(file.lines()))
    assert stopped.end(1, "once more") == (0, first | {"written": False})
    with closing(stopped.open()) as file:
        assert len(list(file.lines())) == count


@pytest.mark.parametrize(
    ("seq", "why"),
    [
        (2, "it can be read: the kiosk sees to it"),
        (4, "record 5, a deposit, has ended it"),
        (5, "no such intent"),
        (9999, "no such intent"),
    ],
)
def test_what_is_no_unreadable_open_promise_stays_as_it_is(
    stopped: Stopped, seq: int, why: str
) -> None:
    """One that can be read, one that has ended, a deposit, and nothing: exit code 1."""
    code, said = stopped.end(seq)
    assert (code, said["record"], said["written"]) == (1, 0, False)
    assert why in said["reason"]
    with closing(stopped.open()) as file:
        assert [one.seq for one in file.unreadable_intents()] == [1]


def test_only_a_badge_for_it_ends_a_promise(stopped: Stopped) -> None:
    """Not a driver's, a lost one, a resident's code, another key's, or nothing."""
    lost = b"lostlost"
    listed = Revoked(version=1, issued_on="2026-11-27", ids=(lost.hex(),))
    (stopped.folder / "revoked.json").write_bytes(sign_revoked(listed, CITY))
    shown = {
        stopped.badge(Role.COLLECTION): "this badge is for collection",
        stopped.badge(Role.SERVICE, badge_id=lost): "reported lost",
        issue(CITY, "a11ce0000000a11c", int(time.time()), jti=bytes(8)): "show a staff badge",
        issue_badge(
            CITY, STAFF, int(time.time()), roles=[Role.SERVICE], badge_id=BADGE_ID
        ): "claims",
        "": "code",
    }
    for text, why in shown.items():
        stopped.show(text)
        with pytest.raises(KioskError, match=why):
            stopped.end(1)
    with closing(stopped.open()) as file:
        assert [one.seq for one in file.unreadable_intents()] == [1]
    stopped.show(stopped.badge(Role.CALIBRATION))
    assert stopped.end(1)[0] == 0


@pytest.mark.parametrize("reason", ["", "x" * 201])
def test_it_takes_a_reason(stopped: Stopped, reason: str) -> None:
    """Of a sentence's length."""
    with pytest.raises(KioskError, match="give a reason of 1 to 200 characters"):
        stopped.end(1, reason)


def test_a_kiosk_that_runs_is_left_alone(stopped: Stopped) -> None:
    """Two writers would break the chain; a kiosk that was killed holds nothing any more."""
    holding = f"""
import sys, time
from pathlib import Path
from controller.adapters.one_writer import one_writer
with one_writer(Path({str(stopped.path)!r})):
    print("held", flush=True)
    sys.stdin.read()
"""
    command = [sys.executable, "-c", holding]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"held\n"
        with pytest.raises(KioskError, match="in use: stop the kiosk"):
            stopped.end(1)
        running.kill()
        running.wait()
    assert stopped.end(1)[0] == 0


def test_a_folder_that_takes_no_lock_is_named(tmp_path: Path) -> None:
    """Staff are told which folder it is."""
    gone = tmp_path / "gone" / "journal.sqlite"
    with pytest.raises(KioskError, match=str(gone.parent)), one_writer(gone):
        pass
