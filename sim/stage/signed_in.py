"""The demo's residents before the platform's API: signed in to demo accounts, on this machine."""

from __future__ import annotations

from typing import Any

import httpx

NOT_SIGNED_IN = 401


class SignedIn:
    """Asks the platform what only the account's own resident is told.

    Args:
        platform: The platform's address.
    """

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._tokens: dict[str, str] = {}

    async def get(self, account: str, what: str = "") -> Any:
        """What the API says of an account, signing in first where that is not done or has ended.

        `what` is the end of the address, as in `/code`.

        Raises:
            httpx.HTTPError: The platform does not answer, or refuses.
        """
        async with httpx.AsyncClient(trust_env=False, base_url=self._platform) as client:
            path = f"/api/accounts/{account}{what}"
            answer = await client.get(path, headers=self._shown(account))
            if answer.status_code == NOT_SIGNED_IN:
                made = await client.post("/api/sign-in/demo", json={"account": account})
                self._tokens[account] = made.raise_for_status().json()["token"]
                answer = await client.get(path, headers=self._shown(account))
            return answer.raise_for_status().json()

    def _shown(self, account: str) -> dict[str, str]:
        token = self._tokens.get(account)
        return {"Authorization": f"Bearer {token}"} if token else {}
