"""Enrolment: a claim code becomes a certificate once, and a certificate the next one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI

from cloud.api.enrol import enrol_api
from cloud.fleet.enrol import CODE_TTL_S, WRONG_TRIES, WRONG_WITHIN_S, Enrolment
from cloud.keys.files import KioskKeys
from contract.authority import Authority
from contract.certificates import Certificate, check, check_key, open_certificate
from contract.enrolment import Enrol, Renew, ask, ask_again
from contract.payloads import encode
from tests.contract.samples import signer

KIOSK, OTHER = "hz-xihu-0001", "hz-xihu-0002"
NOW_S = 1_795_500_000
DAY_S = 86_400
JSON = {"Content-Type": "application/json"}


class Office:
    """A platform that enrols, over its API, and a clock that can be put on."""

    def __init__(self, folder: Path) -> None:
        self.now_s = NOW_S
        self.kiosks = folder / "kiosks"
        self.authority = Authority.new(folder, "Hangzhou kiosks", NOW_S)
        self.database = folder / "enrolment.sqlite"
        self.restart()

    def restart(self) -> None:
        """The process ends and starts again on the same files."""
        self.enrolment = Enrolment(self.database, self.kiosks, self.authority, lambda: self.now_s)
        self._app = FastAPI()
        self._app.include_router(enrol_api(self.enrolment))

    def post(self, message: Enrol | Renew) -> tuple[int, Any]:
        """What the API answers: status and JSON."""
        path = "/api/enrol" if isinstance(message, Enrol) else "/api/renew"

        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://p") as client:
                return await client.post(path, content=encode(message), headers=JSON)

        answer = asyncio.run(call())
        return answer.status_code, answer.json()

    def given(self, message: Enrol | Renew) -> Certificate:
        """The certificate that the API answers with."""
        status, said = self.post(message)
        assert status == 200, said
        return open_certificate(said["certificate"].encode())

    def refusal(self, message: Enrol | Renew) -> tuple[int, str]:
        """The status and code with which the API refuses."""
        status, said = self.post(message)
        return status, said["code"]


class Kiosk:
    """A kiosk with keys of its own."""

    def __init__(self, kiosk: str = KIOSK, card: str = "") -> None:
        self.kiosk = kiosk
        self.key = generate_private_key(SECP256R1())
        self.signer = signer(kiosk + card)

    def ask(self, code: str) -> Enrol:
        """Its first request."""
        return ask(self.kiosk, code, self.signer, self.key)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A platform without kiosks."""
    return Office(tmp_path)


def test_with_its_code_a_kiosk_gets_a_certificate_and_is_registered(office: Office) -> None:
    """In its name, over its key, by the city; and its records' key is on file at once."""
    kiosk, keys = Kiosk(), KioskKeys(office.kiosks)
    assert KIOSK not in keys
    made = office.given(kiosk.ask(office.enrolment.invite(KIOSK)))
    check(made, office.authority.certificate, NOW_S, KIOSK)
    check_key(made, kiosk.key)
    assert keys[KIOSK].current == kiosk.signer.public


def test_a_code_may_be_typed_as_people_type(office: Office) -> None:
    """Small letters, blanks for hyphens."""
    code = office.enrolment.invite(KIOSK)
    office.given(Kiosk().ask(code.lower().replace("-", " ")))


def test_a_code_is_kept_as_its_hash_alone(office: Office) -> None:
    """Who reads the platform's disk enrols nothing."""
    code = office.enrolment.invite(KIOSK)
    disk = office.database.read_bytes()
    assert KIOSK.encode() in disk
    assert code.encode() not in disk
    assert code.replace("-", "").encode() not in disk


def test_a_code_is_good_for_one_kiosk_once(office: Office) -> None:
    """Not for another kiosk, not for other keys after it was used; also not after a restart."""
    code = office.enrolment.invite(KIOSK)
    assert office.refusal(Kiosk(OTHER).ask(code)) == (403, "wrong-code")
    office.given(Kiosk().ask(code))
    office.restart()
    assert office.refusal(Kiosk().ask(code)) == (409, "used-code")


def test_an_answer_that_got_lost_is_given_again(office: Office) -> None:
    """The same keys with the same code: nobody else can use what comes."""
    kiosk, code = Kiosk(), office.enrolment.invite(KIOSK)
    office.given(kiosk.ask(code))
    check_key(office.given(kiosk.ask(code)), kiosk.key)


def test_a_code_expires_and_a_new_one_takes_its_place(office: Office) -> None:
    """A week is enough to set a kiosk up."""
    old, new = (office.enrolment.invite(KIOSK) for _ in range(2))
    assert office.refusal(Kiosk().ask(old)) == (403, "wrong-code")
    office.now_s += CODE_TTL_S + 1
    assert office.refusal(Kiosk().ask(new)) == (403, "expired-code")


