"""Gaps in leadership: places without a chief of their own in office."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.city.base.figure import Ask, Column, Columns, Figure
from gridmap.city.look.flagged import (
    GRIDS,
    HOUSEHOLDS,
    by_households,
)
from gridmap.codes import level_of
from gridmap.insight import coverage
from gridmap.insight.areas import Areas
from gridmap.model import CHIEF_LEVELS, Level
from gridmap.store.people import people as store_people
from gridmap.words import mark


def _no_chief(ask: Ask, places: Areas) -> npt.NDArray[np.bool_]:
    def read() -> npt.NDArray[np.int64]:
        with ask.desk.store.read() as connection:
            return np.array(store_people.chief_areas(connection), dtype=np.int64)

    chiefs = ask.desk.remember(ask.data, ("chiefs",), read)
    return coverage.without_chief(chiefs, places)


def chief(ask: Ask) -> Columns:
    """Places without a chief of their own in office, the place itself and those in it, of
    all that could have one; those it lies in do not count.
    """
    levels = [level for level in CHIEF_LEVELS if level >= ask.places.level]
    lacks, number = np.zeros((2, len(ask.places)), dtype=np.int64)
    for level in levels:
        counted = chiefs_of(ask, level)
        lacks, number = lacks + counted["vacant"], number + counted["places"]
    return {"vacant": lacks, "places": number}


def chiefs_of(ask: Ask, level: Level) -> Columns:
    """Places of one level without a chief, and how many there are; none at larger levels
    than the places asked about.
    """
    places = ask.below(level)
    return {
        "vacant": ask.added(places, _no_chief(ask, places)),
        "places": ask.added(places, np.ones(len(places))),
    }


def chief_cases(ask: Ask) -> pd.DataFrame:
    """Those places, the largest on top: code, grids, households, level (of `Level`)."""
    tables = []
    for level in CHIEF_LEVELS:
        if level >= level_of(ask.selection.area):
            places = ask.below(level)
            table = by_households(ask, places, _no_chief(ask, places))
            tables.append(table.assign(level=int(level)))
    return pd.concat(tables, ignore_index=True)


def chief_marks(ask: Ask) -> Columns:
    """Grids that lie in any place without a chief."""
    marked = np.zeros(len(ask.places), dtype=np.bool_)
    for level in CHIEF_LEVELS:
        places = ask.below(level)
        marked |= np.repeat(_no_chief(ask, places), places.sizes)
    return {"marks": marked}


def _vacant_chief(level: Level, name: str) -> Figure:
    """Chiefs of one level that are vacant, for a table beside the roles."""

    def source(ask: Ask) -> Columns:
        return chiefs_of(ask, level)

    return Figure(
        f"chief_{level.name.lower()}",
        name,
        source,
        "vacant",
        "places",
        "share",
        unit=mark("places"),
        scheme="lack",
        finest=level,
        standing=True,
    )


CHIEF = Figure(
    "chief",
    mark("No chief"),
    chief,
    "vacant",
    "places",
    "share",
    unit=mark("places"),
    scheme="lack",
    standing=True,
    about=mark(
        "Counties, townships, villages and grids without a chief of their own in office."
    ),
    cases=chief_cases,
    columns=(Column("level", mark("Level"), "level"), HOUSEHOLDS, GRIDS),
    marks=chief_marks,
)
VACANT_CHIEFS = (
    _vacant_chief(Level.COUNTY, mark("No county chief")),
    _vacant_chief(Level.TOWNSHIP, mark("No township chief")),
    _vacant_chief(Level.VILLAGE, mark("No village chief")),
    _vacant_chief(Level.GRID, mark("No grid chief")),
)
"""The same, level by level, for a table beside the roles."""
