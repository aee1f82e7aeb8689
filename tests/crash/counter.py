"""Where residents hand in receipts: the platform's API, as anybody on the net finds it."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any

PATIENCE_S = 60.0


class Counter:
    """The claims of a platform that listens on `port` of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    def claim(self, code: str | bytes) -> tuple[int, str]:
        """Hand in a receipt's code or its line; the status, and the outcome or why not."""
        text = code.decode() if isinstance(code, bytes) else code
        status, answer = self._post("/api/claims", {"receipt": [text]})
        return status, answer["outcome" if status == 200 else "code"]

    def _post(self, path: str, body: object) -> tuple[int, dict[str, Any]]:
        line = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        line.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = line.getresponse()
        try:
            return answer.status, json.loads(answer.read())
        finally:
            line.close()
