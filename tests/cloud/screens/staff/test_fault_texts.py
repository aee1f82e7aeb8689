"""Every fault that a kiosk can tell is told in both languages, as the kiosk's own pages do."""

from __future__ import annotations

from cloud.screens.staff import fault_texts
from cloud.screens.staff.fault_texts import fault_name, what_to_do
from contract.condition import StandingFault
from controller.core.faults import FAILING
from controller.core.health.kiosk_parts import DO_AT_KIOSK
from controller.core.health.parts import DO
from controller.screens.service.fault_words import OF_BAY, OF_NODE, OF_PARTS
from wire.faults import TABLE


def said(code: str, detail: str = "look") -> StandingFault:
    """A fault as a kiosk tells it."""
    return StandingFault(code=code, since=None, detail=detail)


def test_what_to_do_is_the_same_there_and_here() -> None:
    """Staff at the kiosk and at the desk talk of the same thing."""
    assert fault_texts.FAILING == FAILING
    assert {code: one.do_zh for code, one in fault_texts.OF_NODE.items()} == OF_NODE
    assert {code: one.do_zh for code, one in fault_texts.OF_BAY.items()} == OF_BAY
    parts = {FAILING + code: one.do_zh for code, one in fault_texts.OF_PARTS.items()}
    assert parts == OF_PARTS


def test_no_fault_is_left_out() -> None:
    """Each has a name of its own in either language."""
    codes = [code for code, *_ in TABLE.values()] + [
        FAILING + str(one) for one in [*DO, *DO_AT_KIOSK]
    ]
    for language in ("zh", "en"):
        names = {fault_name(code, language) for code in [*codes, *OF_BAY]}
        assert len(names) == len(codes) + len(OF_BAY)
        assert all(" · " in one for one in names)


def test_what_the_kiosk_says_stands_where_it_says_more() -> None:
    """In English always; in Chinese of what has no sentence of its own, or a general one."""
    assert what_to_do(said("fire"), "en") == ["look"]
    assert what_to_do(said("fire"), "zh") == [OF_NODE["fire"]]
    assert what_to_do(said("bay-closed", "edge"), "zh") == [OF_BAY["bay-closed"], "edge"]
    assert what_to_do(said("of-tomorrow"), "zh") == ["look"]
    assert (fault_name("of-tomorrow", "zh"), what_to_do(said("fire", ""), "en")) == (
        "of-tomorrow",
        [],
    )
