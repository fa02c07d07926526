"""Open parts of tasks carried over to the plan in force when borders are redrawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from gridmap.store.base.store import put_meta
from gridmap.store.tables import grids, meta, plans, task_parts

PLAN = "tasks.plan"
"""Where it is kept in which plan the open parts stand."""


def follow_plan(
    connection: Connection,
    plan: int,
    locate: Callable[[float, float], int],
    middle: Callable[[int], tuple[float, float]],
) -> int:
    """Carry the open parts over to `plan`, the one in force; how many moved.

    Through every plan made since, as its grids name their predecessors (see `move_parts`);
    what then still stands in a grid that is no more goes to the grid its place lies in
    (`locate`: longitude, latitude → code, 0 for none).
    """
    held = int(connection.scalar(select(meta.c.value).where(meta.c.key == PLAN)) or plan)
    if held == plan:
        return 0
    moved = 0
    for number in connection.scalars(
        select(plans.c.id).where(plans.c.id > held, plans.c.id <= plan).order_by(plans.c.id)
    ):
        moved += move_parts(connection, successors(connection, int(number)), middle)
    known = select(grids.c.code).where(grids.c.plan == plan)
    lost = connection.execute(
        select(task_parts.c.grid, task_parts.c.lon, task_parts.c.lat)
        .distinct()
        .where(task_parts.c.done_at == 0, task_parts.c.grid.not_in(known))
    ).all()
    found = {int(row.grid): (locate(row.lon, row.lat),) for row in lost}
    moved += move_parts(
        connection, {old: new for old, new in found.items() if new[0]}, middle
    )
    put_meta(connection, PLAN, str(plan))
    return moved


def successors(connection: Connection, plan: int) -> dict[int, tuple[int, ...]]:
    """Old code → new codes, as the grids of `plan` name their predecessors; a code that is
    still there stays one of them.

    A grid that was there before and only got land of its neighbour is no successor of that.
    """
    here = set(connection.scalars(select(grids.c.code).where(grids.c.plan == plan)))
    found: dict[int, list[int]] = {}
    query = select(grids.c.code, grids.c.predecessors).where(
        grids.c.plan == plan, grids.c.predecessors.is_not(None)
    )
    for code, told in connection.execute(query.order_by(grids.c.code)):
        named = {int(old) for old in json.loads(told or "[]")}
        for old in named - {code}:
            if old not in here or code not in named:
                found.setdefault(old, [old] if old in here else []).append(int(code))
    return {old: tuple(new) for old, new in found.items()}


def move_parts(
    connection: Connection,
    moves: Mapping[int, Sequence[int]],
    middle: Callable[[int], tuple[float, float]],
) -> int:
    """Move open parts from old grids to new ones (`moves`: code → codes); how many moved.

    A grid that was split leaves its part open in every successor; parts of grids that were
    joined become one, and none where the successor's part has been done already. What was
    done stays where it was done.
    """
    moved = 0
    for old, new in moves.items():
        open_here = (task_parts.c.grid == old) & (task_parts.c.done_at == 0)
        for task in connection.scalars(select(task_parts.c.task).where(open_here)).all():
            for code in new:
                there = (task_parts.c.task == task) & (task_parts.c.grid == code)
                if connection.scalar(select(task_parts.c.grid).where(there)) is None:
                    lon, lat = middle(code)
                    row = {"task": task, "grid": code, "lon": lon, "lat": lat, "was": old}
                    connection.execute(insert(task_parts).values(row))
            if old not in new:
                connection.execute(
                    delete(task_parts).where(open_here, task_parts.c.task == task)
                )
            moved += 1
    return moved
