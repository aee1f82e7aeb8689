"""The contract's command line: keys, catalogue, codes and the verification of journals."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from contract import cli
from contract.canonical import sha256_hex
from contract.catalogue import example
from contract.errors import ContractError, KioskError
from contract.head import sign_head
from contract.keys import SeedSigner
from contract.payloads import Ack
from tests.contract.samples import ALICE, SampleKiosk


def call(app: typer.Typer, *arguments: str | Path) -> tuple[int, Any]:
    """Run a command with `--json`; return exit code and what it printed."""
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    if isinstance(result.exception, KioskError):
        raise result.exception
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def kiosk() -> SampleKiosk:
    """A kiosk with five records."""
    kiosk = SampleKiosk()
    kiosk.deposit(), kiosk.deposit(), kiosk.give_back()
    return kiosk


@pytest.fixture
def journal(kiosk: SampleKiosk, tmp_path: Path) -> Path:
    """Its journal as the kiosk keeps it."""
    path = tmp_path / "journal.sqlite"
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute(
        "CREATE TABLE records"
        " (seq INTEGER PRIMARY KEY, kind TEXT, sha256 TEXT, line BLOB, closes INTEGER)"
    )
    database.execute("CREATE TABLE outbox (seq INTEGER PRIMARY KEY)")
    database.execute("CREATE TABLE aside (seq INTEGER PRIMARY KEY, code TEXT, at INTEGER)")
    database.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT")
    for seq, line in enumerate(kiosk.lines, 1):
        record = json.loads(line)
        filed = (seq, record["kind"], sha256_hex(line), line, record["body"].get("intent"))
        database.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?)", filed)
    database.commit()
    database.close()
    return path


def test_a_code_from_new_keys_is_verified(tmp_path: Path) -> None:
    """`keys new`, `token issue`, `token verify`, end to end."""
    code, made = call(cli.keys, "new", tmp_path / "city.pem")
    assert (code, (tmp_path / "city.pub").read_text().strip()) == (0, made["public"])
    _, issued = call(cli.token, "issue", ALICE, "--key", tmp_path / "city.pem")
    code, found = call(cli.token, "verify", issued["text"], "--key", tmp_path / "city.pub")
    assert (code, found["valid"], found["account"]) == (0, True, ALICE)
    assert found["key_id"] == made["key_id"]


def test_a_foreign_code_is_false_and_a_missing_key_is_bad_input(tmp_path: Path) -> None:
    """Exit 1 with an answer on stdout; an error that `kiosk` turns into exit 2."""
    call(cli.keys, "new", tmp_path / "city.pem")
    code, found = call(cli.token, "verify", "https://example.com", "--key", tmp_path / "city.pub")
    assert (code, found["code"], found["what"]) == (1, "foreign", "a web address")
    with pytest.raises(ContractError, match=r"absent\.pub cannot be read"):
        call(cli.token, "verify", "x", "--key", tmp_path / "absent.pub")


def test_a_catalogue_is_signed_verified_and_shown(tmp_path: Path) -> None:
    """And one that was changed afterwards is false."""
    call(cli.keys, "new", tmp_path / "operator.pem")
    plain, signed = tmp_path / "plain.json", tmp_path / "signed.json"
    plain.write_text(json.dumps(example().model_dump()))
    arguments = (plain, "--key", tmp_path / "operator.pem", "--out", signed)
    assert call(cli.catalogue, "sign", *arguments)[0] == 0
    public = tmp_path / "operator.pub"
    code, found = call(cli.catalogue, "verify", signed, "--key", public)
    assert (code, found["version"], found["items"]) == (0, example().version, 8)
    assert call(cli.catalogue, "show", signed, "--key", public)[1]["city"] == "hangzhou"
    signed.write_bytes(signed.read_bytes().replace(b'"points_per_kg":65', b'"points_per_kg":95'))
    code, found = call(cli.catalogue, "verify", signed, "--key", public)
    assert (code, found["valid"], found["code"]) == (1, False, "bad-signature")


def test_a_wrong_catalogue_is_not_signed(tmp_path: Path) -> None:
    """The operator hears which row is wrong."""
    call(cli.keys, "new", tmp_path / "operator.pem")
    value = example().model_dump()
    value["items"][3]["price"]["points_per_kg"] = -60
    (tmp_path / "plain.json").write_text(json.dumps(value))
    arguments = ("--key", tmp_path / "operator.pem", "--out", tmp_path / "signed.json")
    with pytest.raises(ContractError, match=r"items\[3\].price.points_per_kg"):
        call(cli.catalogue, "sign", tmp_path / "plain.json", *arguments)
    assert not (tmp_path / "signed.json").exists()


def test_the_price_table_is_readable_without_json() -> None:
    """Without `--json` people read it."""
    result = CliRunner().invoke(cli.catalogue, ["show"], env={"COLUMNS": "120"})
    assert result.exit_code == 0
    assert "塑料饮料瓶" in result.stdout


def test_a_journal_is_verified_as_database_and_as_export(
    kiosk: SampleKiosk, journal: Path, tmp_path: Path
) -> None:
    """Both say the same of the same records."""
    export = tmp_path / "journal.jsonl"
    export.write_bytes(b"\n".join(kiosk.lines) + b"\n")
    key = kiosk.signer.public.hex()
    for path in (journal, export):
        code, report = call(cli.ledger, "verify", path, "--key", key)
        assert (code, report["ok"], report["records"]) == (0, True, 5)
        assert (report["first"], report["last"], report["broken_at"]) == (1, 5, None)


def test_a_changed_row_is_false_and_named(kiosk: SampleKiosk, journal: Path) -> None:
    """One point more in record 4."""
    database = sqlite3.connect(journal)
    line = kiosk.lines[3].replace(b'"points":4,', b'"points":5,')
    database.execute("UPDATE records SET line = ? WHERE seq = 4", (line,))
    database.commit()
    database.close()
    code, report = call(cli.ledger, "verify", journal, "--key", kiosk.signer.public.hex())
    assert (code, report["ok"], report["broken_at"]) == (1, False, 4)
    assert "bad-signature" in report["reason"]


def test_every_changed_byte_of_an_export_is_found(kiosk: SampleKiosk, tmp_path: Path) -> None:
    """Line ends included; every 97th byte, to be quick."""
    export = tmp_path / "journal.jsonl"
    whole = b"\n".join(kiosk.lines) + b"\n"
    ends = [i for i, byte in enumerate(whole) if byte == 0x0A]
    for at in [*range(0, len(whole), 97), *ends]:
        export.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        code, report = call(cli.ledger, "verify", export, "--key", kiosk.signer.public.hex())
        assert (code, report["broken_at"]) == (1, whole[:at].count(b"\n") + 1)


def test_a_cut_tail_needs_a_head(kiosk: SampleKiosk, journal: Path) -> None:
    """`--head` is what the ledger has kept."""
    database = sqlite3.connect(journal)
    database.execute("DELETE FROM records WHERE seq = 5")
    database.commit()
    database.close()
    arguments = ("verify", journal, "--key", kiosk.signer.public.hex())
    assert call(cli.ledger, *arguments)[0] == 0
    code, report = call(cli.ledger, *arguments, "--head", f"5:{kiosk.prev}")
    assert (code, report["broken_at"], report["reason"][:7]) == (1, 5, "cut-off")
    with pytest.raises(ContractError, match="SEQ:SHA256"):
        call(cli.ledger, *arguments, "--head", "5")


def test_a_signed_head_finds_a_cut_tail(kiosk: SampleKiosk, journal: Path, tmp_path: Path) -> None:
    """The file that kiosk and platform keep is believed with the ledger's key alone."""
    platform, stranger = SeedSigner(b"l" * 32), SeedSigner(b"s" * 32)
    ack = Ack(epoch=kiosk.epoch, upto=6, sha256=kiosk.prev, rejected=[])
    (tmp_path / "head.json").write_bytes(sign_head(ack, kiosk.name, platform) + b"\n")
    arguments = ("verify", journal, "--key", kiosk.signer.public.hex(), "--head")
    signed = (*arguments, tmp_path / "head.json", "--ledger-key")
    code, report = call(cli.ledger, *signed, platform.public.hex())
    assert (code, report["broken_at"], report["reason"][:7]) == (1, 6, "cut-off")
    with pytest.raises(ContractError, match="known as the ledger's"):
        call(cli.ledger, *signed, stranger.public.hex())
    with pytest.raises(ContractError, match="cannot be read"):
        call(cli.ledger, *arguments, tmp_path / "none", "--ledger-key", platform.public.hex())
    with pytest.raises(ContractError, match="needs --ledger-key"):
        call(cli.ledger, *arguments, tmp_path / "head.json")


