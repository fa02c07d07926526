import numpy as np
import pandas as pd
import pytest
import town

from gridmap.errors import InputError, NotFoundError
from gridmap.insight.coverage import GAPS
from gridmap.model import Level


def test_the_town_has_the_gaps_it_was_drawn_with(city):
    found = city.coverage.summary(4107).set_index("kind")
    assert found["count"].to_dict() == {
        "without_worker": 1,
        "shared_worker": 1,
        "police_officer": 6,
        "legal_adviser": 7,
        "mediator": 7,
        "household_representative": 8,
        "chief": 30,
        "unseen": 1,
        "silent": 1,
    }
    assert found["of"].to_dict()["without_worker"] == 16
    assert found["of"].to_dict()["mediator"] == 8


@pytest.mark.parametrize("kind", GAPS)
def test_each_list_is_as_long_as_the_summary_says(city, kind):
    for area in (4107, 410702, 410703):
        count = city.coverage.summary(area).set_index("kind").loc[kind, "count"]
        assert len(city.coverage.gaps(kind, area)) == count


@pytest.mark.parametrize(
    "kind", [kind for kind in GAPS if kind not in {"shared_worker", "chief"}]
)
@pytest.mark.parametrize("level", [Level.COUNTY, Level.VILLAGE, Level.GRID])
def test_gaps_of_places_add_up_to_the_summary(city, kind, level):
    summary = city.coverage.summary(4107).set_index("kind").loc[kind]
    found = city.coverage.per_area(kind, 4107, level)
    assert (found["count"].sum(), found["of"].sum()) == (summary["count"], summary["of"])


def test_a_place_counts_its_own_chief_and_those_below_it(city):
    grids = city.coverage.per_area("chief", 4107, Level.GRID)
    assert (grids["count"].sum(), grids["of"].sum()) == (16, 16)
    county = city.coverage.per_area("chief", 4107, Level.COUNTY).set_index("code")
    assert (
        county["count"].sum()
        == city.coverage.summary(4107).set_index("kind").loc["chief", "count"]
    )
    assert city.coverage.grids_with("chief").all()


def test_a_grid_nobody_holds_is_named_with_its_way_there(city):
    found = city.coverage.gaps("without_worker", 4107)
    assert found["code"].tolist() == [town.SILENT]
    assert found["path"].tolist() == ["卫滨区 › 胜利街道 › 西庄村 › 第二网格"]


def test_a_worker_with_two_grids_is_named(city):
    found = city.coverage.gaps("shared_worker", 4107)
    assert found[["worker", "worker_name", "grids"]].to_numpy().tolist() == [
        [1, "员工1", 2]
    ]


def test_the_unseen_grid_tells_its_last_visit_and_no_report(city):
    row = city.coverage.gaps("unseen", 4107).iloc[0]
    assert row["days_unseen"] == 40
    assert row["last_visit"] == pd.Timestamp("2024-04-11")
    assert row["last_report"] is pd.NaT


def test_the_silent_grid_tells_what_was_expected(city):
    row = city.coverage.gaps("silent", 4107).iloc[0]
    assert (row["code"], row["observed"], row["visited"]) == (town.SILENT, 0, False)
    assert row["expected"] > 10
    assert row["probability"] < 0.02


def test_grids_in_a_village_without_a_mediator_are_marked(city):
    assert city.coverage.grids_with("mediator").tolist() == [False, False] + [True] * 14
    assert np.flatnonzero(city.coverage.grids_with("silent")).tolist() == [15]


def test_a_list_can_be_cut_short(city):
    assert len(city.coverage.gaps("mediator", 4107, limit=2)) == 2


def test_unknown_kinds_and_places_are_refused(city):
    with pytest.raises(InputError):
        city.coverage.gaps("laziness", 4107)
    with pytest.raises(NotFoundError):
        city.coverage.summary(419999)
