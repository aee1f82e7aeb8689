"""A file is replaced whole, or stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.whole_file import write_whole


def test_a_file_is_replaced_whole_and_its_folder_made(tmp_path: Path) -> None:
    """Nothing else lies beside it afterwards."""
    path = tmp_path / "bay" / "empty.png"
    for data in (b"first", b"second"):
        write_whole(path, data)
        assert path.read_bytes() == data
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    """As over a full card."""
    path = tmp_path / "taught.json"
    write_whole(path, b"old")
    (tmp_path / "taught.json.part").mkdir()
    with pytest.raises(OSError, match=r"taught\.json\.part"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
