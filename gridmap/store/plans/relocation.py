"""Open matters of grids that changed, put into the grids of the plan in force; their
reports keep the code they had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from gridmap.cases.actors import SYSTEM
from gridmap.cases.deadlines import Deadlines
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.geo.locate import GridIndex
from gridmap.model import OPEN_STATUSES
from gridmap.store.base.store import Store
from gridmap.store.flow import cases as store_cases
from gridmap.store.look import columns
from gridmap.store.look.columns import Manifest
from gridmap.store.tables import cases, matters

OPEN = sorted(int(status) for status in OPEN_STATUSES)
MOST = 500


def imported_open(store: Store, grids: npt.NDArray[np.int64]) -> list[int]:
    """Open matters filed under `grids` according to the columns, which need not know of the
    last minute.
    """

    def read(content: Manifest, place: Path) -> list[int]:
        found: list[int] = []
        for part in content.parts:
            table = columns.read_part(place, part, ["id", "grid", "status"])
            hit = np.isin(table["status"].to_numpy(), OPEN) & np.isin(
                table["grid"].to_numpy(), grids
            )
            found += table["id"].to_numpy()[hit].tolist()
        return found

    return columns.stable(store, read)


def candidates(connection: Connection, grids: Sequence[int]) -> list[int]:
    """Open cases that lie in `grids`."""
    found: list[int] = []
    for at in range(0, len(grids), MOST):
        here = cases.c.grid.in_(grids[at : at + MOST]) & cases.c.status.in_(OPEN)
        found += connection.scalars(select(cases.c.matter).where(here)).all()
    return found


def latecomers(connection: Connection, *, plan: int, since: int) -> list[int]:
    """Open cases that came in since `since` and were still placed by another plan than `plan`."""
    query = select(cases.c.matter).join(matters, matters.c.id == cases.c.matter)
    late = (
        (cases.c.reported_at >= since) & (matters.c.plan != plan) & cases.c.status.in_(OPEN)
    )
    return list(connection.scalars(query.where(late)))


def relocate(
    connection: Connection, numbers: Sequence[int], index: GridIndex, *, plan: int, now: int
) -> int:
    """Move those of the matters `numbers` that are open and lie in another grid of `index`;
    how many were moved.

    Each is located by its own coordinates, gets a line in its journal, and stays with the
    office and the person it was with. One whose point lies in no grid stays where it is.
    """
    points = _points(connection, numbers)
    if not points:
        return 0
    found = index.locate(
        np.array([lon for _, lon, _ in points]), np.array([lat for _, _, lat in points])
    )
    moved = 0
    for (matter, _, _), grid in zip(points, found.tolist(), strict=True):
        case = store_cases.load(connection, matter)
        if not case.is_open or grid in {0, case.grid}:
            continue
        step = engine.decide(
            MATTER, case, SYSTEM, Order(Act.RELOCATE), now=now, context=Deadlines()
        )
        data = {**step.data, "grid": grid, "before": case.grid, "plan": plan}
        store_cases.append(connection, case, replace(step, data=data))
        moved += 1
    return moved


def _points(
    connection: Connection, numbers: Sequence[int]
) -> list[tuple[int, float, float]]:
    wanted = sorted(set(numbers))
    points: list[tuple[int, float, float]] = []
    for at in range(0, len(wanted), MOST):
        query = select(matters.c.id, matters.c.lon, matters.c.lat).where(
            matters.c.id.in_(wanted[at : at + MOST])
        )
        points += [
            (int(number), float(lon), float(lat))
            for number, lon, lat in connection.execute(query)
        ]
    return points