def test_a_damaged_database_is_a_finding(kiosk: SampleKiosk, journal: Path) -> None:
    """Bytes overwritten behind SQLite's back make it false, not a crash."""
    data = bytearray(journal.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    journal.write_bytes(data)
    code, report = call(cli.ledger, "verify", journal, "--key", kiosk.signer.public.hex())
    assert (code, report["ok"], report["broken_at"]) == (1, False, 1)


def test_what_is_no_journal_is_bad_input(tmp_path: Path) -> None:
    """Another database, or no file at all."""
    sqlite3.connect(tmp_path / "other.sqlite").execute("CREATE TABLE x (y)").connection.close()
    key = SampleKiosk().signer.public.hex()
    for name, words in (("other.sqlite", "no kiosk's journal"), ("absent", "cannot be read")):
        with pytest.raises(ContractError, match=words):
            call(cli.ledger, "verify", tmp_path / name, "--key", key)


def test_a_long_journal_is_verified_by_several_processes(
    kiosk: SampleKiosk, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they find is the same."""
    monkeypatch.setattr(cli, "SLOW_RECORDS", 3)
    arguments = ("verify", journal, "--key", kiosk.signer.public.hex())
    code, report = call(cli.ledger, *arguments)
    assert (code, report["ok"], report["records"]) == (0, True, 5)
    code, report = call(cli.ledger, *arguments, "--head", f"6:{kiosk.prev}")
    assert (code, report["broken_at"]) == (1, 6)
