"""Every word that the session can ask for is there, in every language."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import controller.core
from contract import foreign
from contract.catalogue import example
from controller.adapters import host_link
from controller.adapters.node_call import DEAF, GARBLED, SILENT, NodeCall
from controller.core import bay, scale
from controller.core.flow import examine, give_back, journal
from controller.core.flow.arrive import TOKEN_MESSAGES
from controller.core.metrology import validity
from controller.core.metrology.validity import FAILED
from controller.core.states import State
from controller.core.symptoms.table import TABLE
from controller.core.view import View
from controller.core.weighing.zero import HELD, OUT_OF_RANGE
from controller.screens import reasons, terms
from controller.screens.hints import HINTS, OFFLINE_HINTS
from controller.screens.scenes import ATTENTION, GOOD, SCENES, scene_of, tone
from controller.screens.texts import LANGUAGES, MESSAGES
from controller.screens.words import Words, yuan
from wire import faults

CORE = Path(controller.core.__file__).parent
TABLES = [
    MESSAGES,
    HINTS,
    OFFLINE_HINTS,
    terms.LABELS,
    terms.STREAMS,
    terms.SEEN,
    terms.SHOWN,
    terms.RULES,
    terms.DAYS,
    terms.MONTHS,
    reasons.REASONS,
    {"other": reasons.OTHER},
]
FIGURES: dict[str, dict[str, str | int]] = {
    "accepted": {"points": 4},
    "given": {"points": 4},
    "below-min": {"points": 0},
    "farewell": {"points": 4},
    "farewell-given": {"points": 4},
    "returned-too-heavy": {"limit_kg": 8},
    "bay-down": {"bay": "a"},
    "bay-unknown": {"bay": "z"},
    "code-foreign": {"what": "a web address"},
}
"""What the session says along with a message."""


def literals(node: ast.AST) -> Iterator[str]:
    """Every string that an expression can have as its value."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*literals(body), *literals(orelse))
        case ast.BoolOp(values=inner):
            yield from (text for one in inner for text in literals(one))
        case ast.Dict(values=inner):
            yield from (text for one in inner for text in literals(one))


def said(tree: ast.AST) -> Iterator[str]:
    """Message keys that a module of the core hands to the screen."""
    at = {"Row": 0, "say": 0, "tell": 1, "enter": 2, "give_back": 1, "Return": 0}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in at and len(node.args) > at[name]:
                yield from literals(node.args[at[name]])
        elif isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id in ("message", "TOKEN_MESSAGES")
            for one in node.targets
        ):
            yield from literals(node.value)


