"""Puts the key that a kiosk brought into the folder that `cloud.keys.files` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloud.errors import EnrolError
from contract.keys import key_id_of
from contract.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path


def file_key(folder: Path, kiosk: str, public: str, *, replaces: bool) -> None:
    """File a public key (64 hex digits) under the kiosk's name.

    One that is there already moves to `retired/` where the new one `replaces` it: what it signed
    still posts.

    Raises:
        EnrolError: `key-on-file`: another one is there, and nobody said that it may go.
        OSError: The disk does not take it.
    """
    path = folder / f"{kiosk}.pub"
    known = path.read_text().strip() if path.exists() else None
    if known == public:
        return
    if known is not None:
        if not replaces:
            raise EnrolError(
                "key-on-file",
                f"kiosk {kiosk} has another key on file: where its card was replaced, "
                "make its claim code with --replaces",
            )
        _retire(path, known)
    write_whole(path, f"{public}\n".encode())


def _retire(path: Path, known: str) -> None:
    retired = path.parent / "retired"
    retired.mkdir(exist_ok=True)
    old = retired / f"{path.stem}.{key_id_of(bytes.fromhex(known))}.pub"
    old.write_text(known + "\n")
