"""Check-ins: by who answers for the grid, from where the grid is, once each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import staffed
import town
from sqlalchemy import func, select

from gridmap.calendar import to_epoch
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.errors import ConflictError, ForbiddenError, InputError
from gridmap.store.tables import visits

NOW = to_epoch(town.NOW)
IN_BUSY = {"lon": town.WEST + 0.005, "lat": town.SOUTH + 0.005}
STEP_M = 91_000  # metres of one degree of longitude here, roughly


@pytest.fixture
def city(tmp_path):
    settings = town.build(tmp_path / "home", rows=[])
    staffed.staff_town(settings)
    with_rooms = City.open(settings, clock=StoppedClock(town.NOW))
    yield with_rooms
    with_rooms.close()


@pytest.fixture
def worker(city):
    return city.people.actor(staffed.WORKER)


def count(city):
    with city.store.read() as connection:
        return connection.scalar(select(func.count()).select_from(visits))


def test_a_check_in_is_seen_where_visits_are_counted(city, worker) -> None:
    assert city.visits.check_in(worker, grid=town.BUSY, **IN_BUSY)
    city.reload()
    last = city._desk.data.visits.set_index("grid")["at"]
    assert last[town.BUSY] == NOW


def test_fifty_at_once_under_one_client_id_are_one(city, worker) -> None:
    before = count(city)

    def once(_):
        return city.visits.check_in(
            worker, grid=town.BUSY, at=NOW - 60, client_id="c1", **IN_BUSY
        )

    with ThreadPoolExecutor(16) as pool:
        assert sorted(pool.map(once, range(50))) == [False] * 49 + [True]
    assert count(city) == before + 1


def test_another_check_in_under_the_same_client_id_is_a_conflict(city, worker) -> None:
    city.visits.check_in(worker, grid=town.BUSY, at=NOW - 60, client_id="c1", **IN_BUSY)
    with pytest.raises(ConflictError):
        city.visits.check_in(worker, grid=town.BUSY, at=NOW - 30, client_id="c1", **IN_BUSY)


def test_the_client_ids_of_two_persons_do_not_meet(city, worker) -> None:
    neighbour = city.people.actor(staffed.NEIGHBOUR)
    assert city.visits.check_in(worker, grid=town.BUSY, client_id="c1", **IN_BUSY)
    own = neighbour.areas[0]
    middle = dict(zip(("lon", "lat"), city.places.middle(own), strict=True))
    assert city.visits.check_in(neighbour, grid=own, client_id="c1", **middle)


def test_a_little_outside_is_near_enough_and_farther_is_not(city, worker) -> None:
    near = {"lon": town.WEST - 150 / STEP_M, "lat": IN_BUSY["lat"]}
    assert city.visits.check_in(worker, grid=town.BUSY, **near)
    far = {"lon": town.WEST - 300 / STEP_M, "lat": IN_BUSY["lat"]}
    with pytest.raises(InputError, match="not in the grid"):
        city.visits.check_in(worker, grid=town.BUSY, **far)


def test_swapped_axes_nan_and_the_future_are_all_named_at_once(city, worker) -> None:
    with pytest.raises(InputError) as caught:
        city.visits.check_in(worker, grid=1, lon=float("nan"), lat=113.8, at=NOW + 3600)
    assert [fault.field for fault in caught.value.faults] == ["lon", "lat", "at", "grid"]


def test_more_than_thirty_days_ago_is_refused(city, worker) -> None:
    with pytest.raises(InputError, match="30 days"):
        city.visits.check_in(worker, grid=town.BUSY, at=NOW - 31 * 86_400, **IN_BUSY)


def test_only_who_answers_for_the_grid_checks_in(city) -> None:
    resident = city.people.actor(staffed.PUBLIC)
    with pytest.raises(ForbiddenError):
        city.visits.check_in(resident, grid=town.BUSY, **IN_BUSY)
    elsewhere = city.people.actor(staffed.NEIGHBOUR)
    grid = next(code for code in (town.BUSY, town.SILENT) if not elsewhere.covers(code))
    middle = dict(zip(("lon", "lat"), city.places.middle(grid), strict=True))
    with pytest.raises(ForbiddenError):
        city.visits.check_in(elsewhere, grid=grid, **middle)
