"""What lies on the pan is named by the shipped model, or it is said that nobody knows."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.drawn import ITEM_CLASS, draw, draw_frames, empty_chamber
from vision.card import Card
from vision.classify import BLIND_SCORE, WHOLE_MODEL, Classifier, halved, vote
from vision.errors import ImageError, ModelError
from vision.evaluate import judge_all, labelled, report
from vision.images import Image
from vision.runtime import Model

KNOWN = sorted(kind for kind, label in ITEM_CLASS.items() if label != "unknown")
STRANGE = sorted(kind for kind, label in ITEM_CLASS.items() if label == "unknown")
SEEDS = [f"a later visitor {number}" for number in range(8)]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    """The model that comes with the package."""
    return Classifier.shipped()


def _dark(image: Image) -> Image:
    return np.asarray(image * 0.05, np.uint8)


def test_drawn_items_are_named_and_believed(classifier: Classifier) -> None:
    """At least 95 of 100 items that training never saw are named right and let pass."""
    right = dict.fromkeys(KNOWN, 0)
    for kind in KNOWN:
        for seed in SEEDS:
            sight = classifier.look([draw(kind, random.Random(seed))])
            right[kind] += sight.label == ITEM_CLASS[kind] and not sight.unknown
    assert sum(right.values()) >= 0.95 * len(KNOWN) * len(SEEDS), right
    assert min(right.values()) >= 0.8 * len(SEEDS), right


def test_what_is_none_of_ours_is_unknown(classifier: Classifier) -> None:
    """Bananas, plants, batteries and hands come back, at least nine of ten."""
    sights = [classifier.look([draw(k, random.Random(s))]) for k in STRANGE for s in SEEDS]
    assert sum(sight.unknown for sight in sights) >= 0.9 * len(sights)


def test_an_empty_pan_is_no_item(classifier: Classifier) -> None:
    """Whoever puts nothing in gets nothing for it."""
    assert classifier.look([empty_chamber(random.Random(1))]).unknown


def test_a_look_is_the_same_every_time(classifier: Classifier) -> None:
    """A run that is repeated gives the same record to the last bit."""
    frames = draw_frames("can", random.Random(3), 3)
    assert classifier.look(frames) == classifier.look(frames)
    assert classifier.look(frames) == Classifier.shipped().look(frames)


def test_probabilities_are_all_there_likeliest_first(classifier: Classifier) -> None:
    """Whoever weighs classes against the scale finds each of them, and they sum to one."""
    sight = classifier.look(draw_frames("carton", random.Random(1), 3))
    names, shares = zip(*sight.probabilities, strict=True)
    assert sorted(names) == sorted(classifier.card.classes)
    assert sum(shares) == pytest.approx(1)
    assert list(shares) == sorted(shares, reverse=True)
    assert (sight.label, sight.probability) == (names[0], shares[0])


def test_a_refused_class_is_never_a_label(classifier: Classifier) -> None:
    """An unknown thing has the likeliest known class for a label, and is marked as unknown."""
    sight = classifier.look([draw("banana", random.Random(1))])
    assert sight.probabilities[0][0] in classifier.card.refused
    assert sight.label in classifier.card.known
    assert sight.unknown


def test_bad_pictures_are_left_out_of_the_vote(classifier: Classifier) -> None:
    """A frame that the lamp missed changes nothing while others are good."""
    good = draw_frames("can", random.Random(2), 2)
    assert classifier.look([_dark(good[0]), *good]) == classifier.look(good)


def test_without_a_good_picture_nothing_is_guessed(classifier: Classifier) -> None:
    """The sight says why, and is more unknown than anything that was seen."""
    sight = classifier.look([_dark(frame) for frame in draw_frames("can", random.Random(2), 3)])
    assert sight.unknown
    assert "dark" in sight.problems
    assert (sight.label, sight.probability, sight.probabilities) == ("", 0.0, ())
    assert sight.unknown_score == BLIND_SCORE


@pytest.mark.parametrize(
    ("size", "left"),
    [((960, 1280), (240, 320)), ((720, 1280), (360, 640)), ((384, 512), (384, 512))],
)
def test_a_large_picture_is_halved_while_enough_is_left(
    size: tuple[int, int], left: tuple[int, int]
) -> None:
    """The thing keeps its colours, and what a model was trained on keeps its size."""
    picture = draw("can", random.Random(2), size)
    small = halved(picture)
    assert small.shape == (*left, 3)
    assert small.mean(axis=(0, 1)) == pytest.approx(picture.mean(axis=(0, 1)), abs=0.6)


@pytest.mark.parametrize("count", [0, 6])
def test_a_look_takes_one_to_five_pictures(classifier: Classifier, count: int) -> None:
    """None, or more than the kiosk takes of one load, is a mistake of the caller."""
    with pytest.raises(ImageError, match=f"{count} pictures"):
        classifier.look([empty_chamber(random.Random(1))] * count)


@given(
    arrays.arrays(np.float32, (3, 7), elements=st.floats(-30, 30, width=32)),
    st.floats(0.3, 4),
    st.permutations(range(3)),
)
def test_a_vote_sums_to_one_and_has_no_first_voter(
    logits: np.ndarray, heat: float, order: list[int]
) -> None:
    """Frames count alike, in whatever order they came."""
    shares = vote(logits, heat)
    assert shares.sum() == pytest.approx(1)
    assert vote(logits[order], heat) == pytest.approx(shares)


def test_one_sure_frame_does_not_outvote_two_that_differ() -> None:
    """Log-probabilities are averaged, so what two frames exclude stays excluded."""
    logits = np.array([[4, 0, 0], [-6, 3, 0], [-6, 3, 0]], np.float32)
    assert vote(logits, 1.0).argmax() == 1


def test_the_card_belongs_to_the_model(classifier: Classifier) -> None:
    """The shipped card names the shipped file, its size, its classes and its figures."""
    models = resources.files("vision") / "models"
    data = (models / "model.onnx").read_bytes()
    card = json.loads((models / "card.json").read_text())
    assert classifier.model_sha256 == hashlib.sha256(data).hexdigest() == card["model"]["sha256"]
    assert card["model"]["bytes"] == len(data) < 15_000_000
    assert set(card["figures"]) >= {"tune", "field_val", "drawn"}
    assert {"cardboard", "glass", "metal", "paper", "plastic", "textile"} == set(
        classifier.card.known
    )


def test_whole_numbers_say_what_floats_say() -> None:
    """The quick model names the same things, nearly as surely, and belongs to the same card."""
    with resources.as_file(resources.files("vision") / "models") as folder:
        floats, whole = Classifier.load(folder), Classifier.load(folder, model_name=WHOLE_MODEL)
    assert whole.card == floats.card
    pictures = [draw(kind, random.Random(seed)) for kind in KNOWN for seed in SEEDS[:2]]
    pairs = [(floats.look([one]), whole.look([one])) for one in pictures]
    assert np.mean([one.label == other.label for one, other in pairs]) >= 0.95
    assert np.median([abs(one.probability - other.probability) for one, other in pairs]) < 0.05


def test_a_model_and_another_models_card_are_refused(tmp_path: Path) -> None:
    """Thresholds of another training would let anything pass."""
    card = _shipped_card() | {"model": {"sha256": "0" * 64}}
    _write_model(tmp_path, card)
    with pytest.raises(ModelError, match="two files of one training"):
        Classifier.load(tmp_path)


GATE = {"doubt_weight": 1, "usual": 1, "strange": 2, "threshold": 1}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"temperature": -1}, "temperature.*above 0"),
        ({"temperature": "warm"}, "warm"),
        ({"temperature": float("nan")}, "temperature: nan is no finite number"),
        ({"temperature": 10**400}, "too large"),
        ({"temperature": True}, "True is no number"),
        ({"openset": {"usual": 1}}, "'doubt_weight' is missing"),
        ({"openset": GATE | {"strange": 1}}, "strange must be above usual"),
        ({"openset": GATE | {"threshold": float("inf")}}, "threshold: inf is no finite"),
        ({"openset": GATE | {"threshold": 0}}, "threshold 0 must be above 0"),
        ({"openset": GATE | {"doubt_weight": -1}}, "must not be negative"),
        ({"openset": GATE | {"energy_strange": -1}}, "strange must be above usual"),
        ({"openset": []}, "list"),
        ({"refused": ["other", *ITEM_CLASS.values()]}, "none of the classes"),
        ({"refused": ["glass", "tyre"]}, "'tyre'. are none of the classes"),
        ({"classes": ["glass", "other", "glass"]}, "stands there twice"),
        ({"classes": ["other"]}, "none is left"),
        ({"classes": "glass"}, "classes: 'glass' is no list"),
        ({"model": {}}, "'sha256' is missing"),
        ({"calibration": {"pictures": 0, "score_tail": 0.1}}, "pictures: 0 must be above 0"),
        ({"calibration": {"pictures": 9, "score_tail": 1}}, "score_tail: 1 must be below 1"),
    ],
)
def test_a_broken_card_is_refused_by_name(
    change: dict[str, Any], named: str, tmp_path: Path
) -> None:
    """The error says which file and what in it."""
    (tmp_path / "card.json").write_text(json.dumps(_shipped_card() | change))
    with pytest.raises(ModelError, match=rf"card\.json: .*{named}"):
        Card.load(tmp_path / "card.json")


def test_a_card_that_is_no_json_is_refused_by_name(tmp_path: Path) -> None:
    """So is one that is missing, and one that holds something else."""
    for content in (b"{", b"\xff\xfe", b"[]", b"null"):
        (tmp_path / "card.json").write_bytes(content)
        with pytest.raises(ModelError, match=r"card\.json: .*train the model anew"):
            Card.load(tmp_path / "card.json")
    with pytest.raises(ModelError, match=r"gone\.json: No such file"):
        Card.load(tmp_path / "gone.json")


def test_an_altered_model_is_refused(tmp_path: Path) -> None:
    """One byte in the weights changes no form and every answer; the card's hash finds it."""
    _write_model(tmp_path, _shipped_card())
    data = bytearray((tmp_path / "model.onnx").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "model.onnx").write_bytes(data)
    with pytest.raises(ModelError, match=f"{tmp_path}: model .* differ"):
        Classifier.load(tmp_path)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda logits, far: (logits * np.nan, far), "no number"),
        (lambda logits, far: (logits, far + np.inf), "no number"),
        (lambda logits, far: (logits[:, :-1], far), "scores of 6 classes, the card names 7"),
    ],
    ids=["scores", "strangeness", "classes"],
)
def test_a_model_that_is_out_of_order_never_gives_a_label(
    spoil: Callable[[Any, Any], Any], named: str, classifier: Classifier
) -> None:
    """What is no number compares with no threshold, and would pass any gate."""
    session = _Spoiled(classifier.model, spoil)
    model = Model(cast("Any", session), classifier.model_sha256)
    with pytest.raises(ModelError, match=named):
        Classifier(model, _card()).look([draw("can", random.Random(1))])


