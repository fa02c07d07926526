"""A town drawn by hand: 16 square grids, 4 × 4, each row a township, each pair in a row a village.

    row 3   410703 002   | v1: g1 g2 | v2: g1 g2 |
    row 2   410703 001   |           |           |
    row 1   410702 002   |           |           |
    row 0   410702 001   |           |           |

Each cell is 0.01° wide; the first is at 113.80, 35.30. Reports of 60 days up to 2024-05-20;
the clock says 2024-05-21T08:46. The last grid of all, `SILENT`, reports nothing; the first,
`BUSY`, three times a day.
"""

from datetime import date, datetime

import geopandas as gpd
import homes
import numpy as np
import pandas as pd
import shapely

from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.model import Status
from gridmap.settings import Settings
from gridmap.store.flow.categories import read_categories, replace_categories
from gridmap.store.flow.visits import add_visits
from gridmap.store.look import columns
from gridmap.store.look.matters import matters
from gridmap.store.opening import open_store
from gridmap.store.people.workers import replace_workers
from gridmap.store.plans.plans import publish_plan
from gridmap.store.plans.units import replace_units

WEST, SOUTH, STEP = 113.80, 35.30, 0.01
BUSY = 410702001001001
SILENT = 410703002002002
EXCLUSIVE = 410702001002002
NOW = datetime(2024, 5, 21, 8, 46, tzinfo=TIME_ZONE)
LAST = date(2024, 5, 20)
DAYS = 60


