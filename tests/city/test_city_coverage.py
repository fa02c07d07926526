import numpy as np
import pandas as pd
import pytest
import town

from gridmap.city.look.gaps import GAPS
from gridmap.errors import InputError, NotFoundError
from gridmap.model import Level

KINDS = [gap.key for gap in GAPS]


def summary(city, area):
    return city.figures.whole(KINDS, city.figures.today(area)).set_index("key")


def cases(city, kind, area, **how):
    return city.figures.cases(kind, city.figures.today(area), **how)


def per_place(city, kind, area, level):
    return city.figures.per_place(kind, city.figures.today(area), level)


def marked(city, kind):
    return city.figures.marked(kind, city.figures.today(4107))


def test_the_town_has_the_gaps_it_was_drawn_with(city):
    found = summary(city, 4107)
    assert found["numerator"].to_dict() == {
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
    assert found["denominator"].to_dict()["without_worker"] == 16
    assert found["denominator"].to_dict()["mediator"] == 8


@pytest.mark.parametrize("kind", KINDS)
def test_each_list_is_as_long_as_the_summary_says(city, kind):
    for area in (4107, 410702, 410703):
        count = summary(city, area).loc[kind, "numerator"]
        assert len(cases(city, kind, area)) == count


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in {"shared_worker", "chief"}]
)
@pytest.mark.parametrize("level", [Level.COUNTY, Level.VILLAGE, Level.GRID])
def test_gaps_of_places_add_up_to_the_summary(city, kind, level):
    whole = summary(city, 4107).loc[kind]
    found = per_place(city, kind, 4107, level)
    assert found["numerator"].sum() == whole["numerator"]
    assert found["denominator"].sum() == whole["denominator"]


def test_a_place_counts_its_own_chief_and_those_below_it(city):
    grids = per_place(city, "chief", 4107, Level.GRID)
    assert (grids["numerator"].sum(), grids["denominator"].sum()) == (16, 16)
    county = per_place(city, "chief", 4107, Level.COUNTY)
    assert county["numerator"].sum() == summary(city, 4107).loc["chief", "numerator"]
    assert marked(city, "chief").all()


def test_a_grid_nobody_holds_is_named_with_its_way_there(city):
    found = cases(city, "without_worker", 4107)
    assert found["code"].tolist() == [town.SILENT]
    assert found["path"].tolist() == ["卫滨区 › 胜利街道 › 西庄村 › 第二网格"]


def test_a_worker_with_two_grids_is_named(city):
    found = cases(city, "shared_worker", 4107)
    assert found[["worker", "worker_name", "grids"]].to_numpy().tolist() == [
        [1, "员工1", 2]
    ]


def test_the_unseen_grid_tells_its_last_visit_and_no_report(city):
    row = cases(city, "unseen", 4107).iloc[0]
    assert row["days_unseen"] == 40
    assert row["last_visit"] == pd.Timestamp("2024-04-11")
    assert row["last_report"] is pd.NaT


def test_the_silent_grid_tells_what_was_expected(city):
    row = cases(city, "silent", 4107).iloc[0]
    assert (row["code"], row["observed"], row["visited"]) == (town.SILENT, 0, False)
    assert row["expected"] > 10
    assert row["probability"] < 0.02


def test_grids_in_a_village_without_a_mediator_are_marked(city):
    assert marked(city, "mediator").tolist() == [False, False] + [True] * 14
    assert np.flatnonzero(marked(city, "silent")).tolist() == [15]


def test_a_list_can_be_cut_short(city):
    assert len(cases(city, "mediator", 4107, limit=2)) == 2


def test_unknown_kinds_and_places_are_refused(city):
    with pytest.raises(InputError, match="without_worker"):
        cases(city, "laziness", 4107)
    with pytest.raises(NotFoundError):
        summary(city, 419999)
