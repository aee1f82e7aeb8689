"""The scripts of a checkout: they say what is missing, install it where they may, and go on."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("demo", "test", "check", "bench", "campaign")
TOOLS = ("bash", "cat", "cut", "dirname", "env", "grep", "ldconfig", "sha256sum", "uname")


def program(folder: Path, name: str, text: str) -> None:
    """Write a small shell program."""
    path = folder / name
    path.write_text(f"#!/bin/bash\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with a checkout and few tools: no sudo, no Debian package, user 1000."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        assert found is not None, name
        (tools / name).symlink_to(found)
    program(tools, "id", "echo 1000")
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/setup.bash", tmp_path / "scripts")
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def source(machine: Path, commands: str) -> subprocess.CompletedProcess[str]:
    """Run commands as a script that sourced the common part, with nothing but the few tools."""
    # The common part adds the folders of system tools to PATH: here they would find too much.
    script = f"set -euo pipefail\nsource scripts/setup.bash\nPATH={machine}/bin\n{commands}"
    command = [str(machine / "bin/bash"), "-c", script]
    environment = {"PATH": f"{machine}/bin", "HOME": "", "TOLD": str(machine / "told")}
    return subprocess.run(
        command, cwd=machine, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_script_can_be_started_and_made(name: str) -> None:
    """`scripts/NAME` is a program of sound syntax, and `make NAME` starts it."""
    path = ROOT / "scripts" / name
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", str(path)], check=True)
    targets = (ROOT / "Makefile").read_text().partition(".PHONY:")[2].splitlines()[0]
    assert name in targets.split()


def test_a_package_that_may_not_be_installed_is_named_with_what_it_is_for(machine: Path) -> None:
    """Neither root nor sudo: the script says what will not work and goes on."""
    done = source(machine, "debian_packages chromium mosquitto; echo went on")
    assert done.returncode == 0
    assert done.stdout == "went on\n"
    assert "missing Debian package chromium: tests that look at the screens are" in done.stderr
    assert "missing Debian package mosquitto: " in done.stderr


def test_root_installs_what_is_missing_and_says_so(machine: Path) -> None:
    """Lists are fetched once, and only because something was missing."""
    program(machine / "bin", "id", "echo 0")
    program(machine / "bin", "apt-get", 'echo "$DEBIAN_FRONTEND $*" >>"$TOLD"')
    done = source(machine, "debian_packages chromium; debian_packages mosquitto bash")
    assert "installing from Debian: chromium\n" in done.stderr
    assert "installing from Debian: mosquitto\n" in done.stderr
    told = (machine / "told").read_text().splitlines()
    assert [line.split()[-1] for line in told] == ["update", "chromium", "mosquitto"]
    assert all(line.startswith("noninteractive ") for line in told)


def test_nothing_missing_asks_apt_nothing(machine: Path) -> None:
    """The second run must be quick, and must work without a network."""
    program(machine / "bin", "id", "echo 0")
    program(machine / "bin", "apt-get", 'echo "$*" >>"$TOLD"')
    program(machine / "bin", "mosquitto", "")
    done = source(machine, "debian_packages mosquitto")
    assert done.stderr == ""
    assert not (machine / "told").exists()


def test_one_package_that_cannot_be_had_keeps_none_of_the_others_away(machine: Path) -> None:
    """Debian's derivatives lack one or the other."""
    program(machine / "bin", "id", "echo 0")
    program(machine / "bin", "apt-get", 'echo "$*" >>"$TOLD"\n[[ "$*" != *chromium* ]]')
    done = source(machine, "debian_packages chromium mosquitto; echo went on")
    assert done.stdout == "went on\n"
    assert (machine / "told").read_text().splitlines()[-1].endswith("install-recommends mosquitto")


def test_without_a_python_that_is_new_enough_nothing_starts(machine: Path) -> None:
    """The version that is here is named."""
    program(machine / "bin", "python3", '[ "$1" = --version ] && echo Python 3.9.2')
    done = source(machine, "python_packages demo; echo went on")
    assert done.returncode != 0
    assert done.stdout == ""
    assert "Python 3.11 or newer is needed; here is Python 3.9.2" in done.stderr


def test_packages_are_installed_again_only_when_their_list_has_changed(machine: Path) -> None:
    """A stamp keeps the state; the developers' extra holds the others."""
    python = f"""case "$*" in
        *version_info*) echo {machine}/bin/python3 ;;
        "-m venv"*) mkdir -p .venv/bin && cp {machine}/bin/python3 .venv/bin/python ;;
        "-m pip"*) echo "${{@: -1}}" >>"$TOLD" ;;
        *) echo "Python 3.11.2 (main)" ;;
    esac"""
    for tool in ("mkdir", "cp"):
        (machine / "bin" / tool).symlink_to(f"/bin/{tool}")
    program(machine / "bin", "python3", python)
    install = "python_packages demo; python_packages dev; python_packages demo"
    assert source(machine, install).returncode == 0
    assert source(machine, install).stderr == ""
    assert (machine / "told").read_text() == ".[demo]\n.[dev]\n"
    with (machine / "setup.cfg").open("a") as settings:
        settings.write("# another dependency\n")
    assert "into .venv" in source(machine, "python_packages dev; python_packages demo").stderr
    assert (machine / "told").read_text() == ".[demo]\n.[dev]\n.[dev]\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose check and test only tell that they ran, and with what data."""
    tree = tmp_path / "checkout"
    (tree / "scripts").mkdir(parents=True)
    shutil.copytree(ROOT / ".ci", tree / ".ci")
    program(tree / "scripts", "check", "echo check")
    program(tree / "scripts", "test", 'echo "test ${KIOSK_DATA:-without data}"')
    return tree


def integrate(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run continuous integration, from a folder that is not the checkout."""
    clean = {key: value for key, value in os.environ.items() if key != "KIOSK_DATA"}
    return subprocess.run(
        [str(checkout / ".ci/run")],
        cwd="/",
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_integration_checks_then_tests(checkout: Path) -> None:
    """Without data beside the checkout, tests that need some are left to skip themselves."""
    assert integrate(checkout).stdout == "check\ntest without data\n"


def test_integration_finds_data_beside_the_checkout(checkout: Path) -> None:
    """Unless the environment names a folder already."""
    data = checkout.parent / "shared/data"
    data.mkdir(parents=True)
    assert integrate(checkout).stdout == f"check\ntest {data}\n"
    assert integrate(checkout, KIOSK_DATA="/mine").stdout == "check\ntest /mine\n"


def test_integration_stops_at_the_first_failure(checkout: Path) -> None:
    """A tree that breaks a rule is not tested."""
    program(checkout / "scripts", "check", "echo check; exit 3")
    done = integrate(checkout)
    assert done.stdout == "check\n"
    assert done.returncode != 0
