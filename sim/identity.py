"""Who is who in a run: keys, epoch and ids, all from the seed, so that a run repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.keys import SeedSigner
from sim.chance import rng, secret

if TYPE_CHECKING:
    from collections.abc import Callable

SOFTWARE = "simulated"


class Identity:
    """The keys and ids of one kiosk in a run; for simulation only, anybody can compute them.

    Args:
        seed: The kiosk's.
        city_seed: The run's, from which city and accounts come; that of the kiosk if not given.
        key_seed: Of the kiosk whose key it signs with; its own if not given.
    """

    def __init__(
        self, seed: int, city_seed: int | None = None, key_seed: int | None = None
    ) -> None:
        self._seed = seed
        self._city_seed = seed if city_seed is None else city_seed
        self.kiosk = SeedSigner(secret(seed if key_seed is None else key_seed, "kiosk"))
        self.city = SeedSigner(secret(self._city_seed, "city"))
        self.ledger = SeedSigner(secret(self._city_seed, "ledger"))
        self._epochs = 0
        self._boots = 0
        self.sessions = 0

    def new_epoch(self) -> str:
        """The epoch (16 hex digits) of the journal's next file."""
        self._epochs += 1
        return secret(self._seed, "epoch", str(self._epochs)).hex()[:16]

    def new_boot(self) -> str:
        """What the next start of the software is called (8 hex digits)."""
        self._boots += 1
        return secret(self._seed, "boot", str(self._boots)).hex()[:8]

    def account(self, name: str) -> str:
        """The green account (16 hex digits) of somebody called `name` in the scenario."""
        return secret(self._city_seed, "account", name).hex()[:16]

    def new_session(self) -> str:
        """A fresh session id; `sessions` counts them."""
        self.sessions += 1
        return secret(self._seed, "session", str(self.sessions)).hex()[:12]

    def nonces(self, bay: str) -> Callable[[], int]:
        """Gives the host nonces of a bay's link, 32 bits."""
        source = rng(self._seed, bay, "nonce")
        return lambda: source.getrandbits(32)

    def command_ids(self) -> Callable[[], str]:
        """Gives the ids of the platform's commands, 16 hex digits."""
        source = rng(self._city_seed, "command ids")
        return lambda: source.randbytes(8).hex()

    def code_ids(self) -> Callable[[], bytes]:
        """Gives the ids of residents' codes, 8 bytes."""
        source = rng(self._city_seed, "code ids")
        return lambda: source.randbytes(8)
