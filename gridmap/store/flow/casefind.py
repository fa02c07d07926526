"""Matters looked for: by place, office, person, state, limits, words, or by their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, true

from gridmap.codes import span
from gridmap.model import OPEN_STATUSES, Status
from gridmap.store.flow.boxes import near_due, next_due, overdue
from gridmap.store.look.matters import visible
from gridmap.store.tables import cases, categories, matters

COLUMNS = (
    "matter",
    "number",
    "category",
    "grid",
    "status",
    "office",
    "person",
    "since",
    "step_due_at",
    "due_at",
    "reported_at",
    "closed_at",
    "text",
    "whistled_at",
    "supervised",
    "parent",
)
NUMBERS = tuple(name for name in COLUMNS if name not in {"number", "category", "text"})
CHUNK = 10_000
"""Numbers a query is given at a time; databases take some ten thousand values."""
NEVER = 2**62
_OF_IMPORT = ("grid", "status", "due_at", "reported_at", "closed_at")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; fields left as they are do not narrow it.

    `area` is a place and all in it, `kinds` numbers of categories, `ids` numbers of matters
    (imported ones are found by number only), `person` who has it in hand, `parent` what it
    repeats; spans (Unix seconds) include their start, not their end; `text` is part of what
    was reported or of the case number.
    """

    area: int = 0
    office: int | None = None
    person: int | None = None
    reporter: int | None = None
    parent: int | None = None
    statuses: Sequence[int] = ()
    kinds: Sequence[int] = ()
    ids: Sequence[int] | None = None
    overdue: bool = False
    near_due: bool = False
    whistled: bool = False
    supervised: bool = False
    open_only: bool = False
    due_from: int = 0
    due_to: int = 0
    reported_from: int = 0
    reported_to: int = 0
    text: str = ""


def find(
    connection: Connection, wanted: Wanted, *, now: int, limit: int, offset: int
) -> pd.DataFrame:
    """The matters wanted, open ones by the limit that runs out first, then the latest
    reported first.

    Columns: `COLUMNS`; category is its code, numbers are int64, texts "" where there is none.
    """
    rows: list[tuple[Any, ...]] = []
    for fields, condition, source in _queries(wanted, now):
        order = _order(fields)
        query = (
            select(*(fields[name].label(name) for name in COLUMNS), *order)
            .select_from(source)
            .where(condition)
        )
        rows += [
            tuple(row)
            for row in connection.execute(
                query.order_by(*_sorted(order)).limit(offset + limit)
            )
        ]
    rows.sort(key=lambda row: (row[-2], -row[-1], -row[0]))
    table = pd.DataFrame(
        [row[:-2] for row in rows[offset : offset + limit]], columns=list(COLUMNS)
    )
    return table.astype(dict.fromkeys(NUMBERS, "int64"))


def count(connection: Connection, wanted: Wanted, *, now: int) -> int:
    """How many matters are wanted."""
    return sum(
        int(
            connection.scalar(select(func.count()).select_from(source).where(condition))
            or 0
        )
        for _, condition, source in _queries(wanted, now)
    )


def near(
    connection: Connection,
    *,
    category: int,
    grids: Sequence[int],
    box: tuple[float, float, float, float],
    since: int,
) -> list[Mapping[str, Any]]:
    """Matters of `category` (number) in `grids` and `box`: open ones, and those reported or
    closed after `since`.

    matter, number, lon, lat, reported_at, status, text.
    """
    west, south, east, north = box
    recent = or_(
        cases.c.status.in_(OPEN_STATUSES),
        cases.c.reported_at >= since,
        cases.c.closed_at >= since,
    )
    query = (
        select(
            cases.c.matter,
            cases.c.number,
            matters.c.lon,
            matters.c.lat,
            cases.c.reported_at,
            cases.c.status,
            func.coalesce(matters.c.text, "").label("text"),
        )
        .join(matters, matters.c.id == cases.c.matter)
        .where(cases.c.grid.in_(grids), cases.c.category == category, recent)
        .where(cases.c.status.not_in((Status.VOIDED, Status.REJECTED)))
        .where(matters.c.lon.between(west, east), matters.c.lat.between(south, north))
    )
    return [dict(row) for row in connection.execute(query).mappings()]


