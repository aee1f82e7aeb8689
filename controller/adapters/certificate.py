"""The kiosk's certificate for the broker: checked before each connection, renewed in time.

Nothing here stops a kiosk: without a certificate that holds it goes on, and its records wait.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from contract.certificates import load_certificate
from contract.enrolment import RENEW_PATH, ask_again
from contract.errors import ContractError
from contract.p256 import load_key
from contract.platform_call import PlatformCall
from controller.ports import UplinkBarredError

if TYPE_CHECKING:
    import ssl

    from contract.tls import TlsFiles
    from controller.ports import Clock

_log = logging.getLogger(__name__)

LOOK_EVERY_S = 6 * 3600.0
"""Of 90 days a third is left when it is first asked for: 120 attempts."""

DAY_S = 86_400


class KioskCertificate:
    """What this kiosk shows to the broker.

    Args:
        files: Where key, certificate and authority lie.
        kiosk: The kiosk's id, which must be the certificate's name.
        clock: Says whether it holds.
    """

    def __init__(self, files: TlsFiles, kiosk: str, clock: Clock) -> None:
        self._files = files
        self._kiosk = kiosk
        self._clock = clock

    def context(self) -> ssl.SSLContext:
        """What a connection needs, out of the files as they are now.

        Raises:
            UplinkBarredError: They would not let this kiosk in; its code is the contract's.
        """
        try:
            return self._files.context(self._kiosk, self._clock.utc_s())
        except ContractError as error:
            raise UplinkBarredError(error.code, error.message) from error


class Renewal:
    """Asks the platform for the next certificate from two thirds of the present one's life on.

    Args:
        files: Where key, certificate and authority lie; the key stays.
        kiosk: The kiosk's id.
        platform: The address of the platform's API.
        clock: Says when it is due.
    """

    def __init__(self, files: TlsFiles, kiosk: str, platform: str, clock: Clock) -> None:
        self._files = files
        self._kiosk = kiosk
        self._platform = platform
        self._clock = clock

    async def run(self) -> None:
        """Look four times a day until cancelled."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK_EVERY_S)

    def look(self) -> bool:
        """Whether a new certificate was taken. Blocks; what fails is logged and tried again."""
        try:
            old = load_certificate(self._files.certificate)
            now_s = self._clock.utc_s()
            if now_s < old.renew_from_s:
                return False
            asked = ask_again(old, load_key(self._files.key))
            answer = PlatformCall(self._platform, self._files.authority).send(RENEW_PATH, asked)
            made = self._files.take(answer, self._kiosk, now_s)
        except ContractError as error:
            _log.error("event=certificate-not-renewed code=%s reason=%s", error.code, error)
            return False
        days = (made.not_after_s - now_s) // DAY_S
        _log.info("event=certificate-renewed serial=%s days=%d", made.serial, days)
        return True
