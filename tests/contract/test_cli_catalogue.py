"""`kiosk catalogue`: carbon factors, a district's prices, and the mix of a journal."""

import json
from pathlib import Path

import pytest

from contract.catalogue import example
from contract.cli_catalogue import catalogue
from contract.errors import ContractError
from contract.keys import FileSigner
from tests.contract.samples import SampleKiosk
from tests.contract.test_cli import call


def test_a_catalogue_whose_factor_slipped_is_not_signed(tmp_path: Path) -> None:
    """The operator hears the source's own figure."""
    FileSigner.new(tmp_path / "operator.pem")
    value = example().model_dump()
    plain, signed = tmp_path / "plain.json", tmp_path / "signed.json"
    plain.write_text(json.dumps(value))
    arguments = (plain, "--key", tmp_path / "operator.pem", "--out", signed)
    code, found = call(catalogue, "sign", *arguments)
    assert (code, found["factors_checked"]) == (0, len(example().items))
    signed.unlink()
    value["items"][3]["carbon_g_per_kg"] = 1830
    plain.write_text(json.dumps(value))
    with pytest.raises(ContractError, match=r"-1\.83 MTCO2E per short ton"):
        call(catalogue, "sign", *arguments)
    assert not signed.exists()


def test_it_is_shown_as_it_holds_at_a_kiosk(tmp_path: Path) -> None:
    """In its district, at its district's price."""
    value = example().model_dump()
    price = {"points_per_kg": 12, "points_per_piece": None}
    glass = {"item_code": "glass-bottle", "price": price}
    value["districts"] = [{"district": "xihu", "kiosks": ["hz-xihu-0001"], "items": [glass]}]
    (tmp_path / "plain.json").write_text(json.dumps(value))
    for kiosk, points in (("hz-xihu-0001", 12), ("hz-yuhang-0001", 5)):
        _, shown = call(catalogue, "show", tmp_path / "plain.json", "--kiosk", kiosk)
        (found,) = (one["price"] for one in shown["items"] if one["code"] == "glass-bottle")
        assert found["points_per_kg"] == points


def test_factor_sets_are_listed_and_shown_with_their_sources() -> None:
    """And one that does not ship is named."""
    assert set(call(catalogue, "factors")[1]) == {"bir-2008", "epa-warm-16", "zj-kecheng-2022"}
    _, shown = call(catalogue, "factors", "zj-kecheng-2022")
    assert "11,600 t recovered" in shown["rows"][0]["source"]
    with pytest.raises(ContractError, match="no factor set 'warm'"):
        call(catalogue, "factors", "warm")


def test_a_journals_mix_raises_the_alarm(tmp_path: Path) -> None:
    """One kiosk's cans alone: ten times what a mix avoids; exit 1, for whoever watches."""
    kiosk = SampleKiosk()
    for _ in range(8):
        kiosk.deposit(item_code="can", mass_g=7000, carbon_g=70_420)
    kiosk.give_back()
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(b"\n".join(kiosk.lines) + b"\n")
    code, mix = call(catalogue, "mix", journal, "--key", kiosk.signer.public.hex())
    assert (code, mix["alarm"], mix["g_per_kg"], mix["mass_g"]) == (1, "mix-high", 10_060, 56_000)
