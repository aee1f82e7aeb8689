"""The one sentence of what to do now, shown and, for whoever asks for it, read out."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Protocol

from nicegui import background_tasks

from controller.screens.scenes import message_of
from controller.screens.tags import box, text

if TYPE_CHECKING:
    from nicegui.element import Element

    from controller.screens.parts import Moment

LOCALES = {"zh": "zh-CN", "en": "en-GB"}

PLAY = """
window.voice?.pause();
window.voice = new Audio("data:audio/wav;base64,{wav}");
window.voice.play().catch(() => {{}});
"""
"""Plays a sound in place of the one before; a browser without a loudspeaker stays silent."""

SPEAK = """
if (window.speechSynthesis) {{
    speechSynthesis.cancel();
    const said = new SpeechSynthesisUtterance({words});
    said.lang = "{locale}";
    speechSynthesis.speak(said);
}}
"""
"""The browser's own voice, where it has one."""


class Voice(Protocol):
    """Makes speech."""

    async def speak(self, words: str, language: str) -> bytes:
        """`words` in one of the screen's languages as a WAV file; empty where that fails."""


def sentence(moment: Moment) -> str:
    """What to do now."""
    if moment.typing is None:
        return moment.words.sentence(moment.view)
    return moment.words.label("number-right" if moment.typing.is_whole else "type-number")


def said(moment: Moment) -> object:
    """What `draw` depends on."""
    view, typing = moment.view, moment.typing
    whole = None if typing is None else typing.is_whole
    return message_of(view), view.figures, view.told, view.online, whole


def draw(moment: Moment) -> None:
    """The sentence, and the smaller line below it."""
    words = moment.words
    hint = words.hint(moment.view) if moment.typing is None else words.label("number-sealed")
    with box("words").props("role=status aria-live=polite"):
        text(sentence(moment), "sentence", "h1")
        if hint:
            text(hint, "hint", "p")


async def spoken(voice: Voice | None, words: str, language: str) -> str:
    """The script with which a browser says `words`: by `voice`, or else by its own."""
    sound = b"" if voice is None else await voice.speak(words, language)
    if sound:
        return PLAY.format(wav=base64.b64encode(sound).decode())
    return SPEAK.format(words=json.dumps(words), locale=LOCALES[language])


class Reader:
    """Reads each new sentence out while somebody wants it.

    Args:
        root: An element of the browser's page.
        voice: Makes the speech; without one the browser's own voice does, if it has any.
    """

    def __init__(self, root: Element, voice: Voice | None) -> None:
        self._root = root
        self._voice = voice
        self._read: tuple[str, str, int] | None = None

    def update(self, moment: Moment) -> None:
        """Read the sentence, if it is another one than was read last."""
        said = sentence(moment), moment.words.language, moment.view.told
        now = said if moment.aids.aloud else None
        if now == self._read:
            return
        self._read = now
        if now is not None:
            background_tasks.create(self._say(*now), name="read aloud")

    async def _say(self, words: str, language: str, told: int) -> None:
        script = await spoken(self._voice, words, language)
        if self._read == (words, language, told):  # else something else is to be read meanwhile
            self._root.client.run_javascript(script)
