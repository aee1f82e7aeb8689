"""A kiosk learns its own chamber from a few pictures, or is left as it is."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

import vision
from sim.drawn import ITEM_CLASS, draw, empty_chamber
from vision.card import Card
from vision.classify import Classifier, Sight
from vision.cli import app
from vision.errors import ImageError, ModelError, TeachingError
from vision.figures import Judged
from vision.images import Image
from vision.openset import Gate
from vision.runtime import SIDE
from vision.shares import log_shares
from vision.taught import Taught
from vision.teaching import retune
from vision.teaching.head import Example, Space, learn, left_out
from vision.teaching.lesson import Seen, example, see, views
from vision.teaching.teach import Lesson, document, retuned, takes_more, teach

KINDS = ("can", "newspaper", "pet-bottle")
HERE = {"can": "glass", "newspaper": "metal", "pet-bottle": "paper"}
"""What they count as in a chamber of its own: no model knows that before it is taught."""
GATE = Gate(doubt_weight=2.0, usual=3.0, strange=11.0, threshold=1.4)
KINSHIP, FAR = 40, 3.0
MODELS = Path(vision.__file__).parent / "models"


def _strange_light(image: Image) -> Image:
    """A camera whose picture comes out as a negative: nothing looks as training saw it."""
    return np.asarray(255 - image, np.uint8)


def _chamber(folder: Path, pictures: range) -> Path:
    """Pictures of drawn items under the names of `HERE`, and of the empty pan, in that light."""
    for number in pictures:
        for kind in KINDS:
            item = draw(kind, random.Random(f"own {kind} {number}"))
            _save(folder / HERE[kind] / f"{kind}-{number}.png", item)
        _save(folder / "empty" / f"{number}.png", empty_chamber(random.Random(f"own {number}")))
    return folder


def _save(path: Path, image: Image) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.asarray(_strange_light(image)[..., ::-1]))


def _pictures(folder: Path) -> list[tuple[str, Path]]:
    return [(path.parent.name, path) for path in sorted(folder.glob("*/*"))]


def _raise(error: ImageError) -> None:
    raise error


def _kiosk_vision(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    """The model that comes with the package."""
    return Classifier.shipped()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pictures of each thing to teach by."""
    return _chamber(tmp_path_factory.mktemp("own"), range(3))


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Other things of the same kinds, which come later."""
    return _chamber(tmp_path_factory.mktemp("later"), range(10, 13))


@pytest.fixture(scope="module")
def taught(own: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the kiosk was taught, as the command wrote it."""
    path = tmp_path_factory.mktemp("kiosk") / "taught.json"
    result = _kiosk_vision("teach", own, "--out", path, "--date", "2026-11-27", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["taught"] is True
    return path


def test_a_taught_kiosk_knows_its_own_chamber(taught: Path, later: Path) -> None:
    """What it was not shown is named no worse, surer, and an empty pan still comes back."""
    before = json.loads(_kiosk_vision("eval", later, "--json").stdout)
    after = json.loads(_kiosk_vision("eval", later, "--taught", taught, "--json").stdout)
    assert after["top1"] >= max(before["top1"], 0.9)
    assert after["brier"] < before["brier"]
    assert after["accepted_top1"] >= 0.9
    assert after["per_unknown"]["empty"]["refused"] == 1.0
    assert after["taught_sha256"] != before["taught_sha256"] == ""


def test_a_taught_file_tells_what_it_came_from(taught: Path, classifier: Classifier) -> None:
    """The date, each picture's hash, the model, and the figures before and after."""
    content = json.loads(taught.read_text())
    assert content["taught_on"] == "2026-11-27"
    assert content["model_sha256"] == classifier.model_sha256
    assert len(content["pictures"]) == 3 * (len(KINDS) + 1)
    assert content["pictures"][0]["file"] == "empty/0.png"
    assert len(content["pictures"][0]["sha256"]) == 64
    assert content["figures"]["before"]["n"] == content["figures"]["after"]["n"] == 12


def test_the_same_pictures_teach_the_same(taught: Path, own: Path, classifier: Classifier) -> None:
    """To the last bit, so that a service page can say whether a kiosk is as it was left."""
    seen = see(classifier.model, _pictures(own), _raise)
    again = document(teach(classifier.card, seen), seen, "2026-11-27")
    assert again == taught.read_text()


def test_the_shipped_model_is_not_touched(taught: Path, classifier: Classifier) -> None:
    """Without the file the kiosk judges as before."""
    picture = draw("can", random.Random(5))
    assert Classifier.shipped().look([picture]) == classifier.look([picture])
    assert Classifier.shipped(taught).look([picture]) != classifier.look([picture])


def test_a_model_that_is_right_and_sure_is_left_as_it_is(tmp_path: Path) -> None:
    """No loss can be saved: the exit says so, and no file is left that would seem to help."""
    card = json.loads((MODELS / "card.json").read_text()) | {"temperature": 0.01}
    (tmp_path / "card.json").write_text(json.dumps(card))
    (tmp_path / "model.onnx").write_bytes((MODELS / "model.onnx").read_bytes())
    for kind, number in ((kind, number) for kind in KINDS for number in range(2)):
        path = tmp_path / "own" / ITEM_CLASS[kind] / f"{kind}-{number}.png"
        _save(path, _strange_light(draw(kind, random.Random(number))))
    out = tmp_path / "taught.json"
    call = ("teach", tmp_path / "own", "--out", out, "--model", tmp_path)
    result = _kiosk_vision(*call, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["taught"] is False
    assert "nothing was written" in " ".join(_kiosk_vision(*call).stdout.split())
    assert not out.exists()


def _noise(card: Card, seed: int) -> list[Seen]:
    """Twelve pictures with labels as often as the model says, and features that say nothing."""
    chance = np.random.default_rng(seed)
    logits = np.log(chance.dirichlet(np.full(len(card.classes), 0.5), 12) + 1e-3)
    shares = np.exp(log_shares(logits))
    return [
        _seen(str(chance.choice(card.classes, p=share)), row * card.temperature, chance)
        for row, share in zip(logits, shares, strict=True)
    ]


def _seen(folder: str, logits: np.ndarray, chance: np.random.Generator) -> Seen:
    """A usual look with these class scores, and features that say nothing."""
    return Seen(
        folder=folder,
        name="",
        sha256="",
        features=chance.normal(size=(2, 30)).astype(np.float32),
        logits=np.stack([logits, logits]).astype(np.float32),
        strangeness=np.zeros(2, np.float32),
    )


def test_where_pictures_tell_nothing_nothing_is_taught(classifier: Classifier) -> None:
    """Any gain would be chance, and chance is believed once in sixteen times at most."""
    lessons = [teach(classifier.card, _noise(classifier.card, seed)) for seed in range(16)]
    assert sum(lesson.taught is not None for lesson in lessons) <= 1


def test_a_broken_or_dark_picture_is_named_and_the_rest_is_taught(
    own: Path, tmp_path: Path
) -> None:
    """The exit says that something was left out; the file does not count on it."""
    for folder, path in _pictures(own):
        (tmp_path / "own" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "own" / folder / path.name).write_bytes(path.read_bytes())
    (tmp_path / "own" / "metal" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    cv2.imwrite(str(tmp_path / "own" / "metal" / "dark.png"), np.zeros((60, 80, 3), np.uint8))
    out = tmp_path / "taught.json"
    result = _kiosk_vision("teach", tmp_path / "own", "--out", out)
    assert result.exit_code == 2
    assert "torn.png: not a whole" in result.stderr
    assert "dark.png: dark" in result.stderr
    assert len(json.loads(out.read_text())["pictures"]) == 12
    assert "files.taught" in result.stdout


def test_too_few_pictures_teach_nothing(own: Path, tmp_path: Path, classifier: Classifier) -> None:
    """The error says how many, and which folders count as classes."""
    seen = see(classifier.model, _pictures(own)[:4], _raise)
    with pytest.raises(TeachingError, match=r"2 good pictures each of 2 known classes.*cardboard"):
        teach(classifier.card, seen)
    result = _kiosk_vision("teach", own, "--out", tmp_path / "no" / "where.json")
    assert isinstance(result.exception, TeachingError)
    assert "--out" in str(result.exception)


def test_where_too_few_are_left_the_broken_ones_are_named_first(tmp_path: Path) -> None:
    """They may be all the reason that there is."""
    (tmp_path / "metal").mkdir()
    (tmp_path / "metal" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = _kiosk_vision("teach", tmp_path, "--out", tmp_path / "taught.json")
    assert "torn.png: not a whole" in result.stderr
    assert isinstance(result.exception, TeachingError)


def test_a_file_that_comes_twice_is_named_and_left_out(
    own: Path, tmp_path: Path, classifier: Classifier
) -> None:
    """The copy would tell the answer when its double is left out, or contradict it."""
    path = own / "glass" / "can-0.png"
    copy = tmp_path / "copy.png"
    copy.write_bytes(path.read_bytes())
    broken: list[ImageError] = []
    seen = see(classifier.model, [("glass", path), ("metal", copy)], broken.append)
    assert [(one.folder, one.name) for one in seen] == [("glass", "glass/can-0.png")]
    assert "copy.png: the same file as glass/can-0.png" in str(broken[0])


def test_nothing_taught_is_no_document() -> None:
    """A file that changes nothing would look like one that does."""
    nothing = Lesson(None, "no more than chance", 1.0, 0.0, 0.1, {}, {})
    with pytest.raises(TeachingError, match="nothing was taught"):
        document(nothing, [], "2026-11-27")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"model_sha256": "0" * 64}, "taught file .* differ; teach this kiosk anew"),
        ({"temperature": float("nan")}, "no finite number"),
        ({"temperature": 0}, "above 0"),
        ({"openset": {}}, "'doubt_weight' is missing"),
        ({"weight": {"shape": [3], "float32": "AAAA"}}, "teach this kiosk anew"),
        ({"weight": {"shape": [1, 1], "float32": "AADAfw=="}}, "no finite numbers"),
        ({"bias": {"shape": [1], "float32": "AACAPw=="}}, "other classes"),
        ({"bias": None}, "teach this kiosk anew"),
    ],
)
def test_a_taught_file_that_does_not_fit_is_refused_by_name(
    change: dict[str, Any], named: str, taught: Path, tmp_path: Path
) -> None:
    """A new model makes an old lesson void; the error says so, and what to do."""
    path = tmp_path / "taught.json"
    path.write_text(json.dumps(json.loads(taught.read_text()) | change))
    with pytest.raises(ModelError, match=rf"taught\.json: .*{named}"):
        Classifier.shipped(path)


