"""Publishing a redrawn plan, and taking it back: all that hangs on a grid follows it, in
one transaction.
"""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import func, insert, select
from world import CODES, LOWER_LEFT, LOWER_RIGHT, NOW, UPPER_LEFT, UPPER_RIGHT, grids

from gridmap.cases.actors import NOBODY
from gridmap.cases.deadlines import Deadlines
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.errors import ConflictError, InputError, NotFoundError
from gridmap.model import Status
from gridmap.store.flow import cases, newcases
from gridmap.store.flow.newcases import NewCase
from gridmap.store.look import columns
from gridmap.store.people import keys as store_keys
from gridmap.store.people import people as store_people
from gridmap.store.people.workers import read_assignments, replace_workers
from gridmap.store.plans import plans, publishing, succession
from gridmap.store.plans.publishing import Publication
from gridmap.store.plans.units import put_shapes
from gridmap.store.tables import (
    assignments,
    device_keys,
    events,
    matters,
    routing_rules,
    unit_shapes,
    users,
)

WEST_HALF, EAST_HALF = LOWER_RIGHT + 1, LOWER_RIGHT + 2
DAY = date(2024, 5, 21)


def split(predecessors=((LOWER_RIGHT,), (LOWER_RIGHT,))):
    """The town with its lower right grid cut into halves of 80 and 120 households."""
    table = grids()
    table["kind"], table["population"] = "basic", 0
    rest = table[table["code"] != LOWER_RIGHT].assign(predecessors=[()] * 3)
    halves = gpd.GeoDataFrame(
        {
            "code": [WEST_HALF, EAST_HALF],
            "name": ["西", "东"],
            "kind": "basic",
            "households": [80, 120],
            "population": 0,
            "predecessors": list(predecessors),
        },
        geometry=[
            shapely.box(113.1, 35.0, 113.15, 35.1),
            shapely.box(113.15, 35.0, 113.2, 35.1),
        ],
        crs="EPSG:4490",
    )
    return gpd.GeoDataFrame(pd.concat([rest, halves], ignore_index=True), crs="EPSG:4490")


def put_in_force(store, table=None, *, at=NOW, start=DAY, base=1):
    prepared = plans.prepare(store, split() if table is None else table)
    return publishing.publish(
        store, prepared, Publication("second", start, by=7, at=at, base=base)
    )


def report(store, lon, lat, grid, *, plan=1, client="c1", at=NOW - 60):
    order = Order(Act.REPORT, category="E01", grid=grid, reported_at=at)
    first = engine.begin(MATTER, NOBODY, order, now=at, context=Deadlines())
    row = {
        "client_id": client,
        "category": 4,
        "grid": grid,
        "plan": plan,
        "lon": lon,
        "lat": lat,
        "reported_at": at,
        "channel": 0,
    }
    with store.write() as connection:
        return newcases.create(connection, [NewCase(row, first)])[client].case.matter


def case_of(store, matter):
    with store.read() as connection:
        return cases.load(connection, matter, for_update=False)


@pytest.fixture
def staffed(town):
    """The town with a worker on each lower grid, one leader, a key and a rule for the lower
    right grid.
    """
    people = pd.DataFrame({"id": [1, 2], "name": ["甲", "乙"], "role": "grid_worker"})
    areas = pd.DataFrame(
        {"worker": [1, 2], "area": [LOWER_LEFT, LOWER_RIGHT], "starts": date(2023, 1, 1)}
    )
    replace_workers(town, people, areas)
    store_people.put_user(
        town, {"login": "leader", "name": "丙", "role": "chief", "area": LOWER_RIGHT}
    )
    with town.write() as connection:
        put_shapes(
            connection,
            1,
            gpd.GeoDataFrame(
                {"code": [410702]}, geometry=[shapely.box(113, 35, 113.2, 35.2)]
            ),
        )
        store_keys.add_key(
            connection, digest="d", user=1, label="phone", areas=[LOWER_RIGHT], at=NOW
        )
        connection.execute(
            insert(routing_rules).values(
                id=1,
                position=1,
                category="",
                area=LOWER_RIGHT,
                first="village",
                active=True,
            )
        )
    return town


