"""What a resident answers is evidence, from somebody who has an interest."""

from __future__ import annotations

from dataclasses import replace

from contract.catalogue import example
from controller.core.verdict import Accept, Ask, Return
from tests.controller.core.verdict.seen import BOTTLE_EAN, JUDGE, seen

BOTTLE = {"plastic": 0.97, "glass": 0.02, "other": 0.01}
ITEMS = tuple(example().item(code) for code in ("pet-bottle", "plastic-mixed", "newspaper"))


def asked(mass_g: int) -> Ask:
    """The question about something of plastic."""
    verdict = JUDGE.judge(seen(**BOTTLE), mass_g)
    assert isinstance(verdict, Ask)
    return verdict


def test_a_plausible_answer_is_taken() -> None:
    """Either of two that mass and eyes allow."""
    for code in ("pet-bottle", "plastic-mixed"):
        verdict = JUDGE.answered(seen(**BOTTLE), 90, asked(90).items, code)
        assert isinstance(verdict, Accept)
        assert verdict.item.code == code


def test_an_answer_that_the_mass_rules_out_is_not_taken() -> None:
    """Who calls 420 g of plastic a bottle is told that it is not empty, or not one."""
    verdict = JUDGE.answered(seen(BOTTLE_EAN, **BOTTLE), 420, ITEMS, "pet-bottle")
    assert verdict == Return("returned-too-heavy-for-kind")


def test_an_answer_that_the_eyes_rule_out_is_not_taken() -> None:
    """What looks like a bottle and weighs like one is no newspaper, whoever says so."""
    verdict = JUDGE.answered(seen(**BOTTLE), 24, ITEMS, "newspaper")
    assert isinstance(verdict, Return)


def test_a_foreign_thing_is_not_taken_on_a_word() -> None:
    """Strange eyes and a yes are not enough."""
    strange = seen(score=4.0, plastic=0.6, other=0.4)
    assert JUDGE.answered(strange, 24, ITEMS[:1], "pet-bottle") == Return("returned-unknown")


def test_none_of_these_gives_the_load_back() -> None:
    """As do an answer that was not offered, and one that is none."""
    for word in ("none-of-these", "can", ""):
        verdict = JUDGE.answered(seen(**BOTTLE), 90, asked(90).items, word)
        assert verdict == Return("returned-unknown")


def test_a_bin_that_filled_up_while_the_question_stood_takes_nothing() -> None:
    """The answer is right, and there is no room for it any more."""
    full = replace(JUDGE, full=frozenset({"plastic"}))
    verdict = full.answered(seen(**BOTTLE), 90, asked(90).items, "pet-bottle")
    assert isinstance(verdict, Return)
