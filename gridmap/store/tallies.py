"""What the indicators count in journals: matters of a period, each with its grid and whether it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select

from gridmap.codes import span
from gridmap.model import Status
from gridmap.store.frames import frame
from gridmap.store.tables import cases, whistles

Rows = Select[tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Matters of `area` (a code) and `categories` (numbers, none = all) in a period of Unix seconds, its end excluded.

    `settled` is the moment before which limits are held to be over (the beginning of today).
    """

    area: int
    start: int
    end: int
    settled: int
    categories: Sequence[int] = ()


def tally(connection: Connection, key: str, asked: Asked) -> pd.DataFrame:
    """The matters of indicator `key`: matter, grid, hit (of the numerator), left_out (excluded by the definition).

    Rows with left_out belong to neither part. Raises KeyError for an unknown key.
    """
    table = frame(connection, _QUERIES[key](asked), matter="int64", grid="int64")
    return table.astype({"hit": bool, "left_out": bool})


def with_journal(connection: Connection, asked: Asked) -> int:
    """How many matters reported in the period have a journal."""
    query = select(func.count()).select_from(cases).where(_held(asked), _within(cases.c.reported_at, asked))
    return int(connection.scalar(query) or 0)


def _dispatch(asked: Asked) -> Rows:
    void = cases.c.status.in_((Status.REJECTED, Status.VOIDED))
    hit = and_(cases.c.dispatched_at > 0, cases.c.dispatched_at <= cases.c.dispatch_due_at)
    return _of_cases(asked, _until_settled(cases.c.dispatch_due_at, asked), hit, void)


def _rework(asked: Asked) -> Rows:
    return _of_cases(asked, _within(cases.c.handled_at, asked), cases.c.reworks > 0)


def _own_level(asked: Asked) -> Rows:
    closed = and_(cases.c.status == Status.CLOSED, _within(cases.c.closed_at, asked))
    return _of_cases(asked, closed, cases.c.whistles == 0)


def _in_time(asked: Asked) -> Rows:
    """Of whistles whose limit came while the matter was open."""
    blown = whistles.c
    lapsed = and_(blown.lapsed_at > 0, blown.lapsed_at <= blown.due_at)
    hit = or_(lapsed, and_(blown.heeded_at > 0, blown.heeded_at <= blown.due_at))
    return _of_whistles(asked, _until_settled(blown.due_at, asked), hit, lapsed)


def _apt(asked: Asked) -> Rows:
    blown = whistles.c
    return _of_whistles(asked, _within(blown.heeded_at, asked), blown.apt.is_(True))


def _of_cases(
    asked: Asked, counted: ColumnElement[bool], hit: ColumnElement[bool], out: ColumnElement[bool] | None = None
) -> Rows:
    left = case((out, 1), else_=0) if out is not None else literal(0)
    return select(cases.c.matter, cases.c.grid, case((hit, 1), else_=0).label("hit"), left.label("left_out")).where(
        _held(asked), counted
    )


def _of_whistles(
    asked: Asked, counted: ColumnElement[bool], hit: ColumnElement[bool], out: ColumnElement[bool] | None = None
) -> Rows:
    """A matter counts once, and only if all of its whistles of the period do."""
    left = case((out, 1), else_=0) if out is not None else literal(0)
    return (
        select(
            cases.c.matter, cases.c.grid, func.min(case((hit, 1), else_=0)).label("hit"),
            func.min(left).label("left_out"),
        )
        .join(whistles, whistles.c.matter == cases.c.matter)
        .where(_held(asked), counted)
        .group_by(cases.c.matter, cases.c.grid)
    )  # fmt: skip


def _held(asked: Asked) -> ColumnElement[bool]:
    first, end = span(asked.area)
    inside = and_(cases.c.grid >= first, cases.c.grid < end)
    return and_(inside, cases.c.category.in_(asked.categories)) if len(asked.categories) else inside


def _within(at: ColumnElement[int], asked: Asked) -> ColumnElement[bool]:
    return and_(at >= asked.start, at < asked.end)


def _until_settled(at: ColumnElement[int], asked: Asked) -> ColumnElement[bool]:
    return and_(at >= asked.start, at < min(asked.end, asked.settled))


_QUERIES: Mapping[str, Callable[[Asked], Rows]] = {
    "on_time_dispatch": _dispatch,
    "rework": _rework,
    "own_level": _own_level,
    "whistle_in_time": _in_time,
    "whistle_apt": _apt,
}