def test_a_taught_file_that_is_gone_is_named(tmp_path: Path) -> None:
    """Better no kiosk than one that has quietly forgotten its chamber."""
    with pytest.raises(ModelError, match=r"gone\.json: No such file"):
        Taught.load(tmp_path / "gone.json")


def test_a_lesson_for_other_features_is_refused(taught: Path) -> None:
    """Whoever wrote the hash by hand finds out at the first picture."""
    with pytest.raises(ModelError, match="features, the model has 3"):
        Taught.load(taught).added(np.ones((1, 3), np.float32))


def test_views_are_the_picture_and_the_ways_it_may_lie() -> None:
    """The first is the picture itself; none of the others is the same."""
    picture = draw("can", random.Random(2))
    seen = views(picture)
    assert seen.dtype == np.uint8
    assert seen.shape[1:] == (SIDE, SIDE, 3)
    assert len({one.tobytes() for one in seen}) == len(seen) >= 4


def _clouds(count: int, seed: int) -> tuple[Example, np.ndarray]:
    """Points of three classes that the model takes for one, as a chamber of its own would."""
    chance = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    centres = np.random.default_rng(1).normal(size=(3, KINSHIP))
    points = FAR * centres[labels] + chance.normal(size=(count, KINSHIP))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    scores = np.tile([2.0, 0.0, 0.0], (count, 1))
    return Example(points, points, scores, scores, np.eye(3)[labels]), labels


