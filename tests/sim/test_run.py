"""Whole runs: the shipped scenarios, their determinism, and what is said when one goes wrong."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import kiosk_cli
from controller.adapters.onnx_classifier import OnnxClassifier
from sim.camera import Photos
from sim.errors import SimError
from sim.hosts import find_micropython
from sim.run import Options, Outcome, run_scenario
from sim.scenario import load_scenario, parse_scenario
from sim.seeing import shipped_classifier

KEYS = (
    "scenario seed virtual_s wall_s sessions deposits accepted returned points credited lost "
    "doubled faults trace_sha256 passed failures kiosks"
)

BOTTLE = """
name = "story"
line = "Somebody brings a bottle."
[[people]]
arrives_s = 3
items = [{ kind = "pet-bottle", mass_g = 25 }]
"""


@pytest.fixture(scope="module")
def classifier() -> OnnxClassifier:
    """The shipped eyes, loaded once."""
    return shipped_classifier()


def run(classifier: OnnxClassifier, text: str, **options: object) -> Outcome:
    """Run a scenario given as text."""
    story = parse_scenario(text, "story.toml")
    return run_scenario(story, Options(**options), classifier)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["happy", "reject"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_short_scenarios_pass(classifier: OnnxClassifier, name: str, seed: int) -> None:
    """A bottle is credited by the piece and a banana comes back, with drawn pictures."""
    outcome = run_scenario(load_scenario(name), Options(seed=seed), classifier)
    assert outcome.failures == []
    assert outcome.passed


def test_a_day_on_which_nobody_comes_is_soon_over(classifier: OnnxClassifier) -> None:
    """Who comes by itself may not come at all."""
    few = "[[arrivals]]\npersons_a_day = 0.01\ndays = 0.01\n"
    outcome = run(classifier, f'name = "nobody"\nline = "Nobody comes."\n{few}')
    assert (outcome.failures, outcome.sessions, outcome.virtual_s) == ([], 0, 3.0)


@pytest.mark.parametrize("name", ["stones", "water"])
def test_what_is_too_heavy_for_its_kind_comes_back(classifier: OnnxClassifier, name: str) -> None:
    """Stones in a bag of cans and a bottle that is not empty; what is pure is credited after it."""
    outcome = run_scenario(load_scenario(name), Options(), classifier)
    assert outcome.failures == []


def test_an_hour_without_a_broker_loses_and_doubles_nothing(classifier: OnnxClassifier) -> None:
    """Four deposits during the outage are credited after it, each once."""
    outcome = run_scenario(load_scenario("offline"), Options(), classifier)
    assert outcome.failures == []
    assert (outcome.accepted, outcome.lost, outcome.doubled) == (4, 0, 0)
    assert outcome.credited == outcome.points == 66
    assert outcome.virtual_s > 3600


def test_one_seed_is_one_trace_and_the_file_proves_it(
    classifier: OnnxClassifier, tmp_path: Path
) -> None:
    """The same seed gives the same bytes, another one others; the file's hash is the trace's."""
    file = tmp_path / "trace.jsonl"
    first = run(classifier, BOTTLE, seed=7, trace=file)
    again, other = run(classifier, BOTTLE, seed=7), run(classifier, BOTTLE, seed=8)
    assert first.trace_sha256 == again.trace_sha256 != other.trace_sha256
    assert hashlib.sha256(file.read_bytes()).hexdigest() == first.trace_sha256
    channels = {json.loads(line)["channel"] for line in file.read_bytes().splitlines()}
    bay = {f"a.{channel}" for channel in ("sensed", "driven", "to_node", "to_host")}
    assert channels == bay | {"record", "uplink.up", "uplink.down"}


@pytest.mark.skipif(find_micropython() is None, reason="micropython is not installed")
def test_micropython_gives_the_same_run(classifier: OnnxClassifier) -> None:
    """The real interpreter of the board and CPython have one trace."""
    ours, theirs = (run(classifier, BOTTLE, node=node) for node in ("cpython", "micropython"))
    assert ours.trace_sha256 == theirs.trace_sha256
    assert theirs.passed


def test_a_disappointed_expectation_says_what_came_instead(classifier: OnnxClassifier) -> None:
    """Each thing that was not as expected is one sentence."""
    wanted = '[expect]\naccepted = 0\nreturned = 1\nstates = ["ASKING"]\nfaults = ["fire"]'
    outcome = run(classifier, BOTTLE + wanted)
    assert not outcome.passed
    said = "\n".join(outcome.failures)
    assert "accepted: expected 0, got 1" in said
    assert "returned: expected 1, got 0" in said
    assert "states: ASKING was never shown" in said
    assert "faults: expected fire, got none" in said


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        ('verb = "jam"\npart = "gate"', "gate-stuck"),
        ('verb = "jam"\npart = "hatch"', "hatch-stuck"),
        ('verb = "switch"\nname = "tamper"', "tamper"),
    ],
)
def test_an_accident_shows_as_its_fault_and_nothing_is_lost(
    classifier: OnnxClassifier, event: str, fault: str
) -> None:
    """Jams and switches reach the node, which names them; the bottle is nowhere twice."""
    text = f'duration_s = 60{BOTTLE}\n[[events]]\nat_s = 4\nbay = "a"\n{event}\n'
    outcome = run(classifier, text)
    assert fault in outcome.faults
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert outcome.virtual_s == 60


@pytest.mark.parametrize("at_s", [15.0, 17.0, 19.0, 21.0])
def test_a_node_that_restarts_around_the_drop_loses_and_doubles_nothing(
    classifier: OnnxClassifier, at_s: float
) -> None:
    """After the restart counters and pan decide, and the bottle counts once or not at all."""
    event = f'[[events]]\nat_s = {at_s}\nverb = "restart_node"\nbay = "a"\n'
    outcome = run(classifier, BOTTLE + event)
    assert (outcome.lost, outcome.doubled) == (0, 0)


def test_what_an_interrupted_session_leaves_is_not_weighed_with_the_next(
    classifier: OnnxClassifier,
) -> None:
    """A node restarts over a bottle; the next resident's can is credited, and the can alone."""
    event = '[[events]]\nat_s = 11\nverb = "restart_node"\nbay = "a"\n'
    second = '[[people]]\narrives_s = 50\nitems = [{ kind = "can", mass_g = 14 }]\n'
    expect = "[expect]\naccepted = 1\ncredited = 4\n"
    assert run(classifier, BOTTLE + second + event + expect).failures == []


