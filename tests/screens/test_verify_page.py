"""The page that checks receipts in a browser: the same verdicts as the contract's own code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page, expect

from contract.keys import is_signed
from contract.receipt import encode, split
from contract.receipt_dictionary import DICTIONARY
from contract.verify_page import verify_page
from tests.contract.samples import SampleKiosk, intent_body, signer

KEY = SampleKiosk().signer.public.hex()
L = 2**252 + 27742317777372353535851937790883648493
"""The order of Ed25519's group (RFC 8032, 5.1)."""

RFC_8032_TEST_1 = (
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    "",
)
"""Public key, signature, message (RFC 8032, 7.1)."""

NO_ED25519 = """
SubtleCrypto.prototype.importKey = async () => { throw new DOMException("", "NotSupportedError"); };
"""
NO_CRYPTO = "Object.defineProperty(globalThis, 'crypto', { value: undefined });"
NO_UNPACKING = "delete globalThis.DecompressionStream;"


@pytest.fixture
def kiosk() -> SampleKiosk:
    """A kiosk with eight records: three deposits, one returned load, one void."""
    kiosk = SampleKiosk()
    kiosk.deposit(), kiosk.give_back(), kiosk.deposit(), kiosk.void(), kiosk.deposit()
    return kiosk


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The page as a resident keeps it: a file."""
    path = tmp_path / "verify.html"
    path.write_bytes(verify_page())
    return path.as_uri()


@pytest.fixture(params=["WebCrypto", "its own arithmetic"])
def checker(request: pytest.FixtureRequest, browser: Browser, file: str) -> Iterator[Page]:
    """The page in English, in a browser with Ed25519 and in one without."""
    page = browser.new_page()
    if request.param == "its own arithmetic":
        page.add_init_script(NO_ED25519)
    page.goto(f"{file}?lang=en")
    yield page
    page.close()


def check(page: Page, text: str, key: str = KEY, head: str = "") -> str:
    """Paste, press, and read the verdict."""
    page.locator("#text").fill(text)
    page.locator("#key").fill(key)
    page.locator("#head").fill(head)
    page.locator("#check").click()
    expect(page.locator("#verdict")).not_to_be_empty()
    return page.locator("#verdict").inner_text()


def journal(kiosk: SampleKiosk) -> str:
    """A journal as it is exported."""
    return "\n".join(line.decode() for line in kiosk.lines) + "\n"


def test_a_receipt_is_valid_as_code_as_parts_and_as_a_line(
    checker: Page, kiosk: SampleKiosk
) -> None:
    """And it says what the receipt is for."""
    line = kiosk.sent[-1].line
    for text in (encode(line), "\n".join(reversed(split(encode(line), 200))), line.decode()):
        assert check(checker, text).startswith("✓ Valid: signed by this kiosk")
        expect(checker.locator("#facts")).to_contain_text("s1-3")
        expect(checker.locator("#facts")).to_contain_text(kiosk.sent[-1].sha256)


def test_a_forged_receipt_is_not(checker: Page, kiosk: SampleKiosk) -> None:
    """Another amount, another key, an intent, a part alone, a piece of one."""
    line = kiosk.sent[0].line
    forged = line.replace(b'"points":4', b'"points":9')
    promise = kiosk.append("intent", intent_body())
    for text, key, words in (
        (encode(forged), KEY, "changed, or forged"),
        (encode(line), signer("another").public.hex(), "signed by another key"),
        (encode(promise.line), KEY, "kind intent"),
        (split(encode(line), 200)[0], KEY, "part 2 is missing"),
        (encode(line)[:-3], KEY, "damaged"),
        (encode(line)[:60] + "?" + encode(line)[61:], KEY, "damaged"),
        ("https://example.com", KEY, "neither a receipt nor a record"),
        ("", KEY, "first"),
        (encode(line), "12ab", "64 hex digits"),
    ):
        assert words in check(checker, text, key), text[:40]
        expect(checker.locator("#verdict")).to_have_class("bad")
        expect(checker.locator("#facts tr")).to_have_count(0)


def test_a_journal_is_followed_record_by_record(checker: Page, kiosk: SampleKiosk) -> None:
    """Whole, from the middle on, and against a head known from elsewhere."""
    assert "8 records (1 to 8)" in check(checker, journal(kiosk))
    later = "\n".join(journal(kiosk).splitlines()[3:])
    assert "5 records (4 to 8), each" in check(checker, later)
    assert "not seen here" in check(checker, later)
    assert check(checker, journal(kiosk), head=f"8:{kiosk.prev}").startswith("✓")
    assert "record 9 is known" in check(checker, journal(kiosk), head=f"9:{kiosk.prev}")
    assert "not the known record" in check(checker, journal(kiosk), head=f"8:{'0' * 64}")
    assert "known record 2 is before" in check(checker, later, head=f"2:{kiosk.prev}")


def test_the_first_broken_line_is_named(checker: Page, kiosk: SampleKiosk) -> None:
    """Changed, taken out, doubled, exchanged, brought from elsewhere."""
    good = journal(kiosk).splitlines()
    foreign = SampleKiosk(name="hz-xihu-0001", epoch="5be1000000000002")
    for _ in range(3):
        foreign.deposit()
    for lines, broken in (
        ([*good[:3], good[3].replace("pet-bottle", "pet-bottls"), *good[4:]], 4),
        ([*good[:4], *good[5:]], 5),
        ([*good[:4], good[3], *good[4:]], 5),
        ([*good[:2], good[3], good[2], *good[4:]], 3),
        ([*good[:5], foreign.lines[5].decode(), *good[6:]], 6),
    ):
        assert f"Line {broken} is broken" in check(checker, "\n".join(lines)), broken


def test_every_changed_character_is_found(browser: Browser, file: str, kiosk: SampleKiosk) -> None:
    """The signature's spare last bits included; every 83rd, to be quick."""
    page = browser.new_page()
    page.goto(f"{file}?lang=en")
    line = kiosk.sent[0].line.decode()
    last_of_signature = line.index('","v":1}') - 1
    for at in [*range(0, len(line), 83), last_of_signature]:
        changed = line[:at] + chr(ord(line[at]) ^ 1) + line[at + 1 :]
        assert check(page, changed).startswith("✗"), at
    page.close()


