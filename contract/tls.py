"""How kiosk and platform speak to the broker: TLS 1.3, each side with a certificate."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contract.authority import refuse_no_authority, write_certificate
from contract.certificates import (
    Certificate,
    check,
    check_client,
    check_key,
    load_certificate,
    open_certificate,
)
from contract.errors import CertificateError
from contract.p256 import load_key

if TYPE_CHECKING:
    from contract.enrolment import Enrolled


class ClosingSocket(ssl.SSLSocket):
    """A socket that is closed where its handshake fails; paho would leave that to the collector."""

    def do_handshake(self, block: bool = False) -> None:
        """Shake hands as ever, or close."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where one side keeps its own key and certificate, and the authority that it believes."""

    key: Path
    certificate: Path
    authority: Path

    def checked(self, name: str, now_s: int) -> Certificate:
        """The own certificate, if it lets `name` speak at `now_s` (Unix seconds).

        Raises:
            KeyFileError: The key is missing, of another kind, or readable by others.
            CertificateError: A certificate is unreadable, or as `check`, `check_client` and
                `check_key` of `contract.certificates` have it.
        """
        own = load_certificate(self.certificate)
        self._check(own, load_certificate(self.authority), name, now_s)
        return own

    def _check(self, own: Certificate, authority: Certificate, name: str, now_s: int) -> None:
        refuse_no_authority(authority)
        check(own, authority, now_s, name)
        check_client(own)
        check_key(own, load_key(self.key))

    def take(self, answer: Enrolled, name: str, now_s: int) -> Certificate:
        """Put a new certificate in place of the one of before, if it is one for `name`.

        The authority is taken the first time alone: whom this side believes is nothing that an
        answer may change.

        Raises:
            KeyFileError: As `checked`.
            CertificateError: As `checked`; then the files are as before.
        """
        made = open_certificate(answer.certificate.encode())
        is_first = not self.authority.exists()
        authority = (
            open_certificate(answer.authority.encode())
            if is_first
            else load_certificate(self.authority)
        )
        self._check(made, authority, name, now_s)
        if is_first:
            write_certificate(self.authority, authority)
        write_certificate(self.certificate, made)
        return made

    def context(self, name: str, now_s: int) -> ssl.SSLContext:
        """What a connection needs; of the files as they are now, so that new ones count.

        Raises:
            KeyFileError: As `checked`.
            CertificateError: As `checked`.
        """
        self.checked(name, now_s)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.sslsocket_class = ClosingSocket
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        try:
            context.load_verify_locations(self.authority)
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise CertificateError(
                "unusable", f"{self.certificate} and {self.key} cannot be used: {error}"
            ) from error
        return context
