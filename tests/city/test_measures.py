from dataclasses import replace

import numpy as np
import pytest
import town

from gridmap.city.look.measures import MEASURES
from gridmap.errors import InputError, NotFoundError
from gridmap.model import Level

SUMS = ("reports", "open", "overdue", "load", "lacking_role", "silent")


@pytest.fixture(scope="module")
def month(city):
    return city.default_selection(30)


def test_every_measure_has_values_at_every_level(city, month):
    for measure in MEASURES:
        for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE, Level.GRID):
            found = city.figures.values(measure.key, month, level)
            assert len(found.codes) == len(found.values)
            assert found.counts.sum() + found.no_data == len(found.codes)
            assert (np.diff(found.breaks) >= 0).all()
            known = found.values[np.isfinite(found.values)]
            if known.size:
                assert found.breaks[0] <= known.min()
                assert known.max() <= found.breaks[-1]


@pytest.mark.parametrize("key", SUMS)
@pytest.mark.parametrize("level", [Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE])
def test_sums_of_grids_are_the_sums_of_their_places(city, month, key, level):
    grids, places = (city.figures.values(key, month, one) for one in (Level.GRID, level))
    if key == "lacking_role":  # a grid shows its village's, so villages are what adds up
        grids = city.figures.values(key, month, Level.VILLAGE)
    assert grids.values.sum() == places.values.sum()


def test_rates_leave_places_without_households_out(city, month):
    found = city.figures.values("per_100_households", month, Level.GRID)
    at = found.codes.tolist().index(town.EXCLUSIVE)
    assert np.isnan(found.values[at])
    assert found.no_data == 1
    busy = found.codes.tolist().index(town.BUSY)
    assert found.values[busy] == pytest.approx(90 / 100 * 100)


def test_a_change_has_breaks_around_nought(city, month):
    found = city.figures.values("expectation", month, Level.GRID)
    assert city.figures.get("expectation").diverging
    assert 0.0 in found.breaks
    assert found.breaks.tolist() == [-value for value in found.breaks[::-1].tolist()]


def test_an_area_has_its_own_places_only(city, month):
    found = city.figures.values("reports", month.within(410703), Level.GRID)
    assert all(str(code).startswith("410703") for code in found.codes)
    assert found.values.sum() == city.heat.mix(month.within(410703))["count"].sum()


def test_categories_and_states_filter(city, month):
    every = city.figures.values("reports", month, Level.COUNTY).values.sum()
    parts = [
        city.figures.values(
            "reports", replace(month, categories=(code,)), Level.COUNTY
        ).values.sum()
        for code in ("C", "D")
    ]
    assert sum(parts) == every


def test_unknown_measures_schemes_and_areas_are_refused(city, month):
    with pytest.raises(InputError, match="per_100_households"):
        city.figures.get("beauty")
    with pytest.raises(InputError, match="unknown category"):
        city.figures.values("reports", replace(month, categories=("Z",)), Level.GRID)
    with pytest.raises(InputError, match="classes"):
        city.figures.values("reports", month, Level.GRID, classes=99)
    with pytest.raises(NotFoundError):
        city.figures.values("reports", month.within(419999), Level.GRID)


def test_results_cannot_be_spoiled_for_others(city, month):
    found = city.figures.values("reports", month, Level.GRID)
    with pytest.raises(ValueError, match="read-only"):
        found.values[0] = 1e9


@pytest.mark.parametrize("level", [Level.COUNTY, Level.VILLAGE, Level.GRID])
def test_closed_matters_of_places_add_up_to_those_of_the_city(city, month, level):
    whole = city.figures.whole(["closed"], month)["numerator"].iloc[0]
    places = city.figures.per_place("closed", month, level)
    assert places["numerator"].sum() == whole > 0
    assert city.figures.course("closed", month).sum() == whole
