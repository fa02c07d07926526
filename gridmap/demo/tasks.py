"""The demonstration's tasks from above: every county checks for hazards and visits, some of
it done.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sqlalchemy import Connection, insert

from gridmap.calendar import DAY_S
from gridmap.codes import parents
from gridmap.model import Level, UserRole
from gridmap.store import Store
from gridmap.store.base.bulk import go_on
from gridmap.store.base.store import put_meta
from gridmap.store.tables import task_parts, tasks
from gridmap.store.town.taskmoves import PLAN

Ints = npt.NDArray[np.int64]


class AskedTask(NamedTuple):
    """What every county is asked: by a place of `level`, `days_ago` days ago, with
    `days_left` to do it; `share_done` of the grids have done it.
    """

    kind: str
    title: str
    text: str
    level: Level
    days_ago: int
    checklist: tuple[str, ...]
    share_done: float
    days_left: int


ASKED = (
    AskedTask(
        "hazard_check",
        "燃气安全入户检查",
        "逐户查看燃气阀门和软管，发现隐患当场上报。",
        Level.COUNTY,
        11,
        ("阀门完好？", "软管在有效期内？", "厨房通风良好？"),
        0.72,
        5,
    ),
    AskedTask(
        "visit",
        "独居老人走访",
        "了解生活和身体状况，记录困难。",
        Level.TOWNSHIP,
        6,
        ("老人在家且身体状况正常？", "生活有人照料？"),
        0.55,
        2,
    ),
    AskedTask(
        "law",
        "防范非法集资宣传",
        "发放宣传册，讲解典型案例。",
        Level.TOWNSHIP,
        20,
        ("已张贴宣传海报？", "已入户讲解？"),
        0.91,
        -3,
    ),
    AskedTask(
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
    asked: AskedTask,
    county: int,
    codes: Ints,
    places: Any,
    chiefs: Any,
    worker: Ints,
    now: int,
    rng: np.random.Generator,
) -> None:
    grids_here = np.flatnonzero(codes // 10**9 == county)
    areas = parents(codes[grids_here], asked.level)
    area = int(areas[0])
    rows = grids_here[areas == area]
    made = now - asked.days_ago * DAY_S
    connection.execute(
        insert(tasks).values(
            id=number,
            kind=asked.kind,
            title=asked.title,
            text=asked.text,
            areas=json.dumps([area]),
            checklist=json.dumps(asked.checklist, ensure_ascii=False),
            due_at=now + asked.days_left * DAY_S,
            made_at=made,
            made_by=int(chiefs.get(area, 0)),
            withdrawn_at=0,
        )
    )
    done = (rng.uniform(size=len(rows)) < asked.share_done) & (worker[rows] > 0)
    taken = rng.integers(3600, max(asked.days_ago, 1) * DAY_S, size=len(rows))
    at = np.minimum(made + taken, now - 600)
    parts = [
        {
            "task": number,
            "grid": int(codes[row]),
            "lon": float(places[row, 0]),
            "lat": float(places[row, 1]),
            "done_at": int(moment) if finished else 0,
            "done_by": int(worker[row]) if finished else 0,
            "answers": _answers(len(asked.checklist), rng) if finished else None,
        }
        for row, finished, moment in zip(
            rows.tolist(), done.tolist(), at.tolist(), strict=True
        )
    ]
    connection.execute(insert(task_parts), parts)


def _answers(questions: int, rng: np.random.Generator) -> str:
    return json.dumps((rng.uniform(size=questions) < 0.93).tolist())
