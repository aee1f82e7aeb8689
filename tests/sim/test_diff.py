"""Where two traces part is shown with what went before; a run on both hosts is one trace."""

from __future__ import annotations

import gzip
import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import kiosk_cli
from firmware.hal.board import Inputs
from sim import exchange
from sim.both import run_on_both
from sim.diff import CONTEXT, first_difference
from sim.errors import TraceError
from sim.hosts import find_micropython
from sim.run import Options
from sim.scenario import parse_scenario
from sim.seeing import shipped_classifier
from sim.trace import Trace
from wire import messages
from wire.frame import encode

SIM = [EntryPoint("sim", "sim.cli:app", "kiosk.commands")]
RECORD = b'{"body":{"mass_g":25},"seq":1}'


def sensed(**fields: object) -> bytes:
    """The bytes of a board that senses this."""
    inputs = Inputs()
    for name, value in fields.items():
        setattr(inputs, name, value)
    return exchange.pack_inputs(inputs)


def written(file: Path, *events: tuple[str, bytes]) -> Path:
    """A trace with one event a millisecond."""
    trace = Trace(file)
    for number, (channel, data) in enumerate(events):
        if channel == "record":
            trace.record(number * 1000, data)
        else:
            trace.passed(number * 1000, channel, data)
    trace.close()
    return file


def kiosk_sim(*arguments: str) -> int | str | None:
    """What `kiosk sim` exits with."""
    with pytest.raises(SystemExit) as ended:
        kiosk_cli.run(SIM, ["sim", *arguments])
    return ended.value.code


QUIET = [("a.sensed", sensed(now_ms=at)) for at in range(20)]


def test_a_trace_is_the_same_as_itself_packed_or_not(tmp_path: Path) -> None:
    """A compressed trace has the hash of its lines, and no difference from the plain one."""
    plain, packed = (written(tmp_path / name, *QUIET) for name in ("a.jsonl", "a.jsonl.gz"))
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert packed.stat().st_size < plain.stat().st_size
    assert first_difference(plain, packed) is None


def test_the_first_difference_is_told_by_field_with_what_went_before(tmp_path: Path) -> None:
    """Only the current differs, so only the current is named; what follows is not looked at."""
    ours = written(tmp_path / "a", *QUIET, ("a.sensed", sensed(motor_ma=7)), *QUIET)
    theirs = written(tmp_path / "b", *QUIET, ("a.sensed", sensed(motor_ma=9)), ("x", b""))
    found = first_difference(ours, theirs)
    assert found is not None
    assert (found.line, found.t_us, found.channel) == (21, 20_000, "a.sensed")
    assert found.words == {"motor_ma": (7, 9)}
    assert [event["t_us"] for event in found.before] == [15_000 + 1000 * n for n in range(CONTEXT)]


def heartbeat(number: int) -> bytes:
    """What a controller sends ten times a second."""
    return encode(0, 0, *messages.pack("heartbeat", b"", session=7, number=number))


def test_what_passes_the_wire_is_told_by_message(tmp_path: Path) -> None:
    """Bytes on the line are shown as the messages they are; a piece of one stays hex."""
    for ours, theirs, said in (
        (heartbeat(1), heartbeat(2), ("heartbeat session=7 number=1", None)),
        (heartbeat(1)[:4], heartbeat(1)[:5], (heartbeat(1)[:4].hex(), heartbeat(1)[:5].hex())),
    ):
        files = (
            written(tmp_path / name, ("a.to_node", data))
            for name, data in (("a", ours), ("b", theirs))
        )
        found = first_difference(*files)
        assert found is not None
        a, b = found.words["said"]
        assert (a, b) == (said[0], said[1] or "heartbeat session=7 number=2")


def test_a_record_is_told_by_key(tmp_path: Path) -> None:
    """Not the whole record is shown as different, but its mass."""
    ours = written(tmp_path / "a", ("record", RECORD))
    theirs = written(tmp_path / "b", ("record", RECORD.replace(b"25", b"26")))
    found = first_difference(ours, theirs)
    assert found is not None
    assert found.words == {"body.mass_g": (25, 26)}


def test_a_trace_that_ends_first_differs_there(tmp_path: Path) -> None:
    """A run that was cut off is the beginning of the other one, and no equal of it."""
    whole, cut = written(tmp_path / "a", *QUIET), written(tmp_path / "b", *QUIET[:-1])
    for a, b in ((whole, cut), (cut, whole)):
        found = first_difference(a, b)
        assert found is not None
        assert (found.line, found.a is None) == (20, a is cut)


@pytest.mark.parametrize("content", [b"", b"name = 1\n", b"\xff\xfe", b'{"t_us":1}\n', b"[]\n"])
def test_what_is_no_trace_is_refused_by_file_and_line(tmp_path: Path, content: bytes) -> None:
    """Neither a configuration nor rubbish is compared as if it were a run."""
    file = tmp_path / "wrong.toml"
    file.write_bytes(content)
    with pytest.raises(TraceError, match=r"wrong\.toml"):
        first_difference(file, file)


def test_a_packed_trace_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    """A copy that broke off is named instead of being read as far as it goes."""
    file = written(tmp_path / "a.gz", *QUIET)
    file.write_bytes(file.read_bytes()[:-12])
    with pytest.raises(TraceError, match=r"a\.gz cannot be read"):
        first_difference(file, file)


def test_the_command_says_same_different_and_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0 for the same, 1 for different, 2 for what is no trace; with --json one document."""
    ours = str(written(tmp_path / "a", *QUIET))
    theirs = str(written(tmp_path / "b", *QUIET[:-1], ("a.driven", b"\x01")))
    assert kiosk_sim("diff", ours, ours) == 0
    assert kiosk_sim("diff", ours, theirs) == 1
    shown = capsys.readouterr().out
    assert "first difference: line 20, 0.019000 s, a.sensed / a.driven" in shown
    assert kiosk_sim("diff", ours, theirs, "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["same"], document["line"]) == (False, 20)
    assert document["b"]["hex"] == "01"
    assert kiosk_sim("diff", ours, str(tmp_path / "nowhere")) == 2
    assert "nowhere cannot be read: No such file" in capsys.readouterr().err


SHORT = """
name = "short"
line = "The hatch opens for somebody, and that is all."
duration_s = 9
[[people]]
arrives_s = 1
items = [{ kind = "pet-bottle", mass_g = 25 }]
"""

needs_micropython = pytest.mark.skipif(
    find_micropython() is None, reason="micropython is not installed"
)


@needs_micropython
def test_both_hosts_give_one_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario is run on either interpreter, and passes only where not a byte differs."""
    story = tmp_path / "short.toml"
    story.write_text(SHORT)
    assert kiosk_sim("run", str(story), "--node", "both", "--json") == 0
    assert json.loads(capsys.readouterr().out)["passed"]
    assert kiosk_sim("run", "happy", "--node", "both", "--trace", "x.jsonl") == 2
    assert "run each host alone" in capsys.readouterr().err


@needs_micropython
def test_hosts_that_disagree_fail_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A firmware that sees another limit on one of them is found out, with where and what."""
    unpack = exchange.unpack_inputs

    def bent(data: bytes) -> Inputs:
        inputs = unpack(data)
        inputs.limit_closed = False
        return inputs

    monkeypatch.setattr(exchange, "unpack_inputs", bent)  # in this process, so on CPython alone
    story = parse_scenario(SHORT, "short.toml")
    outcome = run_on_both(story, Options(), shipped_classifier())
    assert not outcome.passed
    assert "traces differ: line " in outcome.failures[-1]
    assert " in cpython and " in outcome.failures[-1]
