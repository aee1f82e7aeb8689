"""Price lists at the platform: who lacks one gets it, until they say that they have it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from cloud.api.fleet import shown
from cloud.fleet.fleet import Fleet
from cloud.fleet.list_rows import AGAIN_S, NOT_KEPT_S, REFUSED_S
from cloud.fleet.lists import LOOK_S
from contract.canonical import sha256_hex
from contract.catalogue import example, sign
from contract.catalogue_part import open_part
from contract.condition import KeptList, RefusedList
from contract.districts import District
from contract.payloads import Payload, encode
from contract.topics import Topics, parse
from tests.cloud.conftest import KIOSKS
from tests.cloud.fleet.afar import CITY, ROUTES, City, condition
from tests.contract.samples import signer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.cloud.conftest import Office

OPERATOR = signer("operator")
NOVEMBER, DECEMBER = "2026-11-a", "2026-12-a"
ITEMS = example().items


class Priced(City):
    """A city whose lists are signed; November's is in force."""

    def __init__(self, office: Office) -> None:
        self.files: dict[str, bytes] = {}
        super().__init__(office)
        districts = tuple(District(district=ROUTES[one], kiosks=(one,)) for one in KIOSKS)
        self._base = example().model_copy(update={"districts": districts})
        self.signed(NOVEMBER, "2026-11-01")

    def signed(self, version: str, valid_from: str) -> bytes:
        """Two people have signed a list; its file is there."""
        changes = {"version": version, "valid_from": valid_from}
        catalogue = self._base.model_copy(update=changes)
        self.files[version] = sign(catalogue, OPERATOR)
        self.office.catalogues[version] = catalogue
        return self.files[version]

    def worker(self) -> Fleet:
        """One of several that share database and folder."""
        now_s, ids = (lambda: self.office.now_s), (lambda: "0" * 16)
        return Fleet(self.office.database, self.office.catalogues, now_s, None, ids, self.files.get)

    def has(self, *versions: str, kiosk: str = KIOSKS[0], **more: Any) -> list[bytes]:
        """A kiosk says which lists it keeps; the lists that it gets for it."""
        kept = [
            KeptList(version=one, sha256=sha256_hex(self.files[one]), valid_from="2026-11-01")
            for one in versions
        ]
        return self.hears(condition(kiosk, lists=kept, **more), kiosk)

    def hears(self, said: Payload, kiosk: str = KIOSKS[0]) -> list[bytes]:
        """A kiosk says how it is; the lists that it gets for it."""
        topics = Topics("hangzhou", ROUTES[kiosk], kiosk)
        answers = self.ingest.handle(topics.condition, encode(said))
        assert {topic for topic, _ in answers} <= {topics.config}
        return whole(answers)

    def sent(self, fleet: Fleet | None = None) -> list[str]:
        """The kiosks that get a list now, each once for each list."""
        found = (fleet or self.fleet).due()
        return [parse(topic).kiosk for topic, data in found if open_part(data)[0].part == 0]

    def at(self, kiosk: str = KIOSKS[0]) -> dict[str, str]:
        """Version → how it stands with the list at a kiosk."""
        lists = self.fleet.sight.one(CITY, kiosk).lists
        return {one.version: f"{one.state} {one.code}".strip() for one in lists}

    def trouble(self) -> str:
        """What is the matter with the first kiosk."""
        return self.fleet.sight.one(CITY, KIOSKS[0]).trouble


