"""Commands to kiosks from the platform's own machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cloud.cli import app
from contract.keys import FileSigner
from tests.cloud.conftest import KIOSKS, Office
from tests.cloud.fleet.afar import City, condition
from tests.cloud.test_cloud_cli import refused

KIOSK = KIOSKS[0]
CLOSE = ("close-bay", "bay=a")


@pytest.fixture
def where(file_office: Office, folder: Path) -> tuple[str, ...]:
    """A platform whose first kiosk has said how it is, as options."""
    key = FileSigner.new(folder / "ledger.pem")
    city = City(file_office, key)
    city.greets()
    city.says(condition(), "condition")
    return ("--database", str(file_office.where), "--keys", str(folder))


def told(where: tuple[str, ...], *arguments: str) -> Any:
    """What `kiosk cloud command` prints as JSON."""
    result = CliRunner().invoke(app, ["command", KIOSK, *arguments, *where, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_kiosk_is_asked_and_what_was_asked_is_listed(
    where: tuple[str, ...], file_office: Office
) -> None:
    """With an id of one's own it is given once; taken back it is sent to nobody."""
    first = told(where, *CLOSE, "--id", "ab" * 8, "--ttl", "600")
    assert (first["state"], first["arguments"], first["staff"]) == (
        "issued",
        {"bay": "a"},
        "operator",
    )
    assert first["not_after"] - first["issued_at"] == 600
    assert told(where, *CLOSE, "--id", "ab" * 8, "--ttl", "600") == first
    second = told(where, "send-diagnostics")["command_id"]
    assert told(where, "--withdraw", second)["code"] == "withdrawn"
    listed = told(where)
    assert (listed["kiosk"], [one["command_id"] for one in listed["commands"]]) == (
        KIOSK,
        [second, "ab" * 8],
    )
    shown = CliRunner().invoke(app, ["command", KIOSK, *where]).stdout.splitlines()
    assert shown[1] == f"{'ab' * 8}  close-bay  a  issued"
    assert (
        "bay=a"
        in CliRunner().invoke(app, ["command", KIOSK, *CLOSE, "--id", "ab" * 8, *where]).stdout
    )
    noted = file_office.rows("SELECT action, actor FROM audit ORDER BY id")
    assert noted == [
        ("commanded", "staff:operator"),
        ("commanded", "staff:operator"),
        ("command-withdrawn", "staff:operator"),
    ]


def test_what_a_kiosk_says_of_a_command_does_nothing_to_the_terminal(
    where: tuple[str, ...], file_office: Office
) -> None:
    """It may be a thief's by now: nothing clears the screen, or looks like another line."""
    told(where, *CLOSE, "--id", "ab" * 8)
    City(file_office).answers("ab" * 8, detail="\x1b[2Jgone\n\x9b2J\u202eabab", code="\x1b[1m")
    for asked in ((), (*CLOSE, "--id", "ab" * 8)):
        result = CliRunner().invoke(app, ["command", KIOSK, *asked, *where])
        assert result.exit_code == 0
        assert "gone" in result.stdout
        assert all(line.isprintable() for line in result.stdout.splitlines())
    assert told(where)["commands"][0]["detail"].startswith("\x1b[2J")


MISTAKES = [
    (("Hz 1",), "kiosk 'Hz 1' is no id"),
    (("hz-none-0001", "send-diagnostics"), "no kiosk 'hz-none-0001'"),
    (("hz-none-0001",), "no kiosk 'hz-none-0001'"),
    ((KIOSK, "open-gate"), "nothing that a kiosk is asked: close-bay bay=...; open-bay"),
    ((KIOSK, "close-bay"), "nothing that a kiosk is asked"),
    ((KIOSK, "close-bay", "bay"), "no NAME=VALUE"),
    ((KIOSK, "close-bay", "bay=a", "bay=b"), "once each"),
    ((KIOSK, "close-bay", "bay=z"), "has no bay 'z': a"),
    ((KIOSK, "close-bay", "bay=\udcff"), "not valid Unicode"),
    ((KIOSK, *CLOSE, "--ttl", "5"), "60 to 604800 s"),
    ((KIOSK, *CLOSE, "--id", "mine"), "id"),
    ((KIOSK, "--withdraw", "\udcff"), "was given no command"),
    ((KIOSK, *CLOSE, "--withdraw", "ab" * 8), "leave 'close-bay' out"),
]


def test_mistakes_are_named(where: tuple[str, ...], file_office: Office) -> None:
    """Each with what could be meant, and nothing is given."""
    for arguments, said in MISTAKES:
        assert said in refused("command", *arguments, *where), arguments
    assert file_office.rows("SELECT count(*) FROM commands") == [(0,)]


def test_without_a_platform_nothing_is_asked(
    where: tuple[str, ...], folder: Path, tmp_path: Path
) -> None:
    """No database is made by asking, and without the key nothing is signed."""
    absent = tmp_path / "absent.sqlite"
    asked = ("command", KIOSK, *CLOSE, "--keys", folder, "--database")
    assert "does not exist" in refused(*asked, absent)
    assert not absent.exists()
    (folder / "ledger.pem").unlink()
    assert "no ledger.pem here: make one" in refused("command", KIOSK, *CLOSE, *where)
