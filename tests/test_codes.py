import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap import codes
from gridmap.errors import InputError
from gridmap.model import Level

GRID_CODES = st.integers(min_value=10**14, max_value=10**15 - 1)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        (4107, Level.CITY),
        (410702, Level.COUNTY),
        (410702101, Level.TOWNSHIP),
        (410702101001, Level.VILLAGE),
        (410702101001003, Level.GRID),
    ],
)
def test_the_level_is_the_number_of_digits(code, level):
    assert codes.level_of(code) is level


@pytest.mark.parametrize("code", [0, -410702, 41070, 4107021, 10**16])
def test_a_number_of_no_level_is_refused_with_its_value(code):
    with pytest.raises(InputError) as refused:
        codes.level_of(code)
    assert refused.value.faults[0].value == str(code)


@given(GRID_CODES)
def test_a_parent_is_the_prefix(code):
    assert [str(code)[:digits] for digits in (4, 6, 9, 12, 15)] == [
        str(c) for c in codes.ancestors(code)
    ]


@given(GRID_CODES, st.sampled_from(list(Level)))
def test_a_grid_lies_in_the_span_of_each_ancestor(code, level):
    first, end = codes.span(codes.parent(code, level))
    assert first <= code < end


@given(st.lists(GRID_CODES, min_size=1), st.sampled_from(list(Level)))
def test_the_parents_of_many_are_those_of_each(many, level):
    assert codes.parents(np.array(many), level).tolist() == [
        codes.parent(code, level) for code in many
    ]


def test_a_parent_below_is_refused():
    with pytest.raises(InputError, match="no parent at level grid"):
        codes.parent(410702, Level.GRID)


@given(GRID_CODES, GRID_CODES, st.sampled_from(list(Level)), st.sampled_from(list(Level)))
def test_codes_of_any_level_lie_within_a_place_when_it_is_their_prefix(
    one, other, level, above
):
    code, area = codes.parent(one, level), codes.parent(other, above)
    for value in (code, codes.parent(one, above)):
        assert codes.within([value, 0], area).tolist() == [
            str(value).startswith(str(area)),
            False,
        ]
        related = str(value).startswith(str(area)) or str(area).startswith(str(value))
        assert codes.around([value, 0], area).tolist() == [related, False]
