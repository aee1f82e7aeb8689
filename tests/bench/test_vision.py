"""The bench of seeing: works are timed in turn, and what is missing is said, not made up."""

from __future__ import annotations

import pytest

from bench.vision import beside, measure


def test_two_works_are_done_in_turn() -> None:
    """So a machine that is busy for a while slows both alike."""
    done: list[str] = []
    one_ms, other_ms = beside(lambda: done.append("one"), lambda: done.append("other"), 3)
    assert done[:4] == ["one", "other", "one", "other"]
    assert done.count("one") == done.count("other") >= 3
    assert min(one_ms, other_ms) > 0


def test_without_photographs_the_times_are_there_and_the_rest_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bare net, and a verdict beside it."""
    monkeypatch.delenv("KIOSK_DATA", raising=False)
    rows = {row.name: row for row in measure()}
    assert rows["picture to verdict, least"].ratio > 1
    assert rows["one picture through the net, least"].unit == "ms"
    assert not any("field_val" in name for name in rows)
    assert "KIOSK_DATA names no folder" in capsys.readouterr().err


def test_a_folder_that_lacks_a_set_is_named(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Half a folder of data gives no half of the figures."""
    monkeypatch.setenv("KIOSK_DATA", str(tmp_path_factory.mktemp("data")))
    assert len(measure()) >= 2
    assert "lacks trashnet/val or field_val" in capsys.readouterr().err
