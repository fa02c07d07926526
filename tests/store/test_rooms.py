"""Units, plans, categories, workers and visits: what is written is read again, wrong input
changes nothing.
"""

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import text
from world import CODES, LOWER_LEFT, UPPER_RIGHT, categories, fill, grids

from gridmap.errors import ConflictError, InputError, NotFoundError
from gridmap.model import Level
from gridmap.store.flow.categories import read_categories, replace_categories
from gridmap.store.flow.visits import add_visits, last_visits
from gridmap.store.look import columns
from gridmap.store.look.matters import add_matter
from gridmap.store.people.workers import read_assignments, read_workers, replace_workers
from gridmap.store.plans import plans
from gridmap.store.plans.plans import grid_codes, plan_in_force, publish_plan, read_grids
from gridmap.store.plans.units import read_unit_shapes, read_units, replace_units


def test_units_are_read_as_they_were_given(town):
    table = read_units(town)
    assert table["code"].tolist() == [4107, 410702, 410702001, 410702001001, 410702001002]
    assert table["parent"].tolist() == [0, 4107, 410702, 410702001, 410702001]


def test_units_with_the_same_code_are_refused_all_at_once(store):
    twice = pd.DataFrame(
        {"code": [410702, 410702, 410703, 410703], "level": [1] * 4, "name": list("abcd")}
    )
    with pytest.raises(InputError) as caught:
        replace_units(store, twice)
    assert [fault.value for fault in caught.value.faults] == ["410702", "410703"]


def test_outlines_given_with_the_divisions_are_shown_until_a_plan_has_its_own(store):
    shape = grids().iloc[[0]].assign(code=410702)[["code", "geometry"]]
    replace_units(
        store, pd.DataFrame({"code": [410702], "level": [1], "name": ["红旗区"]}), shape
    )
    assert read_unit_shapes(store)["code"].tolist() == [410702]
    fill(store)
    assert len(read_unit_shapes(store)) == 4


def test_a_city_without_grids_says_so(store):
    with pytest.raises(NotFoundError, match="import grids"):
        plan_in_force(store)
    with pytest.raises(NotFoundError):
        read_unit_shapes(store)


def test_grids_are_read_as_they_were_published(town):
    table = read_grids(town)
    assert table["code"].tolist() == CODES
    assert table["households"].tolist() == [100, 200, 300, 400]
    assert table["kind"].tolist() == ["basic"] * 4
    assert shapely.equals_exact(
        table.geometry.to_numpy(), grids().geometry.to_numpy()
    ).all()
    assert table.crs == "EPSG:4490"
    assert grid_codes(town).tolist() == CODES


def test_outlines_of_every_level_are_the_union_of_their_grids(town):
    county = read_unit_shapes(town, level=Level.COUNTY).geometry.iloc[0]
    assert county.equals(shapely.box(113.0, 35.0, 113.2, 35.2))
    assert read_unit_shapes(town, level=Level.VILLAGE)["code"].tolist() == [
        410702001001,
        410702001002,
    ]


def test_the_index_of_a_plan_answers_as_its_grids_lie(town):
    index = plans.index(town)
    assert index.locate(
        np.array([113.05, 113.15, 112.0]), np.array([35.05, 35.15, 35.0])
    ).tolist() == [
        LOWER_LEFT,
        UPPER_RIGHT,
        0,
    ]


def test_a_damaged_index_file_is_built_again(town):
    for path in (town.home / "plans").glob("*.npz"):
        path.write_bytes(b"nothing")
    assert plans.index(town).codes.tolist() == CODES


def test_a_new_plan_is_the_child_of_the_one_before(town):
    number = publish_plan(town, grids().iloc[:2], name="second", valid_from="2024-01-01")
    assert plan_in_force(town).id == number == 2
    with town.read() as connection:
        rows = connection.execute(
            text("SELECT id, parent, state FROM plans ORDER BY id")
        ).all()
    assert [tuple(row) for row in rows] == [(1, None, "past"), (2, 1, "in_force")]
    assert len(read_grids(town, 1)) == 4
    assert len(read_grids(town)) == 2


