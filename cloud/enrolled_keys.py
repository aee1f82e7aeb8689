"""Puts the key that a kiosk brought into the folder that `cloud.keys` reads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cloud.errors import EnrolError
from contract.keys import key_id_of

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
    folder.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("w") as file:
        file.write(public + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _retire(path: Path, known: str) -> None:
    retired = path.parent / "retired"
    retired.mkdir(exist_ok=True)
    old = retired / f"{path.stem}.{key_id_of(bytes.fromhex(known))}.pub"
    old.write_text(known + "\n")