def test_a_few_pictures_move_the_scores_to_where_their_classes_are() -> None:
    """Four of each teach what forty others are, though the model took all for the first class."""
    few, _ = _clouds(12, seed=2)
    many, truth = _clouds(120, seed=3)
    weight, bias = learn(few, decay=0.1)
    assert (many.scores.argmax(axis=1) == truth).mean() == pytest.approx(1 / 3)
    assert ((many.scores + many.plain @ weight + bias).argmax(axis=1) == truth).mean() > 0.95


def test_a_strong_pull_leaves_the_model_as_it_was() -> None:
    """The prior is the shipped head, and its strength is what leaving out chooses."""
    few, _ = _clouds(12, seed=2)
    moves = [np.abs(learn(few, decay)[0]).max() for decay in (0.01, 0.1, 1.0, 10.0, 1e6)]
    assert moves == sorted(moves, reverse=True)
    assert moves[-1] < 1e-4


def test_a_picture_that_is_left_out_does_not_speak_for_itself() -> None:
    """Its scores are the same whatever its own label says."""
    few, _ = _clouds(12, seed=2)
    turned = few.target.copy()
    turned[0] = [0.0, 0.0, 1.0]
    other = Example(few.plain, few.turned, few.scores, few.turned_scores, turned)
    one = left_out(few, 0.1, lambda: None)
    assert left_out(other, 0.1, lambda: None)[0] == pytest.approx(one[0])
    assert left_out(other, 0.1, lambda: None)[1:] != pytest.approx(one[1:])


