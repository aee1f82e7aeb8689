"""From the claim code to the broker and past the first renewal, with every process real."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cloud.cli import app as cloud_app
from contract import cli
from contract.catalogue import example, sign
from contract.certificates import PLATFORM, load_certificate
from contract.errors import CertificateError
from contract.keys import FileSigner
from contract.payloads import Ack, KioskState, decode, encode
from contract.platform_call import PlatformCall
from contract.tls import TlsFiles
from contract.topics import Topics
from controller.adapters.certificate import KioskCertificate, Renewal
from controller.adapters.mqtt_uplink import MqttUplink
from sim.stage.ports import free_port
from tests.contract.samples import EPOCH
from tests.contract.test_cli import call
from tests.contracts.city import City
from tests.contracts.test_uplink_tls import FixedClock

if TYPE_CHECKING:
    from collections.abc import Iterator

KIOSK = "hz-xihu-0001"
TOPICS = Topics("hangzhou", "xihu", KIOSK)


class Platform:
    """`kiosk cloud serve --tls` and its broker, in the folder of a new city."""

    def __init__(self, folder: Path) -> None:
        self.city = City(folder)
        self.broker = self.city.broker(free_port())
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        files = self.city.member(PLATFORM)
        files.key.rename(folder / "tls.key")
        files.certificate.rename(folder / "tls.crt")
        FileSigner.new(folder / "city.pem")
        operator = FileSigner.new(folder / "operator.pem")
        (folder / "operator.pub").write_text(operator.public.hex())
        (folder / "catalogue.json").write_bytes(sign(example(), operator))

    def start(self) -> None:
        """Return once it serves, and the broker let it in."""
        self.broker.start()
        folder, broker = str(self.city.folder), f"127.0.0.1:{self.broker.port}"
        arguments = ["serve", "--database", f"{folder}/ledger.sqlite", "--keys", folder, "--tls"]
        arguments += ["--broker", broker, "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from cloud.cli import app; app()", *arguments],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stderr is not None
        waited_for = {"platform ready", "broker connected"}
        while waited_for:
            line = self._process.stderr.readline()
            assert line, "the platform ended"
            waited_for = {words for words in waited_for if words not in line}

    def stop(self) -> None:
        """End both."""
        self._process.terminate()
        self._process.communicate(timeout=60)
        self.broker.kill()


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A running one."""
    platform = Platform(tmp_path / "city")
    platform.start()
    yield platform
    platform.stop()


def answered(platform: Platform, files: TlsFiles, now_s: int) -> Ack:
    """The kiosk comes online over TLS, and the ledger says how far it has it."""
    own = KioskCertificate(files, KIOSK, FixedClock(now_s))
    uplink = MqttUplink(
        "127.0.0.1",
        platform.broker.port,
        client_id=KIOSK,
        down_all=TOPICS.down_all,
        tls=own.context,
    )
    here = KioskState(kiosk=KIOSK, epoch=EPOCH, online=True, boot="b", outbox_depth=0, software="0")

    async def story() -> Ack:
        async with asyncio.timeout(60), uplink.connect() as line:
            await line.publish(TOPICS.state, encode(here), retain=True)
            _, payload = await anext(line.messages())
            return decode(Ack, payload)

    return asyncio.run(story())


def test_a_kiosk_is_enrolled_speaks_and_renews(
    platform: Platform, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator's commands as deploy/README.md has them, then 60 days later."""
    folder = tmp_path / "kiosk"
    folder.mkdir()
    _, invited = call(cloud_app, "invite", KIOSK, "--keys", platform.city.folder)
    arguments = ("--platform", platform.address, "--folder", folder, "--code", invited["code"])
    code, made = call(cli.keys, "enrol", KIOSK, *arguments)
    assert (code, made["name"]) == (0, KIOSK)
    files = TlsFiles(folder / "tls.key", folder / "tls.crt", folder / "ca.crt")
    assert answered(platform, files, platform.city.now_s).upto == 0

    old = load_certificate(files.certificate)
    clock = FixedClock(old.renew_from_s - 1)
    renewal = Renewal(files, KIOSK, platform.address, clock)
    assert not renewal.look()
    clock.now_s += 1
    assert renewal.look()
    new = load_certificate(files.certificate)
    assert new.serial != old.serial
    assert answered(platform, files, platform.city.now_s).upto == 0

    # Who is taken off the list keeps what it has, and gets no more.
    (platform.city.folder / "kiosks" / f"{KIOSK}.pub").unlink()
    clock.now_s = new.renew_from_s
    with caplog.at_level(logging.ERROR):
        assert not renewal.look()
    assert "event=certificate-not-renewed code=unknown-kiosk" in caplog.text
    assert load_certificate(files.certificate) == new


def test_a_platform_that_is_away_or_not_safe_to_ask_is_named(tmp_path: Path) -> None:
    """Nothing is sent to a plain address, for a claim code would be read on the way."""
    for address in ("http://platform.example", "ftp://127.0.0.1", "platform.example"):
        with pytest.raises(CertificateError, match="no https address"):
            PlatformCall(address, tmp_path / "ca.crt")
    arguments = ("--platform", f"http://127.0.0.1:{free_port()}", "--folder", tmp_path)
    with pytest.raises(CertificateError, match="is not reached"):
        call(cli.keys, "enrol", KIOSK, *arguments, "--code", "0000")
    assert not (tmp_path / "tls.crt").exists()
