"""A typed phone number: normalised, sealed at once, opened by the platform alone."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import TokenError
from contract.keys import key_id_of
from contract.sealed import normalise, seal, unseal
from tests.contract.samples import ALICE, BOB

NUMBER = "13800138000"
KIOSK = "hz-xihu-0001"
PLATFORM = X25519PrivateKey.from_private_bytes(b"platform".ljust(32, b"."))
PUBLIC = PLATFORM.public_key().public_bytes_raw()
KEYS = {key_id_of(PUBLIC): PLATFORM}
SEALED = (
    "mZf3wFfFB65dlSJTURJDFqqQ6SUJZt7KbULsSyNIoksjk5gS1ns4eWARMZNz7pRPiojJw7AdvYCC3sDw-13TptmmVss"
)
"""The number as it was sealed once for Alice; sealing it again gives other bytes."""


def opened(text: str, *, kiosk: str = KIOSK, account: str = ALICE) -> str:
    """What the platform reads."""
    return unseal(text, KEYS, kiosk=kiosk, account=account)


def refused(text: str, **where: str) -> str:
    """The code with which a sealed number is refused."""
    with pytest.raises(TokenError) as error:
        opened(text, **where)
    return error.value.code


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_the_platform_reads_what_was_typed(number: str) -> None:
    """Any mobile number."""
    assert opened(seal(number, PUBLIC, kiosk=KIOSK, account=ALICE)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "008613800138000",
        "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
    ],
)
def test_however_it_was_typed_it_is_the_same_number(typed: str) -> None:
    """Spaces, dashes, the country's code and full-width digits are nobody's mistake."""
    assert normalise(typed) == NUMBER


@pytest.mark.parametrize(
    "typed",
    ["", "1380013800", "138001380000", "12800138000", "hello", "+1 212 555 0100", "١٣٨٠٠١٣٨٠٠٠"],
)
def test_what_is_no_mobile_number_is_refused_without_repeating_it(typed: str) -> None:
    """An error is logged, so it says how long it was and not what it was."""
    with pytest.raises(TokenError) as error:
        normalise(typed)
    assert error.value.code == "not-a-number"
    assert not typed or typed not in str(error.value)


def test_what_was_sealed_before_is_still_read() -> None:
    """Records wait in kiosks for days: the form is not changed under them."""
    assert opened(SEALED) == NUMBER


def test_sealed_bytes_show_nothing() -> None:
    """Twice the same number has nothing in common but the key's id, and always one length."""
    one, two = (seal(NUMBER, PUBLIC, kiosk=KIOSK, account=ALICE) for _ in range(2))
    assert len(one) == len(two) == 91
    assert one[6:40] != two[6:40]
    assert NUMBER not in one


def test_a_seal_is_bound_to_kiosk_and_account() -> None:
    """Copied into another record it opens nothing: nobody credits themselves a stranger's load."""
    text = seal(NUMBER, PUBLIC, kiosk=KIOSK, account=ALICE)
    assert refused(text, account=BOB) == refused(text, kiosk="hz-xihu-0002") == "bad-seal"


def test_a_seal_to_another_key_is_unknown() -> None:
    """A kiosk that was given the wrong public key is found out by name."""
    other = X25519PrivateKey.from_private_bytes(b"other".ljust(32, b".")).public_key()
    text = seal(NUMBER, other.public_bytes_raw(), kiosk=KIOSK, account=ALICE)
    assert refused(text) == "unknown-key"


@given(st.data())
def test_no_changed_character_opens(data: st.DataObject) -> None:
    """Each is part of key id, encapsulated key, number or tag; any text at all gets an answer."""
    at = data.draw(st.integers(0, len(SEALED) - 1))
    other = data.draw(st.sampled_from("AZaz09-_ =").filter(lambda c: c != SEALED[at]))
    assert refused(SEALED[:at] + other + SEALED[at + 1 :]) in {
        "malformed",
        "unknown-key",
        "bad-seal",
    }
    assert refused(data.draw(st.text(max_size=100))) == "malformed"
