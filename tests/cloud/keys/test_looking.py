"""Whoever looks for new files goes on looking, and takes next time what could not be taken now."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from cloud.errors import LedgerError
from cloud.keys.looking import looked_after
from cloud.keys.shelf import Shelf
from contract.catalogue import example, sign
from contract.keys import FileSigner


def test_one_look_that_fails_does_not_end_the_looking(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever it is: a list that comes later must be taken without a restart."""
    fails = [LedgerError("busy"), OperationalError("", None, ValueError("gone")), OSError("disk")]
    looks = 0

    async def run() -> None:
        seen = asyncio.Event()
        loop = asyncio.get_running_loop()

        def look() -> None:
            nonlocal looks
            looks += 1
            if looks > len(fails):
                loop.call_soon_threadsafe(seen.set)
            else:
                raise fails[looks - 1]

        async def running() -> None:
            await asyncio.wait_for(seen.wait(), 60)

        await looked_after(running(), look, 0.0)

    asyncio.run(run())
    assert caplog.text.count("event=look-failed") == len(fails)


def test_a_list_is_handed_out_whatever_its_file_is_called(tmp_path: Path) -> None:
    """Its own name is looked at first and believed in nothing: what lies there may be another's."""
    operator = FileSigner.new(tmp_path / "operator.pem")
    (tmp_path / "operator.pub").write_text(operator.public.hex())
    first = sign(example(), operator)
    later = example().model_copy(update={"version": "2026-12-a", "valid_from": "2026-12-01"})
    (tmp_path / "catalogue.json").write_bytes(first)
    (tmp_path / "catalogue-2026-11-a.json").write_bytes(sign(later, operator))
    shelf = Shelf(tmp_path)
    assert shelf.signed("2026-11-a") == first
    assert shelf.signed("2026-12-a") == sign(later, operator)
    (tmp_path / "catalogue.json").rename(tmp_path / "catalogue-old.json")
    (tmp_path / "catalogue-2026-12-a.json").write_bytes(b"torn")
    assert shelf.signed("2026-11-a") == first
    assert shelf.signed("2026-12-a") == sign(later, operator)
    assert shelf.signed("../operator.pub") is None


def test_a_list_that_could_not_be_read_is_read_the_next_time(tmp_path: Path) -> None:
    """The operator's key was away for a moment; then it is another one, with a list of its own."""
    operator = FileSigner.new(tmp_path / "operator.pem")
    public = tmp_path / "operator.pub"
    public.write_text(operator.public.hex())
    (tmp_path / "catalogue.json").write_bytes(sign(example(), operator))
    shelf = Shelf(tmp_path)
    later = example().model_copy(update={"version": "2026-12-a", "valid_from": "2026-12-01"})
    (tmp_path / "catalogue-later.json").write_bytes(sign(later, operator))
    public.unlink()
    assert shelf.look() == 0
    public.write_text(operator.public.hex())
    assert shelf.look() == 1
    successor = FileSigner.new(tmp_path / "successor.pem")
    last = example().model_copy(update={"version": "2027-01-a", "valid_from": "2027-01-01"})
    (tmp_path / "catalogue-last.json").write_bytes(sign(last, successor))
    assert shelf.look() == 0
    public.write_text(successor.public.hex())
    assert shelf.look() == 1
    assert set(shelf) == {"2026-11-a", "2026-12-a", "2027-01-a"}
