"""What people may write: one sentence, in their own letters."""

from __future__ import annotations

import pytest

from contract.fields import SENTENCE, is_sentence


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
