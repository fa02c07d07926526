"""The demonstration's tasks from above: every county checks for hazards and visits, some of
it done.
"""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sqlalchemy import Connection, insert

from gridmap.calendar import DAY_S
from gridmap.model import Level, UserRole
from gridmap.store import Store
from gridmap.store.base.bulk import go_on
from gridmap.store.base.store import put_meta
from gridmap.store.tables import task_parts, tasks
from gridmap.store.town.taskmoves import PLAN

Ints = npt.NDArray[np.int64]

ASKED: tuple[tuple[str, str, str, Level, int, tuple[str, ...], float, int], ...] = (
    (
        "hazard_check",
        "燃气安全入户检查",
        "逐户查看燃气阀门和软管，发现隐患当场上报。",
        Level.COUNTY,
        11,
        ("阀门完好？", "软管在有效期内？", "厨房通风良好？"),
        0.72,
        5,
    ),
    (
        "visit",
        "独居老人走访",
        "了解生活和身体状况，记录困难。",
        Level.TOWNSHIP,
        6,
        ("老人在家且身体状况正常？", "生活有人照料？"),
        0.55,
        2,
    ),
    (
        "law",
        "防范非法集资宣传",
        "发放宣传册，讲解典型案例。",
        Level.TOWNSHIP,
        20,
        ("已张贴宣传海报？", "已入户讲解？"),
        0.91,
        -3,
    ),
    (
        "hazard_check",
        "汛期房屋隐患排查",
        "重点查看低洼院落和老旧房屋。",
        Level.VILLAGE,
        1,
        ("墙体无裂缝？", "排水通畅？"),
        0.0,
        4,
    ),
)
"""Kind, title, words, level of the place, days ago, checklist, share done, days left."""


def furnish(
    store: Store,
    grids: gpd.GeoDataFrame,
    users: pd.DataFrame,
    worker: Ints,
    *,
    plan: int,
    now: int,
    rng: np.random.Generator,
) -> None:
    """Store the tasks of every county for `grids` (code, geometry; sorted), done by the
    users `worker` of each grid.
    """
    codes = grids["code"].to_numpy(np.int64)
    inside = shapely.point_on_surface(np.asarray(grids.geometry.array, dtype=object))
    places = np.stack([shapely.get_x(inside), shapely.get_y(inside)], axis=1)
    chiefs = (
        users[users["role"] == UserRole.CHIEF.value]
        .drop_duplicates("area")
        .set_index("area")["id"]
    )
    number = 0
    with store.write() as connection:
        for county in np.unique(codes // 10**9).tolist():
            for asked in ASKED:
                number += 1
                _task(
                    connection,
                    number,
                    asked,
                    int(county),
                    codes,
                    places,
                    chiefs,
                    worker,
                    now,
                    rng,
                )
        go_on(connection, tasks)
        put_meta(connection, PLAN, str(plan))


def _task(  # noqa: PLR0917  (one row of the tables from all that is known)
    connection: Connection,
    number: int,
    asked: tuple[Any, ...],
    county: int,
    codes: Ints,
    places: Any,
    chiefs: Any,
    worker: Ints,
    now: int,
    rng: np.random.Generator,
) -> None:
    kind, title, words, level, days, checklist, share, left = asked
    here = np.flatnonzero(codes // 10**9 == county)
    area = int(codes[here[0]]) // 10 ** (Level.GRID.digits - level.digits)
    rows = here[codes[here] // 10 ** (Level.GRID.digits - level.digits) == area]
    made = now - days * DAY_S
    connection.execute(
        insert(tasks).values(
            id=number,
            kind=kind,
            title=title,
            text=words,
            areas=json.dumps([area]),
            checklist=json.dumps(checklist, ensure_ascii=False),
            due_at=now + left * DAY_S,
            made_at=made,
            made_by=int(chiefs.get(area, 0)),
            withdrawn_at=0,
        )
    )
    done = (rng.uniform(size=len(rows)) < share) & (worker[rows] > 0)
    at = np.minimum(
        made + rng.integers(3600, max(days, 1) * DAY_S, size=len(rows)), now - 600
    )
    connection.execute(
        insert(task_parts),
        [
            {
                "task": number,
                "grid": int(codes[row]),
                "lon": float(places[row, 0]),
                "lat": float(places[row, 1]),
                "done_at": int(moment) if finished else 0,
                "done_by": int(worker[row]) if finished else 0,
                "answers": json.dumps((rng.uniform(size=len(checklist)) < 0.93).tolist())
                if finished
                else None,
            }
            for row, finished, moment in zip(
                rows.tolist(), done.tolist(), at.tolist(), strict=True
            )
        ],
    )