def test_a_plan_that_fails_leaves_the_old_one_in_force(town):
    def fail(_connection):
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        publish_plan(
            town, grids().iloc[:2], name="second", valid_from="2024-01-01", also=fail
        )
    assert plan_in_force(town).name == "first"
    assert len(read_grids(town)) == 4


def test_grids_with_the_same_code_are_refused(town):
    with pytest.raises(InputError, match=str(LOWER_LEFT)):
        publish_plan(town, grids([LOWER_LEFT] * 4), name="second", valid_from="2024-01-01")


def test_an_empty_plan_is_refused(town):
    with pytest.raises(InputError, match="no grids"):
        publish_plan(town, grids().iloc[:0], name="second", valid_from="2024-01-01")


def test_a_category_keeps_its_number_when_the_tree_changes(town):
    before = dict(
        zip(read_categories(town)["code"], read_categories(town)["id"], strict=True)
    )
    changed = pd.concat(
        [pd.DataFrame({"code": ["A"], "zh": ["新"]}), categories().iloc[1:]]
    )
    replace_categories(town, changed)
    after = dict(
        zip(read_categories(town)["code"], read_categories(town)["id"], strict=True)
    )
    assert {code: after[code] for code in ("C01", "E", "E01")} == {
        code: before[code] for code in ("C01", "E", "E01")
    }
    assert "C" not in after
    assert after["A"] not in before.values()


def test_a_category_with_reports_cannot_disappear(town):
    add_matter(
        town,
        client_id="a",
        category=4,
        grid=LOWER_LEFT,
        plan=1,
        lon=113.05,
        lat=35.05,
        reported_at=1,
    )
    with pytest.raises(ConflictError, match="E01"):
        replace_categories(town, categories().iloc[:3])
    assert len(read_categories(town)) == 4


def test_workers_and_their_areas_are_read_as_they_were_given(town):
    people = pd.DataFrame(
        {
            "id": [1, 2],
            "name": ["张", "李"],
            "role": ["grid_worker", "mediator"],
            "active_from": ["2021-01-01", None],
        }
    )
    people["active_from"] = pd.to_datetime(people["active_from"])
    areas = pd.DataFrame({"worker": [1, 1, 2], "area": [*CODES[:2], 410702001001]})
    replace_workers(town, people, areas)
    assert read_workers(town)["name"].tolist() == ["张", "李"]
    assert str(read_workers(town)["active_from"].iloc[0]) == "2021-01-01"
    assert read_assignments(town)["role"].tolist() == [
        "grid_worker",
        "grid_worker",
        "mediator",
    ]


def test_an_area_of_an_unknown_worker_is_refused_and_the_staff_stays(town):
    people = pd.DataFrame({"id": [1], "name": ["张"], "role": ["grid_worker"]})
    replace_workers(town, people, pd.DataFrame({"worker": [1], "area": [LOWER_LEFT]}))
    with pytest.raises(InputError, match="no such worker"):
        replace_workers(town, people, pd.DataFrame({"worker": [9], "area": [LOWER_LEFT]}))
    assert len(read_assignments(town)) == 1


def test_the_last_visit_of_each_grid_counts(town):
    add_visits(
        town, pd.DataFrame({"grid": [LOWER_LEFT, LOWER_LEFT, UPPER_RIGHT], "at": [5, 9, 7]})
    )
    add_visits(town, pd.DataFrame({"grid": [], "at": []}))
    assert last_visits(town).to_dict("list") == {
        "grid": [LOWER_LEFT, UPPER_RIGHT],
        "at": [9, 7],
    }


def test_every_change_of_the_city_changes_the_version(town):
    versions = [columns.version(town)]
    replace_categories(town, categories())
    versions.append(columns.version(town))
    add_visits(town, pd.DataFrame({"grid": [LOWER_LEFT], "at": [5]}))
    versions.append(columns.version(town))
    publish_plan(town, grids(), name="second", valid_from="2024-01-01")
    versions.append(columns.version(town))
    assert len(set(versions)) == 4