def test_the_pages_own_arithmetic_agrees_with_the_contracts(browser: Browser, file: str) -> None:
    """RFC 8032's first vector, and made ones: good, flipped anywhere, S too large, no point."""
    rng = Random(8032)
    vectors = [RFC_8032_TEST_1]
    for number in range(24):
        private = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
        message = rng.randbytes(rng.randrange(200))
        key, signature = private.public_key().public_bytes_raw(), private.sign(message)
        s = int.from_bytes(signature[32:], "little")
        made = [key, signature, message]
        if number % 3:
            at = rng.randrange(len(made[number % 3 - 1]) * 8)
            bits = bytearray(made[number % 3 - 1])
            bits[at // 8] ^= 1 << at % 8
            made[number % 3 - 1] = bytes(bits)
        vectors.append((made[0].hex(), made[1].hex(), made[2].hex()))
        vectors.append((key.hex(), (signature[:32] + (s + L).to_bytes(32, "little")).hex(), ""))
    expected = [is_signed(*(bytes.fromhex(one) for one in vector)) for vector in vectors]
    page = browser.new_page()
    page.goto(file)
    found = page.evaluate(
        "vectors => Promise.all(vectors.map(one => verifyPlainly(...one.map(fromHex))))", vectors
    )
    page.close()
    assert found == expected
    assert expected.count(True) == 9


@pytest.mark.parametrize(
    ("lacks", "words"), [(NO_CRYPTO, "加密功能"), (NO_UNPACKING, "此浏览器太旧")]
)
def test_a_browser_that_cannot_says_so(
    browser: Browser, file: str, kiosk: SampleKiosk, lacks: str, words: str
) -> None:
    """In the resident's language, with what to do."""
    page = browser.new_page()
    page.add_init_script(lacks)
    page.goto(file)
    assert words in check(page, encode(kiosk.sent[0].line))
    page.close()


def test_a_file_is_opened_and_nothing_is_asked_of_the_network(
    browser: Browser, file: str, kiosk: SampleKiosk, tmp_path: Path
) -> None:
    """From its own address and nowhere else; the words change with the language."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file)
    export = tmp_path / "journal.jsonl"
    export.write_bytes(journal(kiosk).encode())
    page.locator("#key").fill(KEY)
    page.locator("#file").set_input_files(export)
    expect(page.locator("#verdict")).to_contain_text("8 条记录（1 至 8）")
    page.locator("#language").click()
    expect(page.locator("#verdict")).to_contain_text("8 records (1 to 8)")
    page.close()
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [file]


def test_the_page_has_the_dictionary_of_receipts(browser: Browser, file: str) -> None:
    """To the byte, or it could read none."""
    page = browser.new_page()
    page.goto(file)
    assert page.evaluate("DICTIONARY") == DICTIONARY.decode()
    page.close()


def test_both_languages_have_the_same_words(browser: Browser, file: str) -> None:
    """None is missing in one of them."""
    page = browser.new_page()
    page.goto(file)
    zh, en = page.evaluate("Object.values(WORDS).map(one => Object.keys(one).sort())")
    page.close()
    assert zh == en
