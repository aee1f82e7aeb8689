"""Codes are read where a person would hold them badly, and never read wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.made import ean_picture, qr_picture
from vision import decoders
from vision.codes import Code, Tracker, agree, read, scan
from vision.codes.retries import RETRIES
from vision.codes.survey import MOST, Box, survey
from vision.errors import ImageError, VisionError
from vision.images import Image, load_image

TOKEN = "GR1:6BFOXN*TS0BI$ZD.P9UOL97O4-2HH77HRM3DSPTU8FDO1"
CHECKERS = np.kron(np.indices((16, 20)).sum(axis=0) % 2, np.ones((20, 20)))[..., None].repeat(3, 2)
CHECKERS = (CHECKERS * 200 + 20).astype(np.uint8)
"""No code, but looked at by everybody."""

WATER = "6901939621608"
"""An EAN-13 whose check digit is right."""


def _blurred(image: Image) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 2.5), np.uint8)


def _inverted(image: Image) -> Image:
    return np.asarray(255 - image, np.uint8)


def _dark(image: Image) -> Image:
    """A dim screen before a camera that adds noise of its own."""
    noise = np.random.default_rng(1).normal(0, 1.5, image.shape)
    return np.asarray(np.clip(image * 0.12 + 4 + noise, 0, 255), np.uint8)


def _noisy(image: Image) -> Image:
    noise = np.random.default_rng(2).normal(0, 60, image.shape)
    return np.asarray(np.clip(image * 0.6 + 40 + noise, 0, 255), np.uint8)


def _tilted(image: Image) -> Image:
    corners = np.array([(0, 0), (640, 0), (640, 480), (0, 480)], np.float32)
    held = np.array([(130, 60), (560, 0), (610, 470), (40, 400)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, held)
    return np.asarray(cv2.warpPerspective(image, matrix, (640, 480)), np.uint8)


def _turned(image: Image) -> Image:
    matrix = cv2.getRotationMatrix2D((320, 240), 33, 1)
    return np.asarray(cv2.warpAffine(image, matrix, (640, 480)), np.uint8)


@pytest.mark.parametrize("spoil", [_blurred, _inverted, _dark, _noisy, _tilted, _turned])
def test_a_residents_code_is_read_however_it_is_shown(spoil: Callable[[Image], Image]) -> None:
    """Blur, inverted colours, a dim screen, noise, tilt and turn do not matter."""
    (code,) = scan(spoil(qr_picture(TOKEN)), budget_s=10)
    assert (code.format, code.text) == ("QR", TOKEN)


def test_a_code_of_two_pixels_a_module_is_read() -> None:
    """A phone held at arm's length is near enough."""
    assert [code.text for code in scan(qr_picture(TOKEN, module_px=2), budget_s=10)] == [TOKEN]


def test_corners_lie_around_the_code() -> None:
    """Whoever draws a frame around the code finds it there."""
    (code,) = scan(qr_picture("A", module_px=6))
    xs, ys = zip(*code.corners, strict=True)
    assert min(xs) == pytest.approx(320 - 63, abs=4)
    assert max(ys) == pytest.approx(240 + 63, abs=4)


@settings(max_examples=20, deadline=None)
@given(st.text(min_size=1, max_size=60).filter(lambda text: text.encode("utf-8", "ignore") != b""))
def test_a_text_is_read_as_it_was_written_or_not_at_all(text: str) -> None:
    """Charsets are where decoders guess: an ASCII text comes back to the letter."""
    ascii_text = text.encode("ascii", "ignore").decode() or "A"
    assert [code.text for code in scan(qr_picture(ascii_text, 4), budget_s=10)] == [ascii_text]


def test_a_barcode_counts_when_two_decoders_read_it() -> None:
    """One check digit is not enough; the second decoder's word is."""
    (code,) = scan(ean_picture(WATER), budget_s=10)
    assert (code.format, code.text, code.decoder) == ("EAN-13", WATER, "bars+zxing-cpp")


def test_a_upc_is_the_ean_that_begins_with_zero() -> None:
    """The table of containers needs one spelling only."""
    (code,) = scan(ean_picture("0036000291452"), budget_s=10)
    assert (code.format, code.text) == ("EAN-13", "0036000291452")


