"""The record of a contract or a deliberation as a table, with the names of those who wrote it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gridmap.cases.records.record import Entry
from gridmap.city.people.people import People

COLUMNS = ["number", "act", "at", "actor_name", "data"]


def record_table(people: People, entries: Sequence[Entry]) -> pd.DataFrame:
    """Every entry, oldest first: number, act, at (Unix seconds), actor_name, data (dict)."""
    names = people.names(entry.actor for entry in entries)
    rows = [
        (entry.number, entry.act, entry.at, names[entry.actor], dict(entry.data))
        for entry in entries
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
