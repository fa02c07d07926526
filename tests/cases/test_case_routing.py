import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gridmap.cases.routing import RoutingRule, first_fit, first_fits, in_order
from gridmap.model import OfficeKind

CATEGORIES = {1: "C", 2: "C01", 3: "C0101", 4: "C02", 7: "D01"}
GRID = 410702001001001
GRIDS = [GRID, GRID + 1, 410702001002001, 410702002001001, 410703001001001]
PLACES = [4107, 410702, 410703, 410702001, 410702001001, GRID]


def rule(number, category, area, *, active=True, position=None):
    return RoutingRule(
        number, position or number, category, area, OfficeKind.VILLAGE, active=active
    )


def test_the_first_rule_that_fits_decides_however_closely_a_later_one_would():
    rules = [rule(1, "", 4107), rule(2, "C0101", GRID)]
    assert first_fit(rules, "C0101", GRID).id == 1
    assert first_fit(rules[::-1], "C0101", GRID).id == 2


def test_a_rule_takes_a_place_and_all_in_it_a_category_and_all_below_it():
    assert first_fit([rule(1, "C01", 410702)], "C0101", GRID).id == 1
    assert first_fit([rule(1, "C01", 410702)], "C02", GRID) is None
    assert first_fit([rule(1, "C01", 410702)], "C0101", 410703001001001) is None
    assert first_fit([rule(1, "", GRID)], "D01", GRID + 1) is None


def test_an_inactive_rule_is_passed_over():
    assert (
        first_fit([rule(1, "", 4107, active=False), rule(2, "", 4107)], "C01", GRID).id == 2
    )


def test_rules_are_tried_by_position_not_by_number():
    rules = in_order([rule(1, "", 4107, position=2), rule(2, "", 4107, position=1)])
    assert [one.id for one in rules] == [2, 1]


some_rules = st.lists(
    st.tuples(
        st.sampled_from(["", "C", "C01", "C0101", "D", "X"]),
        st.sampled_from(PLACES),
        st.booleans(),
    ),
    max_size=8,
)
some_matters = st.lists(
    st.tuples(st.sampled_from(list(CATEGORIES)), st.sampled_from(GRIDS)), max_size=20
)


@given(some_rules, some_matters)
def test_many_matters_at_once_fit_the_same_rules_as_one_by_one(drawn, matters):
    rules = [
        rule(number, *one[:2], active=one[2]) for number, one in enumerate(drawn, start=1)
    ]
    category = np.array([number for number, _ in matters], dtype=np.int16)
    grid = np.array([code for _, code in matters], dtype=np.int64)
    rows = first_fits(rules, CATEGORIES, category, grid)
    alone = [first_fit(rules, CATEGORIES[number], code) for number, code in matters]
    assert [rules[row].id if row >= 0 else 0 for row in rows] == [
        found.id if found else 0 for found in alone
    ]
