"""Puts the key that a kiosk brought into the folder that `cloud.keys.files` reads."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cloud.errors import EnrolError
from contract.errors import KeyFileError
from contract.keys import key_id_of, load_public
from contract.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)


def file_key(folder: Path, kiosk: str, public: str, *, replaces: bool) -> None:
    """File a public key (64 hex digits) under the kiosk's name.

    One that is there already moves to `retired/` where the new one `replaces` it: what it signed
    still posts.

    Raises:
        EnrolError: `key-on-file`: another one is there, and nobody said that it may go.
        OSError: The disk does not take it.
    """
    path = folder / f"{kiosk}.pub"
    known = _on_file(path)
    if known == public:
        return
    if known is not None:
        if not replaces:
            raise EnrolError(
                "key-on-file",
                f"kiosk {kiosk} has another key on file: where its card was replaced, "
                "make its claim code with --replaces",
            )
        if known:
            _retire(path, known)
    write_whole(path, f"{public}\n".encode())


def _on_file(path: Path) -> str | None:
    """The key there, however it is spelt; empty where it is damaged, None where there is none."""
    if not path.exists():
        return None
    try:
        return load_public(path).hex()
    except KeyFileError as error:
        if error.code == "unreadable":  # it may be as good as ever
            raise OSError(error.message) from error
        _log.error("event=key-not-read code=%s: %s", error.code, error)
        return ""


def _retire(path: Path, known: str) -> None:
    old = path.parent / "retired" / f"{path.stem}.{key_id_of(bytes.fromhex(known))}.pub"
    write_whole(old, f"{known}\n".encode())