def held(store, day):
    """Worker → areas on a day."""
    table = read_assignments(store)
    found = {}
    for row in table.to_dict("records"):
        starts, ends = (
            row[name] if isinstance(row[name], date) else None
            for name in ("starts", "ends")
        )
        if (starts is None or starts <= day) and (ends is None or day <= ends):
            found.setdefault(row["worker"], set()).add(row["area"])
    return found


def test_a_published_plan_is_in_force_and_the_one_before_has_its_last_day(town):
    done = put_in_force(town)
    table = plans.read_plans(town)
    assert done.plan == 2 and plans.plan_in_force(town).id == 2
    assert table[
        ["id", "state", "valid_from", "valid_to", "parent", "published_by"]
    ].to_numpy().tolist() == [
        [2, "in_force", DAY, None, 1, 7],
        [1, "past", date(2021, 1, 1), DAY, 0, 0],
    ]
    assert done.retired == (LOWER_RIGHT,) and done.made == (WEST_HALF, EAST_HALF)
    assert plans.index(town).locate(
        [113.12, 113.18, 113.05], [35.05, 35.05, 35.05]
    ).tolist() == [
        WEST_HALF,
        EAST_HALF,
        LOWER_LEFT,
    ]
    assert plans.grid_codes(town, 1).tolist() == CODES
    assert publishing.read_lineage(town).to_numpy().tolist() == [
        [2, WEST_HALF, LOWER_RIGHT],
        [2, EAST_HALF, LOWER_RIGHT],
    ]


def test_grids_that_stay_keep_the_day_they_began_and_those_that_go_get_their_last(town):
    put_in_force(town)
    assert plans.history_of(town, LOWER_LEFT)["plan"].tolist() == [2, 1]
    with town.read() as connection:
        rows = connection.execute(
            select(
                plans.grids.c.plan,
                plans.grids.c.code,
                plans.grids.c.valid_from,
                plans.grids.c.valid_to,
            )
        ).all()
    told = {(row.plan, row.code): (row.valid_from, row.valid_to) for row in rows}
    assert told[2, LOWER_LEFT] == (date(2021, 1, 1), None)
    assert told[2, WEST_HALF] == (DAY, None)
    assert told[1, LOWER_RIGHT] == (date(2021, 1, 1), DAY)
    assert told[1, LOWER_LEFT] == (date(2021, 1, 1), None)


def test_whoever_was_assigned_to_a_grid_is_assigned_to_each_of_its_heirs_from_that_day_on(
    staffed,
):
    put_in_force(staffed)
    assert held(staffed, date(2024, 5, 20)) == {1: {LOWER_LEFT}, 2: {LOWER_RIGHT}}
    assert held(staffed, DAY) == {1: {LOWER_LEFT}, 2: {WEST_HALF, EAST_HALF}}


def test_a_leader_follows_to_the_larger_heir_keys_and_rules_to_all_of_them(staffed):
    put_in_force(staffed)
    with staffed.read() as connection:
        assert connection.scalar(select(users.c.area)) == EAST_HALF
        assert (
            connection.scalar(select(device_keys.c.areas)) == f"[{WEST_HALF}, {EAST_HALF}]"
        )
        assert set(connection.scalars(select(routing_rules.c.area))) == {
            WEST_HALF,
            EAST_HALF,
        }
        assert (
            connection.scalar(select(unit_shapes.c.code).where(unit_shapes.c.plan == 2))
            == 410702
        )


def test_a_grid_carved_out_of_one_that_stays_gets_its_workers_too(staffed):
    table = split()
    west, east = table["code"] == WEST_HALF, table["code"] == EAST_HALF
    table.loc[west, "code"] = LOWER_RIGHT
    table["predecessors"] = [(LOWER_RIGHT,) if is_east else () for is_east in east]
    put_in_force(staffed, table)
    assert held(staffed, DAY) == {1: {LOWER_LEFT}, 2: {LOWER_RIGHT, EAST_HALF}}
    with staffed.read() as connection:
        assert connection.scalar(select(users.c.area)) == LOWER_RIGHT


