"""What the operator hears at once when the platform's files for TLS and enrolment are wrong."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

import aiomqtt
import pytest
from typer.testing import CliRunner

from cloud.build import open_enrolment, open_platform
from cloud.cli import app
from cloud.errors import EnrolError
from contract.authority import Authority, write_certificate
from contract.certificates import PLATFORM, open_request, platform_name, request
from contract.errors import CertificateError, KeyFileError
from contract.p256 import open_key
from tests.cloud.conftest import KIOSKS
from tests.cloud.ingest.test_mqtt import TOPICS, next_ack, running, state
from tests.contracts.city import City

BROKER = ("127.0.0.1", 8883)


def provision(folder: Path, name: str, days_ago: int = 0, files: str = "tls") -> None:
    """The platform's own certificate, in this name."""
    made_s = int(time.time()) - days_ago * 86_400
    authority = Authority.load(folder) if (folder / "ca.key").exists() else None
    authority = authority or Authority.new(folder, "Hangzhou kiosks", made_s)
    asked = open_request(request(open_key(folder / f"{files}.key"), name))
    write_certificate(folder / f"{files}.crt", authority.sign(asked, made_s))


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


def test_workers_do_not_take_each_others_place(
    folder: Path, free_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    """The broker goes by names alone and lets each in once: so each worker has its own."""
    caplog.set_level("INFO", "cloud.ingest.mqtt")
    city = City(folder)
    broker = city.broker(free_port)
    at = ("127.0.0.1", free_port)
    provision(folder, PLATFORM)
    workers = ("", "a", "b")
    for worker in workers[1:]:
        provision(folder, platform_name(worker), files=f"tls-{worker}")
    platforms = [
        open_platform(folder / f"ledger{one}.sqlite", folder, at, tls=True, worker=one)
        for one in workers
    ]
    shown = city.member(KIOSKS[0]).context(KIOSKS[0], city.now_s)

    async def story() -> None:
        async with AsyncExitStack() as stack:
            kiosk = await stack.enter_async_context(aiomqtt.Client(*at, tls_context=shown))
            await kiosk.subscribe(TOPICS.down_all, 1)
            await kiosk.publish(TOPICS.state, state(), qos=1, retain=True)
            for one in platforms:
                await stack.enter_async_context(running(one.listener))
                await next_ack(kiosk)

    broker.start()
    try:
        asyncio.run(story())
    finally:
        broker.kill()
    assert caplog.text.count("broker connected") == len(workers)
    assert "broker lost" not in caplog.text


def test_a_missing_key_is_told_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Acks and commands go by the same key."""
    open_platform(folder / "ledger.sqlite", folder, BROKER)
    assert caplog.text.count("acks are not signed") == 1


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
