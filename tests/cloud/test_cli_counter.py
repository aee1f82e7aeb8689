"""The counter: a card is issued, lost, replaced, and the kiosks' list says so."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cloud.cli_counter import counter
from cloud.errors import CloudError
from contract.errors import KioskError
from contract.keys import FileSigner
from contract.revoked import load_revoked
from tests.contract.samples import ALICE

STAFF = "57aff00000000007"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The platform's keys."""
    FileSigner.new(tmp_path / "city.pem")
    FileSigner.new(tmp_path / "badges.pem")
    return tmp_path


def said(folder: Path, *arguments: str) -> Any:
    """What a command prints with `--json`."""
    where = ["--database", str(folder / "ledger.sqlite"), "--keys", str(folder), "--json"]
    result = CliRunner().invoke(counter, [*arguments, *where])
    if isinstance(result.exception, KioskError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def listed(folder: Path) -> tuple[str, ...]:
    """The ids on the list that the kiosks would get."""
    out = folder / "revoked.json"
    said(folder, "list", "--out", str(out))
    city = FileSigner.load(folder / "city.pem")
    return load_revoked(out.read_bytes(), {city.key_id: city.public}).ids


def test_a_lost_card_is_replaced_and_listed(folder: Path) -> None:
    """The second card of the account, and the first one's id on the list."""
    card = said(folder, "card", ALICE)
    assert listed(folder) == ()
    assert said(folder, "lost", card["card_id"], "--replace")["number"] == 2
    assert listed(folder) == (card["card_id"],)


def test_a_lost_badge_is_listed_as_well(folder: Path) -> None:
    """And is no card."""
    badge = said(folder, "badge", STAFF, "--role", "service", "--vehicle", "浙AD12345")
    with pytest.raises(CloudError, match=r"card .* was not issued here"):
        said(folder, "lost", badge["badge_id"])
    said(folder, "lost", badge["badge_id"], "--badge")
    assert listed(folder) == (badge["badge_id"],)


def test_what_nobody_could_mean_is_refused_by_name(folder: Path) -> None:
    """A role that there is not, and a badge to be replaced by its id."""
    with pytest.raises(CloudError, match="none of collection, service, calibration"):
        said(folder, "badge", STAFF, "--role", "king")
    with pytest.raises(CloudError, match="issue another"):
        said(folder, "lost", "0011223344556677", "--badge", "--replace")
