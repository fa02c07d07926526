"""Figures of the headquarters: what is late, where whistles are blown, whom rules of
lagging catch, who was warned, what sessions gave to do, and where listed matters lie.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from gridmap.city.base.figure import Ask, Columns, Figure, of_rows
from gridmap.city.flow.matterfilter import MatterFilter
from gridmap.city.flow.matters import Matters
from gridmap.city.headquarters.assignments import Assignments
from gridmap.city.headquarters.catches import Catches
from gridmap.city.headquarters.indicators import Indicators
from gridmap.city.headquarters.ladder import Ladder
from gridmap.city.look.measures import OF_COLUMNS, indicator
from gridmap.codes import around, lifted
from gridmap.insight.definitions import DEFINITIONS
from gridmap.store.flow import stays
from gridmap.words import mark

MOST_CASES = 2_000
_RECORDS = partial(Figure, anew=True)
"""A figure of records, which change between two states of the city."""


def matter_rows(ask: Ask) -> pd.DataFrame:
    """Where the matters whose numbers `narrow` names lie, each once."""
    room: Matters = ask.room
    asked = tuple(sorted(set(ask.narrow.get("matters", ()))))
    table = room.find(MatterFilter(ids=asked), limit=len(asked))
    return pd.DataFrame({"code": table["grid"], "matters": 1})


def late_rows(ask: Ask) -> pd.DataFrame:
    """Where matters are late now."""
    with ask.desk.store.read() as connection:
        grids = stays.late_grids(connection, now=ask.desk.now_s, area=ask.selection.area)
    return pd.DataFrame({"code": grids, "late": 1})


def whistle_rows(ask: Ask) -> pd.DataFrame:
    """Where whistles were blown in the period."""
    room: Ladder = ask.room
    return pd.DataFrame({"code": room.whistles(ask.selection)["grid"], "whistles": 1})


def caught(ask: Ask) -> Columns:
    """Units and matters the rules of lagging catch, those in force or the `rules` tried,
    all of them or the one of row `rule`.

    A matter counts where it lies, a unit wherever a matter lies that counts against it;
    caught by two rules both count once.
    """
    room: Catches = ask.room
    pairs = room.placed(**ask.narrow)
    codes = lifted(pairs["grid"], ask.places.level)
    counted = pairs.groupby(codes).agg(
        units=("office", "nunique"), matters=("matter", "nunique")
    )
    counted = counted.reindex(ask.places.codes, fill_value=0)
    return {name: counted[name].to_numpy() for name in ("units", "matters")}


def warned(ask: Ask) -> Columns:
    """Interview warnings to units that answer for each place, or for a part of it;
    `areas`: what the unit of each warning answers for.
    """
    counted = np.zeros(len(ask.places), dtype=np.int64)
    for area in ask.narrow.get("areas", ()):
        counted += around(ask.places.codes, int(area))
    return {"warnings": counted}


def undone_rows(ask: Ask) -> pd.DataFrame:
    """Where tasks of the sessions lie that are not done, of one `group` or of all."""
    room: Assignments = ask.room
    table = room.placed(ask.selection.area, group=ask.narrow.get("group"))
    return pd.DataFrame({"code": table["grid"], "undone": 1})


def indicator_rows(key: str, ask: Ask) -> pd.DataFrame:
    """What an indicator counts of matters with a journal, grid by grid."""
    room: Indicators = ask.room
    return room.rows(key, ask.selection)


def indicator_cases(key: str, ask: Ask) -> pd.DataFrame:
    """The latest matters an indicator counts."""
    room: Indicators = ask.room
    table = room.matters(key, "numerator", ask.selection, limit=MOST_CASES)
    return table.rename(columns={"grid": "code"})


MATTERS = _RECORDS(
    "matters",
    mark("Matters"),
    of_rows(matter_rows),
    "matters",
    unit=mark("matters"),
    room="matters",
)
LATE = _RECORDS(
    "late",
    mark("Late now"),
    of_rows(late_rows),
    "late",
    unit=mark("matters"),
    standing=True,
)
WHISTLES = _RECORDS(
    "whistles",
    mark("Whistles"),
    of_rows(whistle_rows),
    "whistles",
    unit=mark("whistles"),
    room="ladder",
)
_caught = partial(_RECORDS, source=caught, scheme="load", room="catches", standing=True)
CAUGHT_MATTERS = _caught(
    "caught_matters",
    mark("Matters the rules catch"),
    top="matters",
    unit=mark("matters"),
)
CAUGHT_UNITS = _caught(
    "caught_units",
    mark("Units the rules catch"),
    top="units",
    unit=mark("units"),
)
WARNED = _RECORDS(
    "warned",
    mark("Warnings to units that answer for it"),
    warned,
    "warnings",
    unit=mark("warnings"),
    standing=True,
)
UNDONE = _RECORDS(
    "undone",
    mark("Tasks that are not done"),
    of_rows(undone_rows),
    "undone",
    unit=mark("tasks"),
    scheme="load",
    room="assignments",
    standing=True,
)
_OF_JOURNALS = tuple(
    indicator(
        key,
        source=of_rows(partial(indicator_rows, key)),
        top="numerator",
        base="denominator",
    )
    for key, definition in DEFINITIONS.items()
    if definition.journal
)
_BY_KEY = {
    figure.key: replace(
        figure, room="indicators", cases=partial(indicator_cases, figure.key)
    )
    for figure in (*OF_COLUMNS, *_OF_JOURNALS)
}
INDICATORS = tuple(_BY_KEY[key] for key in DEFINITIONS)
"""In the order they are shown."""
FIGURES = (
    *INDICATORS,
    MATTERS,
    LATE,
    WHISTLES,
    CAUGHT_MATTERS,
    CAUGHT_UNITS,
    WARNED,
    UNDONE,
)
