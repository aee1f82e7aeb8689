"""What is in `deploy/` names files that exist and commands that are, and holds no secret."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml

from kiosk_cli import GROUP, run
from tests.cloud.nats import nats_server

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
Kiosk = Callable[..., str]
PROGRAM = "/opt/kiosk/bin/kiosk"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file, read as YAML."""
    told: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return told


@pytest.fixture
def kiosk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Kiosk:
    """Calls the command line, and gives what it printed."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: str) -> str:
        with pytest.raises(SystemExit) as end:
            run(tuple(entry_points(group=GROUP)), words)
        assert end.value.code == 0, words
        return re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)

    return call


def check_command(kiosk: Kiosk, words: list[str]) -> None:
    """`kiosk` knows the command, and every option that it is given."""
    first = next(at for at, one in enumerate(words) if one.startswith("--"))
    text = kiosk(*words[:first], "--help")
    for one in words:
        if one.startswith("--"):
            assert re.search(rf"{one}\b", text), f"{one} of {words}"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_starts_what_there_is(path: Path, tmp_path: Path, kiosk: Kiosk) -> None:
    """Its command is one of ours; and systemd, where it is here, finds nothing wrong."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    (started,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    program, *words = shlex.split(started)
    assert program == PROGRAM
    check_command(kiosk, words)
    if (systemd := shutil.which("systemd-analyze")) is None:
        pytest.skip("systemd is not here: its own check of the unit is left out")
    copy = tmp_path / path.name.replace("@", "@a")
    copy.write_text(text.replace(PROGRAM, "/bin/true"), encoding="utf-8")
    done = subprocess.run([systemd, "verify", copy], capture_output=True, text=True, check=False)
    said = [one for one in done.stderr.splitlines() if path.name.split("@")[0] in one]
    assert (done.returncode, said) == (0, []), done.stderr


def test_the_compose_file_starts_what_there_is(compose: dict[str, Any], kiosk: Kiosk) -> None:
    """Services wait for services that are healthy; whatever is ours is a command of ours."""
    services = compose["services"]
    for name, one in services.items():
        for other, how in one.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in services[other], f"{name} waits for {other}"
        if "build" in one:
            check_command(kiosk, shlex.split(one["command"]))
            assert (DEPLOY / one["build"]["context"] / one["build"]["dockerfile"]).is_file()
    assert {"database", "broker", "platform", "ingest-a", "ingest-b"} == set(services)


def test_what_containers_are_given_exists(compose: dict[str, Any]) -> None:
    """Files are there and read-only, volumes are named, and each is given as little as can be."""
    for one in compose["services"].values():
        assert one["read_only"] and "no-new-privileges:true" in one["security_opt"]
        for given in one["volumes"]:
            source, *_, last = given.split(":")
            if source.startswith("."):
                assert (DEPLOY / source).is_file() and last == "ro", given
            else:
                assert source in compose["volumes"], given


def test_no_secret_is_in_it(compose: dict[str, Any]) -> None:
    """The password comes from outside, and nothing starts without it."""
    for one in compose["services"].values():
        for name, value in one.get("environment", {}).items():
            if "PASSWORD" in name:
                assert value.startswith("${DATABASE_PASSWORD:?")
    for path in DEPLOY.rglob("*"):
        assert path.suffix not in (".pem", ".key", ".env") and path.name != ".env"


def test_the_dockerfile_copies_what_there_is() -> None:
    """And ends as somebody who is not root."""
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [one.split()[0] for one in lines if one.startswith(("USER", "ENTRYPOINT"))] == [
        "USER",
        "ENTRYPOINT",
    ]
    assert any(one == f'ENTRYPOINT ["{PROGRAM}"]' for one in lines)


def test_nats_takes_its_configuration(tmp_path: Path, kiosk: Kiosk) -> None:
    """With certificates of a city's own, as deploy/README.md makes them."""
    program = nats_server()
    here = str(tmp_path)
    kiosk("keys", "ca", "new", here, "--name", "Hangzhou kiosks")
    kiosk("keys", "broker", "node-1.example", "--ca", here, "--folder", here)
    text = (DEPLOY / "nats/node.conf").read_text(encoding="utf-8")
    config = tmp_path / "node.conf"
    text = text.replace("/etc/nats/certs", here).replace("/var/lib/nats", here)
    config.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [program, "-t", "-c", config], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