def code(row, column):
    """The grid in a row (from the south) and column (from the west)."""
    township = (410702, 410703)[row // 2] * 1000 + row % 2 + 1
    return (township * 1000 + column // 2 + 1) * 1000 + column % 2 + 1


def grids():
    """code, name, kind, households, population, geometry."""
    cells = [(row, column) for row in range(4) for column in range(4)]
    return gpd.GeoDataFrame(
        {
            "code": [code(*cell) for cell in cells],
            "name": ["第一网格" if column % 2 == 0 else "第二网格" for _, column in cells],
            "kind": [
                "exclusive" if code(*cell) == EXCLUSIVE else "basic" for cell in cells
            ],
            "households": [
                0 if code(*cell) == EXCLUSIVE else 100 + 10 * number
                for number, cell in enumerate(cells)
            ],
            "population": [
                0 if code(*cell) == EXCLUSIVE else 280 + 28 * number
                for number, cell in enumerate(cells)
            ],
        },
        geometry=[
            shapely.box(
                WEST + column * STEP,
                SOUTH + row * STEP,
                WEST + (column + 1) * STEP,
                SOUTH + (row + 1) * STEP,
            )
            for row, column in cells
        ],
        crs="EPSG:4490",
    )


def units():
    """The divisions: the city, two counties, four townships, eight villages."""
    rows = [(4107, 0, "新乡市", "Xinxiang"), (410702, 1, "红旗区", "Hongqi District")]
    rows += [(410703, 1, "卫滨区", "Weibin District")]
    for row in range(4):
        township = code(row, 0) // 10**6
        rows.append((township, 2, ("小店镇", "关堤乡", "平原镇", "胜利街道")[row], ""))
        rows += [
            (township * 1000 + number, 3, f"{'东西'[number - 1]}庄村", "")
            for number in (1, 2)
        ]
    table = pd.DataFrame(rows, columns=["code", "level", "name", "name_en"])
    table["name_en"] = table["name_en"].replace("", None)
    return table


def categories():
    """Two classes with two categories each; effort 1, 2, 4, 8 hours."""
    rows = [
        ("C", "", "部件", "Components", "component", 1.0),
        ("C01", "C", "井盖", "Manhole", "component", 1.0),
        ("C02", "C", "路灯", "Street lamp", "component", 2.0),
        ("D", "", "纠纷", "Disputes", "dispute", 4.0),
        ("D01", "D", "邻里", "Neighbours", "dispute", 4.0),
        ("D02", "D", "劳资", "Labour", "dispute", 8.0),
    ]
    return pd.DataFrame(rows, columns=["code", "parent", "zh", "en", "class", "effort"])


def staff():
    """A worker for each grid but the last; worker 1 has the first two; one village has all
    its roles.
    """
    codes = [code(row, column) for row in range(4) for column in range(4)]
    held = [(max(number, 1), area, "grid_worker") for number, area in enumerate(codes[:-1])]
    village = BUSY // 1000
    held += [
        (100 + n, village, role)
        for n, role in enumerate(("police_officer", "legal_adviser", "mediator"))
    ]
    held += [(200, 410702001, "police_officer"), (300, codes[-1], "grid_worker")]
    areas = pd.DataFrame(held, columns=["worker", "area", "role"])
    areas["starts"] = date(2023, 1, 1)
    areas["ends"] = [
        date(2024, 1, 1) if worker == 300 else None for worker in areas["worker"]
    ]
    people = pd.DataFrame({"id": sorted(set(areas["worker"]))})
    people["name"] = [f"员工{number}" for number in people["id"]]
    people["role"] = people["id"].map(
        areas.drop_duplicates("worker").set_index("worker")["role"]
    )
    return people, areas


def reports():
    """The rows of `matters`: deterministic, all inside their grids."""
    random = np.random.default_rng(4107)
    table = grids()
    first = to_epoch(datetime(2024, 5, 20, tzinfo=TIME_ZONE)) - (DAYS - 1) * 86_400
    rows = []
    for grid, shape in zip(table["code"], table.geometry, strict=True):
        per_day = {SILENT: 0, BUSY: 3}.get(grid, 1)
        for day in range(DAYS):
            for _ in range(per_day):
                at = int(
                    first
                    + day * 86_400
                    + random.integers(6, 22) * 3600
                    + random.integers(0, 3600)
                )
                rows.append(_report(random, len(rows) + 1, int(grid), shape, at))
    return rows


def _report(random, number, grid, shape, at):
    west, south, east, north = shape.bounds
    now = to_epoch(NOW)
    status = int(random.choice([Status.CLOSED] * 8 + [Status.HANDLING, Status.REJECTED]))
    accepted = status != Status.REJECTED
    due = at + int(random.integers(1, 8)) * 86_400
    closed = at + int(random.integers(1, 10)) * 43_200
    if status == Status.CLOSED and closed > now:
        status = int(Status.HANDLING)
    return {
        "client_id": f"r{number}",
        "category": int(random.choice([2, 3, 5, 6])),
        "grid": grid,
        "plan": 1,
        "lon": float(random.uniform(west, east)),
        "lat": float(random.uniform(south, north)),
        "reported_at": at,
        "accepted_at": at + 120 if accepted else None,
        "due_at": due if accepted else None,
        "closed_at": closed if status == Status.CLOSED else None,
        "status": status,
        "channel": 0,
        "worker": None,
        "text": "=1+1" if number == 1 else None,
    }


def build(home, rows=None):
    """Settings of the town in the folder `home`, with `reports()` or other rows of `matters`."""
    if rows:
        settings = Settings(home=home)
        fill(settings, rows)
    else:
        name = "town" if rows is None else "town_without_reports"
        settings = homes.copy(name, lambda template: fill(template, rows), home)
    return settings.model_copy(update={"now": NOW})


def fill(settings, rows=None):
    """Put the town into an empty home, with `reports()` or other rows of `matters`."""
    with open_store(settings) as store:
        replace_units(store, units())
        publish_plan(store, grids(), name="first", valid_from="2021-01-01")
        replace_categories(store, categories())
        assert read_categories(store)["id"].tolist() == [1, 2, 3, 4, 5, 6]
        replace_workers(store, *staff())
        add_visits(
            store,
            pd.DataFrame(
                {"grid": [SILENT], "worker": [1], "at": [to_epoch(NOW) - 40 * 86_400]}
            ),
        )
        rows = reports() if rows is None else rows
        if rows:
            with store.write() as connection:
                connection.execute(matters.insert(), rows)
        store.set_meta("city", "4107")
        columns.rebuild(store)
