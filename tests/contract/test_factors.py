"""Carbon factors: where each comes from, and a mix that nobody should believe."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.catalogue import example, load_plain
from contract.errors import CatalogueError
from contract.factors import LEAST_G, WINDOW_S, Mix, MixWatch, check_factors, factor_sets

SETS = factor_sets()
SHORT_TON_KG = Decimal("907.18474")


def test_every_figure_of_warm_is_its_source_converted() -> None:
    """MTCO2E a short ton → g a kg, to the nearest 10."""
    for row in SETS["epa-warm-16"].rows:
        tonnes = Decimal(row.given.removesuffix(" MTCO2E per short ton"))
        assert row.g_per_kg == int(round(-tonnes * 10**6 / SHORT_TON_KG, -1)), row.name


def test_zhejiangs_set_comes_to_the_mean_that_was_published() -> None:
    """15,600 t of CO2e over 11,600 t of recyclables, and within what is believed."""
    for row in SETS["zj-kecheng-2022"].rows:
        assert row.g_per_kg == 15_600_000 // 11_600 + 1
        assert Mix(LEAST_G, LEAST_G * row.g_per_kg // 1000).alarm == ""


def test_the_examples_factors_are_all_looked_up() -> None:
    """WARM for all but textiles."""
    assert check_factors(example(), SETS) == len(example().items)


@pytest.mark.parametrize(
    ("row", "changes", "code", "words"),
    [
        (3, {"carbon_g_per_kg": 1830}, "factor-differs", r"steel-cans .* is 2020 \(-1.83 MTCO2E"),
        (6, {"carbon_g_per_kg": 3160}, "factor-differs", r"items\[6\].carbon_g_per_kg is 3160"),
        (0, {"factor": "ldpe"}, "unknown-factor", r"items\[0\].factor: .* has no 'ldpe'"),
    ],
)
def test_a_figure_a_short_ton_is_not_taken_for_one_a_kg(
    row: int, changes: dict[str, object], code: str, words: str
) -> None:
    """Lists in circulation hold 1.83 for steel and 3.16 for cardboard as if they were kg/kg."""
    value = example().model_dump()
    value["items"][row].update(changes)
    with pytest.raises(CatalogueError, match=words) as error:
        check_factors(load_plain(json.dumps(value).encode()), SETS)
    assert error.value.code == code


def test_a_citys_own_set_is_left_alone() -> None:
    """Nobody here has its rows; nor is an item checked that names none."""
    assert check_factors(example().model_copy(update={"factor_set": "hangzhou-2027"}), SETS) == 0
    value = example().model_dump()
    value["items"][0].update(factor=None, carbon_g_per_kg=1)
    assert check_factors(load_plain(json.dumps(value).encode()), SETS) == len(example().items) - 1


def test_the_alarm_is_raised_outside_what_a_mix_can_be() -> None:
    """Below 0.8 and above 2.0 kg of CO2e a kg, and not before there is a mix."""
    heavy = LEAST_G
    assert [Mix(heavy, heavy * mean // 1000).alarm for mean in (799, 800, 1345, 2000, 2001)] == [
        "mix-low", "", "", "", "mix-high",
    ]  # fmt: skip
    assert Mix(heavy - 1, 0).alarm == ""
    assert Mix(0, 0).g_per_kg is None


def test_warm_credits_more_than_is_believed_here() -> None:
    """A usual mix by mass: 55 % paper, 20 % plastic, 15 % textile, 5 % metal, 5 % glass."""
    shares = {"cardboard": 55, "pet-bottle": 20, "textile": 15, "can": 5, "glass-bottle": 5}
    watch = MixWatch()
    for code, percent in shares.items():
        mass_g = percent * 1000
        watch.add(0, mass_g, mass_g * example().item(code).carbon_g_per_kg // 1000)
    assert watch.mix.alarm == "mix-high"


Deposits = st.lists(
    st.tuples(st.integers(0, 20 * 86_400), st.integers(0, 8000), st.integers(0, 80_000))
)


@given(Deposits)
def test_only_the_window_counts(deposits: list[tuple[int, int, int]]) -> None:
    """Against the plain sum over it; a clock that was behind counts as the time before."""
    watch, taken, latest_s = MixWatch(), [], 0
    for at_s, mass_g, carbon_g in deposits:
        latest_s = max(latest_s, at_s)
        taken.append((latest_s, mass_g, carbon_g))
        mix = watch.add(at_s, mass_g, carbon_g)
        inside = [one for one in taken if one[0] > latest_s - WINDOW_S]
        assert mix == Mix(sum(one[1] for one in inside), sum(one[2] for one in inside))
