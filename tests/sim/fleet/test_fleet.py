"""Several kiosks in one virtual run: one broker, one ledger, one trace, and an audit of each."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

from controller.adapters.onnx_classifier import OnnxClassifier
from sim.audit import accounts_apart
from sim.diff import first_difference, place
from sim.hosts import find_micropython
from sim.report.account import Account, Chronicler
from sim.report.junit import junit
from sim.report.page import page
from sim.run import Options, Outcome, run_scenario
from sim.scenario import load_scenario, parse_scenario, shipped
from sim.seeing import shipped_classifier
from sim.trace_words import in_short

FIRST, SECOND = "hz-xihu-0001", "hz-xihu-0002"
PAIR = """name = "pair"
line = "One resident at two kiosks; the second expects to give it back."
kiosks = 2
[[people]]
arrives_s = 3
habit = "quick"
items = [{ kind = "pet-bottle", mass_g = 25 }]
[[people]]
kiosk = "hz-xihu-0002"
arrives_s = 4
habit = "quick"
items = [{ kind = "pet-bottle", mass_g = 25 }]
[[events]]
at_s = 2
verb = "duplicate_messages"
[expect]
accepted = 2
credited = 8
[expect.kiosks.hz-xihu-0002]
returned = 1
"""


@pytest.fixture(scope="module")
def eyes() -> OnnxClassifier:
    """The shipped ones, loaded once."""
    return shipped_classifier()


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pair's trace is."""
    return tmp_path_factory.mktemp("pair") / "pair.jsonl"


@pytest.fixture(scope="module")
def told(eyes: OnnxClassifier, trace: Path) -> Account:
    """The pair, run with its trace and under the eyes of a chronicler."""
    story = parse_scenario(PAIR, "pair.toml")
    chronicler = Chronicler(story, "cpython")
    run_scenario(story, Options(trace=trace), eyes, witness=chronicler)
    return chronicler.told


def test_totals_stand_beside_each_kiosks_figures(told: Account) -> None:
    """And what one kiosk did not do is said under its name."""
    outcome: Outcome = told.outcome
    failure = "returned: expected 1, got 0"
    assert outcome.failures == [f"{SECOND}: {failure}"]
    assert (outcome.accepted, outcome.credited, outcome.lost, outcome.doubled) == (2, 8, 0, 0)
    document = json.loads(json.dumps(asdict(outcome)))
    kiosks = [(one["kiosk"], one["credited"], one["failures"]) for one in document["kiosks"]]
    assert kiosks == [(FIRST, 4, []), (SECOND, 4, [failure])]


def test_every_line_of_the_trace_names_its_kiosk(told: Account, trace: Path) -> None:
    """Boards, wires, records and messages of both, in the order of virtual time."""
    lines = [json.loads(line) for line in trace.read_bytes().splitlines()]
    assert [line["t_us"] for line in lines] == sorted(line["t_us"] for line in lines)
    channels = [{one["channel"] for one in lines if one["kiosk"] == who} for who in (FIRST, SECOND)]
    assert channels[0] == channels[1]
    assert {"a.sensed", "record", "uplink.up", "uplink.down"} <= channels[0]
    assert {line["kiosk"] for line in lines} == {FIRST, SECOND}
    record = next(one for one in lines if one["channel"] == "record" and one["kiosk"] == SECOND)
    assert record["record"]["kiosk"] == SECOND
    assert f"{SECOND} record" in in_short(record)
    assert len(told.kiosks) == 2


@pytest.mark.skipif(find_micropython() is None, reason="micropython is not installed")
def test_the_same_seed_gives_the_same_trace_on_the_other_host(
    eyes: OnnxClassifier, told: Account, trace: Path
) -> None:
    """Nodes in processes of their own or not: no byte differs, and the report changed nothing."""
    other = trace.with_name("other.jsonl")
    again = run_scenario(told.scenario, Options(node="micropython", trace=other), eyes)
    difference = first_difference(trace, other)
    assert difference is None, place(difference)
    assert again.trace_sha256 == told.outcome.trace_sha256


def test_the_reports_tell_of_each_kiosk(told: Account) -> None:
    """The page has a plot and tables a kiosk; CI sees which one failed."""
    text = page([told])
    assert text.count("<svg") == 2
    assert all(f"<h2>{one}</h2>" in text for one in (FIRST, SECOND))
    assert f"<td>{SECOND}</td><td>1</td><td>1</td><td>0</td><td>4</td>" in text
    assert text.count("Nothing lost, nothing doubled.") == 2
    assert text.count("<td>duplicate_messages</td>") == 2, "what befalls all befell each"
    assert text.count("1: duplicate_messages</title>") == 2
    (suite,) = ElementTree.fromstring(junit([told.outcome], 0.0, "cpython"))
    failed = {case.get("name"): len(case) for case in suite.iter("testcase")}
    assert failed == {"pair": 1, f"pair {FIRST}": 0, f"pair {SECOND}": 1}
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")


def test_points_in_somebody_elses_account_are_found() -> None:
    """Though each deposit may have earned what it should."""
    assert accounts_apart({"ann": 12}, {"ann": 12}) == []
    assert accounts_apart({"ann": 12}, {"ann": 8, "bob": 4}) == [
        "account ann has 8 points on the ledger, due 12",
        "account bob has 4 points on the ledger, due 0",
    ]


def test_the_library_has_what_may_go_wrong_between_kiosks() -> None:
    """What befalls one, each and all of several, mixed-up papers, and a code in two places."""
    fleets = [one for one in map(load_scenario, (file.stem for file in shipped())) if one.kiosks]
    assert len(fleets) >= 3
    events = [event for one in fleets for event in one.events]
    assert {"broker_down", "ledger_slow", "cut_uplink", "clock_jump", "qr_replay"} <= {
        event.verb for event in events
    }
    assert any(event.kiosk == "all" for event in events)
    assert any(kiosk.key_of for one in fleets for kiosk in one.kiosks)
    assert any(kiosk.certificate_of for one in fleets for kiosk in one.kiosks)
    assert any("code-elsewhere" in (one.expect.flags or ()) for one in fleets)
    assert any(one.expect.lost for one in fleets)
