"""Receipts: the record itself, small enough for a code, checked with nothing but a public key."""

import zlib
from random import Random

import pytest
import segno
from base45 import b45encode  # type: ignore[import-untyped]  # ships no types
from hypothesis import given
from hypothesis import strategies as st

from contract.canonical import sha256_hex
from contract.catalogue import example
from contract.errors import ReceiptError, RecordError
from contract.receipt import MAX_CODE, PREFIX, decode, encode, join, open_receipt, split
from contract.receipt_text import as_text
from contract.record import MAX_LINE, Record, open_record
from tests.contract.samples import SampleKiosk, intent_body, signer

KEY = signer("hz-xihu-0001").public

NOISE = {
    "session": "5f3a9c11d2e40011",
    "model_sha256": sha256_hex(b"model"),
    "jti": sha256_hex(b"code")[:16],
    "account": sha256_hex(b"account")[:16],
}
"""Ids as a kiosk has them: nothing in them repeats."""

OLD = (
    "GRR1:J1R+/RYUO042XMSGMUUBIR4F.27/FB%%0CJ8QMM3*U8KR0 IBILLTQUDGD.DTS5DHAKSR92QV%TQ U/"
    "M3NLU1JCIK8.I8ZI50RHT/0X4INSG6Z7SZS7D6B60NSLCSER8GV3K68KLK2JRR5Z9K8BR%7AYGMS8YEDDT9$"
    "7TO38-ER4EDEGW9N6DX4.JP6U2AMU-%OLU9CTGZMJ9CVHN0BF9N%3OMO5JKDLJGMO1E51:CMRGPSKJJM3G6O"
    "$L.OML03S3KHBMRN3N7DJBND3VA+V44V5N1W63:BAB$B/4CC:O2PHX D.BQCFFT2B%KF2068GR.OO*S9FKJC"
    "B5*173E3W%7AREF+TW.QJ5E3OQVZKZBJS-I/PN08RF3I30"
)
"""A receipt that somebody kept."""


def written(inside: bytes) -> str:
    """Anything, spelled as a receipt is."""
    return PREFIX + str(b45encode(inside), "ascii")


def deflated(inside: bytes) -> bytes:
    """Deflated without the dictionary, as no receipt of ours is."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(inside) + packer.flush()


@pytest.fixture
def line() -> bytes:
    """The signed line of one bottle's deposit, with ids as long as a real kiosk's."""
    return SampleKiosk().deposit(deposit_id="5f3a9c11d2e40011-1", **NOISE).line


def test_a_receipt_is_the_record_itself_and_proves_itself(line: bytes) -> None:
    """To the bit; the same signature that the ledger checks."""
    record = open_receipt(encode(line), KEY)
    assert record.line == line
    assert (record.kind, record.body["points"]) == ("deposit", 4)


def test_it_fits_one_code_that_a_phone_reads(line: bytes) -> None:
    """Alphanumeric, version 13 at most at level L: 69 modules a side."""
    code = segno.make(encode(line), error="l", boost_error=False, micro=False)
    assert code.mode == "alphanumeric"
    assert int(code.version) <= 13
    assert split(encode(line)) == (encode(line),)


def test_a_receipt_of_long_ago_is_read_still() -> None:
    """The dictionary and the spelling of `GRR1:` are for ever: this one was written in 2026."""
    assert open_receipt(OLD, KEY).body["deposit_id"] == "5f3a9c11d2e40011-1"


def test_a_changed_receipt_is_found_out(line: bytes) -> None:
    """A cent more for the bottle needs the kiosk's key."""
    richer = line.replace(b'"points":4', b'"points":9')
    with pytest.raises(RecordError) as error:
        open_receipt(encode(richer), KEY)
    assert error.value.code == "bad-signature"
    with pytest.raises(RecordError) as error:
        open_receipt(encode(line), signer("hz-xihu-0002").public)
    assert error.value.code == "unknown-key"


def test_every_changed_byte_of_a_record_is_found(line: bytes) -> None:
    """The spare last bits of the signature's spelling too, which no later record would show."""
    for at in range(len(line)):
        with pytest.raises(RecordError):
            open_record(line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :], KEY)


