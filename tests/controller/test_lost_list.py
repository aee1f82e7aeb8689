"""The list of lost cards as a file: read when it is there, refused by name when it is not ours."""

import logging
from pathlib import Path

import pytest

from contract.revoked import Revoked, sign_revoked
from controller.adapters.lost_list import LostList
from tests.contract.samples import signer

CITY = signer("city")
LOST = Revoked(version=3, issued_on="2026-11-27", ids=("0011223344556677",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the list lies."""
    return tmp_path / "revoked.json"


def test_a_list_that_comes_later_is_read(path: Path) -> None:
    """There need be none at first."""
    lost = LostList(path, {CITY.key_id: CITY.public})
    assert lost.read() is None
    path.write_bytes(sign_revoked(LOST, CITY))
    assert lost.read() == LOST


def test_a_list_that_is_not_the_citys_is_logged_once(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And again once it was right in between."""
    lost = LostList(path, {CITY.key_id: CITY.public})
    good, forged = sign_revoked(LOST, CITY), sign_revoked(LOST, signer("stranger"))
    with caplog.at_level(logging.ERROR):
        for data in (forged, forged, good, forged):
            path.write_bytes(data)
            lost.read()
    assert [record.message.count("event=lost-list-refused") for record in caplog.records] == [1, 1]
