"""Tasks in the truth, on both databases: completion counted once, open parts carried over
when borders are redrawn.
"""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from world import LOWER_LEFT, NOW

from gridmap.errors import ConflictError, NotFoundError
from gridmap.store.tables import grids, plans, task_parts
from gridmap.store.tables import tasks as task_table
from gridmap.store.town import taskmoves, tasks
from gridmap.store.town.tasks import Answer, Task

DUE = NOW + 86_400
LEFT, RIGHT, FAR = LOWER_LEFT, LOWER_LEFT + 1, LOWER_LEFT + 5
NEW, OTHER_NEW = LOWER_LEFT + 10, LOWER_LEFT + 11
FINE = Answer((True,))


def middle(code):
    return (113.0 + code % 100 / 100, 35.0)


def nowhere(_lon, _lat):
    return 0


def make(store, *codes, plan=1, client_id=""):
    task = Task(0, "visit", "走访", "", (410702,), ("有人在家？",), DUE, NOW, 1)
    with store.write() as connection:
        return tasks.create(
            connection,
            task,
            {code: middle(code) for code in codes},
            plan=plan,
            client_id=client_id,
        )


def parts(store, task):
    with store.read() as connection:
        return tasks.read_parts(connection, task, 4107)


def do(store, task, grid, **more):
    with store.write() as connection:
        return tasks.complete(connection, task, grid, FINE, at=NOW, by=7, **more)


def test_a_task_is_made_once_and_done_grid_by_grid(town):
    task = make(town, LEFT, RIGHT, client_id="a")
    assert make(town, LEFT, client_id="a") == task
    assert do(town, task, LEFT, client_id="x")
    assert not do(town, task, LEFT, client_id="x")
    with pytest.raises(ConflictError):
        do(town, task, LEFT, client_id="y")
    with pytest.raises(ConflictError):
        do(town, task, RIGHT, client_id="x")
    with pytest.raises(NotFoundError):
        do(town, task, FAR)
    with town.read() as connection:
        (row,) = tasks.read_tasks(connection, 4107).to_dict("records")
        assert (row["done"], row["parts"], row["in_time"]) == (1, 2, 1)
        assert [grid for _, grid in tasks.open_in(connection, (LEFT // 1000,))] == [RIGHT]


def test_open_parts_move_to_every_successor_of_a_divided_grid_and_done_ones_stay(town):
    split, done = make(town, LEFT, RIGHT), make(town, LEFT)
    do(town, done, LEFT)
    with town.write() as connection:
        assert taskmoves.move_parts(connection, {LEFT: (NEW, OTHER_NEW)}, middle) == 1
    table = parts(town, split).set_index("grid")
    assert table.index.tolist() == [RIGHT, NEW, OTHER_NEW]
    assert table.loc[NEW, "was"] == LEFT
    assert parts(town, done)["grid"].tolist() == [LEFT]


def test_parts_of_joined_grids_become_one(town):
    task = make(town, LEFT, RIGHT)
    with town.write() as connection:
        taskmoves.move_parts(connection, {LEFT: (NEW,), RIGHT: (NEW,)}, middle)
        assert tasks.moved_to(connection, task, LEFT) == [NEW]
    assert parts(town, task)["grid"].tolist() == [NEW]


def test_the_grids_of_a_new_plan_tell_where_parts_go_and_places_where_nobody_told(town):
    with town.write() as connection:
        codes = connection.scalars(
            select(grids.c.code).where(grids.c.plan == 1).order_by(grids.c.code)
        ).all()
    task = make(town, *codes)
    first, second, *rest = codes
    with town.write() as connection:
        row = connection.execute(select(plans).where(plans.c.id == 1)).mappings().one()
        connection.execute(
            insert(plans).values({**row, "id": 2, "parent": 1, "name": "second"})
        )
        old = (
            connection.execute(
                select(grids).where(grids.c.plan == 1, grids.c.code.in_(rest))
            )
            .mappings()
            .all()
        )
        shape = (
            connection.execute(
                select(grids).where(grids.c.plan == 1, grids.c.code == first)
            )
            .mappings()
            .one()
        )
        new = {**shape, "code": NEW, "predecessors": json.dumps([first])}
        connection.execute(insert(grids), [{**dict(one), "plan": 2} for one in (*old, new)])
        moved = taskmoves.follow_plan(connection, 2, lambda _lon, _lat: rest[0], middle)
        assert moved == 2
        assert taskmoves.follow_plan(connection, 2, nowhere, middle) == 0
    assert parts(town, task)["grid"].tolist() == sorted([*rest, NEW])
    assert second not in parts(town, task)["grid"].tolist()


@given(
    st.dictionaries(
        st.integers(1, 6),
        st.lists(st.integers(7, 12), min_size=1, max_size=3, unique=True),
        max_size=6,
    ),
    st.sets(st.integers(1, 6), min_size=1),
    st.sets(st.integers(1, 6)),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_open_part_is_lost_and_nothing_done_moves(town, moves, asked, done):
    code = {number: LOWER_LEFT + number for number in range(13)}
    with town.write() as connection:
        connection.execute(delete(task_parts))
        connection.execute(delete(task_table))
    task = make(town, *(code[number] for number in asked))
    for number in asked & done:
        do(town, task, code[number])
    before = parts(town, task)
    with town.write() as connection:
        taskmoves.move_parts(
            connection,
            {code[old]: [code[one] for one in new] for old, new in moves.items()},
            middle,
        )
    after = parts(town, task)
    finished = before[before["done_at"] > 0]["grid"].tolist()
    assert after[after["done_at"] > 0]["grid"].tolist() == finished
    expected = set(finished)
    for number in asked - done:
        expected |= {code[one] for one in moves.get(number, [number])}
    assert set(after["grid"]) == expected
