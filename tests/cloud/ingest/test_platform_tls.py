"""What the operator hears at once when the platform's files for TLS and enrolment are wrong."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud.build import open_enrolment, open_platform
from cloud.cli import app
from cloud.errors import EnrolError
from contract.authority import Authority, write_certificate
from contract.certificates import PLATFORM, open_request, request
from contract.errors import CertificateError, KeyFileError
from contract.p256 import open_key

BROKER = ("127.0.0.1", 8883)


def provision(folder: Path, name: str, days_ago: int = 0) -> None:
    """The platform's own certificate, in this name."""
    made_s = int(time.time()) - days_ago * 86_400
    authority = Authority.load(folder) if (folder / "ca.key").exists() else None
    authority = authority or Authority.new(folder, "Hangzhou kiosks", made_s)
    asked = open_request(request(open_key(folder / "tls.key"), name))
    write_certificate(folder / "tls.crt", authority.sign(asked, made_s))


def test_a_certificate_that_would_not_do_stops_the_start(folder: Path) -> None:
    """Somebody looks on, so it is named; later ones are only logged and tried again."""
    database = folder / "ledger.sqlite"
    with pytest.raises(CertificateError, match=r"tls\.crt cannot be read"):
        open_platform(database, folder, BROKER, tls=True)
    for name, days_ago, code in ((PLATFORM, 91, "expired"), ("hz-xihu-0001", 0, "other-name")):
        provision(folder, name, days_ago)
        with pytest.raises(CertificateError) as error:
            open_platform(database, folder, BROKER, tls=True)
        assert error.value.code == code
    provision(folder, PLATFORM)
    open_platform(database, folder, BROKER, tls=True)


def test_without_an_authority_nobody_is_enrolled(folder: Path) -> None:
    """The platform runs; who makes a claim code hears what is missing."""
    assert open_enrolment(folder) is None
    result = CliRunner().invoke(app, ["invite", "hz-xihu-0001", "--keys", str(folder)])
    assert "kiosk keys ca new" in str(result.exception)


def test_an_authority_that_others_can_read_is_none(folder: Path) -> None:
    """Whoever has its key can be every kiosk at the broker."""
    Authority.new(folder, "Hangzhou kiosks", 1_795_500_000)
    (folder / "ca.key").chmod(0o640)
    with pytest.raises(KeyFileError, match=r"ca\.key has mode 640"):
        open_enrolment(folder)


def test_nobody_is_invited_under_a_name_that_is_a_rule(folder: Path) -> None:
    """Neither a wildcard nor the platform itself."""
    Authority.new(folder, "Hangzhou kiosks", 1_795_500_000)
    for name in ("+", PLATFORM, "a/b"):
        result = CliRunner().invoke(app, ["invite", name, "--keys", str(folder)])
        assert isinstance(result.exception, EnrolError)
        assert result.exception.code == "name"
