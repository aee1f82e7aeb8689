"""Writing a file so that a power cut leaves the old one or the new one, whole."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put a file there as `replace_whole` does; its folder is made where it is missing.

    Raises:
        OSError: It cannot be written; what was there stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_whole(path, data)


def replace_whole(path: Path, data: bytes, mode: int | None = None) -> None:
    """Put a file there, in place of one that is there; `mode` says who may read it.

    Raises:
        OSError: It cannot be written; what was there stays.
    """
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())  # a name may reach the card before what it names
    if mode is not None:
        part.chmod(mode)
    part.replace(path)
