"""Reports tell what was seen, change nothing by looking, and can be read without anything else."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kiosk_cli
from controller.adapters.onnx_classifier import OnnxClassifier
from sim.report.account import Account, Chronicler
from sim.report.axis import FOLDS_S, Axis, clock_text
from sim.report.junit import junit
from sim.report.page import page
from sim.report.series import Series, Strip
from sim.run import Options, Outcome, run_scenario
from sim.scenario import parse_scenario
from sim.seeing import shipped_classifier

SIM = [EntryPoint("sim", "sim.cli:app", "kiosk.commands")]

STORY = """
name = "story"
line = "A bottle, a hand & what is <there>."
[[people]]
arrives_s = 3
items = [{ kind = "pet-bottle", mass_g = 25 }]
[[events]]
when = "CLOSING"
later_s = 1
verb = "obstruct"
bay = "a"
height_mm = 60
in_curtain = false
[[events]]
at_s = 20
verb = "obstruct"
bay = "a"
height_mm = 0
[[events]]
at_s = 30
verb = "switch"
name = "tamper"
bay = "a"
[expect]
accepted = 2
"""


@pytest.fixture(scope="module")
def classifier() -> OnnxClassifier:
    """The shipped eyes, loaded once."""
    return shipped_classifier()


@pytest.fixture(scope="module")
def told(classifier: OnnxClassifier) -> Account:
    """The story, run under the eyes of a chronicler."""
    text = STORY.replace("accepted = 2", "accepted = 1\nreturned = 1")
    story = parse_scenario(text, "story.toml")
    chronicler = Chronicler(story, "cpython")
    run_scenario(story, Options(), classifier, witness=chronicler)
    return chronicler.told


def test_who_looks_on_changes_nothing(classifier: OnnxClassifier, told: Account) -> None:
    """The run has the trace that it has when nobody asks for a report."""
    alone = run_scenario(told.scenario, Options(), classifier)
    assert alone.trace_sha256 == told.outcome.trace_sha256
    assert alone.failures == told.outcome.failures == ["returned: expected 1, got 0"]


def test_the_signals_are_the_worlds(told: Account) -> None:
    """The hatch was open, the bottle lay on the pan, something was pressed, the gate dropped."""
    signals = told.kiosks[0].signals
    bay = signals.bays["a"]
    assert 395 < bay.hatch_mm.highest < 410
    assert bay.lying_g.highest == 25
    assert 15 < bay.pressing_n.highest < 150
    assert bay.gate_share.highest > 0.97
    laid_s = next(at_s for at_s, lying_g in bay.lying_g if lying_g == 25)
    assert 20 < max(value for at_s, value in bay.weighed_g if 0 < at_s - laid_s < 1) < 60
    assert [name for _, name in bay.faults] == ["tamper"]
    end_s = told.outcome.virtual_s
    states = [state for _, _, state in signals.states.spans(end_s)]
    assert states[0] == states[-1] == "IDLE"
    assert {"LOADING", "CLOSING", "DROPPING", "FAREWELL"} <= set(states)


def test_the_page_stands_alone(told: Account) -> None:
    """No script, nothing to fetch; what a scenario says stays text; the picture is sound SVG."""
    text = page([told])
    assert "<script" not in text
    assert not re.search(r"(src|href)=\"(?!#)", text)
    assert "url(" not in text
    assert "@import" not in text
    assert "A bottle, a hand &amp; what is &lt;there&gt;." in text
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) == 1
    ElementTree.fromstring(pictures[0])


def test_the_page_says_what_was_expected_and_what_came(told: Account) -> None:
    """The one disappointed expectation is marked, the others are not; bins and records are told."""
    text = page([told])
    assert "<td>returned</td><td>1</td><td>0</td><td>✗</td>" in text
    assert "<td>accepted</td><td>1</td><td>1</td><td></td>" in text
    assert "<li>returned: expected 1, got 0</li>" in text
    assert "<td>a.1 plastic</td><td>1 (25 g)</td><td>1</td><td></td>" in text
    assert "<td>obstruct</td><td>bay a, height_mm 60, in_curtain False</td>" in text
    assert "raised by the node of bay a" in text
    assert told.outcome.trace_sha256 in text


def test_several_runs_have_an_index(told: Account) -> None:
    """Each run is linked from the top, with how it went."""
    good = replace(told, outcome=replace(told.outcome, passed=True, failures=[]))
    text = page([told, good])
    assert "2 runs, 1 failed" in text
    assert text.count('href="#run-') == text.count("<article ") == 2


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.floats(0, 5000), st.floats(0, 300))), st.floats(1, 6000), st.floats(0, 1)
)
def test_an_axis_shows_every_second_in_order(
    spans: list[tuple[float, float]], end_s: float, share: float
) -> None:
    """Whatever is folded: later is further right, and all of it is on the page."""
    axis = Axis([(from_s, from_s + long_s) for from_s, long_s in spans if from_s < end_s], end_s)
    at_s = share * end_s
    assert 0 <= axis.px(0) <= axis.px(at_s) <= axis.px(end_s) <= axis.width_px + 1e-6
    assert axis.px(end_s) == pytest.approx(axis.width_px)
    assert axis.pieces[0].from_s == 0
    for one, other in zip(axis.pieces, axis.pieces[1:], strict=False):
        assert one.to_s == other.from_s
        assert one.folded != other.folded


def test_only_long_rest_is_folded() -> None:
    """An hour of nothing is a sliver; a pause between two sentences is not."""
    axis = Axis([(10, 20), (20 + FOLDS_S, 60), (3660, 3700)], 3705)
    folded = [(piece.from_s, piece.to_s) for piece in axis.pieces if piece.folded]
    assert folded == [(62, 3658)]
    labels = [text for _, text in axis.ticks()]
    assert {"0:30", clock_text(3690)} <= set(labels)


def test_a_series_keeps_what_changes() -> None:
    """Noise is left out, a turn is not, and a word holds until the next."""
    series, strip = Series(3.0), Strip[str]()
    kept = [series.note(at_s, value) for at_s, value in enumerate((0, 1, 2, 5, 6, 0))]
    assert kept == [True, False, False, True, False, True]
    assert (series.lowest, series.highest, len(series)) == (0, 5, 3)
    for at_s, word in ((0, "up"), (5, "up"), (6, "down")):
        strip.note(at_s, word)
    assert strip.spans(10) == [(0, 6, "up"), (6, 10, "down")]
    assert strip.share(10, "up") == pytest.approx(0.6)


def children(element: ElementTree.Element) -> list[str]:
    return [child.tag for child in element]


def test_junit_has_a_suite_a_scenario_with_its_seed_and_trace(told: Account) -> None:
    """Attributes and order are those that the schema of Ant's JUnit task demands."""
    good: Outcome = replace(told.outcome, scenario="good", passed=True, failures=[])
    root = ElementTree.fromstring(junit([told.outcome, good], 1_796_000_000.0, "cpython"))
    assert (root.tag, children(root)) == ("testsuites", ["testsuite"] * 2)
    for number, (suite, outcome) in enumerate(zip(root, (told.outcome, good), strict=True)):
        assert children(suite) == ["properties", "testcase", "system-out", "system-err"]
        needed = {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors"}
        assert needed | {"time"} <= set(suite.attrib)
        assert suite.get("timestamp") == "2026-11-30T00:53:20"
        assert (suite.get("id"), suite.get("failures")) == (str(number), str(1 - number))
        kept = {one.get("name"): one.get("value") for one in suite[0]}
        assert kept["seed"] == str(outcome.seed)
        assert kept["trace_sha256"] == outcome.trace_sha256
    case, passed = root[0][1], root[1][1]
    assert children(passed) == []
    assert case[0].get("message") == "returned: expected 1, got 0"
    assert case[0].get("type") == "expectation"


def test_junit_survives_any_words(told: Account) -> None:
    """A node's last words may hold characters that no XML can."""
    bad = replace(told.outcome, failures=["it said \x00\x1b[31m<&>\ud800", "and more"])
    root = ElementTree.fromstring(junit([bad], 0.0, "cpython"))
    failure = root[0][1][0]
    assert failure.get("message") == "it said ??[31m<&>?"
    assert failure.text == "it said ??[31m<&>?\nand more"


def kiosk_sim(*arguments: str) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        kiosk_cli.run(SIM, ["sim", *arguments])
    return ended.value.code


def test_the_command_writes_both_and_says_before_it_runs_where_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report without a place is refused at once, not after an hour of simulation."""
    nowhere = str(tmp_path / "no" / "r.html")
    assert kiosk_sim("run", "happy", "--report", nowhere) == 2
    assert "there is no folder" in capsys.readouterr().err
    assert kiosk_sim("run", "happy", "--junit", str(tmp_path)) == 2
    assert "is a folder" in capsys.readouterr().err
    html, xml, story = (tmp_path / name for name in ("r.html", "r.xml", "quiet.toml"))
    story.write_text(
        'name = "quiet"\nline = "Nothing."\nduration_s = 3\n[[people]]\narrives_s = 1\n'
    )
    assert kiosk_sim("run", str(story), "--report", str(html), "--junit", str(xml)) == 0
    assert "1 run, all passed" in html.read_text()
    assert ElementTree.parse(xml).getroot()[0].get("name") == "quiet"
