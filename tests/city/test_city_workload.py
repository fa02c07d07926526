import pytest

from gridmap.errors import InputError
from gridmap.model import Level

EFFORT = {2: 1.0, 3: 2.0, 5: 4.0, 6: 8.0}


@pytest.fixture(scope="module")
def month(city):
    return city.default_selection(30)


@pytest.mark.parametrize("level", [Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE, Level.GRID])
def test_load_is_conserved_at_every_level(city, frame, month, level):
    found = city.workload.table(month, level)
    rows = frame[frame["day"].between(month.start, month.end)]
    assert found["load"].sum() == rows["category"].map(EFFORT).sum()
    assert found["reports"].sum() == len(rows)


def test_rates_are_the_load_over_what_shares_it(city, month):
    found = city.workload.table(month, Level.TOWNSHIP)
    assert found["per_worker"].tolist() == pytest.approx(
        (found["load"] / found["workers"]).tolist()
    )
    assert found["per_100_households"].tolist() == pytest.approx(
        (100 * found["load"] / found["households"]).tolist()
    )
    assert found["per_km2"].tolist() == pytest.approx(
        (found["load"] / found["area_km2"]).tolist()
    )
    assert (found["low"] < found["rate"]).all()
    assert (found["rate"] < found["high"]).all()


def test_a_grid_without_a_worker_has_no_load_per_worker(city, month):
    found = city.workload.table(month, Level.GRID).iloc[-1]
    assert found["workers"] == 0
    assert found["per_worker"] != found["per_worker"]


def test_workers_carry_what_their_grids_bring(city, month):
    found = city.workload.workers(month)
    staffed = city.workload.table(month, Level.GRID).query("workers > 0")
    assert found["load"].sum() == pytest.approx(staffed["load"].sum())
    assert found["grids"].sum() == 15
    assert found["load"].is_monotonic_decreasing
    assert found["name"].iloc[0] == "员工1"


def test_workers_of_a_county_carry_its_grids_alone(city, month):
    here = city.workload.workers(month.within(410703))
    assert (
        here["load"].sum()
        == city.workload.table(month.within(410703), Level.COUNTY)["load"].iloc[0]
    )


def test_imbalance_agrees_with_the_workers_and_with_the_grids(city, month):
    by_worker = city.workload.imbalance(month)
    assert (by_worker.n, by_worker.by) == (14, "worker")
    assert by_worker.max_over_mean == pytest.approx(
        city.workload.workers(month)["load"].max()
        / city.workload.workers(month)["load"].mean()
    )
    by_grid = city.workload.imbalance(month, by="grid")
    assert by_grid.n == 16
    assert 0 < by_grid.gini < 1


def test_the_median_is_that_of_the_places(city, month):
    found = city.workload.table(month, Level.TOWNSHIP)
    for key, column in (("load_per_worker", "per_worker"), ("load", "load")):
        places = city.figures.per_place(key, month, Level.TOWNSHIP)
        assert places["value"].median() == found[column].median()
        assert (places["low"] <= places["value"]).all()
        assert (places["value"] <= places["high"]).all()


def test_unknown_columns_and_kinds_are_refused(city, month):
    with pytest.raises(InputError):
        city.figures.per_place("name", month, Level.TOWNSHIP)
    with pytest.raises(InputError):
        city.workload.imbalance(month, by="mood")