def core_modules() -> Iterator[ast.AST]:
    for path in sorted(CORE.rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def messages_of_the_session() -> set[str]:
    keys = {key for tree in core_modules() for key in said(tree)}
    return keys - {""}


def test_the_search_finds_the_keys_of_a_whole_visit() -> None:
    """Guards the guard: were the search blind, the next test would pass on nothing."""
    found = messages_of_the_session()
    assert {"idle", "put-in", "below-min", "farewell", "code-expired", "returned-mass"} <= found
    assert len(found) > 25


def test_every_message_of_the_session_has_a_sentence() -> None:
    assert messages_of_the_session() - MESSAGES.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said_with_the_figures_the_session_gives(language: str) -> None:
    words = Words(language)
    for message in MESSAGES:
        view = View("LOADING", message, FIGURES.get(message, {}))
        for line in (words.sentence(view), words.hint(view)):
            assert "{" not in line
        assert words.sentence(view)


def test_no_text_lacks_a_language_or_differs_in_its_placeholders() -> None:
    for table in TABLES:
        for key, text in table.items():
            assert set(text) == set(LANGUAGES), key
            names = {
                tuple(sorted(name for _, name, _, _ in string.Formatter().parse(line) if name))
                for line in text.values()
            }
            assert len(names) == 1, key
            assert all(line.strip() for line in text.values()), key


def test_hints_and_tones_speak_of_messages_that_exist() -> None:
    assert HINTS.keys() | OFFLINE_HINTS.keys() <= MESSAGES.keys()
    assert MESSAGES.keys() >= ATTENTION | GOOD
    assert tone("returned-mass") == tone("code-forged") == "attention"
    assert tone("accepted") == "good"
    assert tone("put-in") == "plain"
    assert {tone(message) for message in TOKEN_MESSAGES.values()} == {"attention"}


def test_whatever_goes_wrong_has_a_way_out() -> None:
    """The sentence says what is wrong, and the line below it what to do about it."""
    wrong = {message for message in MESSAGES if tone(message) == "attention"}
    assert len(wrong) >= 40
    assert wrong - HINTS.keys() == set()


@pytest.mark.parametrize(
    ("message", "picture"),
    [
        ("put-in", "load"),
        ("obstructed", "load"),
        ("returned-string", "load"),
        ("returned-at-hatch", "load"),
        ("hand-inside", "out"),
        ("returned-too-heavy", "back"),
        ("take-back", "back"),
    ],
)
def test_the_picture_says_the_same_as_the_sentence(message: str, picture: str) -> None:
    """Who cannot read sees whether the hand goes in, comes out, or takes something back."""
    assert scene_of(View(state="LOADING", message=message)).picture == picture


def test_every_state_of_the_session_has_a_scene() -> None:
    assert {state.value for state in State} == SCENES.keys()


def test_everything_that_can_be_held_before_the_reader_has_a_name() -> None:
    kinds = {what for what, _ in foreign._LOOKS} | {foreign.SOMETHING_ELSE, "a container's barcode"}
    assert kinds == terms.SHOWN.keys()


def test_every_reason_why_a_bay_rests_has_words() -> None:
    """Faults of the node, losses of its link, the scale's, and what the core itself says."""
    said_by_core = {
        text
        for tree in core_modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr == "closed_because"
        for text in literals(node.value)
        if text
    }
    said_by_core |= {journal.NO_ROOM, give_back.LEFT_BEHIND, examine.NOT_CLEARED}
    said_by_core.add(bay.HATCH_STUCK)
    faults_of_node = {name for name, severity, _, _ in faults.TABLE.values() if severity != "soon"}
    call = NodeCall("a", lambda: 1, 0.0)
    losses = {SILENT, DEAF, GARBLED, host_link.RESTARTED, call.foreign(), call.echo()}
    lasting = {symptom.value for symptom, remedy in TABLE.items() if not remedy.passes}
    scales = lasting | {scale.UNSTEADY, OUT_OF_RANGE, HELD, FAILED, bay.WARMING}
    scales |= {validity.OUTSIDE, validity.LAPSED, validity.CLOCK_BEHIND}
    scales |= {bay.UNKNOWN_TEMPERATURE, bay.INTERRUPTED, bay.ALL_FULL}
    for why_not in said_by_core | faults_of_node | losses | scales:
        assert reasons.reason_text(why_not) is not reasons.OTHER, why_not


def test_a_reason_without_words_is_not_shown_raw() -> None:
    assert Words("en").reason("what is on this port: check bay 'a'") == "waiting for repair"


def test_the_catalogues_streams_have_names() -> None:
    assert {item.stream for item in example().items} <= terms.STREAMS.keys()


def test_a_foreign_code_is_named_in_the_residents_language() -> None:
    view = View("IDLE", "code-foreign", {"what": "an Alipay payment code"})
    assert Words("zh").sentence(view) == "这是支付宝付款码，不是绿色账户二维码"
    assert Words("en").sentence(view).startswith("That is an Alipay payment code")


def test_offline_the_farewell_promises_no_more_than_is_true() -> None:
    farewell = View("FAREWELL", "farewell", {"points": 4}, online=False)
    assert Words("en").hint(farewell).startswith("Recorded;")


def test_a_bay_is_named_as_on_the_cabinet_and_points_as_yuan() -> None:
    assert Words("en").bay("a") == "Bay A"
    assert Words("zh").sentence(View("FAREWELL", "bay-down", {"bay": "b"})) == "B 投放口暂停使用"
    assert [yuan(points) for points in (0, 7, 79, 1234)] == ["0.00", "0.07", "0.79", "12.34"]
