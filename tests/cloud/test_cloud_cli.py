"""The platform's command line, where no server is needed."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud.build import open_front, open_platform
from cloud.cli import CODES_A_MINUTE, app
from cloud.errors import SignInError
from cloud.residents.numbers import IN_CITY
from cloud.residents.tries import Limit
from cloud.staff.desk import Staff, StaffDesk
from contract.errors import KioskError
from tests.cloud.conftest import Office
from tests.contract.samples import ALICE, SampleKiosk


def refused(*arguments: str | Path | int) -> str:
    """The error that `kiosk` would print before it exits with 2."""
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    assert isinstance(result.exception, KioskError), result.output
    return str(result.exception)


def test_a_balance_is_printed(office: Office, kiosk: SampleKiosk) -> None:
    """For people, and as JSON for programs."""
    office.post(kiosk.deposit(), kiosk.uncertain())
    arguments = ["balance", ALICE, "--database", str(office.where)]
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert json.loads(result.stdout) == {
        "account": ALICE,
        "points": 4,
        "carbon_g": 28,
        "held": 1,
    }
    assert "points    4" in CliRunner().invoke(app, arguments).stdout


def test_mistakes_are_named(file_office: Office, folder: Path, tmp_path: Path) -> None:
    """No database is made by asking for a balance; addresses, accounts and files are checked."""
    absent = tmp_path / "absent.sqlite"
    assert "does not exist" in refused("balance", ALICE, "--database", absent)
    assert not absent.exists()
    assert "16 hex digits" in refused("balance", "alice", "--database", file_office.where)
    where = ("--database", file_office.where, "--keys")
    assert "HOST:PORT" in refused("serve", *where, folder, "--broker", "localhost")
    assert "HOST:PORT" in refused("ingest", *where, folder, "--broker", "localhost:0")
    assert "'node-2' is not HOST" in refused("ingest", *where, folder, "--nats", "n-1:1,node-2")
    assert "16 hex digits" in refused("serve", *where, folder, "--demo-account", "alice")
    far = ("--demo-account", ALICE, "--host", "0.0.0.0")
    assert "signs anybody in" in refused("serve", *where, folder, *far)
    assert "operator.pub" in refused("ingest", *where, tmp_path)
    assert "worker 'A b'" in refused("ingest", *where, folder, "--worker", "A b")
    assert "mysql" in refused("balance", ALICE, "--database", "mysql://root@db/ledger")
    staff = ("staff", "wang", "--database", file_office.where, "--district", "xihu")
    assert "as 'rule'" in refused(*staff, "--role", "rule")


def test_staff_are_let_in(office: Office) -> None:
    """With a token that is printed once; whoever shows it may decide there."""
    arguments = ["staff", "wang", "--database", str(office.where), "--district", "xihu", "--json"]
    told = json.loads(CliRunner().invoke(app, arguments).stdout)
    desk = StaffDesk(office.database, lambda: 1_795_500_000, lambda: "")
    assert desk.whose(told["token"]) == Staff("wang", "decide", "xihu")


def test_staff_are_dismissed(file_office: Office) -> None:
    """Their token is worth nothing from then on; whom nobody knows cannot be."""
    where = ["--database", str(file_office.where), "--json"]
    CliRunner().invoke(app, ["staff", "wang", "--district", "xihu", *where])
    told = json.loads(CliRunner().invoke(app, ["dismiss", "wang", *where]).stdout)
    assert told == {"staff": "wang", "dismissed": True}
    assert file_office.rows("SELECT expires_at FROM staff") == [(0,)]
    assert "no 'zhao' among staff" in refused("dismiss", "zhao", *where[:2])


def test_the_citys_codes_are_bounded_as_the_operator_says(
    file_office: Office, folder: Path
) -> None:
    """As many a minute as the platform sends where nobody says anything; a mistake is named."""
    assert (CODES_A_MINUTE, 60) == IN_CITY
    where = ["serve", "--database", str(file_office.where), "--keys", str(folder)]
    result = CliRunner().invoke(app, [*where, "--codes-a-minute", "0"])
    assert (result.exit_code, "codes-a-minute" in result.output) == (2, True)
    (folder / "texts").mkdir()
    (folder / "phones.index").write_text("11" * 32)
    platform = open_platform(file_office.where, folder, ("127.0.0.1", 1))
    numbers = open_front(platform, folder, in_city=Limit(1, 60)).by_number()
    numbers.ask("13800001111", "192.0.2.7")
    with pytest.raises(SignInError) as busy:
        numbers.ask("13800002222", "192.0.2.8")
    assert busy.value.code == "busy"
    platform.database.dispose()


def test_the_city_key_is_needed_to_serve(file_office: Office, folder: Path) -> None:
    """Without it no code could be issued."""
    (folder / "city.pem").unlink()
    assert "city.pem" in refused("serve", "--database", file_office.where, "--keys", folder)


def test_a_port_that_is_taken_is_named(file_office: Office, folder: Path) -> None:
    """Before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        where = ("--database", file_office.where, "--keys", folder, "--port", port)
        assert f"cannot listen on 127.0.0.1:{port}" in refused("serve", *where)


@pytest.mark.parametrize("command", ["serve", "ingest", "balance"])
def test_every_command_explains_itself(command: str) -> None:
    """`--help` names its options."""
    assert "--database" in CliRunner().invoke(app, [command, "--help"]).stdout
