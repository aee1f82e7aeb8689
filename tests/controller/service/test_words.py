"""Staff find words for everything that a check can say, in both languages."""

from __future__ import annotations

import string

import wire.faults
from controller.core.service import parts_checks, running
from controller.core.service.audit.points import POINTS
from controller.core.service.checks import CHECKS
from controller.core.service.do import Do
from controller.core.view import View
from controller.screens.parts import Moment
from controller.screens.service import asked, fault_words, labels, problems, remedies, texts
from controller.screens.service.door import leads_in
from controller.screens.service.words import ServiceWords
from controller.screens.texts import LANGUAGES
from controller.screens.words import Words
from wire.messages import GATE_STATES, HATCH_STATES, REFUSALS

TABLES = [
    texts.CHECKS,
    asked.ASKS,
    asked.POINTS,
    asked.PREPARE,
    remedies.DO,
    texts.VERDICTS,
    texts.REFUSALS,
    labels.LABELS,
    problems.PROBLEMS,
]


def test_every_check_remedy_and_refusal_has_words() -> None:
    """A row that is added without words fails here."""
    assert texts.CHECKS.keys() == CHECKS.keys()
    assert asked.ASKS.keys() == {name for name, check in CHECKS.items() if check.asks}
    assert asked.PREPARE.keys() <= CHECKS.keys()
    assert asked.POINTS.keys() == POINTS.keys()
    assert remedies.DO.keys() == {one.value for one in Do}
    ours = {"node-lost", running.OBSTRUCTED, running.LATE}
    assert texts.REFUSALS.keys() == {*REFUSALS, *ours}


def test_no_text_lacks_a_language_or_differs_in_its_placeholders() -> None:
    """What one language says with a figure, the other does."""
    for table in TABLES:
        for key, text in table.items():
            assert set(text) == set(LANGUAGES), key
            names = {
                tuple(sorted(name for _, name, _, _ in string.Formatter().parse(line) if name))
                for line in text.values()
            }
            assert len(names) == 1, key
            assert all(line.strip() for line in text.values()), key


def test_where_hatch_and_gate_stand_is_told_in_chinese() -> None:
    """Each state that a node may tell."""
    chinese = ServiceWords("zh")
    for state in (*HATCH_STATES, *GATE_STATES):
        assert chinese.figure(state) != state
        assert ServiceWords("en").figure(state) == state


def test_every_fault_is_told_in_chinese() -> None:
    """A node's by its name; of the controller's own the sentence stands behind, for its figures."""
    chinese, english = ServiceWords("zh"), ServiceWords("en")
    assert fault_words.OF_NODE.keys() == {name for name, *_ in wire.faults.TABLE.values()}
    for name, _, _, do in wire.faults.TABLE.values():
        told = {"fault": name, "do": do}
        assert chinese.remedy(told) == fault_words.OF_NODE[name]
        assert english.remedy(told) == do
    told = {"fault": "camera-lost", "do": "camera 0 is not there"}
    assert chinese.remedy(told) == "没有画面：检查摄像头的线和插头 (camera 0 is not there)"
    assert chinese.remedy({"fault": "unheard-of", "do": "see to it"}) == "see to it"
    stuck = "the hatch does not move as it should"
    assert chinese.why_not(stuck).endswith(f" ({stuck})")
    assert chinese.why_not("x") == english.why_not("x") == "x"
    assert english.why_not(stuck) == stuck


def test_advice_says_what_to_do_and_why() -> None:
    """The node's word is translated; a fault's own sentence stands as it is."""
    english, chinese = ServiceWords("en"), ServiceWords("zh")
    refused = {"do": "hatch-refused", "detail": "emergency-stop"}
    assert english.advice(refused).endswith("(the emergency stop is pressed)")
    assert chinese.advice(refused).endswith("(急停按钮已按下)")
    assert english.advice({"do": "camera-lost", "detail": "camera 0"}).endswith("(camera 0)")
    assert english.advice({"do": None, "detail": ""}) == ""


def test_the_door_to_service_is_shown_to_staff_alone() -> None:
    """To begin once a badge was greeted, to go there while the kiosk is in service."""
    words = Words("en")
    assert leads_in(Moment(View("IDLE", "badge-known"), words)) == "begin"
    assert leads_in(Moment(View("SERVICE", "in-service"), words)) == "go-to-page"
    assert leads_in(Moment(View("IDLE", "idle"), words)) == ""


def test_figures_read_in_chinese_too() -> None:
    """The words among them are said in it; figures, units and names of versions stay."""
    chinese, english = ServiceWords("zh"), ServiceWords("en")
    said = "0 lost/h, 1 restarts/10 min, 2 + 3 bad of 1400 frames"
    assert english.figure(said) == said
    assert chinese.figure(said) == "0 次失联/小时, 1 次重启/10 分钟, 2 + 3 个坏帧，共 1400 帧"
    assert chinese.figure("battery") == "电池"
    assert chinese.figure("≤ 4.5 s, 900 mA") == "≤ 4.5 秒, 900 mA"
    assert chinese.figure("2026-11-h, hz-light-7") == "2026-11-h, hz-light-7"
    assert chinese.figure(None) == english.figure(None) == ""
    for words in (chinese, english):
        assert words.figure("gb-t-19095-2019") == "GB/T 19095-2019"


def test_every_fault_that_a_check_may_name_is_said_in_chinese() -> None:
    """A sensor's fault is the figure of its check."""
    chinese = ServiceWords("zh")
    for fault in parts_checks.EDGE | parts_checks.CURTAIN | parts_checks.PRESENCE:
        assert not any("a" <= letter <= "z" for letter in chinese.figure(fault)), fault