Fields = dict[str, ColumnElement[Any]]


def _queries(wanted: Wanted, now: int) -> Iterator[tuple[Fields, ColumnElement[bool], Any]]:
    """Fields, condition and tables of each query: without numbers given, cases alone; with
    them, imported ones too.
    """
    fields: Fields = {
        name: cases.c[name] for name in COLUMNS if name not in {"category", "text"}
    }
    fields["category"], fields["text"] = (
        categories.c.code,
        func.coalesce(matters.c.text, ""),
    )
    if wanted.ids is None:
        source = cases.join(matters, matters.c.id == cases.c.matter).join(
            categories, categories.c.id == cases.c.category
        )
        yield fields, and_(true(), *_conditions(wanted, fields, now)), source
        return
    for name in (
        "office",
        "person",
        "since",
        "step_due_at",
        "whistled_at",
        "supervised",
        "parent",
    ):
        fields[name] = func.coalesce(cases.c[name], 0)
    for name in _OF_IMPORT:
        fields[name] = func.coalesce(cases.c[name], matters.c[name], 0)
    fields["matter"], fields["number"] = matters.c.id, func.coalesce(cases.c.number, "")
    source = matters.outerjoin(cases, cases.c.matter == matters.c.id).join(
        categories, categories.c.id == matters.c.category
    )
    shared = [visible(), *_conditions(wanted, fields, now)]
    numbers = list(dict.fromkeys(int(number) for number in wanted.ids))
    for start in range(0, len(numbers), CHUNK):
        yield (
            fields,
            and_(matters.c.id.in_(numbers[start : start + CHUNK]), *shared),
            source,
        )


def _conditions(wanted: Wanted, fields: Fields, now: int) -> list[ColumnElement[bool]]:
    return [
        *_places(wanted, fields),
        *_values(wanted, fields),
        *_flags(wanted, fields, now),
        *_words(wanted, fields),
    ]


def _places(wanted: Wanted, fields: Fields) -> Iterator[ColumnElement[bool]]:
    if wanted.area:
        first, end = span(wanted.area)
        yield and_(fields["grid"] >= first, fields["grid"] < end)


def _values(wanted: Wanted, fields: Fields) -> Iterator[ColumnElement[bool]]:
    asked = {**fields, "reporter": cases.c.reporter}
    for name in ("office", "person", "parent", "reporter"):
        if getattr(wanted, name) is not None:
            yield asked[name] == getattr(wanted, name)
    if wanted.statuses:
        yield fields["status"].in_([int(status) for status in wanted.statuses])
    if wanted.kinds:
        yield categories.c.id.in_(list(wanted.kinds))
    for name, instant in (("due", fields["due_at"]), ("reported", fields["reported_at"])):
        first, end = getattr(wanted, f"{name}_from"), getattr(wanted, f"{name}_to")
        if first:
            yield instant >= first
        if end:
            yield and_(instant > 0, instant < end)


def _flags(wanted: Wanted, fields: Fields, now: int) -> Iterator[ColumnElement[bool]]:
    if wanted.open_only or wanted.overdue or wanted.near_due:
        yield fields["status"].in_([int(status) for status in OPEN_STATUSES])
    if wanted.overdue:
        yield overdue(now)
    if wanted.near_due:
        yield and_(near_due(now), ~overdue(now))
    if wanted.whistled:
        yield fields["whistled_at"] != 0
    if wanted.supervised:
        yield fields["supervised"] > 0


def _words(wanted: Wanted, fields: Fields) -> Iterator[ColumnElement[bool]]:
    if wanted.text:
        asked = wanted.text.lower()
        told = func.lower(matters.c.text).contains(asked, autoescape=True)
        yield or_(told, func.lower(fields["number"]).contains(asked, autoescape=True))


def _order(fields: Fields) -> tuple[ColumnElement[int], ColumnElement[int]]:
    runs = and_(
        fields["status"].in_([int(status) for status in OPEN_STATUSES]), next_due() > 0
    )
    return case((runs, next_due()), else_=NEVER).label("_first"), fields[
        "reported_at"
    ].label("_then")


def _sorted(order: tuple[ColumnElement[int], ColumnElement[int]]) -> tuple[Any, ...]:
    first, then = order
    return first.asc(), then.desc(), matters.c.id.desc()
