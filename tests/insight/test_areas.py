import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_facts import AREAS, CODES

from gridmap.codes import level_of
from gridmap.insight.areas import areas
from gridmap.model import Level

values = st.lists(st.integers(0, 1000), min_size=len(CODES), max_size=len(CODES)).map(
    np.array
)


@given(st.sampled_from(AREAS), st.sampled_from(list(Level)), values)
def test_places_of_a_level_add_up_to_what_is_above(area, level, numbers):
    found = areas(CODES, area, level)
    above = areas(CODES, area, Level(min(level, level_of(area))))
    assert found.total(numbers).sum() == above.total(numbers).sum()
    assert found.sizes.sum() == above.sizes.sum()


@given(st.sampled_from(list(Level)), values)
def test_each_place_sums_the_grids_whose_code_it_begins(level, numbers):
    found = areas(CODES, 4107, level)
    for code, total in zip(found.codes, found.total(numbers), strict=True):
        mine = [str(grid).startswith(str(code)) for grid in CODES]
        assert total == numbers[mine].sum()


def test_a_level_above_the_area_gives_the_place_the_area_lies_in():
    assert areas(CODES, int(CODES[3]), Level.TOWNSHIP).codes.tolist() == [410702001]


def test_an_unknown_area_has_no_places():
    assert len(areas(CODES, 410799, Level.GRID)) == 0
    assert areas(CODES, 410799, Level.VILLAGE).total(np.ones(len(CODES))).tolist() == []


def test_groups_say_which_place_a_grid_is_in_and_minus_one_outside():
    groups = areas(CODES, 410703, Level.VILLAGE).groups(len(CODES))
    assert groups.tolist() == [-1] * 6 + [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("level", [Level.COUNTY, Level.VILLAGE])
def test_the_highest_value_of_a_place_is_one_of_its_grids(level):
    numbers = np.arange(len(CODES))
    found = areas(CODES, 4107, level)
    assert found.highest(numbers).tolist() == [
        numbers[groups == n].max() for n, groups in _groups(found)
    ]


def _groups(found):
    belongs = found.groups(len(CODES))
    return [(n, belongs) for n in range(len(found))]
