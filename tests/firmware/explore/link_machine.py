"""The node's end of the wire by itself: frames of any session, in any order, any number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.firmware.explore.core_copy import CoreCopy
from tests.firmware.explore.snapshot import Snapshot
from tests.firmware.explore.walk import Move
from wire import frame, messages

NONCES = (101, 202)
SEQS = (1, 2)
COMMANDS = (1, 2)
BEATS = (1,)
STEP_MS = 150
MOST_SESSIONS = 3
"""Nonces in turn begin sessions without end; after so many of them there is no other greeting."""

LEFT_OUT = {
    "_bay": "a name; it never changes",
    "_decoder": "holds nothing between whole frames",
    "_outbox": "what the node says moves nothing",
    "_answers": "what the node says moves nothing",
    "_ack_due": "what the node says moves nothing",
    "_report_ms": "what the node says moves nothing",
    "beat_ms": "only reported",
    "_alone_ms": "only whether the node talks",
}


class Frame(NamedTuple):
    """A frame as somebody may send it; `session` counts back from the present one."""

    name: str
    session_back: int = 0
    seq: int = 0
    number: int = 0

    def bytes_for(self, sessions: tuple[int, ...]) -> bytes:
        """The frame on the line, for a node that has had these sessions."""
        at = len(sessions) - 1 - self.session_back
        session = sessions[at] if at >= 0 else 4_711
        fields = {"session": session}
        if self.name == "hello":
            fields = {
                "version": messages.VERSION,
                "table_hash": messages.TABLE_HASH,
                "nonce": self.number,
            }
        elif self.name == "heartbeat":
            fields["number"] = self.number
        else:
            fields |= {"command": self.number, "expires_ms": 0}
        return frame.encode(self.seq, 0, *messages.pack(self.name, b"", **fields))


class Heard(NamedTuple):
    """What the properties remember: sessions, commands that came through, beats that counted."""

    sessions: tuple[int, ...] = ()
    obeyed: frozenset[tuple[int, int]] = frozenset()
    beats: frozenset[tuple[int, int]] = frozenset()


FRAMES = (
    *(Frame("hello", number=nonce) for nonce in NONCES),
    *(Frame("heartbeat", back, 0, beat) for back in (0, 1) for beat in BEATS),
    *(
        Frame("open_hatch", back, seq, command)
        for back in (0, 1)
        for seq in SEQS
        for command in COMMANDS
    ),
)


class LinkMachine:
    """The link over every order of `FRAMES` and of silence."""

    def __init__(self, core: CoreCopy) -> None:
        self.link = core["link"].Link(b"a", 77, 1)
        self.snapshot = Snapshot(self.link, LEFT_OUT, {})
        self._begin = self.snapshot.take()

    def starts(self) -> list[Any]:
        return [(Heard(), self._begin)]

    def moves(self, state: Any) -> Iterator[Move]:
        heard, link = state
        for one in (None, *FRAMES):
            if len(heard.sessions) >= MOST_SESSIONS and one is not None and one.name == "hello":
                continue
            self.snapshot.put(link)
            following, wrong = self._feed(heard, one)
            yield one or "silence", (following, self.snapshot.take()), wrong

    def _feed(self, heard: Heard, one: Frame | None) -> tuple[Heard, str]:
        link, had = self.link, self.link._lease_ms
        try:
            got = link.feed(STEP_MS, 0, one.bytes_for(heard.sessions) if one else b"")
        except Exception as error:  # noqa: BLE001 - any exception breaks p15
            return heard, f"p15_no_exception: {error!r}"
        if one is None:
            return heard, "p11_silence_commands_nothing" if got or link._lease_ms > had else ""
        if link.session and link.session not in heard.sessions:
            heard = heard._replace(sessions=(*heard.sessions, link.session))
        wrong = ""
        for _, _, fields in got:
            wrong = wrong or self._judge(heard, one, fields)
            key = (fields["session"], fields["command"])
            heard = heard._replace(obeyed=heard.obeyed | {key})
        if link._lease_ms > had:
            beat = (link.session, one.number)
            stale = one.name != "heartbeat" or one.session_back > 0 or beat in heard.beats
            wrong = wrong or ("p11_a_replayed_heartbeat_renews_nothing" if stale else "")
            heard = heard._replace(beats=heard.beats | {beat})
        return heard, wrong

    @staticmethod
    def _judge(heard: Heard, one: Frame, fields: Any) -> str:
        if fields["session"] != heard.sessions[-1]:
            return "p11_a_command_of_another_session_is_not_obeyed"
        if (fields["session"], fields["command"]) in heard.obeyed:
            return "p11_no_command_is_obeyed_twice"
        return ""

    def tell(self, state: Any) -> str:
        """A state in words."""
        heard, link = state
        return f"{len(heard.sessions)} sessions, obeyed {sorted(heard.obeyed)}, link {link}"
