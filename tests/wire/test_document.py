"""The protocol's page says what the tables say."""

from __future__ import annotations

from pathlib import Path

from wire import document, messages

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"


def test_the_page_is_current() -> None:
    """Whoever changes the protocol runs `python -m wire.document > docs/protocol.md`."""
    assert PAGE.read_text() == document.markdown()


def test_every_message_has_a_meaning() -> None:
    """A row without a sentence is not documented, a sentence without a row is out of date."""
    assert set(document.MEANINGS) == set(messages.KINDS)
