"""`kiosk vision`: one JSON document on stdout, tables for people, exits that mean something."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from sim.drawn import draw, draw_set
from tests.vision.made import ean_picture, qr_picture
from vision.cli import app
from vision.errors import ImageError, ModelError
from vision.images import Image

EVAL_KEYS = {
    *("n", "top1", "stream_top1", "per_class", "ece", "auroc_unknown", "fpr95"),
    *("coverage_at_99", "median_ms", "p95_ms", "model_sha256"),
    *("selective_at_90", "intervals", "confusion", "aurc", "brier", "risk_coverage", "skipped"),
}


def _kiosk_vision(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def _json(result: Result) -> Any:
    assert result.stderr == "", result.stderr
    return json.loads(result.stdout)


def _saved(folder: Path, name: str, image: Image) -> Path:
    path = folder / name
    cv2.imwrite(str(path), np.asarray(image[..., ::-1]))
    return path


@pytest.fixture
def can(tmp_path: Path) -> Path:
    """A picture file of a drinks can."""
    return _saved(tmp_path, "can.png", draw("can", random.Random(8)))


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """A file that ends in the middle."""
    path = _saved(tmp_path, "torn.png", draw("can", random.Random(8)))
    path.write_bytes(path.read_bytes()[:5000])
    return path


def test_classify_says_of_each_file_what_it_is(can: Path, tmp_path: Path) -> None:
    """A can is metal and trusted, a banana is not."""
    banana = _saved(tmp_path, "banana.jpg", draw("banana", random.Random(8)))
    result = _kiosk_vision("classify", can, banana, "--json")
    first, second = _json(result)["files"]
    assert result.exit_code == 0
    assert (first["file"], first["label"], first["unknown"]) == (str(can), "metal", False)
    assert first["probability"] > 0.75
    assert first["ms"] > 0
    assert second["unknown"] is True


def test_a_broken_file_stops_no_other(can: Path, torn: Path, tmp_path: Path) -> None:
    """Each file has its entry; the exit and stderr say that one could not be read."""
    result = _kiosk_vision("classify", torn, can, tmp_path / "gone.jpg", "--json")
    first, second, third = json.loads(result.stdout)["files"]
    assert result.exit_code == 2
    assert "torn.png" in first["error"]
    assert second["label"] == "metal"
    assert "No such file" in third["error"]
    assert result.stderr.count("kiosk: image") == 2


def test_scan_gives_codes_as_they_are(tmp_path: Path) -> None:
    """Format, text, corners and who read it; a picture without a code has none."""
    codes = _saved(tmp_path, "codes.png", qr_picture("GR1:ÄÖ ü"))
    plain = _saved(tmp_path, "plain.png", draw("carton", random.Random(1)))
    bars = _saved(tmp_path, "bars.png", ean_picture("6901939621608"))
    result = _kiosk_vision("scan", codes, plain, bars, "--json")
    first, second, third = _json(result)["files"]
    (code,) = first["codes"]
    assert result.exit_code == 0
    assert (code["format"], code["text"], code["decoder"]) == ("QR", "GR1:ÄÖ ü", "zxing-cpp")
    assert len(code["corners"]) == 4
    assert second["codes"] == []
    assert third["codes"][0]["text"] == "6901939621608"


def test_a_codes_text_is_never_markup(tmp_path: Path) -> None:
    """What a stranger's code says cannot paint the table of whoever scans it."""
    path = _saved(tmp_path, "red.png", qr_picture("[red]paid[/red]"))
    assert "[red]paid[/red]" in _kiosk_vision("scan", path).stdout


def test_eval_counts_what_the_model_lacks_as_unknown(tmp_path: Path) -> None:
    """Drawn items in class folders; `unknown` and `trash` are none of the model's classes."""
    draw_set(tmp_path, 1, seed=99)
    (tmp_path / "textile").rename(tmp_path / "textile_trash")
    (tmp_path / "trash").mkdir()
    _saved(tmp_path / "trash", "hand.png", draw("hand", random.Random(8)))
    result = _kiosk_vision("eval", tmp_path, "--json")
    figures = _json(result)
    assert result.exit_code == 0
    assert set(figures) >= EVAL_KEYS
    assert (figures["n"], figures["n_known"], figures["n_unknown"]) == (12, 7, 5)
    assert figures["per_class"]["textile"] == {"n": 1, "top1": 1.0}
    assert figures["top1"] >= 6 / 7
    assert figures["auroc_unknown"] == 1.0
    assert figures["unknown_refused"] >= 4 / 5
    assert figures["per_unknown"]["trash"] == {"n": 1, "refused": 1.0}
    assert sum(figures["confusion"]["textile"].values()) == 1
    low, high = figures["intervals"]["top1"]
    assert 0 < low < figures["top1"] <= high <= 1
    assert figures["risk_coverage"][-1][0] == 1.0
    assert figures["skipped"] == 0


def test_tables_are_for_people(can: Path) -> None:
    """Without --json the same words stand in a table."""
    result = _kiosk_vision("classify", can)
    assert result.exit_code == 0
    assert "metal" in result.stdout
    assert "probability" in result.stdout


def test_a_folder_without_pictures_is_bad_input(tmp_path: Path) -> None:
    """The error rises to the command `kiosk`, which prints it and exits with 2."""
    result = _kiosk_vision("eval", tmp_path, "--json")
    assert isinstance(result.exception, ImageError)
    assert "class/*.jpg" in str(result.exception)
    assert result.stdout == ""


def test_a_broken_file_in_a_measured_folder_is_named_and_the_rest_measured(
    can: Path, torn: Path, tmp_path: Path
) -> None:
    """The figures say how many are missing from them, and the exit that they do."""
    metal = tmp_path / "metal"
    metal.mkdir()
    can.rename(metal / can.name)
    torn.rename(metal / torn.name)
    (metal / "folder.jpg").mkdir()
    result = _kiosk_vision("eval", tmp_path, "--json")
    figures = json.loads(result.stdout)
    assert result.exit_code == 2
    assert (figures["n"], figures["skipped"], figures["top1"]) == (1, 2, 1.0)
    assert "torn.png: not a whole PNG" in result.stderr
    assert "folder.jpg: Is a directory" in result.stderr


def test_a_folder_of_broken_files_has_no_figures(torn: Path, tmp_path: Path) -> None:
    """No average is taken over nothing, as JSON or as a table."""
    (tmp_path / "metal").mkdir()
    torn.rename(tmp_path / "metal" / torn.name)
    figures = json.loads(_kiosk_vision("eval", tmp_path, "--json").stdout)
    assert (figures["n"], figures["skipped"]) == (0, 1)
    assert figures["top1"] is figures["median_ms"] is figures["intervals"]["top1"] is None
    assert _kiosk_vision("eval", tmp_path).exit_code == 2


def test_a_name_that_is_no_text_is_shown_as_its_bytes(can: Path, tmp_path: Path) -> None:
    """One JSON document comes out whatever stands on the card."""
    odd = tmp_path / os.fsdecode(b"\xff.png")
    can.rename(odd)
    (entry,) = _json(_kiosk_vision("classify", odd, "--json"))["files"]
    assert entry["file"].endswith("\\xff.png")
    assert entry["label"] == "metal"


def test_another_model_can_be_asked(can: Path, tmp_path: Path) -> None:
    """A folder without a model is refused by name."""
    result = _kiosk_vision("classify", can, "--model", tmp_path)
    assert isinstance(result.exception, ModelError)
    assert "model.onnx" in str(result.exception)
