"""The demonstration's institutions: its offices and people, rules, limits and windows, put
into the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, insert, select

from gridmap.calendar import TIME_ZONE, WORK_HOURS, to_epoch
from gridmap.demo.clock import CLOCK, NOW
from gridmap.demo.rules import STEPS, present, rules_frame, windows_frame
from gridmap.demo.staff import person_names
from gridmap.demo.users import Crew
from gridmap.store import Store
from gridmap.store.base.frames import records
from gridmap.store.flow import limits, rules
from gridmap.store.people import people
from gridmap.store.tables import duties, windows
from gridmap.store.town.windows import ROTATING, add_windows


def furnish(
    store: Store, crew: Crew, categories: pd.DataFrame, *, rng: np.random.Generator
) -> None:
    """Store `crew`, routing rules for `categories`, step limits, and the windows with who
    sat there this week.
    """
    people.replace_people(store, crew.offices, crew.users)
    table = rules_frame(categories, county=crew.county)
    with store.write() as connection:
        rules.replace_rules(connection, table.assign(id=table["position"]))
        limits.replace_steps(connection, records(STEPS))
        _windows(connection, crew.offices, rng)


def _windows(
    connection: Connection, offices: pd.DataFrame, rng: np.random.Generator
) -> None:
    table = windows_frame(offices)
    add_windows(connection, table.to_dict("records"))
    numbers = connection.scalars(select(windows.c.id).order_by(windows.c.id)).all()
    clock_day = CLOCK.date()
    # The centre everybody looks at first shows what a missing unit looks like.
    rotating = (table["kind"] == ROTATING) & (table["office"] == table["office"].iloc[0])
    awaited = [
        number
        for number in np.flatnonzero(rotating).tolist()
        if clock_day.isoweekday() in table["weekdays"][number]
    ]
    for back in range(clock_day.weekday(), -1, -1):
        day = clock_day - timedelta(days=back)
        vacant = awaited[:1] if day == clock_day else []
        rows = _duties(table, np.asarray(numbers), day, rng, vacant=vacant)
        if rows:
            connection.execute(insert(duties), rows)


def _duties(
    table: pd.DataFrame,
    numbers: npt.NDArray[np.int64],
    day: date,
    rng: np.random.Generator,
    *,
    vacant: Sequence[int],
) -> list[dict[str, object]]:
    """Who sat in the windows `numbers` of `table` on `day`, noted around opening time;
    nobody in rows `vacant`.
    """
    is_present = present(table, day, rng)
    is_present[vacant] = False
    names = person_names(int(is_present.sum()), rng)
    midnight = to_epoch(datetime(day.year, day.month, day.day, tzinfo=TIME_ZONE))
    opening = midnight + round(WORK_HOURS[0][0] * 3600)
    at = opening + rng.integers(-1200, 600, size=len(names))
    noted = zip(numbers[is_present].tolist(), names, at.tolist(), strict=True)
    return [
        {"window": window, "day": day, "person": name, "at": min(moment, NOW - 1), "by": 0}
        for window, name, moment in noted
    ]