def test_open_matters_move_into_the_grid_they_lie_in_and_reports_keep_their_code(town):
    west, east = (
        report(town, 113.12, 35.05, LOWER_RIGHT),
        report(town, 113.18, 35.05, LOWER_RIGHT, client="c2"),
    )
    elsewhere = report(town, 113.05, 35.15, UPPER_LEFT, client="c3")
    done = put_in_force(town)
    assert done.matters == 2
    assert [case_of(town, one).grid for one in (west, east, elsewhere)] == [
        WEST_HALF,
        EAST_HALF,
        UPPER_LEFT,
    ]
    with town.read() as connection:
        assert connection.execute(
            select(matters.c.grid, matters.c.plan).where(matters.c.id == west)
        ).one() == (
            LOWER_RIGHT,
            1,
        )
        last = cases.steps(connection, west)[-1]
    assert (last.act.value, last.data["grid"], last.data["before"], last.data["plan"]) == (
        "relocate",
        WEST_HALF,
        LOWER_RIGHT,
        2,
    )


def test_an_imported_open_matter_that_nobody_touched_moves_too_a_closed_one_does_not(town):
    rows = [
        {
            "client_id": f"i{number}",
            "category": 4,
            "grid": LOWER_RIGHT,
            "plan": 1,
            "lon": 113.18,
            "lat": 35.05,
            "reported_at": NOW - 900,
            "accepted_at": NOW - 800,
            "status": int(status),
            "channel": 3,
        }
        for number, status in enumerate((Status.HANDLING, Status.CLOSED))
    ]
    with town.write() as connection:
        connection.execute(insert(matters), rows)
    columns.rebuild(town)
    assert put_in_force(town).matters == 1
    assert [case_of(town, matter).grid for matter in (1, 2)] == [EAST_HALF, LOWER_RIGHT]


def test_a_report_that_was_on_its_way_while_the_plan_changed_is_settled_afterwards(town):
    put_in_force(town, at=NOW)
    late = report(town, 113.12, 35.05, LOWER_RIGHT, at=NOW + 1)
    assert publishing.settle(town, now=NOW + 30) == 1
    assert case_of(town, late).grid == WEST_HALF
    assert publishing.settle(town, now=NOW + 30) == 0
    assert publishing.settle(town, now=NOW + 86_400) == 0


def test_a_code_that_was_ever_used_is_refused_and_nothing_changes(staffed):
    put_in_force(staffed)
    table = split().assign(predecessors=[()] * 5)
    table.loc[table["code"] == EAST_HALF, "code"] = LOWER_RIGHT
    with pytest.raises(InputError, match="used before"):
        put_in_force(staffed, table, base=2)
    assert plans.plan_in_force(staffed).id == 2


def test_a_plan_drawn_on_one_that_is_past_is_refused(town):
    put_in_force(town)
    with pytest.raises(ConflictError, match="Another plan"):
        put_in_force(town, base=1)


def test_a_failure_in_the_middle_leaves_everything_as_it_was(staffed, monkeypatch):
    matter = report(staffed, 113.12, 35.05, LOWER_RIGHT)
    before = read_assignments(staffed)

    def broken(*_args, **_more):
        raise RuntimeError

    monkeypatch.setattr(publishing.relocation, "relocate", broken)
    with pytest.raises(RuntimeError):
        put_in_force(staffed)
    assert plans.read_plans(staffed)["id"].tolist() == [1]
    assert read_assignments(staffed).equals(before)
    assert case_of(staffed, matter).version == 1


