"""Codes that are none: each is refused by its own code, said, counted, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract import token
from contract.cose import sign_claims
from contract.keys import SeedSigner
from controller.core import commands
from tests.controller.core.story import ACCOUNT, CITY, NOW_UTC_S, Story

STRANGER = SeedSigner(b"s" * 32)
JTI = bytes.fromhex("0011223344556677")


class Impostor(SeedSigner):
    """Signs with a key of its own, in the city's name."""

    def __init__(self) -> None:
        super().__init__(b"i" * 32)
        self.key_id = CITY.key_id


def issued(key: SeedSigner = CITY, now_s: int = NOW_UTC_S) -> str:
    """A code of the resident's."""
    return token.issue(key, ACCOUNT, now_s, jti=JTI)


BAD: dict[str, tuple[Callable[[], str], str]] = {
    "bad-signature": (lambda: issued(Impostor()), "code-forged"),
    "unknown-key": (lambda: issued(STRANGER), "code-unknown-key"),
    "expired": (lambda: issued(now_s=NOW_UTC_S - 86_400), "code-expired"),
    "too-long": (lambda: issued() * 50, "code-unreadable"),
    "malformed": (lambda: sign_claims(CITY, {2: ACCOUNT.encode()}), "code-unreadable"),
    "foreign": (lambda: "https://example.org/pay", "code-foreign"),
}
"""Code of the refusal → what is shown, and what the screen says to it."""


@pytest.mark.parametrize("code", BAD)
def test_a_bad_code_is_said_counted_and_changes_nothing(code: str) -> None:
    """No hatch, no record, nobody identified; whoever shows a good one is served."""
    make, sentence = BAD[code]
    story = Story()
    story.node_up()
    wishes = story.show(make()) + story.show(make())
    assert (story.state, story.message) == ("IDLE", sentence)
    assert story.session.refused == {f"code:{code}": 2}
    assert not [one for one in wishes if isinstance(one, commands.OpenHatch | commands.Commit)]
    story.show(issued())
    story.rest()
    story.opened()
    assert story.state == "LOADING"


def test_a_kiosk_that_starts_in_1970_takes_codes_and_says_so_in_the_record() -> None:
    """Nobody vouches for its clock, so a code of today is none of the future."""
    story = Story()
    story.node_up()
    story.show(issued())
    assert story.state == "PREPARING"
