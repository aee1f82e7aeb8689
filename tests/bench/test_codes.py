"""The bench of codes draws what it says, counts rightly, and would say so if it got worse."""

from __future__ import annotations

import numpy as np
import pytest

from bench import codes
from bench.codes_drawn import Shot, ean_digits, ean_modules, photographed, qr_modules
from vision.codes.ean import checks


def test_drawn_barcodes_are_barcodes() -> None:
    """Every drawn number has its check digit, and one that lies well is read by everybody."""
    assert all(checks(ean_digits(seed)) for seed in range(50))
    picture = photographed(ean_modules(ean_digits(1)), Shot(side_px=380), 1)
    looks = codes.looked([(picture, frozenset({ean_digits(1)}))], codes.BARCODES)
    assert all(look.right and look.wrong == 0 for (look,) in looks.values())


def test_a_shot_spoils_as_much_as_it_says() -> None:
    """The same seed gives the same picture, and a dim screen is dim."""
    modules = qr_modules("A")
    bright, again = (photographed(modules, Shot(), 7) for _ in range(2))
    assert (bright == again).all()
    dim = photographed(modules, Shot(brightness=0.1), 7)
    assert float(dim.mean()) < 0.2 * float(bright.mean())
    assert float(np.abs(np.diff(dim.astype(int), axis=1)).mean()) < 5


def test_a_wrong_text_is_counted_against_whoever_read_it() -> None:
    """A picture that holds another code than its truth says."""
    picture = photographed(qr_modules("RIGHT"), Shot(), 3)
    looks = codes.looked([(picture, frozenset({"OTHER"}))], ("QR",))
    assert [look.wrong for (look,) in looks.values()] == [1, 1, 1]
    assert not any(look.right for (look,) in looks.values())


def test_each_row_stands_beside_a_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a trouble in which zxing-cpp reads nothing; without photographs no rows of them."""
    levels = {"out of focus": (Shot(blur_px=4),)}
    rows = codes.drawn("QR", levels, codes._qr_picture, ("QR",), each=1)
    assert [row.name for row in rows] == [
        "QR out of focus, read of 1",
        "QR drawn, read of 1",
        "QR drawn, wrong texts",
        "QR drawn, processor time a picture, p95",
    ]
    assert rows[0].value == 100
    assert rows[0].peer_value == 0
    monkeypatch.delenv("KIOSK_DATA", raising=False)
    assert codes.photographs() == []


def test_a_folder_that_lacks_a_set_is_named(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A folder of other data gives no figures, and no crash over none."""
    monkeypatch.setenv("KIOSK_DATA", str(tmp_path_factory.mktemp("data")))
    assert codes.photographs() == []
    assert "lacks qrcode-1, qrcode-2" in caplog.text
