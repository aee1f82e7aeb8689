"""Whatever comes from outside: read as its maker meant it, or refused by one of our own errors."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.errors import ContractError
from tests.contract.outside import Outside, outside, spoilt

CAMPAIGN = 20_000
"""Examples of each kind."""


def _judge(one: Outside, data: bytes) -> None:
    """Nothing but our own error comes out, and nobody's word is changed."""
    with suppress(ContractError):
        found = one.read(data)
        assert not one.is_proven or found == one.read(one.sample)


@pytest.mark.parametrize("name", outside())
def test_a_good_one_is_read(name: str) -> None:
    """Else nothing would follow from the spoilt ones."""
    one = outside()[name]
    assert one.read(one.sample) is not None


@pytest.mark.parametrize("name", outside())
@given(data=st.data())
def test_what_is_spoilt_is_refused_by_name_or_says_the_same(name: str, data: st.DataObject) -> None:
    """Flipped, cut, grown, doubled, another value in place of one, or noise."""
    one = outside()[name]
    _judge(one, data.draw(spoilt(one.sample)))


@pytest.mark.campaign
@pytest.mark.parametrize("name", outside())
@settings(max_examples=CAMPAIGN, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_spoilt_for_long(name: str, data: st.DataObject) -> None:
    """The same, for long."""
    one = outside()[name]
    _judge(one, data.draw(spoilt(one.sample)))