def test_without_the_library_of_one_decoder_a_kiosk_reads_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A missing system library costs an opinion, says once what to install, and breaks nothing."""
    monkeypatch.setitem(__import__("sys").modules, "pyzbar", None)
    decoders._load_zbar.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            assert scan(CHECKERS, budget_s=10) == []
            assert [code.text for code in scan(qr_picture(TOKEN), budget_s=10)] == [TOKEN]
            assert [code.text for code in scan(ean_picture(WATER), budget_s=10)] == [WATER]
    finally:
        decoders._load_zbar.cache_clear()
    (warning,) = caplog.records
    assert "libzbar0" in warning.getMessage()


def test_a_micro_qr_code_is_no_qr_code() -> None:
    """Its check is so weak that half a shadowed code was read as one, wrongly."""
    micro = np.array([list(row) for row in segno.make_micro("120402").matrix], np.uint8)
    large = np.kron(np.pad(1 - micro, 4, constant_values=1), np.full((9, 9), 255, np.uint8))
    assert scan(np.repeat(large[:, :, None], 3, axis=2), budget_s=10) == []


def _reading(text: str, decoder: str, left: int = 0, kind: str = "EAN-13") -> Code:
    corners = ((left, 0), (left + 90, 0), (left + 90, 40), (left, 40))
    return Code(kind, text, corners, decoder)


def test_two_frames_agree_on_a_barcode_only_if_it_moved_between_them() -> None:
    """One decoder repeats its mistake on the same picture, so looking twice proves nothing."""
    first, same, moved = (_reading(WATER, "zbar", left) for left in (0, 3, 40))
    assert agree([[first], [same]]) == []
    (code,) = agree([[first], [same], [moved]])
    assert (code.text, code.corners) == (WATER, moved.corners)


def test_another_row_of_the_same_bars_is_no_movement() -> None:
    """Decoders report the row they happened to read; only movement along the bars counts."""
    first = _reading(WATER, "zxing-cpp")
    lower = replace(first, corners=tuple((x, y + 60) for x, y in first.corners))
    assert agree([[first], [lower]]) == []


@pytest.mark.parametrize("turns", range(4))
def test_a_label_that_lies_still_does_not_move_by_what_is_read_of_it(turns: int) -> None:
    """However it lies: zbar reads other rows of it when half is hidden, and learns nothing new."""
    whole = ean_picture(WATER, 2)
    far, near, along = whole.copy(), whole.copy(), np.roll(whole, 40, axis=1)
    far[:220], near[180:] = 235, 235
    (upper,), (lower,), (moved,) = (
        decoders.zbar(np.ascontiguousarray(np.rot90(one, turns)[..., 0]), ("EAN-13",))
        for one in (near, far, along)
    )
    assert upper.corners != lower.corners
    assert agree([[upper], [lower]]) == []
    assert [code.text for code in agree([[upper], [moved]])] == [WATER]


def test_other_rows_of_a_slanting_label_are_no_movement() -> None:
    """They begin elsewhere, as far along as the bars slant."""
    upper = replace(_reading(WATER, "zbar"), corners=((0, 0), (90, 0), (110, 40), (20, 40)))
    lower = replace(upper, corners=tuple((x + 30, y + 60) for x, y in upper.corners))
    assert agree([[upper], [lower]]) == []


def test_two_decoders_are_not_believed_where_bars_reads_otherwise() -> None:
    """Wide ink turns a 7 into a 1 for every decoder that looks at edges; `bars` knows of ink."""
    both = [_reading("8212484036211", who) for who in ("zbar", "zxing-cpp")]
    assert agree([both]) != []
    assert agree([[*both, _reading("8212484036877", "bars")]]) == []


@pytest.mark.parametrize("top", [-4, 20, 151])
def test_bars_is_heard_where_the_others_read_but_a_few_rows(top: int) -> None:
    """Their box is as thin as what they read; the middle of the label may lie far outside it."""
    thin = ((0, top), (90, top), (90, top + 11), (0, top + 11))
    both = [replace(_reading("8212484036211", who), corners=thin) for who in ("zbar", "zxing-cpp")]
    label = ((2, 0), (91, 0), (91, 160), (2, 160))
    against = replace(_reading("8212484036877", "bars"), corners=label)
    assert agree([both]) != []
    assert agree([[*both, against]]) == []
    assert agree([both, [against]]) == agree([[against], both]) == []


def test_bars_says_nothing_of_the_barcode_beside() -> None:
    """A book bears two, one under the other."""
    price = [_reading("1920081045006", who) for who in ("zbar", "zxing-cpp")]
    above = _reading("9784872348880", "bars")
    above = replace(above, corners=tuple((x, y - 50) for x, y in above.corners))
    assert [code.text for code in agree([[above, *price]])] == ["1920081045006"]


def test_an_ean_8_wants_the_whole_line_to_fit() -> None:
    """Seven digits are soon found in a text: `bars` must be one of the two."""
    both = [_reading("12345670", who, kind="EAN-8") for who in ("zbar", "zxing-cpp")]
    assert agree([both]) == []
    (code,) = agree([[both[0], _reading("12345670", "bars", kind="EAN-8")]])
    assert code.decoder == "bars+zbar"


def test_decoders_that_contradict_each_other_give_nothing() -> None:
    """A misread is worse than no read."""
    assert agree([[_reading(WATER, "zbar"), _reading("4006381333931", "zxing-cpp")]]) == []


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["zbar", "zxing-cpp"]))))
def test_what_is_sure_was_read_by_two(readings: list[tuple[str, str]]) -> None:
    """Whatever came in, a barcode that leaves was read by both, and each leaves once."""
    sure = agree([[_reading(text, decoder) for text, decoder in readings]])
    texts = [code.text for code in sure]
    assert len(texts) == len(set(texts))
    for text in "AB":
        assert (text in texts) == (
            {who for what, who in readings if what == text}
            == {
                "zbar",
                "zxing-cpp",
            }
        )


def test_no_step_begins_once_the_budget_is_spent() -> None:
    """The clock is asked before each step; a frame without a code cannot hold the kiosk up."""
    ticks: Iterator[int] = iter(range(100))
    assert read(qr_picture(TOKEN), budget_s=0, clock=lambda: float(next(ticks))) == []
    assert next(ticks) == 2


def test_only_the_formats_asked_for_are_read() -> None:
    """A camera for residents' codes does not report the bottle's barcode."""
    assert scan(ean_picture(WATER), formats=("QR",), budget_s=10) == []
    with pytest.raises(VisionError, match=r"UPC-E.*use some of"):
        scan(ean_picture(WATER), formats=("UPC-E",))


def test_what_is_no_picture_is_refused_by_its_shape() -> None:
    """A grey or empty array gets an error that says what came."""
    with pytest.raises(ImageError, match=r"\(480, 640\) of uint8"):
        scan(np.zeros((480, 640), np.uint8))


@pytest.mark.parametrize("height", [1, 2, 3, 7, 15])
@pytest.mark.parametrize("width", [1, 3, 40, 330, 2000, 20000])
def test_no_shape_of_picture_breaks_a_reader(height: int, width: int) -> None:
    """A crop may come out as a sliver: it holds no code, or is refused as what it is."""
    chance = np.random.default_rng(height)
    for shape in ((height, width), (width, height)):
        image = np.repeat(chance.integers(0, 256, (*shape, 1), np.uint8), 3, axis=2)
        grey = np.ascontiguousarray(image[..., 0])
        assert len(survey(grey).patterns) <= MOST
        assert RETRIES[0].read(grey, Box(0, 0, shape[1], shape[0])) == []
        for look in (scan, lambda image: Tracker().look(image)[1]):
            try:
                assert look(image) == []
            except ImageError as error:
                assert "strip" in str(error)  # noqa: PT017  # some of these shapes only


def test_photographed_qr_codes_are_read_and_none_wrongly(kiosk_data: Path) -> None:
    """Of 97 photographs of three sets all but one are read, each as it was made.

    The truth of qrcode-2/13 misspells its text, and 16 holds two codes, one inside the other.
    """
    read_right, pictures = 0, 0
    for path, truth in _with_truth(kiosk_data, "qrcode-1", "qrcode-2", "qrcode-3"):
        texts = [code.text for code in scan(load_image(path), budget_s=10)]
        pictures += 1
        read_right += truth in texts
        if (path.parent.name, path.stem) not in {("qrcode-2", "13"), ("qrcode-2", "16")}:
            assert set(texts) <= {truth}, path
    assert pictures > 90
    assert read_right >= pictures - 1


def test_photographed_barcodes_give_no_false_value(kiosk_data: Path) -> None:
    """What two decoders agree on is right; some books bear a second barcode, the price."""
    books = {"9784872348880", "1920081045006"}
    right, pictures = 0, 0
    for path, truth in _with_truth(kiosk_data, "ean13-2", "ean13-3", "ean8-1"):
        texts = {code.text for code in scan(load_image(path), budget_s=10)}
        pictures += 1
        right += truth in texts
        assert texts <= {truth} or texts <= books, path
    assert right / pictures >= 0.95


def test_pictures_without_codes_give_none(kiosk_data: Path) -> None:
    """Text, patterns and fences are no codes."""
    for path in sorted((kiosk_data / "codes" / "falsepositives-2").glob("*.png")):
        assert scan(load_image(path), budget_s=10) == [], path


def _with_truth(data: Path, *sets: str) -> Iterator[tuple[Path, str]]:
    for name in sets:
        for truth in sorted((data / "codes" / name).glob("*.txt")):
            path = truth.with_suffix(".png")
            if path.exists():
                yield path, truth.read_bytes().decode()
