"""Tasks going down in the truth: made for grids, done grid by grid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, RowMapping, case, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gridmap.errors import ConflictError, NotFoundError
from gridmap.store.base.engine import READ_ONLY
from gridmap.store.base.frames import frame
from gridmap.store.base.store import put_meta
from gridmap.store.base.upsert import insert_once
from gridmap.store.base.within import within
from gridmap.store.tables import meta, task_findings, task_parts, tasks
from gridmap.store.town.taskmoves import PLAN
from gridmap.words import mark

NO_TASK = mark("There is no such task.")
NO_PART = mark("This task does not ask for anything in this grid.")
DONE_ALREADY = mark("This part of the task has been done by somebody else.")
OTHER_PART = mark("This client id was used for another part of a task.")
_ASKED = ("kind", "title", "text", "areas", "checklist", "due_at")
"""Columns that say what is asked."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it was made; instants in Unix seconds, `withdrawn_at` 0: in force."""

    id: int
    kind: str
    title: str
    text: str
    areas: tuple[int, ...]
    checklist: tuple[str, ...]
    due_at: int
    made_at: int
    made_by: int
    withdrawn_at: int = 0
    withdrawn_why: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody found in a grid: answers yes or no to the questions, words, photos."""

    answers: tuple[bool, ...]
    text: str = ""
    photos: tuple[int, ...] = ()


def create(
    connection: Connection,
    task: Task,
    places: Mapping[int, tuple[float, float]],
    *,
    plan: int,
    client_id: str = "",
) -> int:
    """Write a task with an open part in each grid of `places` (code → longitude, latitude
    inside); its number.

    Sent again under the same client id it is the one there is.
    """
    row = {
        "kind": task.kind,
        "title": task.title,
        "text": task.text or None,
        "areas": json.dumps(list(task.areas)),
        "checklist": json.dumps(list(task.checklist), ensure_ascii=False),
        "due_at": task.due_at,
        "made_at": task.made_at,
        "made_by": task.made_by,
        "client_id": client_id or None,
    }
    number, is_new = insert_once(connection, tasks, row, same=_ASKED)
    if not is_new:
        return number
    parts = [
        {"task": number, "grid": code, "lon": lon, "lat": lat}
        for code, (lon, lat) in sorted(places.items())
    ]
    connection.execute(insert(task_parts), parts)
    if not connection.scalar(select(meta.c.value).where(meta.c.key == PLAN)):
        put_meta(connection, PLAN, str(plan))
    return number


def load(connection: Connection, task: int) -> Task:
    """One task; in a transaction that writes, nobody else may change it before its end.
    Raises NotFoundError.
    """
    query = select(tasks).where(tasks.c.id == task)
    writes = not connection.get_execution_options().get(READ_ONLY, False)
    row = (
        connection.execute(query.with_for_update() if writes else query).mappings().first()
    )
    if row is None:
        raise NotFoundError(NO_TASK)
    return _task_of(row)


def withdraw(connection: Connection, task: int, *, at: int, why: str) -> None:
    """Take a task back; what was done stays."""
    connection.execute(
        update(tasks)
        .where(tasks.c.id == task, tasks.c.withdrawn_at == 0)
        .values(withdrawn_at=at, withdrawn_why=why)
    )


def read_tasks(connection: Connection, area: int) -> pd.DataFrame:
    """Tasks with a part in `area`, the newest first, counted in that area.

    Columns: id, kind, title, areas (tuple of codes), due_at, made_at, made_by,
    withdrawn_at, done, parts, in_time, found (matters).
    """
    here = within(task_parts.c.grid, area)
    counted = (
        select(
            task_parts.c.task,
            func.count().label("parts"),
            func.sum(case((task_parts.c.done_at > 0, 1), else_=0)).label("done"),
            func.sum(
                case(
                    (
                        (task_parts.c.done_at > 0)
                        & (task_parts.c.done_at <= tasks.c.due_at),
                        1,
                    ),
                    else_=0,
                )
            ).label("in_time"),
        )
        .join_from(task_parts, tasks, tasks.c.id == task_parts.c.task)
        .where(here)
        .group_by(task_parts.c.task)
        .subquery()
    )
    found = (
        select(task_findings.c.task, func.count().label("found"))
        .where(within(task_findings.c.grid, area))
        .group_by(task_findings.c.task)
        .subquery()
    )
    query = (
        select(
            *(
                tasks.c[name]
                for name in (
                    "id",
                    "kind",
                    "title",
                    "areas",
                    "due_at",
                    "made_at",
                    "made_by",
                    "withdrawn_at",
                )
            ),
            counted.c.done,
            counted.c.parts,
            counted.c.in_time,
            func.coalesce(found.c.found, 0).label("found"),
        )
        .join_from(tasks, counted, counted.c.task == tasks.c.id)
        .outerjoin(found, found.c.task == tasks.c.id)
        .order_by(tasks.c.made_at.desc(), tasks.c.id.desc())
    )
    table = frame(connection, query).astype(
        dict.fromkeys(("done", "parts", "in_time", "found"), "int64")
    )
    table["areas"] = pd.Series(
        [tuple(json.loads(text)) for text in table["areas"]],
        index=table.index,
        dtype=object,
    )
    return table


def read_parts(connection: Connection, task: int, area: int) -> pd.DataFrame:
    """The parts of a task in `area` by grid.

    Columns: grid, done_at, done_by, answers (tuple of bool), text, photos (tuple of
    numbers), was (0: not moved).
    """
    columns = [
        task_parts.c[name]
        for name in ("grid", "done_at", "done_by", "answers", "text", "photos", "was")
    ]
    query = (
        select(*columns)
        .where(task_parts.c.task == task, within(task_parts.c.grid, area))
        .order_by(task_parts.c.grid)
    )
    table = frame(connection, query)
    for name in ("answers", "photos"):
        table[name] = [
            tuple(json.loads(text)) if isinstance(text, str) else () for text in table[name]
        ]
    table["text"] = [text if isinstance(text, str) else "" for text in table["text"]]
    table["was"] = [
        int(code or 0)
        for code in table["was"].astype(object).where(table["was"].notna(), 0)
    ]
    return table


def open_in(connection: Connection, areas: Sequence[int]) -> list[tuple[Task, int]]:
    """Open parts of tasks in force in `areas`, with their grids; the one due first comes first."""
    if not areas:
        return []
    condition = within(task_parts.c.grid, areas[0])
    for area in areas[1:]:
        condition |= within(task_parts.c.grid, area)
    query = (
        select(tasks, task_parts.c.grid)
        .join_from(task_parts, tasks, tasks.c.id == task_parts.c.task)
        .where(condition, task_parts.c.done_at == 0, tasks.c.withdrawn_at == 0)
        .order_by(tasks.c.due_at, tasks.c.id, task_parts.c.grid)
    )
    return [
        (_task_of(row), int(row["grid"])) for row in connection.execute(query).mappings()
    ]


def complete(
    connection: Connection,
    task: int,
    grid: int,
    answer: Answer,
    *,
    at: int,
    by: int,
    client_id: str = "",
) -> bool:
    """Note that a part was done; whether that is new.

    The same again under its client id changes nothing. Raises NotFoundError, ConflictError
    when somebody else did it, or the client id stands for another part.
    """
    here = (task_parts.c.task == task) & (task_parts.c.grid == grid)
    row = {
        "done_at": at,
        "done_by": by,
        "answers": json.dumps(list(answer.answers)),
        "text": answer.text or None,
        "photos": json.dumps(list(answer.photos)),
        "client_id": client_id or None,
    }
    if _sent(connection, task, grid, client_id):
        return False
    try:
        if connection.execute(
            update(task_parts).where(here, task_parts.c.done_at == 0).values(row)
        ).rowcount:
            return True
    except IntegrityError as error:  # sent twice at once
        raise ConflictError(OTHER_PART) from error
    if connection.scalar(select(task_parts.c.grid).where(here)) is None:
        raise NotFoundError(NO_PART)
    if _sent(
        connection, task, grid, client_id
    ):  # twice at once: the second waited for the first
        return False
    raise ConflictError(DONE_ALREADY)


def _sent(connection: Connection, task: int, grid: int, client_id: str) -> bool:
    """Whether the part was done under `client_id`. Raises ConflictError when another one was."""
    found = _part_of(connection, client_id)
    if found is not None and found != (task, grid):
        raise ConflictError(OTHER_PART)
    return found is not None


def taken(connection: Connection, client_id: str) -> bool:
    """Whether a part was sent under this client id before."""
    return _part_of(connection, client_id) is not None


def _part_of(connection: Connection, client_id: str) -> tuple[int, int] | None:
    """Task and grid of the part that was sent under a client id."""
    known = select(task_parts.c.task, task_parts.c.grid).where(
        task_parts.c.client_id == client_id
    )
    found = connection.execute(known).first() if client_id else None
    return None if found is None else (int(found.task), int(found.grid))


def moved_to(connection: Connection, task: int, grid: int) -> list[int]:
    """Where the part of a grid that is no more went; [grid] where it still stands."""
    here = select(task_parts.c.grid).where(
        task_parts.c.task == task, task_parts.c.grid == grid
    )
    if connection.scalar(here) is not None:
        return [grid]
    query = select(task_parts.c.grid).where(
        task_parts.c.task == task, task_parts.c.was == grid
    )
    return [int(code) for code in connection.scalars(query.order_by(task_parts.c.grid))]


def link(connection: Connection, task: int, grid: int, matter: int) -> None:
    """Note that `matter` was found while doing the task; noted again nothing changes."""
    here = (task_findings.c.task == task) & (task_findings.c.matter == matter)
    if connection.scalar(select(task_findings.c.matter).where(here)) is None:
        connection.execute(
            insert(task_findings).values(task=task, matter=matter, grid=grid)
        )


def findings(connection: Connection, task: int, area: int) -> list[int]:
    """Matters found while doing the task in `area`."""
    query = select(task_findings.c.matter).where(
        task_findings.c.task == task, within(task_findings.c.grid, area)
    )
    return [
        int(matter) for matter in connection.scalars(query.order_by(task_findings.c.matter))
    ]


def task_of_matter(connection: Connection, matter: int) -> int:
    """The task during which a matter was found; 0 for none."""
    return int(
        connection.scalar(
            select(task_findings.c.task).where(task_findings.c.matter == matter).limit(1)
        )
        or 0
    )


def _task_of(row: RowMapping) -> Task:
    return Task(
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        text=row["text"] or "",
        areas=tuple(json.loads(row["areas"])),
        checklist=tuple(json.loads(row["checklist"])),
        due_at=row["due_at"],
        made_at=row["made_at"],
        made_by=row["made_by"],
        withdrawn_at=row["withdrawn_at"],
        withdrawn_why=row["withdrawn_why"] or "",
    )
