from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_facts import CODES, grids

from gridmap.insight import coverage, workload
from gridmap.insight.areas import areas
from gridmap.insight.staff import staff
from gridmap.model import Level, Role

DAY = date(2024, 5, 1)


def _staff(assignments, workers=None, day=DAY):
    columns = ["worker", "area", "role", "starts", "ends"]
    table = pd.DataFrame(
        [(*row, *[None] * (5 - len(row))) for row in assignments], columns=columns
    )
    if workers is None:
        workers = [
            (number, None, None) for number in sorted({row[0] for row in assignments})
        ]
    people = pd.DataFrame(workers, columns=["id", "active_from", "active_to"])
    return staff(grids(), people.assign(name="员工"), table, day)


def test_an_area_above_the_grid_gives_every_grid_in_it():
    found = _staff([(1, 410702001002, "grid_worker")])
    assert found.per_grid.tolist() == [0] * 3 + [1] * 3 + [0] * 6


def test_an_assignment_holds_from_its_first_to_its_last_day():
    for day, holds in (
        ("2024-04-30", 0),
        ("2024-05-01", 1),
        ("2024-05-31", 1),
        ("2024-06-01", 0),
    ):
        row = (1, int(CODES[0]), "grid_worker", date(2024, 5, 1), date(2024, 5, 31))
        assert _staff([row], day=date.fromisoformat(day)).per_grid[0] == holds


def test_a_worker_who_has_left_holds_nothing():
    found = _staff([(1, int(CODES[0]), "grid_worker")], [(1, None, date(2024, 1, 1))])
    assert found.per_grid.sum() == 0


def test_only_grid_workers_hold_grids():
    assert _staff([(1, int(CODES[0]), "mediator")]).per_grid.sum() == 0


def test_the_same_grid_given_twice_to_a_worker_counts_once():
    found = _staff([(1, int(CODES[0]), "grid_worker"), (1, 410702001001, "grid_worker")])
    assert found.per_grid.tolist()[:3] == [1, 1, 1]


def test_workers_of_a_place_are_different_people():
    found = _staff(
        [
            (1, int(CODES[0]), "grid_worker"),
            (1, int(CODES[4]), "grid_worker"),
            (2, 410703, "grid_worker"),
        ]
    )
    assert found.per_area(areas(CODES, 4107, Level.COUNTY)).tolist() == [1, 1]
    assert found.per_area(areas(CODES, 4107, Level.VILLAGE)).tolist() == [1, 1, 1, 1]


assigned = st.lists(
    st.tuples(
        st.integers(1, 6), st.sampled_from([4107, 410702, 410702001002, *CODES.tolist()])
    ),
    max_size=15,
)


@given(assigned, st.lists(st.integers(0, 50), min_size=12, max_size=12))
def test_load_shared_among_workers_is_the_load_of_the_staffed_grids(pairs, loads):
    found = _staff([(worker, area, "grid_worker") for worker, area in pairs])
    hours = np.array(loads, dtype=float)
    _, part = found.shared(hours)
    assert part.sum() == pytest.approx(hours[found.per_grid > 0].sum())
    inside = workload.of_workers(hours, found, areas(CODES, 410702, Level.GRID))
    assert inside.sum() == pytest.approx(hours[:6][found.per_grid[:6] > 0].sum())


@given(assigned)
def test_gaps_are_those_found_by_going_through_the_list(pairs):
    found = _staff([(worker, area, "grid_worker") for worker, area in pairs])
    held = {
        (worker, int(grid))
        for worker, area in pairs
        for grid in CODES
        if str(grid).startswith(str(area))
    }
    number = {worker: sum(1 for one, _ in held if one == worker) for worker, _ in held}
    mine = [[worker for worker, grid in held if grid == code] for code in CODES.tolist()]
    assert coverage.without_worker(found).tolist() == [not workers for workers in mine]
    shared = [
        bool(workers) and all(number[worker] > 1 for worker in workers) for workers in mine
    ]
    assert coverage.with_shared_worker(found).tolist() == shared


def test_a_village_has_a_role_by_itself_from_above_or_through_a_part():
    villages = areas(CODES, 4107, Level.VILLAGE)
    found = _staff(
        [
            (1, 410702001001, "mediator"),
            (2, 410703, "police_officer"),
            (3, int(CODES[3]), "legal_adviser"),
        ]
    )
    assert coverage.lacking(found, Role.MEDIATOR, villages).tolist() == [
        False,
        True,
        True,
        True,
    ]
    assert coverage.lacking(found, Role.POLICE_OFFICER, villages).tolist() == [
        True,
        True,
        False,
        False,
    ]
    assert coverage.lacking(found, Role.LEGAL_ADVISER, villages).tolist() == [
        True,
        False,
        True,
        True,
    ]


def test_roles_belong_to_villages():
    with pytest.raises(ValueError, match="villages"):
        coverage.lacking(_staff([]), Role.MEDIATOR, areas(CODES, 4107, Level.COUNTY))


def test_roles_in_a_part_of_the_city_are_those_of_its_villages():
    villages = areas(CODES, 410703, Level.VILLAGE)
    found = _staff([(1, 410703001002, "mediator"), (2, 410702001001, "mediator")])
    assert coverage.lacking(found, Role.MEDIATOR, villages).tolist() == [True, False]