def test_a_missing_or_broken_model_is_refused_by_name(tmp_path: Path) -> None:
    """A half-copied installation says which file is wrong."""
    with pytest.raises(ModelError, match=r"model\.onnx: No such file"):
        Classifier.load(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"model\.onnx"):
        Model.load(tmp_path / "model.onnx")


@pytest.mark.parametrize(
    ("folder", "top1", "accepted", "auroc"),
    [("trashnet/val", 0.87, 0.90, 0.90), ("field_val", 0.55, 0.2, 0.80)],
)
def test_photographs_are_named_as_well_as_the_card_says(
    classifier: Classifier,
    kiosk_data: Path,
    folder: str,
    top1: float,
    accepted: float,
    auroc: float,
) -> None:
    """Floors under what docs/vision.md reports, on one picture in two of each set."""
    pictures = labelled(kiosk_data / folder)[::2]
    figures = report(judge_all(classifier, pictures), classifier)
    assert figures["top1"] >= top1
    assert figures["accepted"] >= accepted
    assert figures["auroc_unknown"] >= auroc


class _Spoiled:
    """A session of ONNX Runtime whose answers go wrong on the way."""

    def __init__(self, model: Model, spoil: Callable[[Any, Any], Any]) -> None:
        self._model = model
        self._spoil = spoil

    def run(self, names: list[str], inputs: Mapping[str, Any]) -> tuple[Any, ...]:
        features, logits, strangeness = self._model.run(inputs["images"])
        return (features, *self._spoil(logits, strangeness))


def _card() -> Card:
    return Card.of(_shipped_card())


def _shipped_card() -> dict[str, Any]:
    text = (resources.files("vision") / "models" / "card.json").read_text()
    content: dict[str, Any] = json.loads(text)
    return content


def _write_model(folder: Path, card: Mapping[str, Any]) -> None:
    model = resources.files("vision") / "models" / "model.onnx"
    (folder / "model.onnx").write_bytes(model.read_bytes())
    (folder / "card.json").write_text(json.dumps(card))