def test_taken_back_the_earlier_grids_are_in_force_again_with_their_codes_and_their_people(
    staffed,
):
    matter = report(staffed, 113.12, 35.05, LOWER_RIGHT)
    put_in_force(staffed)
    done = publishing.roll_back(
        staffed, 2, name="first", day=date(2024, 6, 1), by=8, at=NOW + 99
    )
    table = plans.read_plans(staffed)
    assert table["state"].tolist() == ["in_force", "past", "past"]
    assert table["valid_from"].tolist() == [date(2024, 6, 1), DAY, date(2021, 1, 1)]
    assert table["restores"].tolist() == [1, 0, 0]
    assert plans.grid_codes(staffed).tolist() == CODES
    assert plans.plan_in_force(staffed).digest == plans.read_plan(staffed, 1).digest
    assert held(staffed, date(2024, 5, 31)) == {1: {LOWER_LEFT}, 2: {WEST_HALF, EAST_HALF}}
    assert held(staffed, date(2024, 6, 1)) == {1: {LOWER_LEFT}, 2: {LOWER_RIGHT}}
    assert case_of(staffed, matter).grid == LOWER_RIGHT
    assert done.matters == 1
    with staffed.read() as connection:
        assert connection.scalar(select(users.c.area)) == LOWER_RIGHT
        assert connection.scalar(select(device_keys.c.areas)) == f"[{LOWER_RIGHT}]"
        active = select(routing_rules.c.area).where(routing_rules.c.active)
        assert connection.scalars(active).all() == [LOWER_RIGHT]
        assert (
            connection.scalar(select(func.count()).where(events.c.kind == "relocate")) == 2
        )


def test_taken_back_on_the_day_it_was_published_nobody_has_two_places(staffed):
    put_in_force(staffed)
    publishing.roll_back(staffed, 2, name="first", day=DAY, by=8, at=NOW + 99)
    assert held(staffed, DAY) == {1: {LOWER_LEFT}, 2: {LOWER_RIGHT}}
    assert held(staffed, date(2024, 5, 20)) == {1: {LOWER_LEFT}, 2: {LOWER_RIGHT}}


def test_who_was_assigned_meanwhile_follows_back_too(staffed):
    put_in_force(staffed)
    with staffed.write() as connection:
        row = {"worker": 1, "area": EAST_HALF, "role": "grid_worker", "starts": DAY}
        connection.execute(insert(assignments).values(row))
    publishing.roll_back(staffed, 2, name="first", day=date(2024, 6, 1), by=8, at=NOW + 99)
    assert held(staffed, date(2024, 6, 1)) == {
        1: {LOWER_LEFT, LOWER_RIGHT},
        2: {LOWER_RIGHT},
    }


def test_only_the_plan_in_force_can_be_taken_back_and_not_the_first(town):
    with pytest.raises(NotFoundError, match="no earlier"):
        publishing.roll_back(town, 1, name="x", day=DAY, by=1, at=NOW)
    put_in_force(town)
    with pytest.raises(ConflictError):
        publishing.roll_back(town, 1, name="x", day=DAY, by=1, at=NOW)
    with pytest.raises(NotFoundError):
        publishing.roll_back(town, 9, name="x", day=DAY, by=1, at=NOW)


def test_what_moved_is_kept_as_text_and_read_again():
    moved = succession.Moved(
        ended=[(1, None), (2, "2024-05-21")], made=[3], users=[(4, 5, 6)]
    )
    assert succession.Moved.from_json(moved.to_json()) == moved
    assert succession.Moved.from_json(None) == succession.Moved()


def test_of_merged_grids_the_heir_is_one_and_has_everybody():
    after = pd.DataFrame({"code": [9], "households": [10], "predecessors": [(1, 2)]})
    line = succession.Succession.between([1, 2], after)
    assert line == succession.Succession(
        frozenset({1, 2}), {1: (9,), 2: (9,)}, {1: 9, 2: 9}
    )


def test_upper_grids_are_left_alone(staffed):
    put_in_force(staffed)
    assert {UPPER_LEFT, UPPER_RIGHT} <= set(plans.grid_codes(staffed).tolist())
