"""Canonical JSON: one spelling a value, and no value that has none."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from contract.canonical import INT_MAX, MAX_DEPTH, canonical
from contract.errors import CanonicalError

text = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-INT_MAX, INT_MAX) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_what_is_read_back_is_what_was_written(value: Any) -> None:
    """The bytes hold the value, whole."""
    assert json.loads(canonical(value)) == value


@given(values)
def test_agrees_with_the_reference(value: Any) -> None:
    """The quick way for ASCII keys and the general way give the same bytes."""
    assert canonical(value) == rfc8785.dumps(value)


def test_keys_sort_by_utf16() -> None:
    """RFC 8785, 3.2.3: an emoji (a surrogate pair) sorts before U+FB33, though it is larger."""
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == (
        '{"a":3,"\U0001f600":2,"\ufb33":1}'.encode()
    )


@pytest.mark.parametrize(
    ("value", "code", "path"),
    [
        ({"mass": 0.5}, "float", "mass"),
        ({"a": [1, {"b": float("nan")}]}, "float", "a[1].b"),
        ({"a": INT_MAX + 1}, "integer-range", "a"),
        ({"a": -INT_MAX - 1}, "integer-range", "a"),
        ({"a": {1: 2}}, "key", "a"),
        ({"a": b"x"}, "type", "a"),
        ({"a": "\ud800"}, "text", "a"),
        ({"é": 1, "b": 0.1}, "float", "b"),
    ],
)
def test_what_has_no_canonical_form_is_named(value: Any, code: str, path: str) -> None:
    """The error says where the culprit stands."""
    with pytest.raises(
        CanonicalError, match=f"at {path.replace('[', r'.').replace(']', '.')} "
    ) as e:
        canonical(value)
    assert e.value.code == code


def test_nesting_is_bounded() -> None:
    """Deep nesting is refused by name, before it exhausts anybody's stack."""
    value: Any = 1
    for _ in range(MAX_DEPTH + 1):
        value = [value]
    with pytest.raises(CanonicalError, match="nested") as error:
        canonical(value)
    assert error.value.code == "depth"
