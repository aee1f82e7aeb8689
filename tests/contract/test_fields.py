"""What people may write: one sentence, in their own letters."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from contract.canonical import canonical
from contract.errors import CanonicalError
from contract.fields import SENTENCE, Agreed, first_problem, is_sentence


@pytest.mark.parametrize(
    "text",
    ["I brought glass.", "我投的是玻璃。", "两　段", "a\u00a0b", "👩\u200d🔧", "x" * SENTENCE],
)
def test_a_sentence_in_any_script(text: str) -> None:
    """The wide space of Chinese, the hard space and emoji's joiner are of it."""
    assert is_sentence(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u3000", "x" * (SENTENCE + 1), "two\nlines", "a\0b", "a\u202eb", "\ud800"],
)
def test_no_sentence(text: str) -> None:
    """Nothing, too much, several lines, and what shows as something else than it is."""
    assert not is_sentence(text)
    assert is_sentence("four", 4)
    assert not is_sentence("four", 3)


class _Form(Agreed):
    known: int


@pytest.mark.parametrize("name", ["a\nevent=node-lost", "\x1b[2J", "x" * 100_000])
def test_what_a_field_is_called_forges_no_line_of_a_log(name: str) -> None:
    """Whoever sends a message chooses the names in it; error texts go into logs."""
    with pytest.raises(ValidationError) as error:
        _Form.model_validate({"known": 1, name: 2})
    said = first_problem(error.value)
    assert said.isprintable()
    assert len(said) < SENTENCE
    with pytest.raises(CanonicalError) as refused:
        canonical({"known": [{name: 1.5}]})
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < SENTENCE
