"""Matters looked for by what one knows of them, and those that may tell of the same thing."""

import math

import flowing
import pandas as pd
import pytest
import staffed
import town
from flowing import COVER, HERE, LAMP, NOW, QUARREL, new, play

from gridmap.calendar import from_epoch
from gridmap.cases.duplicates import box, distance_m, lattice
from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Order
from gridmap.city.base.clock import StoppedClock
from gridmap.city.flow.matters import MatterFilter
from gridmap.errors import InputError
from gridmap.geo.crs import to_metres
from gridmap.model import Status
from gridmap.store.flow import casefind
from gridmap.store.tables import matters

DAY = 86_400
M = 1 / 111_195
"""Degrees of latitude in a metre."""


@pytest.fixture
def city(tmp_path):
    with_rooms = flowing.opened(flowing.build(tmp_path / "home"))
    yield with_rooms
    with_rooms.close()


def report(city, category=COVER, *, user=staffed.PUBLIC, north_m=0.0, **more):
    lon, lat = HERE
    given = new(category, **{"lat": lat + north_m * M, "lon": lon, **more})
    return city.reporting.report(city.people.actor(user), given).matter


def found(city, **wanted):
    table = city.matters.find(MatterFilter(**wanted))
    assert city.matters.count(MatterFilter(**wanted)) == len(table)
    return table["matter"].tolist()


def closed(city, matter):
    return play(
        city,
        matter,
        (staffed.CLERK, Act.ACCEPT),
        (staffed.CLERK, Act.HANDLE),
        (staffed.CLERK, Order(Act.ANSWER, reason="好")),
        (staffed.VERIFIER, Act.CLOSE),
    )


def test_columns_are_the_same_with_and_without_matters(city):
    names = list(casefind.COLUMNS)
    empty = city.matters.find(MatterFilter())
    assert (empty.columns.tolist(), len(empty)) == (names, 0)
    report(city)
    full = city.matters.find(MatterFilter())
    assert full.columns.tolist() == names
    assert {str(full[name].dtype) for name in casefind.NUMBERS} == {"int64"}
    assert empty.dtypes[list(casefind.NUMBERS)].equals(full.dtypes[list(casefind.NUMBERS)])


def test_each_condition_narrows_to_what_it_names(city):
    cover, lamp, quarrel = (
        report(city, COVER, text="红色井盖 100%"),
        report(city, LAMP),
        report(city, QUARREL),
    )
    far = report(city, COVER, lat=HERE[1] + 0.03, user=staffed.WORKER)
    play(
        city,
        cover,
        (staffed.CLERK, Act.ACCEPT),
        (staffed.CLERK, Order(Act.ASSIGN, person=staffed.WORKER)),
    )
    play(
        city,
        lamp,
        (staffed.CLERK, Order(Act.WHISTLE, office=staffed.TOWNSHIP_DESK, reason="x")),
    )
    play(city, lamp, (staffed.VILLAGE_CHIEF, Order(Act.SUPERVISE, reason="x")))
    play(city, quarrel, (staffed.DISPATCHER, Order(Act.LINK, parent=cover)))
    everything = {cover, lamp, quarrel, far}
    assert set(found(city)) == everything
    assert set(found(city, area=410702)) == everything - {far}
    assert found(city, area=410703) == [far]
    assert found(city, office=0) == [quarrel]
    assert found(city, office=staffed.CITY_DESK) == [
        far
    ]  # the nearest desk over its village
    assert found(city, office=staffed.TOWNSHIP_DESK) == [lamp]
    assert found(city, person=staffed.WORKER) == [cover]
    assert found(city, reporter=staffed.WORKER) == [far]
    assert found(city, parent=cover) == [quarrel]
    assert found(city, statuses=(Status.ACCEPTED,)) == [cover]
    assert set(found(city, categories=("C",))) == everything - {quarrel}
    assert found(city, categories=(LAMP, QUARREL), office=staffed.TOWNSHIP_DESK) == [lamp]
    assert found(city, whistled=True) == found(city, supervised=True) == [lamp]
    assert found(city, text="红色") == found(city, text="100%") == [cover]
    assert found(city, text="%") == [cover]
    assert found(city, text=f"{QUARREL.lower()}-2024") == [quarrel]
    assert found(city, reported_from=NOW + 1) == []
    assert set(found(city, reported_from=NOW, reported_to=NOW + 1)) == everything
    assert set(found(city, ids=[lamp, 999, cover, lamp])) == {lamp, cover}
    assert found(city, ids=[]) == []


def test_open_ones_come_by_the_limit_that_runs_out_first_then_the_latest(city):
    first, second, third = (
        report(city, text=str(number), reported_at=NOW - number) for number in (5, 1, 3)
    )
    play(city, first, (staffed.CLERK, Order(Act.REJECT, reason="x")))
    play(city, third, (staffed.CLERK, Order(Act.REJECT, reason="x")))
    assert found(city) == [second, third, first]
    assert city.matters.find(MatterFilter(), limit=1, offset=1)["matter"].tolist() == [
        third
    ]
    assert found(city, open_only=True) == [second]


