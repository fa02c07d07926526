"""The demonstration's people, rules, limits and windows, put into the store."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, select

from gridmap.calendar import WORK_HOURS
from gridmap.demo.clock import CLOCK, NOW
from gridmap.demo.rules import STEPS, present, rules_frame, windows_frame
from gridmap.demo.staff import person_names
from gridmap.demo.users import Crew
from gridmap.store import Store, limits, people, rules
from gridmap.store.frames import records
from gridmap.store.tables import duties, windows
from gridmap.store.windows import add_windows


def furnish(store: Store, crew: Crew, categories: pd.DataFrame, *, rng: np.random.Generator) -> None:
    """Store `crew`, routing rules for `categories`, step limits, and the windows with who sits there today."""
    people.replace_people(store, crew.offices, crew.users)
    table = rules_frame(categories, county=crew.county)
    with store.write() as connection:
        rules.replace_rules(connection, table.assign(id=table["position"]))
        limits.replace_steps(connection, records(STEPS))
        _windows(connection, crew.offices, rng)


def _windows(connection: Connection, offices: pd.DataFrame, rng: np.random.Generator) -> None:
    table = windows_frame(offices)
    add_windows(connection, table.to_dict("records"))
    numbers = connection.scalars(select(windows.c.id).order_by(windows.c.id)).all()
    here = present(table, CLOCK.date(), rng)
    names = person_names(int(here.sum()), rng)
    opens = NOW - (NOW + 8 * 3600) % 86_400 + round(WORK_HOURS[0][0] * 3600)
    at = opens + rng.integers(-1200, 600, size=len(names))
    clerks = np.zeros(len(names), dtype=np.int64)
    rows = [
        {"window": window, "day": CLOCK.date(), "person": name, "at": min(moment, NOW - 1), "by": by}
        for window, name, moment, by in zip(
            np.asarray(numbers)[here].tolist(), names, at.tolist(), clerks.tolist(), strict=True
        )
    ]
    connection.execute(insert(duties), rows)
