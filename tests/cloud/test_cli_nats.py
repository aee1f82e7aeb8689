"""Who may speak at NATS, out of the platform's folder; `tests/test_deploy.py` has real nodes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cloud.cli import app
from cloud.errors import FleetError
from cloud.fleet.nats_users import nats_users
from contract.errors import CertificateError


def written(keys: Path, out: Path, *more: str) -> Any:
    """What `kiosk cloud nats-users` says."""
    asked = ["nats-users", "--keys", str(keys), "--out", str(out), *more]
    result = CliRunner().invoke(app, [*asked, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_each_kiosk_on_file_has_an_entry(tmp_path: Path) -> None:
    """No more and no less, once each; what is no kiosk's is named and never becomes a rule."""
    out, kiosks = tmp_path / "users.conf", tmp_path / "kiosks"
    (kiosks / "retired").mkdir(parents=True)
    for name in ("hz-2", "hz-1", "gr.v1.>", "platform.ledger", 'x" }'):
        (kiosks / f"{name}.pub").write_text("0" * 64)
    (kiosks / "retired" / "hz-3.2026-11-27.pub").write_text("0" * 64)
    told = written(tmp_path, out, "--worker", "a")
    assert (told["kiosks"], told["changed"]) == (2, True)
    assert told["left_out"] == ["gr.v1.>", "platform.ledger", 'x" }']
    assert out.read_text() == nats_users(["hz-1", "hz-2", "hz-1"], ["a"])
    assert out.read_text().count("MQTT") == 2 + 2  # a type and a subject each
    again = written(tmp_path, out, "--worker", "a")
    assert (again["workers"], again["changed"]) == (["a"], False)
    (kiosks / "hz-1.pub").unlink()
    assert written(tmp_path, out)["changed"]
    assert "hz-1" not in out.read_text() and "ledger-a" not in out.read_text()


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Another folder, no room for the file, a worker's name that would be a rule."""
    (tmp_path / "kiosks").mkdir()
    for keys, out, code in (
        (tmp_path / "none", tmp_path / "users.conf", "no-kiosks"),
        (tmp_path, tmp_path / "none" / "users.conf", "not-written"),
    ):
        asked = ["nats-users", "--keys", str(keys), "--out", str(out)]
        error = CliRunner().invoke(app, asked).exception
        assert isinstance(error, FleetError) and error.code == code
    with pytest.raises(CertificateError, match="nobody can be called"):
        nats_users([], ['a" }'])
