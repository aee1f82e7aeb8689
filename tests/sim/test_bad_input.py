"""What is wrong with a scenario or its pictures ends the command with 2 and names its place."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.sim.test_run import BOTTLE, kiosk


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[[events]]\nat_s = 1\nverb = "explode"', "mine.toml:9: events[0].verb: unknown verb 'ex"),
        ("duration_s = 2", "mine.toml:6: people[0].arrives_s: 3 is not before duration_s = 2"),
        ('[[events]]\nat_s = 1\nverb = "walk_away"\nperson = 7', "events[0].person: no person 7"),
        ("[expect]\naccepted = 2", "mine.toml:8: expect.accepted: 2 of 1 items brought"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(
    more: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By file, line and key, before anything is run."""
    file = tmp_path / "mine.toml"
    text = f"{more}\n{BOTTLE}" if more.startswith("duration") else f"{BOTTLE}{more}\n"
    file.write_text(text, encoding="utf-8")
    assert kiosk("run", str(file)) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_one_broken_picture_of_a_folder_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where its folder is one of which nothing is brought."""
    for name in ("plastic", "metal"):
        (tmp_path / name).mkdir()
        cv2.imwrite(str(tmp_path / name / "good.png"), np.zeros((8, 8, 3), np.uint8))
    (tmp_path / "metal" / "bad.png").write_bytes(b"no picture at all")
    assert kiosk("run", "happy", "--images", str(tmp_path)) == 2
    assert "bad.png is broken: replace it or take it out" in " ".join(
        capsys.readouterr().err.split()
    )
