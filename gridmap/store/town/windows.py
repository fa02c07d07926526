"""Windows of the one-stop centres, and on which days their units were there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, exists, func, insert, select, update

from gridmap.store.base.frames import frame, plain
from gridmap.store.base.store import touch
from gridmap.store.base.within import within
from gridmap.store.tables import duties, offices, windows

RESIDENT, ROTATING = "resident", "rotating"
KINDS = (RESIDENT, ROTATING)
"""常驻 a unit that is there every working day; 轮驻 one that comes on its days of the week."""
_ENGLISH = ("platform_en", "unit_en")


def add_windows(connection: Connection, rows: Sequence[Mapping[Any, Any]]) -> None:
    """Add windows: office, platform, unit, kind, weekdays (numbers, 1 Monday to 7 Sunday);
    or platform_en, unit_en too.
    """
    if rows:
        connection.execute(insert(windows), [_written(row) for row in rows])
        touch(connection)


def replace_windows(
    connection: Connection, office: int, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Make `rows` the windows of `office`: window (0: a new one), platform, unit,
    platform_en, unit_en, kind, weekdays.

    A window that is left out is deleted; one with noted duties stays on record, on no weekday.
    """
    given = list(rows)
    kept = {int(row["window"]) for row in given}
    here = windows.c.office == office
    gone = select(windows.c.id).where(here, windows.c.id.not_in(kept))
    noted = exists().where(duties.c.window == windows.c.id)
    connection.execute(delete(windows).where(here, windows.c.id.not_in(kept), ~noted))
    connection.execute(update(windows).where(windows.c.id.in_(gone)).values(weekdays="[]"))
    for row in given:
        values = _written({**row, "office": office})
        if row["window"]:
            connection.execute(
                update(windows)
                .where(here, windows.c.id == int(row["window"]))
                .values(values)
            )
        else:
            connection.execute(insert(windows).values(values))
    touch(connection)


def read_windows(connection: Connection, *, office: int = 0, area: int = 0) -> pd.DataFrame:
    """Windows of one office, or of all offices in `area`, in the order they were set up.

    Columns: window, office, area (of the office), platform, unit, platform_en, unit_en ("":
    the same), kind, weekdays (tuple of numbers).
    """
    query = (
        select(
            windows.c.id.label("window"),
            windows.c.office,
            offices.c.area,
            windows.c.platform,
            windows.c.unit,
            windows.c.platform_en,
            windows.c.unit_en,
            windows.c.kind,
            windows.c.weekdays,
        )
        .join_from(windows, offices, windows.c.office == offices.c.id)
        .where(windows.c.office == office if office else within(offices.c.area, area))
        .order_by(offices.c.area, windows.c.office, windows.c.id)
    )
    table = frame(connection, query, window="int64", office="int64", area="int64")
    for name in _ENGLISH:
        table[name] = table[name].fillna("").astype(object)
    table["weekdays"] = [tuple(json.loads(text)) for text in table["weekdays"]]
    return table


def read_duties(
    connection: Connection, first: date, last: date, *, office: int = 0, area: int = 0
) -> pd.DataFrame:
    """Presences noted from day `first` to `last`: window, day (date), person, at (Unix seconds)."""
    query = (
        select(duties.c.window, duties.c.day, duties.c.person, duties.c.at)
        .join_from(duties, windows, duties.c.window == windows.c.id)
        .join(offices, windows.c.office == offices.c.id)
        .where(
            duties.c.day.between(first, last),
            windows.c.office == office if office else within(offices.c.area, area),
        )
        .order_by(duties.c.day, duties.c.window)
    )
    return frame(connection, query, window="int64", at="int64")


def last_persons(connection: Connection, office: int) -> dict[int, str]:
    """For each window of `office` who sat there last."""
    latest = (
        select(duties.c.window, func.max(duties.c.day).label("day"))
        .join_from(duties, windows, duties.c.window == windows.c.id)
        .where(windows.c.office == office)
        .group_by(duties.c.window)
        .subquery()
    )
    query = select(duties.c.window, duties.c.person).join(
        latest, (duties.c.window == latest.c.window) & (duties.c.day == latest.c.day)
    )
    return {int(row.window): str(row.person) for row in connection.execute(query)}


def office_of(connection: Connection, window: int) -> tuple[int, int] | None:
    """Office of a window and its area; None when there is no such window."""
    query = select(windows.c.office, offices.c.area).join_from(
        windows, offices, windows.c.office == offices.c.id
    )
    row = connection.execute(query.where(windows.c.id == window)).first()
    return (int(row.office), int(row.area)) if row else None


def note_duty(
    connection: Connection, window: int, day: date, *, person: str, at: int, by: int
) -> None:
    """Note who is at a window on a day; noted again, the name is put right and the first
    hour stays.
    """
    this = (duties.c.window == window) & (duties.c.day == day)
    if not connection.execute(
        update(duties).where(this).values(person=person, by=by)
    ).rowcount:
        connection.execute(
            insert(duties).values(window=window, day=day, person=person, at=at, by=by)
        )


def drop_duty(connection: Connection, window: int, day: date) -> bool:
    """Take back a presence noted by mistake; whether there was one."""
    return bool(
        connection.execute(
            delete(duties).where((duties.c.window == window) & (duties.c.day == day))
        ).rowcount
    )


def _written(row: Mapping[Any, Any]) -> dict[str, Any]:
    values = {name: plain(row[name]) for name in ("office", "platform", "unit", "kind")}
    values |= {name: row.get(name) or None for name in _ENGLISH}
    return {**values, "weekdays": json.dumps(sorted(int(day) for day in row["weekdays"]))}
