"""Small random cities as `Facts`, and the same rows as a frame to count by hand.

12 grids: counties 410702 and 410703, a township with two villages of three grids in each.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from gridmap.calendar import day_number
from gridmap.facts import NO_RESPONSE, Facts
from gridmap.insight.areas import Grids
from gridmap.insight.categories import Categories
from gridmap.insight.selection import STATUS_NAMES, Selection
from gridmap.model import Status

FIRST = date(2024, 1, 1)
DAYS = 40
CODES = np.array(
    [
        ((county * 1000 + 1) * 1000 + village) * 1000 + grid
        for county in (410702, 410703)
        for village in (1, 2)
        for grid in (1, 2, 3)
    ],
    dtype=np.int64,
)
AREAS = [
    4107,
    410702,
    410703,
    410702001,
    410703001,
    410702001001,
    410703001002,
    int(CODES[0]),
    int(CODES[-1]),
]
OUTSIDE = np.iinfo(np.uint16).max


def categories():
    """A tree of two roots: A with A1, A2 (A21 below), B with B1; effort is the id."""
    rows = [
        (1, "A", ""),
        (2, "A1", "A"),
        (3, "A2", "A"),
        (4, "A21", "A2"),
        (6, "B", ""),
        (7, "B1", "B"),
    ]
    table = pd.DataFrame(rows, columns=["id", "code", "parent"])
    return Categories.from_frame(
        table.assign(effort=table["id"].astype(float), zh=table["code"], en=table["code"])
    )


def grids(households=None, population=None, exclusive=()):
    """Attributes of the 12 grids: 100 households of 3 people unless told, 2 km² each."""
    households = np.full(len(CODES), 100) if households is None else np.asarray(households)
    population = households * 3 if population is None else np.asarray(population)
    kinds = np.zeros(len(CODES), dtype=bool)
    kinds[list(exclusive)] = True
    return Grids(
        CODES,
        households.astype(np.int64),
        population.astype(np.int64),
        np.full(len(CODES), 2.0),
        kinds,
    )


def frame(seed, rows):
    """Random reports: grid (row, or `OUTSIDE`), day, hour, category, status, closed_day,
    due_day and the rest.
    """
    random = np.random.default_rng(seed)
    first = day_number(FIRST)
    day = np.sort(random.integers(first, first + DAYS, rows))
    status = random.integers(0, len(Status), rows)
    accepted = (status != Status.REJECTED) & (random.random(rows) < 0.9)
    closed = np.where(status == Status.CLOSED, day + random.integers(0, 12, rows), 0)
    due = np.where(
        accepted & (random.random(rows) < 0.9), day + random.integers(0, 12, rows), 0
    )
    return pd.DataFrame(
        {
            "grid": np.where(
                random.random(rows) < 0.05, OUTSIDE, random.integers(0, len(CODES), rows)
            ),
            "day": day,
            "hour": random.integers(0, 24, rows),
            "category": random.choice([2, 3, 4, 6, 7], rows),
            "status": status,
            "closed_day": closed,
            "due_day": due,
            "in_time": (closed > 0) & ((due == 0) | (closed <= due)),
            "accepted": accepted,
            "response_min": np.where(accepted, random.integers(0, 600, rows), NO_RESPONSE),
            "worker": random.integers(0, 5, rows),
            "lon": random.uniform(113.8, 113.9, rows),
            "lat": random.uniform(35.2, 35.3, rows),
        }
    )


def facts(table, codes=CODES):
    """`table` as `Facts`, read-only like loaded ones."""
    types = {
        "grid": np.uint16,
        "category": np.int16,
        "day": np.uint16,
        "hour": np.uint8,
        "status": np.uint8,
        "closed_day": np.uint16,
        "due_day": np.uint16,
        "in_time": bool,
        "accepted": bool,
        "response_min": np.uint16,
        "worker": np.int32,
        "lon": np.float32,
        "lat": np.float32,
    }
    arrays = {name: table[name].to_numpy().astype(dtype) for name, dtype in types.items()}
    for array in arrays.values():
        array.flags.writeable = False
    some = len(table) > 0
    return Facts(
        **arrays,
        grid_codes=codes,
        first_day=int(table["day"].min()) if some else 0,
        last_day=int(table["day"].max()) if some else 0,
        as_of=0,
    )


def chosen(table, selection):
    """The rows of `table` that `selection` asks for, by hand."""
    return by_kind(table, selection)[
        lambda rows: rows["day"].between(selection.first_day, selection.last_day)
    ]


def by_kind(table, selection):
    """The rows in the selection's area, categories and states, of any time."""
    rows = table[table["grid"] != OUTSIDE]
    text = str(selection.area)
    rows = rows[
        np.array([str(CODES[grid]).startswith(text) for grid in rows["grid"]], dtype=bool)
    ]
    below = {"A": {1, 2, 3, 4}, "A1": {2}, "A2": {3, 4}, "A21": {4}, "B": {6, 7}, "B1": {7}}
    if selection.categories:
        rows = rows[
            rows["category"].isin(
                set().union(*(below[code] for code in selection.categories))
            )
        ]
    if selection.statuses:
        rows = rows[
            rows["status"].isin([STATUS_NAMES.index(name) for name in selection.statuses])
        ]
    return rows


def per_grid(rows, values=None):
    """Rows, or the sum of `values`, per grid."""
    weights = None if values is None else np.asarray(values, dtype=float)
    return np.bincount(
        rows["grid"].to_numpy().astype(np.int64), weights=weights, minlength=len(CODES)
    )


@st.composite
def selections(draw):
    """Any selection over the small city, also before and after its reports."""
    start = FIRST + timedelta(days=draw(st.integers(-5, DAYS + 2)))
    return Selection(
        start,
        start + timedelta(days=draw(st.integers(0, DAYS))),
        draw(st.sampled_from(AREAS)),
        tuple(
            draw(st.lists(st.sampled_from(["A", "A1", "A2", "A21", "B", "B1"]), max_size=2))
        ),
        tuple(draw(st.lists(st.sampled_from(STATUS_NAMES), max_size=3))),
    )


tables = st.builds(frame, st.integers(0, 10_000), st.integers(0, 300))
