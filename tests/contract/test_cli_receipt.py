"""`kiosk receipt`: what a resident, or anybody for them, types to check a receipt."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from contract.catalogue import example, sign
from contract.cli_receipt import receipt
from contract.errors import ContractError
from contract.receipt import encode, split
from tests.contract.samples import SampleKiosk, signer
from tests.contract.test_cli import call

KIOSK = SampleKiosk()
LINE = KIOSK.deposit().line
KEY = KIOSK.signer.public.hex()


def test_a_receipt_is_verified_as_text_as_parts_and_as_a_file(tmp_path: Path) -> None:
    """All ways in say the same."""
    scanned = tmp_path / "scanned.txt"
    scanned.write_text("\n".join(split(encode(LINE), 200)) + "\n")
    for sources in (
        [encode(LINE)],
        list(split(encode(LINE), 200)),
        [str(scanned)],
        [LINE.decode()],
    ):
        code, found = call(receipt, "verify", *sources, "--key", KEY)
        assert (code, found["valid"], found["deposit_id"]) == (0, True, "s1-1")
        assert (found["points"], found["catalogue_version"]) == (4, "2026-11-a")


def test_a_forged_one_is_false() -> None:
    """Exit 1, with the code that says why."""
    forged = LINE.replace(b'"points":4', b'"points":900')
    code, found = call(receipt, "verify", encode(forged), "--key", KEY)
    assert (code, found["valid"], found["code"]) == (1, False, "bad-signature")


def test_it_is_shown_in_words_with_the_items_name(tmp_path: Path) -> None:
    """Given the catalogue; and its codes can be drawn anew."""
    prices = tmp_path / "catalogue.json"
    prices.write_bytes(sign(example(), signer("operator")))
    more = ("--catalogue", prices, "--operator", signer("operator").public.hex())
    code, found = call(receipt, "show", encode(LINE), "--key", KEY, "--language", "en", *more)
    assert (code, found["codes"]) == (0, [encode(LINE)])
    assert "Item: Plastic bottle (pet-bottle)" in found["text"]
    plain = CliRunner().invoke(receipt, ["show", LINE.decode(), "--key", KEY])
    assert plain.stdout.startswith("投放凭证\n")


def test_the_page_that_checks_them_is_written_to_a_file(tmp_path: Path) -> None:
    """As a resident may keep it; where it cannot be written, that is said."""
    code, written = call(receipt, "page", "--out", tmp_path / "verify.html")
    assert (code, written["bytes"]) == (0, (tmp_path / "verify.html").stat().st_size)
    with pytest.raises(ContractError, match="cannot be written"):
        call(receipt, "page", "--out", tmp_path / "absent" / "verify.html")


def test_what_cannot_be_read_is_bad_input(tmp_path: Path) -> None:
    """Neither a receipt nor a file; a catalogue without its operator."""
    with pytest.raises(ContractError, match="no file that can be read"):
        call(receipt, "verify", str(tmp_path / "absent"), "--key", KEY)
    with pytest.raises(ContractError, match="needs --operator"):
        call(receipt, "show", encode(LINE), "--key", KEY, "--catalogue", tmp_path / "c.json")
