import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_facts import CODES, categories, chosen, facts, grids, selections, tables

from gridmap.insight import workload
from gridmap.insight.areas import areas
from gridmap.insight.mask import mask
from gridmap.model import Level

TREE = categories()
loads = st.lists(st.floats(0, 1e6), min_size=1, max_size=40).map(np.array)


@settings(max_examples=40, deadline=None)
@given(tables, selections())
def test_load_is_the_effort_of_the_reports(table, selection):
    known = facts(table)
    found = workload.load(known, mask(known, selection, TREE), TREE)
    rows = chosen(table, selection)
    assert found.hours.sum() == pytest.approx(rows["category"].sum())
    assert found.reports.sum() == len(rows)


@given(loads)
def test_gini_lies_in_0_to_1_and_is_twice_the_area_over_the_lorenz_curve(values):
    found = workload.imbalance(values, by="grid")
    assert 0 <= found.gini < 1
    assert found.max_over_mean >= 1 - 1e-9
    under = np.trapezoid(found.lorenz_y, found.lorenz_x)
    assert found.gini == pytest.approx(1 - 2 * under, abs=1e-9)
    assert (np.diff(found.lorenz_y) >= -1e-12).all()
    assert found.lorenz_y[[0, -1]] == pytest.approx([0, 1])


@given(loads, st.floats(0.01, 100))
def test_gini_does_not_depend_on_the_unit(values, factor):
    assert workload.imbalance(values * factor, by="grid").gini == pytest.approx(
        workload.imbalance(values, by="grid").gini, abs=1e-6
    )


def test_known_ginis():
    assert workload.imbalance([5, 5, 5, 5], by="grid").gini == 0
    assert workload.imbalance([0, 0, 0, 8], by="grid").gini == pytest.approx(0.75)
    assert workload.imbalance([1, 3], by="grid").gini == pytest.approx(0.25)
    assert workload.imbalance([1, 3], by="grid").max_over_mean == pytest.approx(1.5)


def test_no_load_is_even():
    found = workload.imbalance(np.zeros(4), by="worker")
    assert (found.gini, found.max_over_mean, found.n) == (0.0, 1.0, 4)
    assert workload.imbalance([], by="worker").n == 0


def test_what_nobody_can_share_has_no_rate():
    assert workload.per([4, 4], [2, 0])[0] == 2
    assert np.isnan(workload.per([4, 4], [2, 0])[1])


def test_rates_of_places_use_their_households_and_area():
    places = areas(CODES, 4107, Level.COUNTY)
    assert workload.per_100_households([60, 6], grids(), places).tolist() == [10.0, 1.0]
    assert workload.per_km2([60, 6], grids(), places).tolist() == [5.0, 0.5]


def test_imbalance_inside_each_place_is_that_of_its_grids():
    values = np.array([1, 3, 2] * 4)
    gini, peak = workload.gini_per_area(values, areas(CODES, 4107, Level.VILLAGE))
    one = workload.imbalance([1, 3, 2], by="grid")
    assert gini == pytest.approx([one.gini] * 4)
    assert peak == pytest.approx([1.5] * 4)
