"""`kiosk token`: what is made is verified, what was lost is not."""

from pathlib import Path

import pytest

from contract import cli_token
from contract.errors import ContractError
from contract.keys import FileSigner
from tests.contract.samples import ALICE
from tests.contract.test_cli import call

STAFF = "57aff00000000007"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The city's keys."""
    public = FileSigner.new(tmp_path / "city.pem").public
    (tmp_path / "city.pub").write_text(public.hex())
    return tmp_path


def made(folder: Path, *arguments: str) -> dict[str, str]:
    """What a command made with the city's key."""
    code, made = call(cli_token.token, *arguments, "--key", folder / "city.pem")
    assert code == 0
    return made  # type: ignore[no-any-return]


def verified(folder: Path, text: str, *more: str | Path) -> tuple[int, dict[str, object]]:
    """What `verify` says."""
    return call(cli_token.token, "verify", text, "--key", folder / "city.pub", *more)


def test_each_is_verified_as_what_it_is(folder: Path) -> None:
    """A code, a card and a badge."""
    code = made(folder, "issue", ALICE)
    card = made(folder, "card", ALICE, "--number", "2")
    badge = made(folder, "badge", STAFF, "--role", "service", "--vehicle", "浙AD12345")
    assert verified(folder, code["text"])[1]["kind"] == "code"
    assert verified(folder, card["text"])[1] | {"kind": "card", "number": 2, "account": ALICE}
    exit_code, found = verified(folder, badge["text"])
    assert (exit_code, found["kind"], found["roles"]) == (0, "badge", ["service"])
    assert found["vehicle"] == "浙AD12345"


def test_a_lost_card_is_false(folder: Path) -> None:
    """Once its id stands on a signed list."""
    card = made(folder, "card", ALICE)
    listed = folder / "revoked.json"
    made(folder, "revoke", card["card_id"], "--out", str(listed))
    exit_code, found = verified(folder, card["text"], "--revoked", listed)
    assert (exit_code, found["code"]) == (1, "revoked")


def test_what_nobody_could_mean_is_bad_input(folder: Path) -> None:
    """A role that there is not, and an id that is none."""
    with pytest.raises(ContractError, match="collection, service, calibration"):
        made(folder, "badge", STAFF, "--role", "king")
    with pytest.raises(ContractError, match="16 hex digits"):
        made(folder, "revoke", "alice", "--out", str(folder / "x"))
