"""The screen's voice: sentences become sound, and where they do not, silence."""

from __future__ import annotations

import asyncio
import io
import wave
from pathlib import Path

import pytest

from controller.adapters.espeak_voice import EspeakVoice


@pytest.mark.skipif(EspeakVoice.installed() is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize(
    ("language", "words"), [("zh", "已收下，得 75 分"), ("en", "Taken: 75 points for you")]
)
def test_espeak_makes_a_sentence_into_sound(language: str, words: str) -> None:
    """A second or more of it, and not silence; the same again is the same bytes."""
    voice = EspeakVoice.installed()
    assert voice is not None

    async def twice() -> tuple[bytes, bytes]:
        return await voice.speak(words, language), await voice.speak(words, language)

    sound, again = asyncio.run(twice())
    assert sound is again
    with wave.open(io.BytesIO(sound)) as file:
        samples = file.readframes(file.getnframes())
        assert len(samples) > file.getframerate() * file.getsampwidth()
    assert len(set(samples)) > 100


@pytest.mark.parametrize("says", ["exit 3", "echo no such voice >&2; exit 1"])
def test_a_voice_that_fails_is_silent_and_says_why_to_staff(
    tmp_path: Path, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The sentence is on the screen all the same."""
    program = tmp_path / "voice"
    program.write_text(f"#!/bin/sh\n{says}\n")
    program.chmod(0o755)
    assert asyncio.run(EspeakVoice(str(program)).speak("words", "en")) == b""
    assert asyncio.run(EspeakVoice(str(tmp_path / "none")).speak("words", "en")) == b""
    assert [record.message.split()[0] for record in caplog.records] == ["event=no-voice"] * 2
