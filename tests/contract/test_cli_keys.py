"""`kiosk keys`: a city's certificates made by hand, as an operator does it."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract import cli
from contract.errors import CertificateError, KeyFileError
from tests.contract.test_cli import call

KIOSK = "hz-xihu-0001"


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    """The folder of a new authority."""
    folder = tmp_path / "ca"
    folder.mkdir()
    assert call(cli.keys, "ca", "new", folder, "--name", "Hangzhou kiosks")[0] == 0
    return folder


def ask(folder: Path) -> Path:
    """A kiosk's request."""
    key, out = folder / "tls.key", folder / "tls.csr"
    assert call(cli.keys, "csr", KIOSK, "--key", key, "--out", out)[0] == 0
    return out


def test_from_the_request_to_a_certificate_that_is_good_today(tmp_path: Path, ca: Path) -> None:
    """`ca new`, `csr`, `sign`, `show`: the names and times that people compare."""
    arguments = ("--name", KIOSK, "--ca", ca, "--out", tmp_path / "tls.crt")
    _, made = call(cli.keys, "sign", ask(tmp_path), *arguments)
    assert made["holds_from"] < made["renew_from"] < made["holds_until"]
    code, found = call(cli.keys, "show", tmp_path / "tls.crt", "--ca", ca / "ca.crt")
    assert (code, found) == (0, {"valid": True} | made)


def test_a_certificate_of_another_city_is_false(tmp_path: Path, ca: Path) -> None:
    """Exit 1, with the code."""
    (tmp_path / "other").mkdir()
    call(cli.keys, "ca", "new", tmp_path / "other", "--name", "Elsewhere")
    call(cli.keys, "broker", "broker.example", "--ca", ca, "--folder", tmp_path)
    authority = tmp_path / "other" / "ca.crt"
    code, found = call(cli.keys, "show", tmp_path / "broker.crt", "--ca", authority)
    assert (code, found["valid"], found["code"]) == (1, False, "other-authority")


def test_a_request_in_another_name_is_not_signed(tmp_path: Path, ca: Path) -> None:
    """The operator says whose it should be."""
    arguments = ("--name", "hz-xihu-0002", "--ca", ca, "--out", tmp_path / "tls.crt")
    with pytest.raises(CertificateError, match="request of hz-xihu-0001, not of hz-xihu-0002"):
        call(cli.keys, "sign", ask(tmp_path), *arguments)
    assert not (tmp_path / "tls.crt").exists()


def test_the_authoritys_key_must_be_its_owners_alone(tmp_path: Path, ca: Path) -> None:
    """Who can read it can be every kiosk."""
    (ca / "ca.key").chmod(0o644)
    with pytest.raises(KeyFileError, match=r"ca\.key has mode 644"):
        call(cli.keys, "broker", "broker.example", "--ca", ca, "--folder", tmp_path)
