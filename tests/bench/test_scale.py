"""The scale's bench: its peers are what they are called, and its rows and pictures are there."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bench import scale, scale_filters
from bench.cli import app
from bench.scale_filters import FILTERS, at_rest, filtered
from bench.scale_share import upper_share
from sim.trials.landing import landing
from sim.trials.weighing import judged

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_settles_on_what_stays(name: str) -> None:
    """On a constant at once, and on a step after a while."""
    constant = FILTERS[name](np.full(400, 250.0))
    assert constant[40:] == pytest.approx(250)
    stepped = FILTERS[name](np.concatenate((np.zeros(40), np.full(360, 250.0))))
    assert stepped[39] == pytest.approx(0)
    assert 0 < stepped[42] < 250
    assert stepped[-1] == pytest.approx(250, abs=1e-6)


def test_filters_are_what_they_are_called() -> None:
    """Each lags behind a ramp: by half a window, by two conversions and four, by (1 - K)/K."""
    ramp = np.arange(600.0)
    lags = {name: 599 - float(filter_of(ramp)[-1]) for name, filter_of in FILTERS.items()}
    gain = (-(0.1**2) + math.sqrt(0.1**4 + 4 * 0.1**2)) / 2
    assert lags == pytest.approx(
        {
            "moving average 8": 3.5,
            "moving average 16": 7.5,
            "moving average 32": 15.5,
            "median 5 + EMA 0.2": 2 + 4,
            "Kalman, q = 0.1 sigma": (1 - gain) / gain,
        }
    )


def test_rest_is_two_limits_wide_and_a_fifth_of_a_second_long() -> None:
    """Of the load: 4 g in all at 500 g, 20 g at 8 kg; readings that are missing are no rest."""
    for mass_g, wide_g in ((500.0, 4.0), (8_000.0, 20.0)):
        swings = mass_g + wide_g / 2 * np.cos(np.pi * np.arange(40))
        assert at_rest(swings * 0.9999).sum() == 40 - scale_filters.REST + 1
        assert not at_rest(swings + 0.01 * (swings - mass_g)).any()
    missing = np.full(40, 500.0)
    missing[20] = np.nan
    assert np.flatnonzero(at_rest(missing)).tolist() == [*range(15, 20), *range(36, 40)]


@pytest.mark.parametrize("name", FILTERS)
def test_filters_do_weigh(name: str) -> None:
    """A thing that is laid down gently is declared, and right."""
    landed = landing(2, mass_g=300.0, fall_mm=1.0, damping=0.08, ring_hz=15.0, shift_g=0.0)
    one = judged(landed, filtered(landed)[name])
    assert 0.1 < one.declared_s < 2
    assert not one.wrong


def test_none_of_ten_thousand_is_no_proof_of_none() -> None:
    """The rule of three, and two counts that tables give."""
    assert upper_share(0, 10_000) == pytest.approx(3 / 10_000, rel=0.01)
    assert upper_share(0, 1) == pytest.approx(0.95)
    assert upper_share(3, 100) == pytest.approx(0.0757, abs=0.0001)
    assert upper_share(5, 5) == pytest.approx(1)


def test_every_filter_is_a_peer_in_the_same_trials() -> None:
    """Of a few landings only: the figures are another day's, the comparison is not."""
    rows = scale.landings(trials=24)
    for figure in ("p95", "p99.7", "declared wrong"):
        assert [row.peer for row in rows if row.name.startswith(figure)] == list(FILTERS)
    p95 = next(row for row in rows if row.name.startswith("p95"))
    assert 1 < p95.value < p95.peer_value
    assert all(math.isfinite(row.value) and math.isfinite(row.peer_value) for row in rows)
    assert "95 % sure below 11.7" in next(row.name for row in rows if "wrong" in row.name)


def test_pictures_are_pictures(tmp_path: Path) -> None:
    """Of each weighing and of all ratios, large enough to be looked at."""
    paths = scale.plot(tmp_path / "deep" / "down", trials=8)
    names = {path.name for path in paths}
    assert {"ratios.png", "weighing-sinking-bag.png", "weighing-glitches.png"} < names
    for path in paths:
        data = path.read_bytes()
        assert data.startswith(PNG)
        assert int.from_bytes(data[16:20], "big") >= 1_000  # width, of the header


def test_what_has_no_pictures_says_so(tmp_path: Path) -> None:
    """Before anything is measured; and a file is no folder."""
    refused = CliRunner().invoke(app, ["link", "scale", "--plot", str(tmp_path)])
    assert refused.exit_code == 2
    assert "no pictures of link" in refused.stderr
    (tmp_path / "file").touch()
    refused = CliRunner().invoke(app, ["scale", "--plot", str(tmp_path / "file")])
    assert refused.exit_code == 2
    assert "is no folder" in refused.stderr
