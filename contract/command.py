"""Commands: what staff of the platform ask of one kiosk, and what came of it.

A command goes down `down/cmd` in the platform's own words, signed with the ledger's key as acks
are (`contract.head`); what came of it goes up `up/event`. The kiosk's id is signed with it, so one
kiosk's command is none of another's, and `kind` keeps it from being taken for a head:

    {"arguments":{"bay":"a"},"by":"wang","id":"0011223344556677","issued_at":1796000000,
     "key":"a1b2c3d4","kind":"command","kiosk":"hz-xihu-0001","not_after":1796003600,
     "sig":"mFa2...","v":1,"verb":"close-bay"}

`sig` is Ed25519 over the canonical bytes of everything else. No verb moves a hatch or a gate.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from contract.canonical import canonical
from contract.errors import PayloadError
from contract.fields import Count, KeyId, Name, Signature, Text, Word
from contract.keys import is_signed
from contract.payloads import Payload, decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract.keys import Signer

CLOSE_BAY = "close-bay"
OPEN_BAY = "open-bay"
RELOAD_CATALOGUE = "reload-catalogue"
SEND_DIAGNOSTICS = "send-diagnostics"
RESTART_CONTROLLER = "restart-controller"
RESTART_NODE = "restart-node"

VERBS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        CLOSE_BAY: frozenset({"bay"}),
        OPEN_BAY: frozenset({"bay"}),
        RELOAD_CATALOGUE: frozenset(),
        SEND_DIAGNOSTICS: frozenset(),
        RESTART_CONTROLLER: frozenset(),
        RESTART_NODE: frozenset({"bay"}),
    }
)
"""Verb → the arguments that it takes, each of them needed."""

MAX_COMMAND = 4_096
"""Bytes of the largest command that a kiosk reads."""

TTL_MAX_S = 7 * 86_400
"""A command holds a week at most: what nobody could do by then, somebody should think over."""

CommandId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""8 random bytes in hex."""


class Command(Payload):
    """`down/cmd`: do `verb` with `arguments`, but not after `not_after`.

    `issued_at` and `not_after` are Unix seconds by the platform's clock; `by` is the pseudonym of
    whoever asked. A verb that the kiosk does not know is answered, not misread.
    """

    kind: Literal["command"] = "command"
    id: CommandId
    kiosk: Name
    verb: Name
    arguments: Annotated[dict[Name, Word], Field(max_length=4)]
    issued_at: Count
    not_after: Count
    by: Name
    key: KeyId
    sig: Signature


class CommandResult(Payload):
    """`up/event`: what became of command `id`, at `at` (Unix seconds by the kiosk's clock).

    `waiting` says that the kiosk has it and does it once nobody is served; `done` and `refused` are
    the end. `code` says in a word why it was refused, or what was found done; empty where there is
    nothing to add.
    """

    kind: Literal["result"] = "result"
    kiosk: Name
    id: CommandId
    outcome: Literal["waiting", "done", "refused"]
    code: Word
    detail: Text
    at: Count


def sign_command(
    command_id: str,
    kiosk: str,
    verb: str,
    arguments: Mapping[str, str],
    *,
    issued_at: int,
    not_after: int,
    by: str,
    signer: Signer,
) -> Command:
    """A command to `kiosk`, signed with the ledger's key; times in Unix seconds.

    Raises:
        ValueError: A field cannot be (pydantic's own error, which names it).
    """
    said: dict[str, Any] = {
        "v": 1,
        "kind": "command",
        "id": command_id,
        "kiosk": kiosk,
        "verb": verb,
        "arguments": dict(arguments),
        "issued_at": issued_at,
        "not_after": not_after,
        "by": by,
        "key": signer.key_id,
    }
    sig = urlsafe_b64encode(signer.sign(canonical(said))).rstrip(b"=").decode()
    return Command.model_validate(said | {"sig": sig})


def open_command(data: bytes, kiosk: str, keys: Mapping[str, bytes]) -> Command:
    """Read what came to `kiosk` as a command, if the platform said it.

    Args:
        data: The message.
        kiosk: Whose it must be.
        keys: Key id → public key (32 bytes) of those who may speak for the platform.

    Raises:
        PayloadError: As `decode`; `no-ledger-key`: the kiosk knows nobody who may command it;
            `unknown-key`, `bad-signature`: it is not the platform's word; `wrong-kiosk`;
            `lifetime`: it holds for more than a week, or ends before it begins.
    """
    if len(data) > MAX_COMMAND:
        raise PayloadError("too-long", f"Command has {len(data)} bytes: at most {MAX_COMMAND}")
    command = decode(Command, data)
    _check_signature(command, keys)
    if command.kiosk != kiosk:
        raise PayloadError(
            "wrong-kiosk", f"command {command.id} is {command.kiosk}'s, not {kiosk}'s"
        )
    if not 0 <= command.not_after - command.issued_at <= TTL_MAX_S:
        raise PayloadError(
            "lifetime",
            f"command {command.id} holds from {command.issued_at} to {command.not_after}: "
            f"at most {TTL_MAX_S} s",
        )
    return command


def misfit(verb: str, arguments: Mapping[str, str]) -> str:
    """The code of what is wrong with verb and arguments: `unknown-verb`, `arguments`, or empty."""
    takes = VERBS.get(verb)
    if takes is None:
        return "unknown-verb"
    return "" if arguments.keys() == takes else "arguments"


def _check_signature(command: Command, keys: Mapping[str, bytes]) -> None:
    if not keys:
        raise PayloadError(
            "no-ledger-key", "this kiosk takes no commands: name the ledger's key in `ledger_keys`"
        )
    public = keys.get(command.key)
    if public is None:
        known = ", ".join(keys)
        raise PayloadError(
            "unknown-key", f"command {command.id} names key {command.key}, known are: {known}"
        )
    signed = canonical(command.model_dump(exclude={"sig"}))
    if not is_signed(public, urlsafe_b64decode(command.sig + "=="), signed):
        raise PayloadError(
            "bad-signature", f"command {command.id} was not signed like this: changed, or forged"
        )