def test_a_broker_that_repeats_and_mixes_credits_once(classifier: OnnxClassifier) -> None:
    """Duplicates and another order change nothing for the resident."""
    events = "".join(
        f'[[events]]\nat_s = 5\nverb = "{verb}"\nmessages = 3\n'
        for verb in ("duplicate_messages", "reorder_messages")
    )
    outcome = run(classifier, BOTTLE + events + "[expect]\naccepted = 1\ncredited = 4\n")
    assert outcome.failures == []


def kiosk(*arguments: str) -> int:
    """Run the command line; return its exit code."""
    entry = EntryPoint("sim", "sim.cli:app", kiosk_cli.GROUP)
    with pytest.raises(SystemExit) as ended:
        kiosk_cli.run((entry,), ("sim", *arguments))
    return int(ended.value.code or 0)


def test_the_command_prints_one_document_with_all_keys(capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` is for programs: one object, the agreed keys, exit 0."""
    assert kiosk("run", "happy", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert " ".join(document) == KEYS
    assert document["passed"] is True


def test_the_command_fails_where_an_expectation_does(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Exit 1 says that what was asked is false, and what came instead is printed."""
    file = tmp_path / "sad.toml"
    file.write_text(BOTTLE + "[expect]\nreturned = 1\n", encoding="utf-8")
    assert kiosk("run", str(file)) == 1
    assert "returned: expected 1, got 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "hapy"), "no scenario 'hapy'; there are happy"),
        (("run", "happy", "--seed", "-1"), "--seed -1 is out of range: give 0 to 4294967295"),
        (("run", "happy", "--speed", "fast"), "'fast' is neither `max` nor a number"),
        (("run", "happy", "--node", "esp32"), "'esp32': there are cpython, micropython"),
        (("run", "happy", "--images", "nowhere"), "images folder nowhere is no folder"),
        (("run", "happy", "reject", "--trace", "t.jsonl"), "holds one run, not 2"),
        (("run", "happy", "--trace", "no/where.jsonl"), "no/where.jsonl cannot be written"),
        (("draw", "/dev/null/pictures"), "pictures cannot be written to /dev/null/pictures"),
    ],
)
def test_bad_input_is_named_and_ends_with_2(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line on stderr says what is wrong and what would do."""
    assert kiosk(*arguments) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_the_scenarios_are_listed_with_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever looks for a scenario finds it by what happens."""
    assert kiosk("list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["offline"].startswith("No broker for an hour")


def test_pictures_are_drawn_by_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`draw` writes a folder that `--images` and the vision commands take."""
    assert kiosk("draw", str(tmp_path / "set"), "--per-kind", "1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["pictures"] >= 10
    assert list((tmp_path / "set" / "plastic").glob("*.jpg"))


def test_a_broken_photo_ends_the_run_before_it_begins(
    classifier: OnnxClassifier, tmp_path: Path
) -> None:
    """A file that is no picture is named; nothing is played on half a folder."""
    (tmp_path / "plastic").mkdir()
    (tmp_path / "plastic" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    with pytest.raises(SimError, match=r"broken\.png is broken"):
        run(classifier, BOTTLE, photos=Photos(tmp_path))


QUEUE = """
name = "queue"
line = "Two people; one has all kinds of things."
[[people]]
account = "first"
arrives_s = 3
items = [
  { kind = "pet-bottle", mass_g = 25 },
  { kind = "battery", mass_g = 23 },
  { kind = "glass-bottle", mass_g = 400 },
  { kind = "newspaper", mass_g = 5200 },
  { kind = "newspaper", mass_g = 8600 },
]
[[people]]
account = "second"
arrives_s = 10
items = [{ kind = "can", mass_g = 20 }]
[expect]
accepted = 3
credited = 320
states = ["ASKING", "RETURNING"]
faults = []
"""


def test_people_queue_answer_and_take_back(classifier: OnnxClassifier) -> None:
    """Unknown, unwanted and too heavy things come back; a can is asked about; the rest counts."""
    outcome = run(classifier, QUEUE)
    assert outcome.failures == []
    assert outcome.sessions == 2
    assert outcome.returned == 2, "what is too heavy never gets behind the hatch"