def whole(messages: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """The lists in messages that came one part after the other."""
    found: list[bytes] = []
    for _, payload in messages:
        part, data = open_part(payload)
        if part.part == 0:
            found.append(b"")
        found[-1] += data
    return found


@pytest.fixture
def city(office: Office) -> Priced:
    """Two kiosks in two districts."""
    return Priced(office)


def test_a_kiosk_gets_what_it_lacks_to_the_byte_and_only_once(city: Priced) -> None:
    """With its condition; then it says that it has it."""
    city.greets()
    december = city.signed(DECEMBER, "2026-12-01")
    assert city.has(NOVEMBER) == [december]
    assert city.at() == {NOVEMBER: "has", DECEMBER: "sent"}
    assert city.has(NOVEMBER) == []
    assert city.sent() == []
    assert city.has(NOVEMBER, DECEMBER) == []
    city.office.now_s += REFUSED_S
    assert city.sent() == []
    assert city.at() == {NOVEMBER: "has", DECEMBER: "has"}
    assert city.trouble() == "well"
    told = shown(city.fleet.sight.one(CITY, KIOSKS[0]))["lists"]
    assert [(one["version"], one["state"], one["sends"]) for one in told] == [
        (NOVEMBER, "has", 0),
        (DECEMBER, "has", 1),
    ]


def test_a_new_list_leaves_for_every_kiosk_that_is_there(city: Priced) -> None:
    """By one of two workers; who is away gets it when it comes, with a platform started anew."""
    for kiosk in KIOSKS:
        city.greets(kiosk)
        city.has(NOVEMBER, kiosk=kiosk)
    city.greets(KIOSKS[1], online=False)
    december = city.signed(DECEMBER, "2026-12-01")
    other = city.worker()
    assert city.sent() == [KIOSKS[0]]
    assert city.sent(other) == city.sent() == []
    city.office.restart()
    city.start()
    city.office.now_s += 3_600
    city.greets(KIOSKS[1])
    assert city.has(NOVEMBER, kiosk=KIOSKS[1]) == [december]


def test_a_kiosk_of_before_gets_nothing_that_it_does_not_understand(city: Priced) -> None:
    """It names no lists in its condition."""
    city.greets()
    city.signed(DECEMBER, "2026-12-01")
    assert city.hears(condition()) == []
    assert city.sent() == []
    assert city.at() == {}


def test_a_kiosk_that_went_back_to_software_of_before_is_sent_no_more(city: Priced) -> None:
    """It names no lists any more, and its page says that it takes files alone."""
    city.greets()
    city.signed(DECEMBER, "2026-12-01")
    city.has(NOVEMBER)
    assert city.hears(condition()) == []
    city.office.now_s += REFUSED_S
    assert city.sent() == []
    assert city.at() == {}
    assert city.trouble() == "well"
    assert len(city.has(NOVEMBER)) == 1


def test_what_does_not_arrive_is_sent_again_ever_less_often_and_shown(city: Priced) -> None:
    """After half a minute, two, ten, and then each hour."""
    city.greets()
    city.signed(DECEMBER, "2026-12-01")
    assert len(city.has(NOVEMBER)) == 1
    for wait_s in (AGAIN_S, 4 * AGAIN_S, 20 * AGAIN_S, 3_600, 3_600):
        city.office.now_s += wait_s - 1
        assert city.sent() == []
        city.office.now_s += 1
        assert city.sent() == [KIOSKS[0]]
    assert city.trouble() == "list"
    city.office.now_s -= 100 * 86_400  # a clock that is set back keeps nobody waiting
    assert city.sent() == [KIOSKS[0]]


@pytest.mark.parametrize(
    ("code", "again_s"), [("not-kept", NOT_KEPT_S), ("bad-signature", REFUSED_S)]
)
def test_a_refused_list_is_shown_with_its_code_and_sent_later(
    city: Priced, code: str, again_s: int
) -> None:
    """A full disk may have room soon; other software comes another day."""
    city.greets()
    city.has(NOVEMBER)
    sha256 = sha256_hex(city.signed(DECEMBER, "2026-12-01"))
    refused = [RefusedList(sha256=sha256, code=code), RefusedList(sha256="0" * 64, code="older")]
    assert city.sent() == [KIOSKS[0]]
    assert city.has(NOVEMBER, refused_lists=refused) == []
    assert city.at()[DECEMBER] == f"refused {code}"
    assert city.trouble() == "list"
    city.office.now_s += again_s - 1
    assert city.sent() == []
    city.office.now_s += 1
    assert city.sent() == [KIOSKS[0]]
    assert city.trouble() == "list"
    city.has(NOVEMBER, DECEMBER)
    assert city.trouble() == "well"


def test_a_kiosk_with_another_list_under_the_version_is_told_apart(city: Priced) -> None:
    """Somebody signed two; it is offered the right one, and refuses that."""
    city.greets()
    other = KeptList(version=NOVEMBER, sha256="1" * 64, valid_from="2026-11-01")
    assert city.hears(condition(lists=[other])) == [city.files[NOVEMBER]]
    city.office.now_s += REFUSED_S - 1
    assert city.hears(condition(lists=[other])) == []
    assert city.sent() == []
    assert city.at() == {NOVEMBER: "refused version-reused"}


def test_a_kiosk_that_lost_a_list_gets_it_again_at_once(city: Priced) -> None:
    """A new card has the list that was copied to it, and no other."""
    city.greets()
    december = city.signed(DECEMBER, "2026-12-01")
    city.has(NOVEMBER, DECEMBER)
    assert city.has(NOVEMBER) == [december]


def test_nobody_is_sent_back(city: Priced) -> None:
    """A kiosk whose midnight came first; and what held before is wanted no more by anybody."""
    city.greets()
    december = city.signed(DECEMBER, "2026-12-01")
    midnight = datetime.fromisoformat("2026-12-01T00:00:00+08:00")
    city.office.now_s = int(midnight.timestamp()) - LOOK_S
    assert city.has(DECEMBER, catalogue=DECEMBER) == []
    assert city.at() == {DECEMBER: "has"}
    city.office.now_s += 2 * LOOK_S
    assert city.sent() == []
    assert city.office.rows("SELECT version FROM kiosk_lists") == [(DECEMBER,)]
    assert city.has() == [december]


def test_a_kiosk_that_was_set_up_with_a_list_to_come_gets_the_one_in_force(city: Priced) -> None:
    """It has no other, so it prices by that one already; it takes the right one, and goes by it."""
    city.greets()
    city.signed(DECEMBER, "2026-12-01")
    assert city.has(DECEMBER, catalogue=DECEMBER) == [city.files[NOVEMBER]]
    assert city.at() == {NOVEMBER: "sent", DECEMBER: "has"}


def test_more_lists_than_a_kiosk_tells_of_wait_for_their_turn(city: Priced) -> None:
    """Else those that it does not tell of were sent for ever."""
    city.greets()
    for day in range(1, 32):
        city.signed(f"2026-12-{day:02}", f"2026-12-{day:02}")
    versions = list(city.files)
    city.signed("2027-01-a", "2027-01-01")
    assert city.has(*versions) == []
    assert city.sent() == []
    assert set(city.at()) == set(versions)


def test_a_list_without_a_file_is_sent_once_it_is_there(city: Priced) -> None:
    """Whoever put it there broke its lines: what is sent is as its operator spelled it."""
    city.greets()
    december = city.signed(DECEMBER, "2026-12-01")
    del city.files[DECEMBER]
    city.has(NOVEMBER)
    city.files[DECEMBER] = december.replace(b",", b",\n")
    assert city.sent() == []
    city.office.now_s += LOOK_S
    assert city.has(NOVEMBER) == [december]


def test_two_workers_at_once_send_a_list_once(file_office: Office) -> None:
    """Whoever is first; the other passes it over."""
    city = Priced(file_office)
    for kiosk in KIOSKS:
        city.greets(kiosk)
        city.has(NOVEMBER, kiosk=kiosk)
    city.signed(DECEMBER, "2026-12-01")
    workers = [city.worker() for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        found = [one for each in threads.map(city.sent, workers) for one in each]
    with file_office.database.connect() as connection:
        assert connection.execute(text("SELECT max(sends) FROM kiosk_lists")).scalar() == 1
    assert sorted(found) == sorted(KIOSKS)
