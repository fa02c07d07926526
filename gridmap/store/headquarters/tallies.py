"""What the indicators count in journals: matters of a period by grid, and which they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from gridmap.codes import level_of, span
from gridmap.model import Level, Status
from gridmap.store.base.frames import frame
from gridmap.store.tables import cases, matters, whistles

Condition = ColumnElement[bool]
MOST = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """Matters of `area` (a code) and `categories` (numbers, none = all) in a period of Unix
    seconds, its end excluded.

    `settled` is the moment before which limits are held to be over (the beginning of today).
    """

    area: int
    start: int
    end: int
    settled: int
    categories: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    """Which cases or whistles belong to a denominator, which of them count, and which are
    left out.
    """

    belongs: Condition
    counts: Condition
    left_out: Condition


def of_cases(connection: Connection, asked: Asked) -> dict[str, pd.DataFrame]:
    """Counts by grid of every indicator that goes by cases, in one pass: grid, numerator,
    denominator, left_out.
    """
    rules = {key: rule(asked) for key, rule in _OF_CASES.items()}
    sums = [
        func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(f"{key}.{name}")
        for key, rule in rules.items()
        for name, condition in _parts(rule).items()
    ]
    query = select(cases.c.grid, *sums).where(
        _held(asked), or_(*(rule.belongs for rule in rules.values()))
    )
    table = frame(connection, query.group_by(cases.c.grid).order_by(cases.c.grid)).astype(
        "int64"
    )
    names = ("numerator", "denominator", "left_out")
    return {
        key: table[["grid", *(f"{key}.{name}" for name in names)]].set_axis(
            ["grid", *names], axis=1
        )
        for key in rules
    }


def cases_in(connection: Connection, asked: Asked, grids: Sequence[int]) -> pd.DataFrame:
    """What `of_cases` counts of cases that lie in `grids` (codes), one row a matter.

    The columns of `where`, and for each indicator <key>.numerator, .denominator and
    .left_out (0 or 1).
    """
    rules = {key: rule(asked) for key, rule in _OF_CASES.items()}
    marks = [
        case((condition, 1), else_=0).label(f"{key}.{name}")
        for key, rule in rules.items()
        for name, condition in _parts(rule).items()
    ]
    query = _places(*marks).where(
        _held(asked), or_(*(rule.belongs for rule in rules.values()))
    )
    return _among(connection, query, cases.c.grid, grids)


def whistled_in(
    connection: Connection, key: str, asked: Asked, grids: Sequence[int]
) -> pd.DataFrame:
    """What `of_whistles` counts of cases that lie in `grids`, one row a matter: the columns
    of `where`, numerator, denominator, left_out.
    """
    inner = _whistled(key, asked).subquery()
    counts = inner.c.out == 0
    parts = {
        "numerator": and_(counts, inner.c.hit == 1),
        "denominator": counts,
        "left_out": inner.c.out == 1,
    }
    marks = [case((condition, 1), else_=0).label(name) for name, condition in parts.items()]
    query = _places(*marks).join(inner, inner.c.matter == cases.c.matter)
    return _among(connection, query, cases.c.grid, grids)


def where(connection: Connection, numbers: Sequence[int]) -> pd.DataFrame:
    """Where matters with a journal lie: matter, grid (now), filed (grid they were filed
    under), lon, lat.
    """
    return _among(connection, _places(), cases.c.matter, numbers)


def reported(connection: Connection, asked: Asked) -> list[int]:
    """The matters that `with_journal` counts."""
    query = select(cases.c.matter).where(_held(asked), _within(cases.c.reported_at, asked))
    return [int(number) for number in connection.scalars(query)]


def _places(*more: ColumnElement[int]) -> Select[Any]:
    columns = (
        cases.c.matter,
        cases.c.grid,
        matters.c.grid.label("filed"),
        matters.c.lon,
        matters.c.lat,
    )
    return select(*columns, *more).join(matters, matters.c.id == cases.c.matter)


def _among(
    connection: Connection,
    query: Select[Any],
    column: ColumnElement[int],
    values: Sequence[int],
) -> pd.DataFrame:
    parts = [values[at : at + MOST] for at in range(0, len(values), MOST)] or [[]]
    table = pd.concat(
        [frame(connection, query.where(column.in_(part))) for part in parts],
        ignore_index=True,
    )
    return table.astype(
        {name: "float64" if name in {"lon", "lat"} else "int64" for name in table.columns}
    )


def of_whistles(connection: Connection, key: str, asked: Asked) -> pd.DataFrame:
    """Counts by grid of an indicator that goes by whistles: grid, numerator, denominator,
    left_out.
    """
    inner = _whistled(key, asked).subquery()
    sums = {
        "numerator": and_(inner.c.out == 0, inner.c.hit == 1),
        "denominator": inner.c.out == 0,
        "left_out": inner.c.out == 1,
    }
    columns = [
        func.sum(case((condition, 1), else_=0)).label(name)
        for name, condition in sums.items()
    ]
    query = select(inner.c.grid, *columns).group_by(inner.c.grid).order_by(inner.c.grid)
    return frame(connection, query).astype("int64")


def matters_of(
    connection: Connection, key: str, asked: Asked, *, hit: bool | None
) -> list[int]:
    """The matters of indicator `key`: those of the numerator (`hit`), the others (False),
    or all (None).
    """
    if key in _OF_CASES:
        rule = _OF_CASES[key](asked)
        chosen = true() if hit is None else rule.counts if hit else not_(rule.counts)
        query = select(cases.c.matter).where(
            _held(asked), rule.belongs, not_(rule.left_out), chosen
        )
        return [int(number) for number in connection.scalars(query)]
    inner = _whistled(key, asked).subquery()
    wanted = true() if hit is None else inner.c.hit == int(hit)
    return [
        int(number)
        for number in connection.scalars(
            select(inner.c.matter).where(inner.c.out == 0, wanted)
        )
    ]


def with_journal(connection: Connection, asked: Asked) -> int:
    """How many matters reported in the period have a journal."""
    query = (
        select(func.count())
        .select_from(cases)
        .where(_held(asked), _within(cases.c.reported_at, asked))
    )
    return int(connection.scalar(query) or 0)


def _dispatch(asked: Asked) -> _Rule:
    return _Rule(
        _until_settled(cases.c.dispatch_due_at, asked),
        and_(cases.c.dispatched_at > 0, cases.c.dispatched_at <= cases.c.dispatch_due_at),
        cases.c.status.in_((Status.REJECTED, Status.VOIDED)),
    )


def _rework(asked: Asked) -> _Rule:
    return _Rule(_within(cases.c.handled_at, asked), cases.c.reworks > 0, false())


def _own_level(asked: Asked) -> _Rule:
    closed = and_(cases.c.status == Status.CLOSED, _within(cases.c.closed_at, asked))
    return _Rule(closed, cases.c.whistles == 0, false())


def _in_time(asked: Asked) -> _Rule:
    blown = whistles.c
    lapsed = and_(blown.lapsed_at > 0, blown.lapsed_at <= blown.due_at)
    hit = or_(lapsed, and_(blown.heeded_at > 0, blown.heeded_at <= blown.due_at))
    return _Rule(_until_settled(blown.due_at, asked), hit, lapsed)


def _apt(asked: Asked) -> _Rule:
    return _Rule(_within(whistles.c.heeded_at, asked), whistles.c.apt.is_(True), false())


_OF_CASES: Mapping[str, Callable[[Asked], _Rule]] = {
    "on_time_dispatch": _dispatch,
    "rework": _rework,
    "own_level": _own_level,
}
_OF_WHISTLES: Mapping[str, Callable[[Asked], _Rule]] = {
    "whistle_in_time": _in_time,
    "whistle_apt": _apt,
}
BY_CASE = frozenset(_OF_CASES)


def _parts(rule: _Rule) -> dict[str, Condition]:
    counted = and_(rule.belongs, not_(rule.left_out))
    return {
        "numerator": and_(counted, rule.counts),
        "denominator": counted,
        "left_out": and_(rule.belongs, rule.left_out),
    }


def _whistled(key: str, asked: Asked) -> Select[tuple[int, int, int, int]]:
    """Matters with whistles of the period; a matter counts once, and only if all of these
    do: matter, grid, hit, out.
    """
    rule = _OF_WHISTLES[key](asked)
    return (
        select(
            cases.c.matter,
            cases.c.grid,
            func.min(case((rule.counts, 1), else_=0)).label("hit"),
            func.min(case((rule.left_out, 1), else_=0)).label("out"),
        )
        .join(whistles, whistles.c.matter == cases.c.matter)
        .where(_held(asked), rule.belongs)
        .group_by(cases.c.matter, cases.c.grid)
    )


def _held(asked: Asked) -> Condition:
    first, end = span(asked.area)
    inside = (
        true()
        if level_of(asked.area) is Level.CITY
        else and_(cases.c.grid >= first, cases.c.grid < end)
    )
    return (
        and_(inside, cases.c.category.in_(asked.categories))
        if len(asked.categories)
        else inside
    )


def _within(at: ColumnElement[int], asked: Asked) -> Condition:
    return and_(at >= asked.start, at < asked.end)


def _until_settled(at: ColumnElement[int], asked: Asked) -> Condition:
    return and_(at >= asked.start, at < min(asked.end, asked.settled))