def test_overdue_and_near_due_follow_the_city_s_clock(city):
    matter = report(city)
    case = play(city, matter, (staffed.CLERK, Act.ACCEPT), (staffed.CLERK, Act.HANDLE))
    for at, wanted in (
        (NOW, set()),
        (case.due_at - 60, {"near_due"}),
        (case.due_at + 1, {"overdue"}),
    ):
        city._desk.clock = StoppedClock(from_epoch(at))
        assert {
            name for name in ("near_due", "overdue") if found(city, **{name: True})
        } == wanted
    assert found(city, due_from=case.due_at, due_to=case.due_at + 1) == [matter]
    assert found(city, due_from=case.due_at + 1) == []


def test_imported_matters_are_found_by_their_numbers(city, monkeypatch):
    monkeypatch.setattr(casefind, "CHUNK", 7)
    mine = report(city)
    rows = [row | {"id": 100 + number} for number, row in enumerate(town.reports()[:40])]
    with city.store.write() as connection:
        connection.execute(matters.insert(), rows)
    ids = [mine, *(row["id"] for row in rows), 10**6]
    table = city.matters.find(MatterFilter(ids=ids))
    assert set(table["matter"]) == set(ids) - {10**6}
    assert table["matter"].iloc[0] == mine
    old = table[table["matter"] != mine]
    assert (old["number"] == "").all()
    assert old["text"].iloc[old["matter"].tolist().index(100)] == "=1+1"
    assert old["reported_at"].is_monotonic_decreasing
    assert old["category"].isin(["C01", "C02", "D01", "D02"]).all()
    page = city.matters.find(MatterFilter(ids=ids), limit=10, offset=15)
    assert page["matter"].tolist() == table["matter"].iloc[15:25].tolist()
    wanted = MatterFilter(ids=ids, statuses=(Status.CLOSED,), area=410702)
    by_hand = sum(
        row["status"] == Status.CLOSED and row["grid"] // 10**9 == 410702 for row in rows
    )
    assert city.matters.count(wanted) == by_hand > 0


def test_an_unknown_category_is_refused(city):
    with pytest.raises(InputError):
        city.matters.find(MatterFilter(categories=("X",)))


def test_the_same_kind_near_by_and_not_long_ago_is_offered_nearest_first(city):
    near, nearer = report(city, north_m=40), report(city, north_m=10)
    report(city, LAMP)
    report(city, north_m=60)
    told = city.matters.duplicates(COVER, *HERE, at=NOW)
    assert told["matter"].tolist() == [nearer, near]
    assert told["distance_m"].tolist() == pytest.approx([10, 40], abs=0.2)
    assert city.matters.duplicates(COVER, *HERE, at=NOW, exclude=nearer)[
        "matter"
    ].tolist() == [near]


def test_across_the_border_of_two_grids_it_is_near_all_the_same(city):
    lat = town.SOUTH + town.STEP
    below = report(city, lat=lat - 5 * M)
    above = city.matters.duplicates(COVER, HERE[0], lat + 5 * M, at=NOW)
    assert above["matter"].tolist() == [below]


def test_a_closed_one_is_offered_for_so_many_days_and_an_open_one_for_good(city):
    days = city.settings.duplicate_days
    done, still_open = report(city, north_m=1), report(city, north_m=2)
    closed(city, done)
    told = city.matters.duplicates(COVER, *HERE, at=NOW + days * DAY)
    assert told["matter"].tolist() == [done, still_open]
    assert told["status"].tolist() == [Status.CLOSED, Status.REPORTED]
    late = city.matters.duplicates(COVER, *HERE, at=NOW + days * DAY + 1)
    assert late["matter"].tolist() == [still_open]


def test_what_was_refused_or_voided_is_no_duplicate(city):
    matter = report(city)
    play(city, matter, (staffed.CLERK, Order(Act.REJECT, reason="不属实")))
    assert city.matters.duplicates(COVER, *HERE, at=NOW).empty


def test_radius_and_days_are_settings(tmp_path):
    with_rooms = flowing.opened(
        flowing.build(tmp_path / "home", duplicate_radius_m=20.0, duplicate_days=1)
    )
    report(with_rooms, north_m=25)
    near = report(with_rooms, north_m=15)
    assert with_rooms.matters.duplicates(COVER, *HERE, at=NOW)["matter"].tolist() == [near]
    with_rooms.close()


@pytest.mark.parametrize(("lon", "lat"), [(math.nan, 35.3), (0.0, 0.0), (200.0, 95.0)])
def test_outside_the_city_nothing_is_near(city, lon, lat):
    report(city)
    assert city.matters.duplicates(COVER, lon, lat, at=NOW).empty
    assert city.matters.duplicates("C", *HERE, at=NOW).empty


def test_distances_are_those_of_the_projection_to_half_a_percent():
    import shapely  # noqa: PLC0415

    lons, lats = [113.801, 113.80, 113.8005], [35.30, 35.3009, 35.2995]
    here, *there = to_metres(shapely.points([113.80, *lons], [35.30, *lats]))
    by_plane = [here.distance(one) for one in there]
    assert distance_m(113.80, 35.30, lons, lats).tolist() == pytest.approx(
        by_plane, rel=0.005
    )


def test_the_lattice_fills_the_square_around_a_point():
    west, south, east, north = box(113.8, 35.3, 100.0)
    lon, lat = lattice(113.8, 35.3, 100.0)
    assert (lon.min(), lat.min(), lon.max(), lat.max()) == pytest.approx(
        (west, south, east, north)
    )
    reach = pd.Series(
        [
            distance_m(113.8, 35.3, [east], [35.3])[0],
            distance_m(113.8, 35.3, [113.8], [north])[0],
        ]
    )
    assert reach.between(100.0, 102.0).all()