def test_guessing_is_slowed_down_for_the_guessed_kiosk_alone(office: Office) -> None:
    """After five wrong codes the right one has to wait as well; another kiosk's has not."""
    kiosk, code = Kiosk(), office.enrolment.invite(KIOSK)
    for _ in range(WRONG_TRIES):
        assert office.refusal(kiosk.ask("0000-0000-0000-0000")) == (403, "wrong-code")
    assert office.refusal(kiosk.ask(code)) == (429, "too-many-tries")
    office.given(Kiosk(OTHER).ask(office.enrolment.invite(OTHER)))
    office.now_s += WRONG_WITHIN_S
    office.given(kiosk.ask(code))


def test_a_key_on_file_gives_way_only_where_somebody_said_so(office: Office) -> None:
    """A replaced card: the old key retires, and what it signed still posts."""
    office.given(Kiosk().ask(office.enrolment.invite(KIOSK)))
    new = Kiosk(card="-second")
    assert office.refusal(new.ask(office.enrolment.invite(KIOSK))) == (409, "key-on-file")
    code = office.enrolment.invite(KIOSK, replaces=True)
    office.given(new.ask(code))
    ring = KioskKeys(office.kiosks)[KIOSK]
    assert (ring.current, ring.retired) == (new.signer.public, (signer(KIOSK).public,))


@pytest.mark.parametrize("damaged", [False, True])
def test_a_key_on_file_may_be_written_as_any_key_is_read(office: Office, damaged: bool) -> None:
    """In PEM, by the operator's hand: it is the same key, and it retires as any other. One that is
    damaged proves nothing, and gives way."""
    old, new = Kiosk(), Kiosk(card="-second")
    public = Ed25519PublicKey.from_public_bytes(old.signer.public)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    office.kiosks.mkdir()
    (office.kiosks / f"{KIOSK}.pub").write_bytes(pem[:40] if damaged else pem)
    first = old.ask(office.enrolment.invite(KIOSK))
    assert office.post(first)[0] == (409 if damaged else 200)
    assert office.refusal(new.ask(office.enrolment.invite(KIOSK))) == (409, "key-on-file")
    office.given(new.ask(office.enrolment.invite(KIOSK, replaces=True)))
    ring = KioskKeys(office.kiosks)[KIOSK]
    assert ring.current == new.signer.public
    assert ring.retired == (() if damaged else (old.signer.public,))


def test_who_does_not_have_the_keys_gets_nothing_and_spends_no_code(office: Office) -> None:
    """Another one's public key, another kiosk's request."""
    kiosk, code = Kiosk(), office.enrolment.invite(KIOSK)
    asked = kiosk.ask(code)
    foreign = asked.model_copy(update={"public": signer("thief").public.hex()})
    assert office.refusal(foreign) == (422, "bad-signature")
    other = asked.model_copy(update={"request": Kiosk(OTHER).ask(code).request})
    assert office.refusal(other) == (422, "other-name")
    changed = asked.model_copy(update={"request": Kiosk().ask(code).request})
    assert office.refusal(changed) == (422, "bad-signature")
    office.given(asked)


def test_a_disk_that_takes_no_key_spends_no_code(office: Office) -> None:
    """Put right, the same code still serves."""
    kiosk, code = Kiosk(), office.enrolment.invite(KIOSK)
    office.kiosks.write_text("in the way")
    assert office.refusal(kiosk.ask(code)) == (503, "ledger-failed")
    office.kiosks.unlink()
    office.given(kiosk.ask(code))


def test_a_certificate_is_renewed_with_its_own_key(office: Office) -> None:
    """Without any code, as long as it holds."""
    kiosk = Kiosk()
    old = office.given(kiosk.ask(office.enrolment.invite(KIOSK)))
    office.now_s = old.renew_from_s
    new = office.given(ask_again(old, kiosk.key))
    assert (new.name, new.not_after_s) == (KIOSK, office.now_s + 90 * DAY_S)
    check_key(new, kiosk.key)


def test_a_certificate_that_does_not_hold_is_not_renewed(office: Office, tmp_path: Path) -> None:
    """Expired, of another authority, a broker's, somebody else's, or of a kiosk taken off."""
    kiosk = Kiosk()
    old = office.given(kiosk.ask(office.enrolment.invite(KIOSK)))
    assert office.refusal(ask_again(old, Kiosk().key)) == (422, "bad-signature")
    (tmp_path / "b").mkdir()
    elsewhere = Authority.new(tmp_path / "b", "Hangzhou kiosks", NOW_S)
    forged = elsewhere.sign_broker(kiosk.key.public_key(), KIOSK, NOW_S)
    assert office.refusal(ask_again(forged, kiosk.key)) == (422, "other-authority")
    brokers = office.authority.sign_broker(kiosk.key.public_key(), KIOSK, NOW_S)
    assert office.refusal(ask_again(brokers, kiosk.key)) == (422, "wrong-use")
    (office.kiosks / f"{KIOSK}.pub").unlink()
    assert office.refusal(ask_again(old, kiosk.key)) == (404, "unknown-kiosk")
    office.now_s = old.not_after_s + 1
    assert office.refusal(ask_again(old, kiosk.key)) == (422, "expired")