def test_an_intent_is_no_receipt() -> None:
    """A promise is not yet a deposit, though it is signed as well."""
    kiosk = SampleKiosk()
    promise = kiosk.append("intent", intent_body())
    with pytest.raises(ReceiptError, match="kind intent"):
        open_receipt(encode(promise.line), KEY)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "not-a-receipt", "begins with GRR1:"),
        ("GR1:NCFOXN", "not-a-receipt", "'GR1:NCFOXN'"),
        ("GRR1/1/2/9F02:ABC", "one-part", "read the other codes"),
        (PREFIX + "lower case", "malformed", "base45"),
        (PREFIX + "A", "malformed", "base45"),
        (PREFIX + "é", "malformed", "base45"),
        (PREFIX + "0" * 20_000, "too-long", "characters"),
        (written(b"\xff\xff"), "damaged", "scan it again"),
        (written(deflated(b"{}")[:-1]), "damaged", "cut off"),
        (written(deflated(b"{}") + b"x"), "damaged", "goes on after its end"),
        (written(deflated(bytes(10**6))), "too-long", "inside"),
    ],
)
def test_what_is_no_receipt_is_named(text: str, code: str, words: str) -> None:
    """Each mistake has its code and its way out; a bomb is not unpacked."""
    with pytest.raises(ReceiptError, match=words) as error:
        decode(text)
    assert error.value.code == code


@given(st.binary(max_size=MAX_LINE), st.integers(200, MAX_CODE), st.randoms())
def test_parts_come_together_in_any_order(line: bytes, most: int, order: Random) -> None:
    """However long the line and however small the codes; a part seen twice does no harm."""
    text = encode(line)
    parts = split(text, most)
    assert max(map(len, parts)) <= most
    shuffled = [*parts, parts[0]]
    order.shuffle(shuffled)
    assert decode(join(shuffled)) == line


def test_no_part_ends_with_a_space_that_a_reader_would_trim() -> None:
    """A space is a character of base45: cut elsewhere, one part in 45 would lose its last."""
    noise = Random(6).randbytes(6000)
    for most in range(200, 240):
        parts = split(encode(noise), most)
        assert all(part == part.strip() for part in parts)
        assert decode(join(parts)) == noise


def test_parts_that_lack_one_or_are_mixed_are_refused(line: bytes) -> None:
    """The message says which part is missing."""
    first, second = split(encode(line), 400)
    other = split(encode(line.replace(b'"mass_g":24', b'"mass_g":42')), 400)[1]
    for texts, code, words in (
        ([first], "missing-part", "lacks 2"),
        ([first, other], "mixed-parts", "one receipt at a time"),
        ([first, second.replace("2/2", "1/2")], "mixed-parts", "one receipt"),
        ([first, second[:-1]], "mixed-parts", "one receipt"),
        ([first, "GRR1:ABC"], "not-a-receipt", "no part"),
        ([], "not-a-receipt", "nothing was read"),
    ):
        with pytest.raises(ReceiptError, match=words) as error:
            join(texts)
        assert error.value.code == code, texts


def test_a_line_longer_than_any_record_becomes_no_receipt() -> None:
    """Nor one that would need more parts than are numbered."""
    with pytest.raises(ReceiptError, match="8193 bytes"):
        encode(bytes(MAX_LINE + 1))
    with pytest.raises(ReceiptError, match="parts of 20"):
        split(PREFIX + "A" * 900, 20)


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(written)))
def test_noise_is_no_receipt(text: str) -> None:
    """Nothing but the contract's own errors ever comes out."""
    with pytest.raises((ReceiptError, RecordError)):
        open_receipt(text, KEY)


def opened(line: bytes) -> Record:
    """What the receipt of this line says."""
    return open_receipt(encode(line), KEY)


def test_residents_read_it_in_their_language(line: bytes) -> None:
    """Local time, mass with its scale, price with catalogue version and day, and the hash."""
    chinese = as_text(opened(line), "zh", example())
    assert chinese.startswith("投放凭证\n回收站：hz-xihu-0001\n时间：2026-11-23 20:54:00 +08:00")
    assert "物品：塑料饮料瓶 (pet-bottle)" in chinese
    assert "价目版本：2026-11-a，2026-11-01 起执行" in chinese
    english = as_text(opened(line), "en")
    assert "Item: pet-bottle\nMass: 24 g\n" in english
    assert "Points: 4 = ¥0.04 (by the piece)" in english
    assert "Scale: e = 2 g, calibrated 2026-01-01 (factory)" in english
    assert f"Its SHA-256: {opened(line).sha256}" in english


def test_another_catalogue_does_not_name_the_item(line: bytes) -> None:
    """The version in the record governs; a later list may mean something else by the code."""
    later = example().model_copy(update={"version": "2027-01-a"})
    assert "Price list: 2026-11-a\n" in as_text(opened(line), "en", later)


def test_a_load_in_doubt_or_given_back_says_so() -> None:
    """The resident has something to show, and what it says is not a promise of points."""
    kiosk = SampleKiosk()
    assert "Reason: power failed" in as_text(opened(kiosk.uncertain().line), "en")
    assert as_text(opened(kiosk.void().line), "en").startswith("Receipt of a load given back")
