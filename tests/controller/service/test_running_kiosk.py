"""`kiosk diag` against `kiosk run`: two processes, a real journal, and no hardware at all."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contract.badge import Role, issue_badge
from contract.catalogue import example, sign
from contract.journal import open_journal
from contract.keys import FileSigner, SeedSigner
from controller.cli_diag import diag
from sim.stage.ports import free_port

OFFICE = SeedSigner(b"o" * 32)
STARTS_S = 60.0


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[str]:
    """A kiosk that runs in this folder; its address."""
    port = free_port()
    operator, city = SeedSigner(b"p" * 32), SeedSigner(b"c" * 32)
    FileSigner.new(tmp_path / "kiosk.pem")
    for name, signer in (("operator", operator), ("city", city), ("office", OFFICE)):
        (tmp_path / f"{name}.pub").write_text(signer.public.hex())
    (tmp_path / "catalogue.json").write_bytes(sign(example(), operator))
    (tmp_path / "kiosk.toml").write_text(
        f"""
        kiosk = "hz-xihu-0001"
        city = "hangzhou"
        district = "xihu"
        screen_port = {port}
        [[bays]]
        name = "a"
        port = "{tmp_path}/no-such-port"
        camera = "97"
        bins = [{{ index = 0, stream = "plastic" }}]
        [files]
        badge_keys = ["office.pub"]
        """
    )
    command = [sys.executable, "-c", "from controller.cli import app; app()"]
    process = subprocess.Popen(
        [*command, "--config", str(tmp_path / "kiosk.toml")], stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    until_it_serves(address)
    yield address
    process.terminate()
    process.wait()


def until_it_serves(address: str) -> None:
    """Wait for its pages."""
    ends_s = time.monotonic() + STARTS_S
    while True:
        try:
            with urllib.request.urlopen(f"{address}/service", timeout=5):
                return
        except OSError:
            assert time.monotonic() < ends_s, "the kiosk does not start"
            time.sleep(0.2)


def test_a_kiosk_without_hardware_is_diagnosed(kiosk: str, tmp_path: Path) -> None:
    """Its node and its camera are named as lost, its journal is good, and all is on record."""
    now_s = int(time.time())
    text = issue_badge(
        OFFICE, "7ec0000000000001", now_s, roles=[Role.SERVICE], badge_id=b"badge001"
    )
    (tmp_path / "badge.txt").write_text(text)
    told = {}
    for check, bay, verdict in (("node-link", "a", "bad"), ("journal", "", "good")):
        arguments = ["run", check, "--bay", bay, "--json", "--address", kiosk]
        ran = CliRunner().invoke(diag, [*arguments, "--badge", str(tmp_path / "badge.txt")])
        told[check] = json.loads(ran.stdout)
        assert told[check]["verdict"] == verdict, ran.output
    assert told["node-link"]["do"] == "node-lost"
    arguments = ["audit", "--json", "--address", kiosk, "--badge", str(tmp_path / "badge.txt")]
    ran = CliRunner().invoke(diag, arguments)
    points = {row["point"]: row for row in json.loads(ran.stdout)["points"]}
    assert (ran.exit_code, points["measuring"]["verdict"]) == (1, "fail")
    assert points["dress"]["do"] == "journal-young"
    assert points["dress"]["detail"] == ""
    with open_journal(tmp_path / "journal.sqlite").open() as reading:
        lines = [json.loads(row.line) for row in reading.rows()]
    served = [line["body"]["what"] for line in lines if line["kind"] == "service"]
    assert served[0] == "service begun as service: ok"
    assert served[-2] == "service ended (left): ok"
    assert served[-1].startswith("badge ")
    assert len(served) == 7
