"""Asking the platform for a certificate: whatever answers, whoever asks hears of it by a code."""

from __future__ import annotations

import socket
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from contract.enrolment import RENEW_PATH, Renew
from contract.errors import CertificateError
from contract.platform_call import PlatformCall

if TYPE_CHECKING:
    from pathlib import Path

ASKED = Renew(certificate="c", request="r", sig="A" * 86)

CHUNKED = b"HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [CHUNKED + b"40\r\n<html>", CHUNKED + b"9c40\r\n" + b"[" * 40_000 + b"\r\n0\r\n\r\n"],
    ids=["cut", "nested"],
)
def test_a_refusal_that_nobody_can_read_is_a_refusal(tmp_path: Path, answer: bytes) -> None:
    """A gateway's page that breaks off, or is nonsense: the kiosk asks again another day."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_answer_once, args=(server, answer))
        thread.start()
        platform = PlatformCall(f"http://127.0.0.1:{server.getsockname()[1]}", tmp_path / "ca.crt")
        with pytest.raises(CertificateError) as refused:
            platform.send(RENEW_PATH, ASKED)
        thread.join()
    assert refused.value.code == "refused"


def _answer_once(server: socket.socket, answer: bytes) -> None:
    line, _ = server.accept()
    with line:
        heard = b""
        while not heard.endswith(b"}"):
            heard += line.recv(65_536)
        line.sendall(answer)
