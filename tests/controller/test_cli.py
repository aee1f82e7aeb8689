"""`kiosk run` refuses a kiosk that cannot be, in one line that the installer can act on."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from contract.catalogue import example, sign
from contract.errors import KioskError
from contract.keys import FileSigner, SeedSigner
from controller.cli import app
from vision.errors import VisionError

CONFIG = """
kiosk = "hz-xihu-0001"
city = "hangzhou"
district = "xihu"
[[bays]]
name = "a"
bins = [{ index = 0, stream = "plastic" }]
"""


def refusal(folder: Path, config: str = CONFIG) -> str:
    """What `kiosk run` says of a folder with this configuration."""
    path = folder / "kiosk.toml"
    path.write_text(config)
    result = CliRunner().invoke(app, ["--config", str(path)])
    assert isinstance(result.exception, KioskError | VisionError), result.output
    return str(result.exception)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A provisioned kiosk's folder."""
    operator, city = SeedSigner(b"o" * 32), SeedSigner(b"c" * 32)
    FileSigner.new(tmp_path / "kiosk.pem")
    (tmp_path / "operator.pub").write_text(operator.public.hex())
    (tmp_path / "city.pub").write_text(city.public.hex())
    (tmp_path / "catalogue.json").write_bytes(sign(example(), operator))
    return tmp_path


def test_a_broken_key_is_named_with_its_file(folder: Path) -> None:
    """An unknown key stops the start before anything moves."""
    said = refusal(folder, CONFIG + "colour = 'blue'\n")
    assert "kiosk.toml: key 'bays.0.colour'" in said


def test_a_missing_key_file_is_named(folder: Path) -> None:
    """A kiosk without its key cannot sign, so it does not start."""
    (folder / "kiosk.pem").unlink()
    assert "kiosk.pem cannot be read" in refusal(folder)


def test_a_catalogue_of_somebody_else_is_refused(folder: Path) -> None:
    """Prices come from the operator, or there are none."""
    (folder / "catalogue.json").write_bytes(sign(example(), SeedSigner(b"x" * 32)))
    assert "catalogue.json can be used: catalogue is signed by key" in refusal(folder)


def test_a_bad_delivery_does_not_stop_the_start(folder: Path) -> None:
    """The kiosk has kept the one before; it comes as far as the next thing that is missing."""
    pictured = CONFIG + 'empty_picture = "empty.png"\n'
    assert "empty.png" in refusal(folder, pictured)
    (folder / "catalogue.json").write_bytes(b"half a fi")
    assert "empty.png" in refusal(folder, pictured)


def test_a_missing_picture_of_the_empty_chamber_is_named(folder: Path) -> None:
    """What the configuration names must be there."""
    said = refusal(folder, CONFIG + 'empty_picture = "empty.png"\n')
    assert "empty.png" in said


def test_a_missing_certificate_does_not_stop_the_start(folder: Path) -> None:
    """It stops the sync alone; the kiosk comes as far as the next thing that is missing."""
    pictured = CONFIG + 'empty_picture = "empty.png"\n[uplink.tls]\n'
    assert "empty.png" in refusal(folder, pictured)


def test_a_key_that_others_can_read_stops_the_start(folder: Path) -> None:
    """Whoever has a copy signs deposits that never happened."""
    (folder / "kiosk.pem").chmod(0o644)
    assert "kiosk.pem has mode 644" in refusal(folder)


def test_another_kiosks_journal_is_refused(folder: Path) -> None:
    """A journal that was moved between cabinets is nobody's."""
    from controller.adapters.journal.sqlite_journal import SqliteJournal

    path = folder / "journal.sqlite"
    signer = FileSigner.load(folder / "kiosk.pem")
    SqliteJournal(path, kiosk="hz-other", signer=signer, epoch_source=lambda: "0" * 16).close()
    assert "belongs to kiosk hz-other" in refusal(folder)
