"""The command `kiosk`: what it lists, what it imports, and how it says no."""

from __future__ import annotations

import json
import subprocess
import sys
from configparser import ConfigParser
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

import kiosk_cli

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ConfigParser()
SETTINGS.read(ROOT / "setup.cfg")

PROBE = """
import typer
from contract.errors import KioskError

app = typer.Typer(add_completion=False)

@app.command()
def probe(what: str, loud: bool = False):
    if what == "refuse":
        raise KioskError("pan of bay a does not settle: take everything off it")
    if what == "refuse together":
        refused = KioskError("bay a has no node"), KioskError("bay b has no node")
        raise ExceptionGroup("both", [ExceptionGroup("links", refused)])
    if what == "fail":
        raise ZeroDivisionError("our own mistake")
    if what == "spell":
        "\\udcff".encode()
    if what == "false":
        raise typer.Exit(1)
    print("LOUD" if loud else "quiet")
"""


def declared() -> EntryPoints:
    """The commands that setup.cfg declares."""
    text = SETTINGS["options.entry_points"]["kiosk.commands"]
    pairs = (line.split(" = ") for line in text.strip().splitlines())
    return EntryPoints(EntryPoint(name, value, kiosk_cli.GROUP) for name, value in pairs)


def run(arguments: list[str], *entries: tuple[str, str]) -> int:
    """Run `kiosk` over entries of (name, value); return its exit code."""
    made = [EntryPoint(name, value, kiosk_cli.GROUP) for name, value in entries]
    with pytest.raises(SystemExit) as ended:
        kiosk_cli.run(made or declared(), arguments)
    code = ended.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture(autouse=True)
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages that some kiosk has beside ours."""
    (tmp_path / "probe.py").write_text(PROBE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "probe", raising=False)
    return tmp_path


def test_help_lists_every_command_with_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever types `kiosk --help` sees all there is."""
    assert run(["--help"]) == 0
    listed = capsys.readouterr().out
    for entry in declared():
        assert f" {entry.name} " in listed
        assert kiosk_cli.SUMMARIES[entry.name].help[:30] in listed


def test_help_imports_no_package() -> None:
    """So that it comes at once, on a Pi too."""
    program = (
        "import json, sys, kiosk_cli\n"
        "try:\n    kiosk_cli.main()\n"
        "except SystemExit:\n    print(json.dumps(sorted(sys.modules)))\n"
    )
    command = [sys.executable, "-c", program, "--help"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    modules = json.loads(said.splitlines()[-1])
    tops = {module.partition(".")[0] for module in modules}
    assert "typer" in tops
    assert not tops & {"contract", "controller", "sim", "cloud", "vision", "numpy", "nicegui"}


@pytest.mark.parametrize("entry", declared(), ids=lambda entry: entry.name)
def test_each_declared_command_is_there(
    entry: EntryPoint, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every line of setup.cfg leads to a command that explains itself."""
    assert run([entry.name, "--help"]) == 0
    assert f"kiosk {entry.name}" in capsys.readouterr().out


def test_a_group_with_one_command_stays_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    """`kiosk ledger verify JOURNAL` keeps its verb."""
    assert run(["ledger", "verify", "--help"]) == 0
    assert "kiosk ledger verify" in capsys.readouterr().out


def test_a_single_command_needs_no_second_name(capsys: pytest.CaptureFixture[str]) -> None:
    """As in `kiosk demo --headless`."""
    assert run(["probe", "this", "--loud"], ("probe", "probe:app")) == 0
    assert capsys.readouterr().out == "LOUD\n"


def test_what_is_false_exits_with_one() -> None:
    """A command's own exit code reaches the shell."""
    assert run(["probe", "false"], ("probe", "probe:app")) == 1


def test_a_refusal_is_one_line_and_exit_two(capsys: pytest.CaptureFixture[str]) -> None:
    """An error that is meant for people comes without a traceback."""
    assert run(["probe", "refuse"], ("probe", "probe:app")) == 2
    said = capsys.readouterr().err
    assert said == "kiosk: pan of bay a does not settle: take everything off it\n"


def test_refusals_of_parallel_tasks_are_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    """Task groups wrap errors in groups; nobody should have to know."""
    assert run(["probe", "refuse together"], ("probe", "probe:app")) == 2
    assert capsys.readouterr().err == "kiosk: bay a has no node\nkiosk: bay b has no node\n"


def test_bytes_that_are_no_text_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A name typed in another encoding than the machine's, which no database takes."""
    assert run(["probe", "spell"], ("probe", "probe:app")) == 2
    said = capsys.readouterr().err
    assert said == "kiosk: '\\udcff' is no text in UTF-8: name it otherwise\n"


def test_our_own_mistakes_are_not_hidden() -> None:
    """What nobody foresaw shows its traceback."""
    entry = EntryPoint("probe", "probe:app", kiosk_cli.GROUP)
    with pytest.raises(ZeroDivisionError):
        kiosk_cli.run([entry], ["probe", "fail"])


def test_a_missing_extra_is_named(packages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A kiosk without the platform's packages says how to get them, and has the rest."""
    (packages / "platform_probe.py").write_text("import sqlalchemy_that_is_not_here")
    entries = ("cloud", "platform_probe:app"), ("probe", "probe:app")
    assert run(["cloud", "serve"], *entries) == 2
    said = capsys.readouterr().err
    assert "sqlalchemy_that_is_not_here" in said
    assert "pip install 'recycling-kiosk[cloud]'" in said
    assert run(["probe", "this"], *entries) == 0
    assert run(["--help"], *entries) == 0


def test_a_missing_module_of_ours_is_our_mistake(packages: Path) -> None:
    """No extra would bring it."""
    (packages / "platform_probe.py").write_text("import probe.nothing")
    entry = EntryPoint("cloud", "platform_probe:app", kiosk_cli.GROUP)
    ours = EntryPoint("probe", "probe:app", kiosk_cli.GROUP)
    with pytest.raises(ModuleNotFoundError):
        kiosk_cli.run([entry, ours], ["cloud"])


def test_a_package_that_is_not_installed_is_not_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """A wheel holds no `bench`, so it offers none."""
    entries = ("bench", "bench_that_is_not_here.cli:app"), ("probe", "probe:app")
    assert run(["--help"], *entries) == 0
    assert " bench " not in capsys.readouterr().out
    assert run(["bench"], *entries) == 2
    assert "No such command" in capsys.readouterr().err


def test_version_is_the_distribution_s(capsys: pytest.CaptureFixture[str]) -> None:
    """`kiosk --version` says what pip says."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"kiosk {SETTINGS['metadata']['version']}\n"
