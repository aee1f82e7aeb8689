"""The screen's voice: sentences as sound, made by espeak-ng when they are needed.

It takes some ten milliseconds a sentence and no network, so figures can be read out too.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections import OrderedDict

_log = logging.getLogger(__name__)

VOICES = {"zh": "cmn", "en": "en-gb"}
"""The screen's language → espeak-ng's voice."""

WORDS_A_MINUTE = "150"
"""A little slower than its usual 175: a hall echoes."""

MADE_S = 5.0
"""A sentence takes milliseconds; a program that hangs is given up."""

KEPT = 64
"""Sentences whose sound is kept: those of a few visits, 100 KB each."""


class EspeakVoice:
    """Makes speech with the program at `program`."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._made: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    @classmethod
    def installed(cls) -> EspeakVoice | None:
        """The one of this computer; None where espeak-ng is not installed."""
        program = shutil.which("espeak-ng")
        return None if program is None else cls(program)

    async def speak(self, words: str, language: str) -> bytes:
        """`words` as a WAV file; empty, and logged, where none could be made.

        Silence harms nobody: all that is said is on the screen as well.
        """
        if (made := self._made.get((words, language))) is not None:
            self._made.move_to_end((words, language))
            return made
        made = await self._make(words, VOICES[language])
        if made:
            self._made[words, language] = made
            if len(self._made) > KEPT:
                self._made.popitem(last=False)
        return made

    async def _make(self, words: str, voice: str) -> bytes:
        arguments = ("-v", voice, "-s", WORDS_A_MINUTE, "--stdin", "--stdout")
        pipe = asyncio.subprocess.PIPE
        try:
            program = await asyncio.create_subprocess_exec(
                self._program, *arguments, stdin=pipe, stdout=pipe, stderr=pipe
            )
        except OSError as error:
            _log.warning("event=no-voice reason=%s", error)
            return b""
        try:
            async with asyncio.timeout(MADE_S):
                sound, said = await program.communicate(words.encode())
        except TimeoutError:
            program.kill()
            await program.wait()
            _log.warning("event=no-voice reason=took-longer-than-%g-s", MADE_S)
            return b""
        if program.returncode:
            _log.warning("event=no-voice reason=%s", said.decode(errors="replace").strip())
            return b""
        return sound
