"""A city with an authority, and a mosquitto that goes by the very files of `deploy/`."""

from __future__ import annotations

import os
import ssl
import time
from pathlib import Path

from contract.authority import Authority, write_certificate
from contract.certificates import open_request, request
from contract.p256 import open_key
from contract.tls import ClosingSocket, TlsFiles
from tests.contracts.brokers import BrokerProcess, mosquitto_path

DEPLOY = Path(__file__).parents[2] / "deploy" / "mosquitto"
DAY_S = 86_400


class City:
    """Signs what its members need; everything lies under `folder`."""

    def __init__(self, folder: Path, name: str = "Hangzhou kiosks") -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.now_s = int(time.time())
        self.authority = Authority.new(folder, name, self.now_s)

    def member(self, name: str, *, days: int = 90, days_ago: int = 0) -> TlsFiles:
        """Key and certificate of a kiosk, or of the platform, made so long ago."""
        files = self.files(name)
        asked = open_request(request(open_key(files.key), name))
        made_s = self.now_s - days_ago * DAY_S
        write_certificate(files.certificate, self.authority.sign(asked, made_s, days))
        return files

    def files(self, name: str) -> TlsFiles:
        """Where a member's files lie."""
        return TlsFiles(
            self.folder / f"{name}.key", self.folder / f"{name}.crt", self.folder / "ca.crt"
        )

    def broker(self, port: int) -> BrokerProcess:
        """A mosquitto with `deploy/mosquitto/`, moved to this folder and to loopback."""
        program = mosquitto_path()
        key = open_key(self.folder / "broker.key")
        signed = self.authority.sign_broker(key.public_key(), "127.0.0.1", self.now_s)
        write_certificate(self.folder / "broker.crt", signed)
        text = (DEPLOY / "kiosks.conf").read_text()
        (self.folder / "kiosks.acl").write_text((DEPLOY / "kiosks.acl").read_text())
        moved = {
            "listener 8883": f"listener {port} 127.0.0.1",
            "/etc/mosquitto/certs": str(self.folder),
            "/etc/mosquitto": str(self.folder),
        }
        for there, here in moved.items():
            assert there in text
            text = text.replace(there, here)
        if os.geteuid() == 0:
            # Started by root it turns into its own user, who must find its files.
            text += "user root\n"
        config = self.folder / "mosquitto.conf"
        config.write_text(text)
        return BrokerProcess([program, "-c", str(config)], port)


def shown(files: TlsFiles) -> ssl.SSLContext:
    """A connection that shows these files without looking at them first, as a forger would."""
    context = ssl.create_default_context(cafile=str(files.authority))
    context.sslsocket_class = ClosingSocket
    if files.key.exists():
        context.load_cert_chain(files.certificate, files.key)
    return context
