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
from gridmap.store import Store, people
from gridmap.store.base import touch
from gridmap.store.tables import duties, routing_rules, step_limits, windows
from gridmap.store.windows import add_windows


def furnish(store: Store, crew: Crew, categories: pd.DataFrame, *, rng: np.random.Generator) -> None:
    """Store `crew`, routing rules for `categories`, step limits, and the windows with who sits there today."""
    people.replace_people(store, crew.offices, crew.users)
    rules = rules_frame(categories)
    with store.write() as connection:
        connection.execute(
            insert(routing_rules), _rows(rules.rename_axis("id").reset_index().assign(id=rules["position"]))
        )
        connection.execute(insert(step_limits), _rows(STEPS))
        _windows(connection, crew.offices, rng)
        touch(connection, "rules", "limits")


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


def _rows(table: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(name): value for name, value in row.items()} for row in table.astype(object).to_dict("records")]
