"""The residents' side of a platform over a test's ledger, and a pocket that text messages reach."""

from __future__ import annotations

import itertools
import re
import secrets

from cloud.accounts.cards import CardDesk, IssuedCard
from cloud.accounts.codes import CityKeys
from cloud.accounts.phones import PhoneBook
from cloud.residents.front import Residents, open_residents
from cloud.residents.numbers import IN_CITY
from cloud.residents.sign_ins import SignedIn
from cloud.residents.texts import KeptTexts, Texts
from cloud.residents.tries import Limit
from tests.cloud.conftest import Office
from tests.contract.samples import ALICE, signer

NUMBER, OTHER = "13800001111", "13900002222"
ADDRESS = "192.0.2.7"


class Lodge:
    """`residents` over an office's database, by its clock; `texts` are those that were sent."""

    def __init__(
        self, office: Office, sends: Texts | None = None, in_city: Limit = IN_CITY
    ) -> None:
        self.office = office
        self.texts = KeptTexts()
        self.keys = CityKeys(signer("city"))
        self.book = PhoneBook({}, b"i" * 32, lambda: secrets.token_hex(8))
        with office.database.begin() as connection:
            self.book.create(connection)
        self.residents: Residents = open_residents(
            office.database,
            office.catalogues,
            self.keys,
            lambda: office.now_s,
            b"s" * 32,
            book=self.book,
            texts=sends or self.texts,
            demo_accounts=(ALICE,),
            in_city=in_city,
        )
        ids = itertools.count(1)
        self.desk = CardDesk(
            office.database,
            self.keys,
            lambda: office.now_s,
            lambda: next(ids).to_bytes(8, "big"),
        )

    def ask(self, number: str = NUMBER, address: str = ADDRESS) -> tuple[str, str]:
        """Ask for a code; the challenge, and the code as it came to the phone."""
        asked = self.residents.by_number().ask(number, address)
        found = re.search(r"[0-9]{6}", self.texts.sent[-1][1])
        assert found is not None
        return asked.challenge, found[0]

    def sign_in(self, number: str = NUMBER) -> SignedIn:
        """The whole way by number."""
        return self.residents.by_number().enter(*self.ask(number), "phone")

    def card(self, account: str = ALICE) -> tuple[IssuedCard, str]:
        """A card from the desk, and its PIN."""
        card = self.desk.issue(account)
        return card, self.residents.cards.new_pin(card.card_id)


def other_digits(code: str) -> str:
    """Another six digits."""
    return f"{(int(code) + 1) % 10**6:06d}"
