"""Lists that arrive in parts: in any order, twice, mixed, forged; whole, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.catalogue_part import CataloguePart, open_part, parts_of
from contract.errors import PayloadError
from contract.parts import PART_BYTES
from contract.payloads import encode
from controller.core.arriving import AT_ONCE_MOST, Arriving

LISTS = [bytes([number]) * (PART_BYTES + number) for number in range(1, 5)]
PARTS = [[open_part(encode(part)) for part in parts_of(one)] for one in LISTS]


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.integers(0, AT_ONCE_MOST - 1), st.integers(0, 1)), max_size=20),
    st.permutations([0, 1]),
)
def test_whatever_came_before_both_parts_make_the_list(
    before: list[tuple[int, int]], order: list[int]
) -> None:
    """The parts of two lists in any order, and each as often as it likes."""
    arriving = Arriving()
    for which, part in before:
        assert arriving.take(*PARTS[which][part]) in (None, LISTS[which])
    found = [arriving.take(*PARTS[0][part]) for part in order]
    assert LISTS[0] in found


def test_only_a_few_are_put_together_at_a_time() -> None:
    """Whoever begins list after list fills no memory; what was dropped begins anew."""
    arriving = Arriving()
    for parts in PARTS:
        assert arriving.take(*parts[0]) is None
    assert arriving.take(*PARTS[0][1]) is None
    assert arriving.take(*PARTS[-1][1]) == LISTS[-1]
    assert arriving.take(*PARTS[0][0]) == LISTS[0]


def changed(part: CataloguePart, **changes: int) -> CataloguePart:
    """A part that says something else."""
    return part.model_copy(update=changes)


def test_parts_that_do_not_belong_together_make_no_list() -> None:
    """Another size, or another's bytes under its name; the true parts make it afterwards."""
    arriving = Arriving()
    (first, data), (second, rest) = PARTS[0]
    arriving.take(first, data)
    with pytest.raises(PayloadError) as error:
        arriving.take(changed(second, size_bytes=PART_BYTES + 2), rest)
    assert error.value.code == "catalogue-part"
    arriving.take(first, PARTS[1][0][1])
    with pytest.raises(PayloadError) as error:
        arriving.take(second, rest)
    assert error.value.code == "catalogue-hash"
    arriving.take(second, rest)
    assert arriving.take(first, data) == LISTS[0]