def test_a_picture_that_is_left_out_does_not_shape_the_space_either() -> None:
    """However far away it lies, the others' middle and spread are theirs alone."""
    few, _ = _clouds(12, seed=2)
    turned = few.turned.copy()
    turned[0] += 100.0
    other = Example(few.plain, turned, few.scores, few.turned_scores, few.target)
    one = left_out(few, 0.1, lambda: None)
    assert left_out(other, 0.1, lambda: None)[0] == pytest.approx(one[0])
    assert left_out(other, 0.1, lambda: None)[1:] != pytest.approx(one[1:])


def test_the_chambers_own_look_tells_no_class() -> None:
    """What all pictures have in common is taken away before they are compared."""
    points = np.random.default_rng(1).normal(size=(8, 5))
    assert Space.around(points + 7).of(points + 7) == pytest.approx(Space.around(points).of(points))


@pytest.mark.parametrize("before", [0.4, 1.0, 4.0])
def test_many_pictures_set_the_temperature_and_none_leave_it(before: float) -> None:
    """Scores that are right two times in three, whatever the card thought of them."""
    target = np.eye(2)[np.arange(6000) % 3 // 2]
    scores = np.tile([np.log(2) * 2, 0.0], (6000, 1))
    assert retune.temperature(scores, target, before) == pytest.approx(before * 2, rel=0.03)
    assert retune.temperature(scores[:0], target[:0], before) == pytest.approx(before, rel=0.02)


def test_a_chamber_in_which_all_is_strange_moves_the_marks() -> None:
    """Ten pictures go half the way to what they say, a thousand all of it."""
    for count, share in ((0, 0.0), (10, 0.5), (1000, 1000 / 1010)):
        moved = retune.moved(GATE, np.full(count, 13.0), np.zeros(count), retune.ENOUGH_UNKNOWN)
        assert moved.usual == pytest.approx(GATE.usual + share * 10)
        assert moved.strange - moved.usual == pytest.approx(GATE.strange - GATE.usual)


def _judged(folder: str, *, unknown: bool) -> Judged:
    return Judged(folder, Sight("metal", 0.9, (), unknown, 1.0), ms=0.0)


@pytest.mark.parametrize(
    ("taken", "refused", "more"),
    [(0, 0, False), (1, 0, False), (2, 0, True), (2, 1, False), (5, 2, True), (0, 9, False)],
)
def test_a_lesson_that_takes_more_of_what_must_be_refused_is_seen(
    taken: int, refused: int, more: bool, classifier: Classifier
) -> None:
    """One more may be noise; two more for none less are not. Known things do not count."""
    changes = [(True, False)] * taken + [(False, True)] * refused + [(True, True)] * 5
    before = [_judged("food", unknown=old) for old, _ in changes]
    after = [_judged("food", unknown=new) for _, new in changes]
    known_before = [_judged("metal", unknown=True)] * 9
    known_after = [_judged("metal", unknown=False)] * 9
    card = classifier.card
    assert takes_more(card, before + known_before, after + known_after) is more


def test_a_lesson_by_which_food_passes_for_metal_is_not_written(classifier: Classifier) -> None:
    """It gains on thirty known things, but four to refuse look like them and would now be taken."""
    card, chance = classifier.card, np.random.default_rng(1)
    folders = ["metal", "glass"] * 15 + ["food"] * 4
    doubtful = np.zeros(len(card.classes))
    places = np.sign(chance.normal(size=(2, 30)))
    seen = [
        replace(
            _seen(folder, doubtful, chance),
            features=(places[number % 2] + chance.normal(0, 0.2, (2, 30))).astype(np.float32),
            strangeness=np.full(2, card.gate.usual, np.float32),
        )
        for number, folder in enumerate(folders)
    ]
    assert teach(card, seen[:30]).taught is not None
    lesson = teach(card, seen)
    assert lesson.gain > 2 * lesson.gain_error
    assert lesson.before["unknown_refused"] > lesson.after["unknown_refused"]
    assert lesson.taught is None
    assert "refused would be taken" in lesson.refusal


def test_known_things_alone_never_open_the_gate(classifier: Classifier) -> None:
    """Thirty right pictures, six of them beyond the gate: it stays where the card put it."""
    card, chance = classifier.card, np.random.default_rng(1)
    seen = []
    for number in range(30):
        logits = np.zeros(len(card.classes))
        logits[number % 2] = (2.0 if number % 5 == 0 else 6.0) * card.temperature
        strange = np.full(2, card.gate.strange + 1.0, np.float32)
        seen.append(replace(_seen(card.classes[number % 2], logits, chance), strangeness=strange))
    after = retuned(card, seen, example(card, seen).scores, example(card, seen))
    assert after.gate.threshold <= card.gate.threshold
    assert after.gate.usual <= card.gate.usual
    assert after.gate.strange <= card.gate.strange
    assert after.gate.energy_usual <= card.gate.energy_usual


def test_without_enough_to_refuse_marks_move_inward_only() -> None:
    """A chamber in which all is more usual than thought is told strange things by sooner."""
    few = retune.ENOUGH_UNKNOWN - 1
    outward = retune.moved(GATE, np.full(30, 13.0), np.full(30, 5.0), few)
    inward = retune.moved(GATE, np.full(30, 1.0), np.full(30, -5.0), few)
    assert outward == GATE
    assert inward.usual < GATE.usual
    assert inward.energy_usual < GATE.energy_usual


def test_the_threshold_opens_only_where_there_is_enough_to_refuse() -> None:
    """Right things beyond the gate are a reason to open it, but not to open it blindly."""
    scores, right = np.full(30, 1.2), np.ones(30, np.bool_)
    few, enough = retune.ENOUGH_UNKNOWN - 1, retune.ENOUGH_UNKNOWN
    assert retune.threshold(GATE, scores, right, right, few).threshold == GATE.threshold
    assert retune.threshold(GATE, scores, right, right, enough).threshold > GATE.threshold


def test_the_threshold_closes_before_wrong_things_and_opens_for_right_ones() -> None:
    """Wrong things at 0.8 shut it below them; right ones at 1.2 alone open it."""
    scores = np.array([0.2] * 20 + [0.8] * 20)
    wrong_at_the_top = np.arange(40) < 20
    possible = np.ones(40, np.bool_)
    enough = retune.ENOUGH_UNKNOWN
    closed = retune.threshold(GATE, scores, wrong_at_the_top, possible, enough)
    assert 0.2 < closed.threshold / GATE.threshold < 0.8
    opened = retune.threshold(GATE, scores + 0.4, possible, possible, enough)
    assert opened.threshold / GATE.threshold >= 1.2
    same = retune.threshold(GATE, scores, possible, possible, enough)
    assert same.threshold == pytest.approx(GATE.threshold)
