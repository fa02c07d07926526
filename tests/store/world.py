"""A town of four grids, two to a village, and how to fill it.

35.20 ┌──────┬──────┐
      │ …003 │ …004 │   village 410702001002: grids 410702001002001 and …002
35.10 ├──────┼──────┤
      │ …001 │ …002 │   village 410702001001: grids 410702001001001 and …002
35.00 └──────┴──────┘
    113.00 113.10 113.20
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import select

from gridmap.calendar import to_epoch
from gridmap.store import Store
from gridmap.store.flow.categories import replace_categories
from gridmap.store.plans.plans import publish_plan
from gridmap.store.plans.units import replace_units
from gridmap.store.tables import matters

LOWER_LEFT, LOWER_RIGHT = 410702001001001, 410702001001002
UPPER_LEFT, UPPER_RIGHT = 410702001002001, 410702001002002
CODES = [LOWER_LEFT, LOWER_RIGHT, UPPER_LEFT, UPPER_RIGHT]
NOW = to_epoch(pd.Timestamp("2024-05-21T08:46:00+08:00").to_pydatetime())
MORNING = NOW - 3 * 86_400


def grids(codes=CODES):
    corners = [(113.0, 35.0), (113.1, 35.0), (113.0, 35.1), (113.1, 35.1)]
    shapes = [shapely.box(x, y, round(x + 0.1, 1), round(y + 0.1, 1)) for x, y in corners]
    return gpd.GeoDataFrame(
        {
            "code": codes,
            "name": ["一", "二", "三", "四"],
            "households": [100, 200, 300, 400],
        },
        geometry=shapes,
        crs="EPSG:4490",
    )


def categories():
    return pd.DataFrame(
        {
            "code": ["C", "C01", "E", "E01"],
            "parent": [None, "C", None, "E"],
            "zh": ["部件", "交通标志", "事件", "暴露垃圾"],
            "en": ["Components", "Traffic sign", "Events", "Exposed rubbish"],
            "class": ["component", "component", "event", "event"],
            "limit_amount": [None, 4.0, None, 1.0],
            "limit_unit": [None, "working_days", None, "working_days"],
        }
    )


def fill(store: Store) -> None:
    """Divisions, the plan of four grids, and the categories."""
    replace_units(
        store,
        pd.DataFrame(
            {
                "code": [4107, 410702, 410702001, 410702001001, 410702001002],
                "level": [0, 1, 2, 3, 3],
                "name": ["新乡市", "红旗区", "东街街道", "第一社区", "第二社区"],
            }
        ),
    )
    publish_plan(store, grids(), name="first", valid_from="2021-01-01")
    replace_categories(store, categories())


def reports(numbers, **columns):
    """Right reports with these numbers as ids, as text columns of a file; `columns` replace
    some of them.
    """
    numbers = list(numbers)
    table = {
        "id": [f"r{number:05d}" for number in numbers],
        "category": ["E01" if number % 3 else "C01" for number in numbers],
        "reported_at": [str(MORNING - number * 7_200) for number in numbers],
        "lon": [f"{113.01 + number % 18 * 0.01:.6f}" for number in numbers],
        "lat": [f"{35.01 + number % 17 * 0.01:.6f}" for number in numbers],
        "accepted_at": [str(MORNING - number * 7_200 + 120) for number in numbers],
        "due_at": [str(MORNING - number * 7_200 + 86_400) for number in numbers],
        "closed_at": [
            "" if number % 5 == 0 else str(MORNING - number * 7_200 + 7_000)
            for number in numbers
        ],
        "status": ["handling" if number % 5 == 0 else "closed" for number in numbers],
        "channel": ["mobile"] * len(numbers),
        "worker": ["" if number % 4 == 0 else str(number) for number in numbers],
        "text": ["路灯不亮" if number % 2 else "" for number in numbers],
    }
    table.update({name: list(values) for name, values in columns.items()})
    return pd.DataFrame(table)


def truth(store):
    """Everything a report says, by its id; numbers of matters and imports left out."""
    with store.read() as connection:
        rows = (
            connection.execute(select(matters).order_by(matters.c.client_id))
            .mappings()
            .all()
        )
    return [
        {name: row[name] for name in row if name not in {"id", "import_id"}} for row in rows
    ]
